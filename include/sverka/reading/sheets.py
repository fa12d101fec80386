"""What the fast reader does not tell about an XLSX sheet: its true area, errors, bare formulas.

The reader gives an empty cell for `#N/A` and for a formula that nobody has calculated. Empty
money would be read as zero, so both are put back as text, which no number parser accepts.
"""

import html
import re
from collections.abc import Iterator

from sverka.reading.raw import Row

_ROW = re.compile(rb'<(?:\w+:)?row\b(?:[^>]*? r="(\d+)")?')
_THREE_LETTERS = re.compile(rb' r="[A-Z]{3}\d')
_TWO_LETTERS = re.compile(rb' r="([A-Z]{2})\d')
_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?P<attributes>[^>]*[^>/])>(?P<inside>.*?)</(?:\w+:)?c>", re.DOTALL
)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_TYPE = re.compile(rb'\bt="(\w+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)<")

_SINGLE, _DOUBLE, _ALL = 26, 702, 16384


def area(sheet_xml: bytes) -> tuple[int, int]:
    """The number of rows and of columns up to the last used ones; columns may be rounded up."""
    return _last_row(sheet_xml), _last_column(sheet_xml)


def _last_row(sheet_xml: bytes) -> int:
    last = 0
    for found in _ROW.finditer(sheet_xml):
        last = int(found[1]) if found[1] else last + 1
    return last


def _last_column(sheet_xml: bytes) -> int:
    if _THREE_LETTERS.search(sheet_xml):
        return _ALL
    if not _TWO_LETTERS.search(sheet_xml):
        return _SINGLE
    return max(column_number(letters.decode()) for letters in set(_TWO_LETTERS.findall(sheet_xml)))


def column_number(letters: str) -> int:
    """`A` → 1, `AA` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def unseen_cells(sheet_xml: bytes) -> Iterator[tuple[int, int, str]]:
    """(row, column, text) from 1 of error cells and of formulas without a calculated value."""
    if b't="e"' not in sheet_xml and b"<f" not in sheet_xml and b":f" not in sheet_xml:
        return
    for cell in _CELL.finditer(sheet_xml):
        place = _PLACE.search(cell["attributes"])
        text = _unseen(cell["attributes"], cell["inside"]) if place else None
        if place and text:
            yield int(place[2]), column_number(place[1].decode()), text


def _unseen(attributes: bytes, inside: bytes) -> str | None:
    kind = _TYPE.search(attributes)
    value = _VALUE.search(inside)
    if kind and kind[1] == b"e":
        return value[1].decode("utf-8", "replace") if value else "#ERROR!"
    formula = _FORMULA.search(inside)
    # A calculated formula whose result is an empty text has t="str" and an empty value.
    if formula is None or value or (kind and kind[1] == b"str"):
        return None
    return "=" + html.unescape((formula[1] or b"").decode("utf-8", "replace"))


def put_back(rows: list[Row], unseen: Iterator[tuple[int, int, str]]) -> None:
    """Writes the unseen cells into `rows`, whose first row is row 1 and first column is A."""
    for row_no, column, text in unseen:
        while len(rows) < row_no:
            rows.append([])
        row = rows[row_no - 1]
        row.extend([None] * (column - len(row)))
        row[column - 1] = text
