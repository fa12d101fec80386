"""One record of a report to a line, or to the reason why it is none. The hot loop of parsing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sverka.money import NO_MONEY, Minor
from sverka.nouns import Line, RowKind
from sverka.parsing.cells import BadCell, is_nothing
from sverka.parsing.dates import parse_date
from sverka.parsing.identifiers import parse_id
from sverka.parsing.identity import Identify
from sverka.parsing.meaning import Cells, Meaning, UnknownWord, meanings, said
from sverka.parsing.numbers import parse_money
from sverka.parsing.parsed import IgnoredRows, RejectedRow
from sverka.recognition.schema import Schema

MISSING = object()
"""Stands for a field that a record has to have and has not."""

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


class RowReader:
    """Reads records of one report by one schema; cells come in the order of the schema's columns.

    `titles` are the columns' names as a person sees them in the file.
    """

    def __init__(self, schema: Schema, titles: Sequence[str], sheet: str | None) -> None:
        self.schema = schema
        self.sheet = sheet
        self.titles = titles
        self.place = {name: index for index, name in enumerate(schema.columns)}
        self._converters = [
            _converter(column.kind, in_kopecks=schema.in_kopecks)
            for column in schema.columns.values()
        ]
        self._meanings = meanings(schema, self.place)
        self._said = said(schema, self.place)
        self._refs = {
            name: tuple(self.place[column] for column in columns)
            for name, columns in schema.refs.items()
        }

    def read(self, records: Iterable[tuple[int, Sequence[Any]]], identify: Identify) -> Taken:
        """All records, each with its line number; a bad one does not stop the others."""
        taken = Taken()
        occurrences: dict[str, int] = {}
        for line_no, texts in records:
            taken.rows_read += 1
            cells = self._typed(line_no, texts, taken.rejected)
            if cells is None:
                continue
            line = self._line(line_no, cells, taken, identify, occurrences)
            if line is not None:
                taken.lines.append(line)
        return taken

    def _typed(
        self, line_no: int, texts: Sequence[Any], rejected: list[RejectedRow]
    ) -> list[Any] | None:
        cells: list[Any] = []
        try:
            for text, convert in zip(texts, self._converters, strict=True):
                cells.append(None if text is None else convert(text))
        except BadCell as bad:
            index = len(cells)
            rejected.append(self._rejected(line_no, index, texts[index], bad))
            return None
        return cells

    def _line(
        self,
        line_no: int,
        cells: list[Any],
        taken: Taken,
        identify: Identify,
        occurrences: dict[str, int],
    ) -> Line | None:
        meaning = self._meaning(cells)
        if meaning is None:
            taken.rejected.append(self._unanswered(line_no, cells))
            return None
        rule = meaning.rule
        if rule.ignore is not None:
            payout = meaning.payout_of_ignored
            taken.ignore(rule.ignore, payout(cells) if payout else NO_MONEY)
            return None
        if rule.reject is not None:
            taken.rejected.append(self._contradiction(line_no, cells, meaning))
            return None
        try:
            words = self._said(cells)
        except UnknownWord as bad:
            index = self.place[bad.column]
            taken.rejected.append(self._rejected(line_no, index, cells[index], bad))
            return None
        kind = rule.row_kind or words.row_kind or RowKind.ORDER
        order_ref, track_ref = self._ref("order_ref", cells), self._ref("track_ref", cells)
        if order_ref is None and track_ref is None and kind in _NEEDS_NUMBER:
            taken.rejected.append(self._nameless(line_no))
            return None
        identity = identify(cells, kind)
        occurrence = occurrences[identity] = occurrences.get(identity, 0) + 1
        amounts: dict[str, Any] = {name: money(cells) for name, money in meaning.money}
        return Line(
            sheet=self.sheet,
            line_no=line_no,
            row_kind=kind,
            order_ref=order_ref,
            track_ref=track_ref,
            outcome=rule.outcome or words.outcome,
            occurred_on=self._ref("occurred_on", cells),
            payment_method=rule.payment_method or words.payment_method,
            currency=words.currency or self.schema.currency,
            identity=identity,
            occurrence=occurrence,
            **(amounts | self._vat(cells)),
        )

    def _meaning(self, cells: Cells) -> Meaning | None:
        for meaning in self._meanings:
            if meaning.takes(cells):
                return meaning
        return None

    def _ref(self, name: str, cells: Cells) -> Any:
        for index in self._refs.get(name, ()):
            if cells[index] is not None:
                return cells[index]
        return None

    def _vat(self, cells: Cells) -> dict[str, Minor | None]:
        """VAT is the one amount for which an empty cell is not zero but «not stated»."""
        amount = self.schema.money.get("vat")
        if amount is None or (value := cells[self.place[amount.column]]) is None:
            return {"vat": None}
        return {"vat": Minor(abs(value)) if amount.absolute else value}

    def _rejected(self, line_no: int, index: int, value: Any, bad: BadCell) -> RejectedRow:
        shown = None if value is MISSING else str(value)
        return RejectedRow(self.sheet, line_no, self.titles[index], shown, bad.rule, bad.reason)

    def _unanswered(self, line_no: int, cells: Cells) -> RejectedRow:
        asked = next(
            (test.column for rule in self.schema.rules for test in rule.when if test.words), None
        )
        index = self.place[asked] if asked else 0
        value = cells[index]
        shown = "пусто" if value is None else f"«{value}»"
        return RejectedRow(
            self.sheet,
            line_no,
            self.titles[index],
            None if value is None else str(value),
            "unknown_word",
            f"незнакомое значение ({shown}): что оно значит для денег, решает человек. Передайте файл "
            "тому, кто обслуживает Сверку",
        )

    def _contradiction(self, line_no: int, cells: Cells, meaning: Meaning) -> RejectedRow:
        index = self.place[meaning.rule.when[0].column]
        return RejectedRow(
            self.sheet,
            line_no,
            self.titles[index],
            None if cells[index] is None else str(cells[index]),
            "contradiction",
            meaning.rule.reject or "",
        )

    def _nameless(self, line_no: int) -> RejectedRow:
        index = self._refs.get("order_ref", self._refs.get("track_ref", (0,)))[0]
        return RejectedRow(
            self.sheet,
            line_no,
            self.titles[index],
            None,
            "no_reference",
            "нет ни номера заказа, ни трек-номера: неизвестно, чьи это деньги. Уточните строку у курьера",
        )


Convert = Callable[[Any], str | Minor | date | None]


def _converter(kind: str, *, in_kopecks: bool) -> Convert:
    converters: dict[str, Convert] = {
        "text": _parse_text,
        "id": lambda text: parse_id(_plain(text)),
        "date": lambda text: parse_date(_plain(text)),
        "money": lambda text: parse_money(_plain(text), in_kopecks=in_kopecks),
    }
    return converters[kind]


def _parse_text(text: Any) -> str | None:
    plain = _plain(text)
    return None if is_nothing(plain) else " ".join(plain.split())


def _plain(text: Any) -> str:
    """Only XML and JSON can hold something else than text where a value is due."""
    if isinstance(text, str):
        return text
    if text is MISSING:
        raise BadCell("missing_field", "в записи нет обязательного поля; уточните её у курьера")
    what = "отметка «да/нет»" if isinstance(text, bool) else "вложенный раздел"
    raise BadCell(
        "not_a_value", f"вместо простого значения в поле стоит {what}; уточните его у курьера"
    )
