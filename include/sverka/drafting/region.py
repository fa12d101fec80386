"""The table of a file: where its header and its records are, as a drafter sees them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sverka.drafting.spelling import spoken
from sverka.drafting.words import FIELDS, weight
from sverka.parsing.cells import is_nothing
from sverka.reading.raw import RawTable, Row
from sverka.recognition.tables import LOOK_ROWS, one_line
from sverka.recognition.texts import folded, header_key
from sverka.recognition.vocabulary import Vocabulary

_NUMBERISH = re.compile(
    r"[\d\s.,:/()+\-–—−%₽№'\u00a0\u202f]*\d[\d\s.,:/()+\-–—−%₽'\u00a0\u202f]*(?:руб\.?|р\.|₽|%)?"
)
_NUMBERING = re.compile(r"\(?(\d{1,3})\)?(?:\s*=.*)?")
_LONGEST_NAME = 160
_GROUP_ROWS = 2
_GLANCE = 60
"""Rows under a possible header by which it is weighed."""
_LONGEST_TOTAL = 80


@dataclass(frozen=True, slots=True)
class Header:
    """A column's name; `group` is the text of a merged cell above it, `address` its name in a schema."""

    index: int
    title: str
    group: str
    address: str


@dataclass(slots=True)
class Region:
    """One table. `records` are (row number, cells); `totals` the rows of totals; rows are whole."""

    table: RawTable
    header: int
    columns: list[Header]
    records: list[tuple[int, Row]] = field(default_factory=list)
    totals: list[tuple[int, Row]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    repeated: set[str] = field(default_factory=set)
    """Addresses that two columns share: a schema cannot tell them apart."""

    @property
    def line_no(self) -> int:
        """The header's row number as Excel shows it."""
        return self.table.first_line + self.header

    @property
    def score(self) -> float:
        """How much the header and what stands under it look like a table of operations."""
        named = sum(_names(column.title) for column in self.columns)
        return named + min(len(self.records), 20) / 20


def regions(tables: Sequence[RawTable], vocabulary: Vocabulary) -> list[Region]:
    """The best region of every table that has one."""
    found = [_best(table, vocabulary) for table in tables]
    return [region for region in found if region is not None]


def _best(table: RawTable, vocabulary: Vocabulary) -> Region | None:
    tried = [
        _region(table, index, vocabulary, _GLANCE)
        for index in range(min(LOOK_ROWS, len(table.rows)))
        if _could_be_header(table.rows[index]) and not _names_groups(table, index)
    ]
    tried = [region for region in tried if len(region.columns) >= 2]
    best = max(tried, key=lambda region: (region.score, -region.header), default=None)
    return _region(table, best.header, vocabulary, len(table.rows)) if best else None


@dataclass(slots=True)
class _Rows:
    records: list[tuple[int, Row]]
    totals: list[tuple[int, Row]]
    below: list[str]


def _names(title: str) -> float:
    words = spoken(title)
    return max((weight(name, words) for name in FIELDS), default=0.0)


def _could_be_header(row: Row) -> bool:
    texts = filled(row)
    if len(texts) < 2:
        return False
    words = [t for t in texts if any(s.isalpha() for s in t) and len(t) <= _LONGEST_NAME]
    return len(words) >= 2 and 2 * len(words) > len(texts)


def _names_groups(table: RawTable, index: int) -> bool:
    """The row above the real header: what it names are groups of columns."""
    below = table.rows[index + 1] if index + 1 < len(table.rows) else []
    texts = filled(below)
    return (
        _could_be_header(below)
        and not any(_NUMBERISH.fullmatch(text.strip()) for text in texts)
        and _is_group_row(table.rows[index], below, deeper=True)
    )


def _region(table: RawTable, index: int, vocabulary: Vocabulary, look: int) -> Region:
    groups = _groups(table, index)
    columns = _columns(table.rows[index], groups)
    addresses = [column.address for column in columns]
    region = Region(
        table,
        index,
        columns,
        titles=[" ".join(filled(row)) for row in table.rows[: index - len(groups)] if filled(row)],
        repeated={address for address in addresses if addresses.count(address) > 1},
    )
    rows = _rows(table, index, vocabulary, look)
    region.records, region.totals, region.below = rows.records, rows.totals, rows.below
    return region


def _groups(table: RawTable, index: int) -> list[Row]:
    """The rows above that belong to the header: they name parts of it, not the file."""
    found: list[Row] = []
    for above in range(index - 1, max(-1, index - 1 - _GROUP_ROWS), -1):
        if not _is_group_row(table.rows[above], table.rows[above + 1], deeper=bool(found)):
            break
        found.insert(0, table.rows[above])
    return found


def _is_group_row(row: Row, under: Row, *, deeper: bool) -> bool:
    """A name that spans rows stands above an empty cell; a name that spans columns has gaps beside it."""
    texts = [(i, cell.strip()) for i, cell in enumerate(row) if cell and cell.strip()]
    if not texts or any(
        _NUMBERISH.fullmatch(text) or len(text) > _LONGEST_NAME for _, text in texts
    ):
        return False
    below = {i for i, cell in enumerate(under) if cell and cell.strip()}
    spans_rows = any(i not in below for i, _ in texts)
    if len(texts) == 1:
        # One text is a title unless it stands in the middle of the header.
        return texts[0][0] > min(below, default=0) and not deeper and texts[0][0] in below
    return spans_rows or len(texts) < len(below)


def _columns(row: Row, groups: list[Row]) -> list[Header]:
    width = max(len(row), *(len(group) for group in groups)) if groups else len(row)
    lower = _padded(row, width)
    columns = []
    for index in range(width):
        own = lower[index]
        uppers = [_padded(group, width)[index] for group in groups]
        spans = [_forward(_padded(group, width), index) for group in groups]
        title = own or next((text for text in reversed(uppers) if text), "")
        if not title:
            continue
        group = one_line(spans[-1]) if own and spans else ""
        if group and header_key(group) == header_key(title):
            group = ""
        columns.append(Header(index, one_line(title), group, one_line(title)))
    return _addressed(columns)


def _addressed(columns: list[Header]) -> list[Header]:
    """A name that stands twice is told by its group."""
    keys = [header_key(column.title) for column in columns]
    return [
        Header(column.index, column.title, column.group, f"{column.group}/{column.title}")
        if keys.count(key) > 1 and column.group
        else column
        for column, key in zip(columns, keys, strict=True)
    ]


def _forward(row: list[str], index: int) -> str:
    return next((row[at] for at in range(index, -1, -1) if row[at]), "")


def _padded(row: Row, width: int) -> list[str]:
    return [(cell or "").strip() for cell in row] + [""] * (width - len(row))


def _rows(table: RawTable, header: int, words: Vocabulary, look: int) -> _Rows:
    found = _Rows([], [], [])
    again = [folded(cell or "") for cell in table.rows[header]]
    for index in range(header + 1, min(len(table.rows), header + 1 + look)):
        row = table.rows[index]
        texts = filled(row)
        if not texts or (index == header + 1 and is_numbering(row)):
            continue
        if [folded(cell or "") for cell in row] == again:
            continue
        line_no = table.first_line + index
        if _is_totals(texts, words):
            found.totals.append((line_no, row))
            found.below.append(" ".join(texts))
        elif (
            len(texts) >= 2
            and any(_NUMBERISH.fullmatch(text.strip()) for text in texts)
            and not _explains(texts[0], words)
        ):
            found.records.append((line_no, row))
        else:
            found.below.append(" ".join(texts))
    return found


def _is_totals(texts: list[str], words: Vocabulary) -> bool:
    if begins(texts[0], words.totals):
        return True
    return any(begins(text, words.totals) for text in texts) and not re.search(r"\d{4,}", texts[0])


def _explains(text: str, words: Vocabulary) -> bool:
    return begins(text, words.explanations)


def begins(text: str, words: Sequence[str]) -> bool:
    """True when the text begins with one of the folded words, and the word ends there."""
    if len(text) > _LONGEST_TOTAL or not text.lstrip()[:1].isalpha():
        return False
    plain = folded(text)
    return any(
        plain.startswith(word) and not plain[len(word) : len(word) + 1].isalnum() for word in words
    )


def is_numbering(row: Row) -> bool:
    """`1 2 3 …` under the header."""
    numbers = [int(n[1]) for cell in filled(row) if (n := _NUMBERING.fullmatch(cell.strip()))]
    return len(numbers) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def filled(row: Row) -> list[str]:
    """The cells of a row that hold something."""
    return [cell for cell in row if cell and not cell.isspace()]


def value(row: Row, index: int) -> str | None:
    """The cell, or None when there is nothing in it."""
    cell = row[index] if index < len(row) else None
    return None if cell is None or is_nothing(cell) else cell.strip()
