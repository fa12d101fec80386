"""OpenDocument tables, read directly: the repeated cells and rows stay few until they are counted."""

import re
import zipfile
from typing import Any

from sverka.errors import Refusal
from sverka.reading import archives
from sverka.reading.formats import number_text
from sverka.reading.limits import MAX_BYTES, Allowance, hold_columns, hold_rows, hold_size
from sverka.reading.ole import encrypted
from sverka.reading.raw import Merge, RawTable, Row
from sverka.reading.workbooks import sheets_of_xml
from sverka.reading.xmls import local

_KINDS = {
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
}
_ASIDE = frozenset({"office:annotation", "table:tracked-changes", "table:shapes"})
_CELLS = frozenset({"table:table-cell", "table:covered-table-cell"})
_BREAKS = {"text:line-break": "\n", "text:tab": "\t", "text:s": " "}
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?$")


def read_ods(
    archive: zipfile.ZipFile, head: int | None, allowance: Allowance
) -> tuple[RawTable, ...]:
    """The visible sheets, from row 1 and column A on.

    Raises:
        Refusal: under a password, damaged, too big, or with data on hidden sheets only.
    """
    manifest = "META-INF/manifest.xml"
    if manifest in archive.NameToInfo and b"encryption-data" in archives.unpacked(
        archive, manifest
    ):
        raise encrypted()
    hold_size(archive.getinfo("content.xml").file_size)
    content = archives.unpacked(archive, "content.xml")
    return sheets_of_xml(content, _Sheets, allowance, head)


class _Sheets:
    """Builds the tables from the parser's events."""

    def __init__(self, allowance: Allowance, head: int | None) -> None:
        self._allowance = allowance
        self._head = head
        self._found: list[tuple[bool, RawTable]] = []
        self._aside = 0
        self._tables = 0
        self._name, self._visible = "", True
        self._rows: list[Row] = []
        self._row: Row = []
        self._row_attrs: dict[str, str] = {}
        self._gap = self._empty = 0
        self._hidden: set[int] = set()
        self._merged: list[Merge] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._cell: dict[str, str] | None = None
        self._texts: list[str] = []
        self._paragraphs = 0

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        name = _named(tag)
        if self._aside or name in _ASIDE or name.startswith("draw:"):
            self._aside += 1
            return
        if name == "style:style":
            self._style = _value(attrs, "name") or ""
        elif name == "style:table-properties" and _value(attrs, "display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "table:table":
            self._open_table(attrs)
        elif name == "table:table-row":
            self._row, self._gap, self._row_attrs = [], 0, attrs
        elif name in _CELLS and self._tables:
            self._cell, self._texts, self._paragraphs = attrs, [], 0
        elif self._cell is not None:
            self._take_sign(name, attrs)

    def _take_sign(self, name: str, attrs: dict[str, str]) -> None:
        if name == "text:p":
            self._paragraphs += 1
            self._texts.extend(["\n"] if self._texts else [])
        elif name in _BREAKS:
            times = min(_count(attrs, "c"), 1000) if name == "text:s" else 1
            self._texts.append(_BREAKS[name] * times)

    def data(self, data: str) -> None:
        # Between paragraphs stands only the indentation of the XML.
        if self._paragraphs and not self._aside:
            self._texts.append(data)

    def end(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
            return
        name = _named(tag)
        if name == "text:p":
            self._paragraphs = 0
        elif name in _CELLS and self._cell is not None:
            self._close_cell(self._cell)
            self._cell = None
        elif name == "table:table-row" and self._tables:
            self._close_row()
        elif name == "table:table":
            self._close_table()

    def close(self) -> list[tuple[bool, RawTable]]:
        return self._found

    def _open_table(self, attrs: dict[str, str]) -> None:
        self._tables += 1
        self._name = _value(attrs, "name") or ""
        self._visible = _value(attrs, "style-name") not in self._hidden_styles
        self._rows, self._hidden, self._merged = [], set(), []
        self._empty = 0
        if self._tables > 1:
            raise Refusal("внутри ячейки лежит ещё одна таблица; так отчёты не выглядят.")

    def _close_cell(self, attrs: dict[str, str]) -> None:
        text = _cell_text(attrs, "".join(self._texts))
        times = _count(attrs, "number-columns-repeated")
        column, row = len(self._row) + self._gap, len(self._rows) + self._empty
        across, down = (_count(attrs, f"number-{what}-spanned") for what in ("columns", "rows"))
        if across > 1 or down > 1:
            self._merged.append((row, column, row + down - 1, column + across - 1))
        if text is None:
            self._gap += times
            return
        hold_columns(column + times, self._name, row + 1)
        self._row.extend([None] * self._gap)
        self._row.extend([text] * times)
        self._gap = 0

    def _close_row(self) -> None:
        row = self._row
        times = _count(self._row_attrs, "number-rows-repeated")
        hidden = _value(self._row_attrs, "visibility") in {"collapse", "filter"}
        if not row:
            self._empty += times
            return
        if self._head is not None and len(self._rows) >= self._head:
            return
        hold_rows(len(self._rows) + self._empty + times, self._name)
        self._allowance.take_cells(times * len(row) + self._empty, self._name)
        self._rows.extend([] for _ in range(self._empty))
        self._empty = 0
        if hidden:
            self._hidden.update(range(len(self._rows), len(self._rows) + times))
        self._rows.extend(list(row) for _ in range(times))

    def _close_table(self) -> None:
        self._tables -= 1
        rows = self._rows if self._head is None else self._rows[: self._head]
        hidden = frozenset(row for row in self._hidden if row < len(rows))
        table = RawTable(self._name, rows, hidden=hidden, merged=tuple(self._merged))
        self._found.append((self._visible, table))


def _cell_text(attrs: dict[str, str], text: str) -> str | None:
    match _value(attrs, "value-type"):
        case "float" | "percentage" | "currency":
            return number_text(_value(attrs, "value") or text) or None
        case "date":
            return _MIDNIGHT.sub("", _value(attrs, "date-value") or text) or None
        case "time":
            found = _DURATION.fullmatch(_value(attrs, "time-value") or "")
            return ":".join(found.groups()) if found else text or None
        case "boolean":
            return "ИСТИНА" if _value(attrs, "boolean-value") == "true" else "ЛОЖЬ"
        case None if not text and (formula := _value(attrs, "formula")):
            # A formula that nobody has calculated; empty money would be read as zero.
            return "=" + formula.partition("=")[2]
        case _:
            return _value(attrs, "string-value") or text or None


def _named(tag: str) -> str:
    uri, _, name = tag[1:].partition("}")
    return f"{_KINDS.get(uri, '')}:{name}"


def _value(attrs: dict[str, str], name: str) -> str | None:
    found: Any = None
    for key, value in attrs.items():
        # calcext:value-type says `error` where office:value-type says `string`.
        if local(key) == name and "calcext" not in key:
            found = value
    return found if found is None else str(found)


def _count(attrs: dict[str, str], name: str) -> int:
    text = _value(attrs, name) or "1"
    return max(1, min(int(text), MAX_BYTES)) if text.isdecimal() and len(text) < 12 else 1
