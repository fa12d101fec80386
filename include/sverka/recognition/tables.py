"""Finds the header row of a table by content; column order and rows above are free."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sverka.errors import NeedsMapping
from sverka.reading.raw import RawTable, Row
from sverka.recognition.schema import Column, Required, Schema, TableLayout
from sverka.recognition.texts import header_key

ASK_ENGINEER = "Передайте файл тому, кто обслуживает Сверку."

LOOK_ROWS = 40
"""Bank tables have up to 25 rows above the header; beyond 40 there is no header."""


@dataclass(frozen=True, slots=True)
class LocatedTable:
    """A table whose columns are known. `columns`: name → index in a row; `first` and `header` are
    indexes into `table.rows`; `titles` are the header texts by column index, `keys` their comparable
    forms. `doubled` are the columns of the schema that the file has more than once: such a file is
    not read before a person has said which one counts.
    """

    table: RawTable
    header: int
    first: int
    columns: dict[str, int]
    titles: dict[int, str]
    keys: list[frozenset[str]] = field(default_factory=list)
    doubled: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be the header: its index, the comparable forms and the texts by column."""

    header: int
    keys: list[frozenset[str]]
    texts: list[str]


def locate(
    table: RawTable, schema: Schema, ready: Sequence[Candidate] | None = None
) -> LocatedTable | None:
    """The table's columns by this schema, or None when it is not this layout.

    `ready` are the table's candidates when they are known already.

    Raises:
        NeedsMapping: it is this layout, but a part of the header is not known.
    """
    assert isinstance(schema.layout, TableLayout)
    if not is_looked_at(table, schema.layout):
        return None
    for candidate in candidates(table) if ready is None else ready:
        found = matched(candidate, schema)
        if fulfils(schema.layout.require, found):
            return located(table, _with_rows_below(table, candidate, schema), schema)
    return None


def is_looked_at(table: RawTable, layout: TableLayout) -> bool:
    """True unless the layout names its sheets and this one has another name; a CSV has none."""
    return not layout.sheets or table.sheet is None or bool(sheet_keys(table.sheet) & layout.sheets)


def sheet_keys(name: str) -> frozenset[str]:
    """A sheet's comparable names: also without the archive's member before it and without `.csv`."""
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    stem = last.rpartition(".")[0] or last
    return frozenset(header_key(text) for text in (name, last, stem))


def _with_rows_below(table: RawTable, header: Candidate, schema: Schema) -> Candidate:
    """The header with the names that stand under its merged cells.

    «Услуги» alone may be a known name; with «Доставка» and «Комиссия» under it, it is two columns.

    Raises:
        NeedsMapping: the names below do not fit; reading the upper ones alone would lose money.
    """
    known = {key for column in schema.columns.values() for key in column.headers}
    for index in range(header.header + 1, len(table.rows)):
        lower = [(cell or "").strip() for cell in table.rows[index]]
        if not _names_parts(lower, header, known):
            break
        below = _double(
            index, header.texts, lower, _spread(table, index - 1, header.texts, len(lower))
        )
        lost = matched(header, schema).keys() - matched(below, schema).keys()
        if lost:
            names = ", ".join(f"«{one_line(text)}»" for text in lower if text)
            raise NeedsMapping(
                f"шапка таблицы из нескольких строк, и под общими названиями стоят незнакомые: {names}. "
                f"Прочитать только верхние значило бы потерять деньги. {ASK_ENGINEER}",
                sheet=table.sheet,
                line_no=table.first_line + index,
            )
        header = below
    return header


def _names_parts(lower: list[str], header: Candidate, known: set[str]) -> bool:
    """True for a second row of the header: names only, under merged cells or known by themselves."""
    filled = [(index, text) for index, text in enumerate(lower) if text]
    if len(filled) < 2 or any(
        any(sign.isdigit() for sign in text) or not any(sign.isalpha() for sign in text)
        for _, text in filled
    ):
        return False
    return any(
        index >= len(header.texts) or not header.texts[index] or header_key(text) in known
        for index, text in filled
    )


def candidates(table: RawTable) -> list[Candidate]:
    """The possible headers: single rows first, then a row with one or two rows of groups above."""
    rows = [[(cell or "").strip() for cell in row] for row in table.rows[:LOOK_ROWS]]
    filled = [index for index, row in enumerate(rows) if sum(map(bool, row)) > 1]
    singles = [_single(index, rows[index], _groups(table, rows, index)) for index in filled]
    doubles = [
        _double(index, rows[index - 1], rows[index], _groups(table, rows, index))
        for index in filled
        if index
    ]
    triples = [
        _double(
            index,
            _double(index - 1, rows[index - 2], rows[index - 1], []).texts,
            rows[index],
            _groups(table, rows, index),
        )
        for index in filled
        if index > 1 and _is_header_row(rows[index - 1]) and _is_header_row(rows[index - 2])
    ]
    return singles + doubles + triples


def _is_header_row(row: list[str]) -> bool:
    """Names only, more than one: a header may have three rows of them."""
    names = [text for text in row if text]
    return len(names) > 1 and not any(text[0].isdigit() for text in names)


def _groups(table: RawTable, rows: list[list[str]], index: int) -> list[str]:
    """The names of the groups over a row, by column."""
    return _spread(table, index - 1, rows[index - 1], len(rows[index])) if index else []


def _spread(table: RawTable, index: int, row: list[str], width: int) -> list[str]:
    """A row's texts over the columns they are merged with.

    Where the container does not tell what is merged, a text reaches up to the next one.
    """
    width = max(width, len(row))
    if not table.merged:
        return _filled_forward(row, width)
    spread = _padded(row, width)
    for first_row, first, last_row, last in table.merged:
        if first_row <= index <= last_row and first < width:
            cells = table.rows[first_row]
            text = ((cells[first] if first < len(cells) else None) or "").strip()
            for column in range(first, min(last + 1, width)):
                spread[column] = spread[column] or text
    return spread


def _single(index: int, row: list[str], groups: list[str]) -> Candidate:
    groups = _padded(groups, len(row))
    keys = [
        frozenset({header_key(text), f"{header_key(group)}/{header_key(text)}"} if text else ())
        for text, group in zip(row, groups[: len(row)], strict=True)
    ]
    return Candidate(index, keys, row)


def _double(index: int, upper: list[str], lower: list[str], groups: list[str]) -> Candidate:
    """A header of two rows where a name that spans both stands in the upper one."""
    width = max(len(upper), len(lower))
    upper, lower, groups = (_padded(row, width) for row in (upper, lower, groups))
    texts = [below or above for above, below in zip(upper, lower, strict=True)]
    keys = [
        frozenset(
            {header_key(text)} | ({f"{header_key(group)}/{header_key(below)}"} if below else set())
            if text
            else ()
        )
        for text, group, below in zip(texts, groups[:width], lower, strict=True)
    ]
    return Candidate(index, keys, texts)


def _padded(row: list[str], width: int) -> list[str]:
    return row + [""] * (width - len(row))


def _filled_forward(row: list[str], width: int) -> list[str]:
    """A merged cell keeps its text in its first column only."""
    filled, last = [], ""
    for text in _padded(row, width)[:width]:
        last = text or last
        filled.append(last)
    return filled


def matched(candidate: Candidate, schema: Schema) -> dict[str, list[int]]:
    """Column name → the indexes of the columns that carry one of its headers."""
    at: dict[str, list[int]] = {}
    for index, keys in enumerate(candidate.keys):
        for key in keys:
            at.setdefault(key, []).append(index)
    found = {name: _indexes(column, at) for name, column in schema.columns.items()}
    return {name: indexes for name, indexes in found.items() if indexes}


def _indexes(column: Column, at: dict[str, list[int]]) -> list[int]:
    return sorted({index for key in column.headers for index in at.get(key, ())})


def fulfils(require: Required, found: dict[str, list[int]]) -> bool:
    """True when of each required group at least one column is there."""
    return all(any(name in found for name in group) for group in require)


def located(table: RawTable, header: Candidate, schema: Schema) -> LocatedTable:
    """The columns of the schema under this header, whether all of them are there or not."""
    found = matched(header, schema)
    return LocatedTable(
        table=table,
        header=header.header,
        first=header.header + 1,
        columns={name: indexes[0] for name, indexes in found.items()},
        titles={index: one_line(text) for index, text in enumerate(header.texts) if text},
        keys=header.keys,
        doubled={name: indexes for name, indexes in found.items() if len(indexes) > 1},
    )


def likely_header(table: RawTable, known: frozenset[str]) -> tuple[int, list[str]] | None:
    """The row that looks most like a header: (index, its texts); None when no row does.

    A row of data has numbers and dates among its words, a header has not. A line of prose with a
    comma is no header: nothing of two cells follows it.
    """
    best: tuple[int, int, list[str]] | None = None
    for index, row in enumerate(table.rows[:LOOK_ROWS]):
        texts = _texts(row)
        words = [text for text in texts if any(sign.isalpha() for sign in text)]
        of_vocabulary = sum(header_key(text) in known for text in words)
        if len(words) < 2 or not (of_vocabulary or _goes_on(table, index)):
            continue
        score = 2 * of_vocabulary + 2 * len(words) - len(texts)
        if best is None or score > best[0]:
            best = (score, index, texts)
    return (best[1], best[2]) if best else None


def _goes_on(table: RawTable, index: int) -> bool:
    texts = _texts(table.rows[index])
    below = table.rows[index + 1 : index + 3]
    return len(texts) > 3 or any(len(_texts(row)) >= 2 for row in below)


def _texts(row: Row) -> list[str]:
    texts = [one_line(cell) for cell in row if cell and cell.strip()]
    return list(dict.fromkeys(texts))


def one_line(text: str) -> str:
    """The text without line breaks and extra spaces, for messages."""
    return " ".join(text.split())
