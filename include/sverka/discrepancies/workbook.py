"""Decisions that people write into the workbook of the daily report: its columns, and reading them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from sverka.discrepancies.keys import CellKey, decode
from sverka.discrepancies.nouns import Action
from sverka.discrepancies.words import actions
from sverka.reading.raw import RawFile, RawTable
from sverka.texts import Language, Texts

HEAD_ROWS = 60
"""The heading stands within the first rows of a sheet, whatever is written above it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings of the three columns; the key's is hidden. `actions` are the list of decisions."""

    decision: str
    comment: str
    key: str
    actions: tuple[str, ...]


def columns(say: Texts) -> Columns:
    """What the workbook has to have for its decisions to be read."""
    return Columns(
        decision=say("Решение"),
        comment=say("Комментарий"),
        key=say("Ключ Сверки"),
        actions=tuple(actions(say).values()),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands, as Excel shows it."""

    sheet: str | None
    line_no: int
    column: str


@dataclass(frozen=True, slots=True)
class Said:
    """A row with a key in which somebody wrote; `action` is None when there is only a comment."""

    place: Place
    key: CellKey
    action: Action | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Unclear:
    """A row in which somebody wrote and that means nothing; `value` is the cell's."""

    place: Place
    value: str | None
    rule: str
    reason: str


def holds_decisions(raw: RawFile) -> bool:
    """Whether a sheet has the columns of decisions with the key; the head of the file is enough."""
    return any(_heading(table) is not None for table in raw.tables)


def read_decisions(raw: RawFile, say: Texts) -> Iterator[Said | Unclear]:
    """Every row in which somebody wrote something, sheet by sheet; hidden and sorted rows as well."""
    for table in raw.tables:
        heading = _heading(table)
        if heading is not None:
            yield from _rows(table, heading, say)


@dataclass(frozen=True, slots=True)
class _Heading:
    row: int
    decision: int
    comment: int
    key: int
    columns: Columns


@cache
def _languages() -> tuple[Columns, ...]:
    return tuple(columns(Texts(language)) for language in Language)


@cache
def _words() -> Mapping[str, Action]:
    return {
        folded(word): action
        for language in Language
        for action, word in actions(Texts(language)).items()
    }


def folded(text: str | None) -> str:
    """As people type it: letter case, spaces, ё, and a full stop behind do not count."""
    return " ".join((text or "").casefold().replace("ё", "е").split()).rstrip(".")


def _heading(table: RawTable) -> _Heading | None:
    for number, row in enumerate(table.rows[:HEAD_ROWS]):
        titles = {folded(cell): place for place, cell in enumerate(row) if cell}
        for known in _languages():
            places = [titles.get(folded(t)) for t in (known.decision, known.comment, known.key)]
            decision, comment, key = places
            if decision is not None and comment is not None and key is not None:
                return _Heading(number, decision, comment, key, known)
    return None


def _rows(table: RawTable, heading: _Heading, say: Texts) -> Iterator[Said | Unclear]:
    merged = dict(_merged(table, (heading.decision, heading.comment)))
    for number in range(heading.row + 1, len(table.rows)):
        cells = {
            column: _cell(table, *merged.get((number, column), (number, column)))
            for column in (heading.decision, heading.comment)
        }
        decision, comment = cells[heading.decision], cells[heading.comment]
        key = _cell(table, number, heading.key)
        # Only a row with a key is one of ours; sums and notes below the table have no decision.
        if decision or (comment and key):
            place = Place(table.sheet, table.first_line + number, heading.columns.decision)
            yield _row(place, key, decision, comment, say)


def _row(
    place: Place, key: str | None, decision: str | None, comment: str | None, say: Texts
) -> Said | Unclear:
    known = decode(key)
    action = _words().get(folded(decision))
    if decision and action is None:
        words = ", ".join(f"«{word}»" for word in actions(say).values())
        reason = say(
            "«{value}» — такого решения нет. Выберите из списка: {words}.",
            value=decision[:100],
            words=words,
        )
        return Unclear(place, decision, "decision.unknown", reason)
    if known is None:
        reason = say(
            "В строке нет целого ключа, и не видно, о каком она расхождении. Впишите решение в строку "
            "свежего отчёта, не меняя скрытую колонку."
        )
        return Unclear(place, key, "decision.key", reason)
    return Said(place, known, action, comment)


def _cell(table: RawTable, row: int, column: int) -> str | None:
    cells = table.rows[row]
    text = cells[column] if column < len(cells) else None
    return (text or "").strip() or None


def _merged(
    table: RawTable, wanted: Iterable[int]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Cells of these columns inside merged ones, each with the cell that has the text."""
    columns_ = set(wanted)
    for first_row, column, last_row, _ in table.merged:
        if column in columns_ and last_row < len(table.rows):
            for row in range(first_row + 1, last_row + 1):
                yield (row, column), (first_row, column)
