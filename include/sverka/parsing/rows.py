"""One record of a report to lines, or to the reason why it is none. The hot loop of parsing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sverka.money import NO_MONEY, Minor
from sverka.nouns import Line, RowKind
from sverka.parsing.conversion import BadField, Conversion
from sverka.parsing.identity import Identify
from sverka.parsing.meaning import Cells, Meaning, Said, UnknownWord, meanings, said
from sverka.parsing.parsed import IgnoredRows, RejectedRow
from sverka.parsing.reasons import Reasons
from sverka.recognition.schema import Part, Schema
from sverka.recognition.texts import folded

NO_PART = "в строке нет ни одной из операций этого отчёта"
"""All parts of a record were skipped: it is named, and nothing else speaks of its money."""

_NEEDS_NUMBER = frozenset({RowKind.ORDER, RowKind.RETURN})
"""Rows about one parcel; without any number nobody can say which."""


@dataclass(slots=True)
class Taken:
    """What became of the records of one report."""

    lines: list[Line] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    ignored: dict[str, IgnoredRows] = field(default_factory=dict)
    rows_read: int = 0

    def ignore(self, reason: str, payout: Minor = NO_MONEY, rows: int = 1) -> None:
        """Counts rows that are no operations."""
        counted = self.ignored.setdefault(reason, IgnoredRows(reason))
        counted.rows += rows
        counted.payout = Minor(counted.payout + payout)
        self.rows_read += rows

    def reject(self, row: RejectedRow) -> None:
        """Keeps the reason; a row counts once, however many reasons it has."""
        last = self.rejected[-1] if self.rejected else None
        if last is None or (last.sheet, last.line_no) != (row.sheet, row.line_no):
            self.rows_read += 1
        self.rejected.append(row)


class RowReader:
    """Reads records of one report by one schema; cells come in the order of the schema's columns."""

    def __init__(
        self,
        schema: Schema,
        conversion: Conversion,
        reasons: Reasons,
        identities: Sequence[Identify],
    ) -> None:
        self._conversion = conversion
        self._reasons = reasons
        self._parts = [
            _PartReader(schema, part, reasons, identify)
            for part, identify in zip(schema.parts, identities, strict=True)
        ]

    def read(self, records: Iterable[tuple[int, Sequence[Any]]]) -> Taken:
        """All records, each with its line number; a bad one does not stop the others."""
        taken = Taken()
        typed, reasons = self._conversion.typed, self._reasons
        readers = [part.read for part in self._parts]
        for line_no, texts in records:
            try:
                cells = typed(texts)
            except BadField as bad:
                taken.reject(reasons.bad_cell(line_no, bad.index, texts[bad.index], bad))
                continue
            told = [read(line_no, cells, taken) for read in readers]
            if True not in told:
                taken.ignore(NO_PART)
        return taken


class _PartReader:
    """Reads what one part says of typed records."""

    def __init__(self, schema: Schema, part: Part, reasons: Reasons, identify: Identify) -> None:
        place = reasons.place
        self._part = part
        self._sheet = reasons.sheet
        self._reasons = reasons
        self._identify = identify
        self._currency = schema.currency
        self._meanings = meanings(part, place)
        self._said = said(schema, place)
        self._kinds = schema.words["row_kind"].meanings if "row_kind" in schema.words else {}
        self._occurrences: dict[str, int] = {}
        self._order, self._track, self._day, self._reason = (
            tuple(place[column] for column in part.refs.get(name, ()))
            for name in ("order_ref", "track_ref", "occurred_on", "reason")
        )

    def read(self, line_no: int, cells: Cells, taken: Taken) -> bool:
        """Adds a line, or the reason why there is none; False when the part has nothing here."""
        meaning = self._meaning(cells)
        if meaning is None:
            taken.reject(self._reasons.unanswered(line_no, cells, self._part))
            return True
        if meaning.special:
            return self._special(line_no, cells, taken, meaning)
        try:
            words = self._said(cells)
        except UnknownWord as bad:
            taken.reject(self._reasons.bad_word(line_no, bad.column, cells, bad))
            return True
        line = self._line(line_no, cells, meaning, words)
        if line is None:
            column = next((names[0] for names in self._part.refs.values()), None)
            taken.reject(self._reasons.nameless(line_no, column))
        else:
            taken.lines.append(line)
            taken.rows_read += 1
        return True

    def _special(self, line_no: int, cells: Cells, taken: Taken, meaning: Meaning) -> bool:
        rule = meaning.rule
        if rule.ignore is not None:
            payout = meaning.payout_of_ignored
            taken.ignore(rule.ignore, payout(cells) if payout else NO_MONEY)
        elif rule.reject is not None:
            taken.reject(self._reasons.contradiction(line_no, cells, rule))
        elif any(money(cells) for _, money in meaning.money):
            taken.reject(self._reasons.skipped_money(line_no, cells, rule))
        else:
            return False
        return True

    def _line(self, line_no: int, cells: Cells, meaning: Meaning, words: Said) -> Line | None:
        order_ref, track_ref = _first(cells, self._order), _first(cells, self._track)
        rule = meaning.rule
        kind = rule.row_kind or words.row_kind
        if self._kinds:
            order_ref, kind = self._number_or_kind(order_ref, kind)
            track_ref, kind = self._number_or_kind(track_ref, kind)
        kind = kind or RowKind.ORDER
        if kind in _NEEDS_NUMBER and not (_is_number(order_ref) or _is_number(track_ref)):
            return None
        identity = self._identify(cells, kind)
        occurrence = self._occurrences[identity] = self._occurrences.get(identity, 0) + 1
        return Line(
            sheet=self._sheet,
            line_no=line_no,
            row_kind=kind,
            order_ref=order_ref,
            track_ref=track_ref,
            outcome=rule.outcome or words.outcome,
            occurred_on=_first(cells, self._day),
            payment_method=rule.payment_method or words.payment_method,
            currency=words.currency or self._currency,
            reason=_first(cells, self._reason),
            identity=identity,
            occurrence=occurrence,
            vat=meaning.vat(cells) if meaning.vat else None,
            **{name: money(cells) for name, money in meaning.money},
        )

    def _number_or_kind(
        self, ref: str | None, kind: RowKind | None
    ) -> tuple[str | None, RowKind | None]:
        """«Забор» in the column of order numbers is no number: it says what the row is."""
        if ref is None or ref[-1].isdigit() or (word := self._kinds.get(folded(ref))) is None:
            return ref, kind
        return None, RowKind(word) if kind is None or kind in _NEEDS_NUMBER else kind

    def _meaning(self, cells: Cells) -> Meaning | None:
        for meaning in self._meanings:
            if meaning.takes(cells):
                return meaning
        return None


def _is_number(ref: str | None) -> bool:
    """«Сторно прошлого периода» in the column of numbers names no order."""
    if ref is None:
        return False
    return ref[-1].isdigit() or " " not in ref or any(sign.isdigit() for sign in ref)


def _first(cells: Cells, indexes: tuple[int, ...]) -> Any:
    for index in indexes:
        if cells[index] is not None:
            return cells[index]
    return None
