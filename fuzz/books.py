"""A sample as something that can be spoiled, and back to bytes in any container."""

import copy
import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from sverka.demo.workbooks import workbook, zip_bytes
from sverka.reading import read
from sverka.reading.raw import RawFile
from sverka.recognition.recognise import Recognised
from sverka.recognition.schema import Schema

Rows = list[list[Any]]


@dataclass(slots=True)
class Sheet:
    """A sheet with what the layout knows of it; `header` is None where it is not read."""

    name: str | None
    rows: Rows
    header: int | None = None
    columns: dict[str, int] = field(default_factory=dict)
    merged: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def records(self) -> list[int]:
        """The indexes of the rows under the header."""
        return [] if self.header is None else list(range(self.header + 1, len(self.rows)))


@dataclass(slots=True)
class Book:
    """A sample: sheets or a tree, the schema it is read by, and how its bytes are written."""

    name: str
    schema: Schema
    sheets: list[Sheet] = field(default_factory=list)
    tree: Any = None
    container: str = "xlsx"
    encoding: str = "utf-8"
    delimiter: str = ";"
    newline: str = "\r\n"
    quoting: int = csv.QUOTE_MINIMAL
    first_line: str = ""
    spoil: Callable[[bytes], bytes] | None = None

    def copy(self) -> "Book":
        """Sheets and tree of its own; the schema is shared."""
        twin = copy.copy(self)
        twin.sheets, twin.tree = copy.deepcopy(self.sheets), copy.deepcopy(self.tree)
        return twin

    def written(self) -> bytes:
        """The file."""
        data = self._data()
        return self.spoil(data) if self.spoil else data

    def _data(self) -> bytes:
        if self.tree is not None:
            return _xml(self.tree) if self.container == "xml" else _json(self.tree)
        if self.container == "xlsx":
            named = {_title(sheet.name, n): sheet for n, sheet in enumerate(self.sheets, 1)}
            return workbook(
                {name: sheet.rows for name, sheet in named.items()},
                merged={name: sheet.merged for name, sheet in named.items() if sheet.merged},
            )
        texts = {sheet.name or f"{n}.csv": self._csv(sheet) for n, sheet in enumerate(self.sheets)}
        return zip_bytes(texts) if self.container == "zip" else next(iter(texts.values()))

    def _csv(self, sheet: Sheet) -> bytes:
        text = io.StringIO()
        writer = csv.writer(
            text, delimiter=self.delimiter, lineterminator=self.newline, quoting=self.quoting
        )
        writer.writerows(
            [["" if cell is None else str(cell) for cell in row] for row in sheet.rows]
        )
        return (self.first_line + text.getvalue()).encode(self.encoding, "replace")


def book_of(name: str, raw: RawFile, found: Recognised) -> Book:
    """The sample as a book; places of the layout are kept with it."""
    if raw.tree is not None:
        return Book(name, found.schema, tree=raw.tree, container=raw.container)
    located = {id(at.table): at for at in found.tables}
    sheets = []
    for table in raw.tables:
        rows: Rows = [[None] * len(table.rows[0]) for _ in range(table.first_line - 1)]
        rows += [list(row) for row in table.rows]
        at = located.get(id(table))
        header = at.header + table.first_line - 1 if at else None
        sheets.append(Sheet(table.sheet, rows, header, dict(at.columns) if at else {}))
    container = "csv" if len(sheets) == 1 else "xlsx"
    if any((sheet.name or "").endswith(".csv") for sheet in sheets):
        container = "zip"
    return Book(name, found.schema, sheets, container=container)


def reread(book: Book) -> RawFile:
    """The book's bytes through the reading room."""
    return read(book.written(), book.name)


def _title(name: str | None, number: int) -> str:
    """Excel allows 31 characters and no slashes in a sheet's name."""
    return re.sub(r"[\[\]:*?/\\]", "_", name or f"Лист{number}")[-31:]


def _json(tree: Any) -> bytes:
    return json.dumps(tree, ensure_ascii=False).encode()


def _xml(tree: dict[str, Any]) -> bytes:
    body = "".join(_element(tag, node) for tag, nodes in tree.items() for node in nodes)
    return f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode()


def _element(tag: str, node: Any) -> str:
    if not isinstance(node, dict):
        return f"<{tag}>{escape(str(node))}</{tag}>"
    attributes = "".join(
        f" {key[1:]}={quoteattr(str(value))}" for key, value in node.items() if key.startswith("@")
    )
    inside = "".join(
        escape(str(value))
        if key == "#text"
        else "".join(
            _element(key, child) for child in (value if isinstance(value, list) else [value])
        )
        for key, value in node.items()
        if not key.startswith("@")
    )
    return f"<{tag}{attributes}>{inside}</{tag}>"
