"""Tables of a web page as rows of texts: spans, line breaks, Excel's own numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sverka.reading.formats import number_text
from sverka.reading.limits import Allowance, hold_columns, hold_rows
from sverka.reading.raw import Merge, RawTable, Row

if TYPE_CHECKING:
    from lxml.etree import _Element

BLOCKS = frozenset(
    {
        "address",
        "article",
        "body",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "footer",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    }
)
"""Elements that begin a new line, as do the ends of them."""
SILENT = frozenset(
    {
        "head",
        "script",
        "style",
        "select",
        "textarea",
        "noscript",
        "template",
        "object",
        "svg",
        "button",
    }
)
"""Elements whose text is not text of the page."""

_SPACE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_DATE = re.compile(r"\d\s*[./:-]\s*\d+\s*[./:-]|\d\s*:\s*\d|\d\s+[А-Яа-яA-Za-z]{3,}")
_WIDEST_SPAN = 1000
"""HTML's own limit of colspan."""
_OWN_NUMBER = ("x:num", "sdval")
"""Excel and LibreOffice write the true number beside the text as it is shown."""


@dataclass(slots=True)
class Grid:
    """A table of a page; `merged` and `hidden` are indexes into `rows`."""

    rows: list[Row] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    merged: list[Merge] = field(default_factory=list)
    caption: str | None = None

    @property
    def width(self) -> int:
        """The number of columns that hold something."""
        return len({at for row in self.rows for at, cell in enumerate(row) if cell})

    def append(self, other: "Grid") -> None:
        """Puts another table under this one."""
        down = len(self.rows)
        self.rows.extend(other.rows)
        self.hidden.update(row + down for row in other.hidden)
        self.merged.extend((a + down, b, c + down, d) for a, b, c, d in other.merged)
        self.caption = other.caption

    def without(self, first: int) -> "Grid":
        """The table without its first rows."""
        return Grid(
            self.rows[first:],
            {row - first for row in self.hidden if row >= first},
            [(a - first, b, c - first, d) for a, b, c, d in self.merged if a >= first],
            self.caption,
        )

    def as_table(self, name: str | None, first_line: int, head: int | None) -> RawTable:
        """What reading gives; `head` limits the rows."""
        rows = self.rows if head is None else self.rows[:head]
        hidden = frozenset(row for row in self.hidden if row < len(rows))
        return RawTable(name, rows, first_line, hidden, tuple(sorted(self.merged)))


def is_layout(table: "_Element") -> bool:
    """True for a table that only places other tables on the page."""
    if next(table.iter("table"), None) is table and len(list(_nested(table))) == 0:
        return False
    full = 0
    for row in _rows(table):
        filled = [cell for cell in row.iterchildren("td", "th") if _own_text(cell)]
        full += len(filled) > 2
    return full < 2


def _nested(table: "_Element") -> Iterator["_Element"]:
    return (one for one in table.iter("table") if one is not table)


def _own_text(cell: "_Element") -> bool:
    return next(cell.iter("table"), None) is None and bool("".join(cell.itertext()).strip())


def _rows(table: "_Element") -> list["_Element"]:
    """The table's own rows; those of its foot come last, wherever they stand in the page."""
    own = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    return sorted(own, key=lambda row: next(row.iterancestors(), row).tag == "tfoot")


def grid_of(table: "_Element", allowance: Allowance) -> Grid:
    """The cells of a table in their columns; a cell that spans several stands in the first.

    Raises:
        Refusal: more rows, columns or cells than a sheet may have.
    """
    grid = Grid()
    title = next(table.iterchildren("caption"), None)
    if title is not None:
        grid.caption = cell_text(title)
    taken: dict[int, int] = {}
    rows = _rows(table)
    for number, element in enumerate(rows):
        hold_rows(number + 1, None)
        if element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
            grid.hidden.add(number)
        row = _row(element, number, len(rows), taken, grid)
        allowance.take_cells(len(row), None)
        grid.rows.append(row)
    return grid


def _row(
    element: "_Element", number: int, rows: int, taken: dict[int, int], grid: Grid
) -> list[str | None]:
    """One row; `taken` are the columns that cells above still span, and for how many rows."""
    row: Row = []
    below: dict[int, int] = {}
    for cell in element.iterchildren("td", "th"):
        while len(row) in taken:
            row.append(None)
        across = min(max(1, _span(cell, "colspan", 1)), _WIDEST_SPAN)
        down = _span(cell, "rowspan", 1) or rows
        down = min(down, rows - number)
        first = len(row)
        row.extend([_value(cell), *[None] * (across - 1)])
        hold_columns(len(row), None, number + 1)
        if across > 1 or down > 1:
            grid.merged.append((number, first, number + down - 1, first + across - 1))
        if down > 1:
            below.update(dict.fromkeys(range(first, first + across), down))
    taken.update(below)
    for column in list(taken):
        taken[column] -= 1
        if not taken[column]:
            del taken[column]
    return row


def _span(cell: "_Element", name: str, otherwise: int) -> int:
    text = (cell.get(name) or "").strip()
    return int(text) if text.isdecimal() and len(text) < 7 else otherwise


def _value(cell: "_Element") -> str | None:
    shown = cell_text(cell)
    for name in _OWN_NUMBER:
        number = cell.get(name)
        if number and shown:
            return _true_number(number, shown)
    return shown or None


def _true_number(number: str, shown: str) -> str:
    """The number beside the text, unless the text is a date or shows leading zeros."""
    exact = number_text(number)
    padded = shown.isdigit() and shown.startswith("0") and shown.lstrip("0") == exact.lstrip("0")
    if padded or _DATE.search(shown) or not any(map(str.isdigit, shown)):
        return shown
    return exact


def cell_text(cell: "_Element") -> str:
    """The text of a cell; line breaks are kept, other white space is one space."""
    texts: list[str] = []
    _collect(cell, texts)
    return "\n".join(block_texts(texts))


def _collect(top: "_Element", texts: list[str]) -> None:
    from lxml import etree

    walk = etree.iterwalk(top, events=("start", "end"))
    for event, element in walk:
        if element is not top and element.tag in BLOCKS:
            texts.append("\n")
        if event == "start":
            if element.tag in SILENT:
                walk.skip_subtree()
            else:
                texts.append(_SPACE.sub(" ", element.text or ""))
        elif element is not top:
            texts.append(_SPACE.sub(" ", element.tail or ""))


def block_texts(texts: list[str]) -> list[str]:
    """The lines of collected texts, without empty ones."""
    lines = "".join(texts).split("\n")
    return [line for raw in lines if (line := _SPACE.sub(" ", raw).strip(" "))]
