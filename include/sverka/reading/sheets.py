"""What the fast reader does not tell about an XLSX sheet: its true area, errors, bare formulas,
hidden rows, merged cells and numbers with leading zeros.

The reader gives an empty cell for `#N/A` and for a formula that nobody has calculated. Empty
money would be read as zero, so both are put back as text, which no number parser accepts. The XML
is gone through in pieces, by patterns: a tree of a million rows would not fit into memory.
"""

import html
import re
import string
from collections.abc import Iterable, Iterator

from sverka.errors import Refusal
from sverka.reading.facts import SheetFacts
from sverka.reading.limits import MAX_COLUMNS, MAX_ROWS

_PREFIX = re.compile(rb"<(\w+:)?worksheet\b")
_PLACES = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,8})(\d{1,12})["']""")
_WHOLE_PLACES = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,8}\d{1,12})["']""")
_DIGITS, _LETTERS = string.digits.encode(), string.ascii_letters.encode()
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NO = re.compile(rb"""\sr\s*=\s*["'](\d{1,12})["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_START = re.compile(rb"(?P<open><(?:\w+:)?(?P<tag>row|c))(?P<rest>(?P<attributes>(?:\s[^>]*)?)/?>)")
_TAIL = 1 << 16
_CELL = re.compile(
    rb"<(?:\w+:)?c\b(?P<attributes>[^>]*[^>/])>(?P<inside>.*?)</(?:\w+:)?c>", re.DOTALL
)
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_TYPE = re.compile(rb"""\st\s*=\s*["'](\w+)["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)<)")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)<")
_MERGED = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']"""
)
_LONGEST_ROW = 64 << 20
"""Bytes of the XML of one row: 16,384 cells of 4,000 bytes."""


def sheet_facts(
    pieces: Iterable[bytes], name: str, padded: dict[int, int] | None = None
) -> SheetFacts:
    """The facts of a sheet from the pieces of its XML.

    `padded`: the styles that show numbers with leading zeros, and to how many digits.

    Raises:
        Refusal: a cell outside of what Excel allows, or no XML in the usual encoding.
    """
    facts = SheetFacts()
    places = _Places()
    for piece in _whole_rows(pieces, name):
        if b"\0" in piece:
            raise _odd(name)
        block = places.written_into(piece)
        _take_places(block, facts, name)
        facts.hidden.update(_hidden_rows(block))
        facts.texts.extend(_unseen_cells(block))
        if padded:
            facts.padded.extend(_padded_cells(block, padded))
        if b"mergeCell" in block:
            facts.merged.extend(
                (int(top) - 1, _column(left), int(bottom) - 1, _column(right))
                for left, top, right, bottom in _MERGED.findall(block)
            )
    return facts


def _whole_rows(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The XML in pieces that end where a row ends."""
    rest, closing = b"", b""
    for piece in pieces:
        rest += piece
        if not closing:
            prefix = _PREFIX.search(rest)
            closing = b"</" + ((prefix[1] or b"") if prefix else b"") + b"row>"
        end = rest.rfind(closing)
        if end >= 0:
            yield rest[: end + len(closing)]
            rest = rest[end + len(closing) :]
        elif len(rest) > _LONGEST_ROW:
            raise _odd(name)
    yield rest


def _take_places(block: bytes, facts: SheetFacts, name: str) -> None:
    # All places at once: one by one they would take most of the time of reading.
    places = b" ".join(_WHOLE_PLACES.findall(block))
    letters = set(places.translate(None, _DIGITS).split())
    numbers = set(places.translate(None, _LETTERS).split())
    rows = max(map(int, numbers), default=0)
    columns = max((_column(text.upper()) + 1 for text in letters), default=0)
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise _odd(name)
    facts.rows = max(facts.rows, rows)
    facts.columns = max(facts.columns, columns)


def _hidden_rows(block: bytes) -> Iterator[int]:
    if b"hidden" in block:
        for row in _ROW.finditer(block):
            place = _ROW_NO.search(row[1]) if _HIDDEN.search(row[1]) else None
            if place:
                yield int(place[1]) - 1


class _Places:
    """Rows and cells may come without their places: each is then the one after the last."""

    def __init__(self) -> None:
        self._row = 0
        self._column = 0

    def written_into(self, block: bytes) -> bytes:
        """The block with a place in every row and cell; mostly it is the same block."""
        starts = sum(block.count(sign) for sign in (b"<c", b":c ", b":c>", b"<row", b":row"))
        with_place = block.count(b' r="')
        if starts <= with_place:
            self._row = max([self._row, *map(int, _ROW_NO.findall(block[-_TAIL:]))])
            return block
        return _START.sub(self._with_place, block)

    def _with_place(self, start: re.Match[bytes]) -> bytes:
        place = _PLACES.search(start["attributes"])
        if start["tag"] == b"row":
            self._row = int(place[2]) if place else self._row + 1
            self._column = 0
            return start[0] if place else start["open"] + b' r="%d"' % self._row + start["rest"]
        if place:
            self._column = _column(place[1].upper()) + 1
            return start[0]
        self._column += 1
        letters = column_letters(self._column).encode("ascii")
        return start["open"] + b' r="%s%d"' % (letters, self._row) + start["rest"]


def _column(letters: bytes) -> int:
    return column_number(letters.decode("ascii")) - 1


def column_number(letters: str) -> int:
    """`A` → 1, `AA` → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(number: int) -> str:
    """1 → `A`, 27 → `AA`."""
    letters = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _unseen_cells(block: bytes) -> Iterator[tuple[int, int, str]]:
    if b'"e"' not in block and b"'e'" not in block and b"<f" not in block and b":f" not in block:
        return
    for cell in _CELL.finditer(block):
        place = _PLACE.search(cell["attributes"])
        text = _unseen(cell["attributes"], cell["inside"]) if place else None
        if place and text:
            yield int(place[2]) - 1, _column(place[1]), text


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


def _padded_cells(block: bytes, padded: dict[int, int]) -> Iterator[tuple[int, int, int]]:
    for cell in _CELL.finditer(block):
        style = _STYLE.search(cell["attributes"])
        kind = _TYPE.search(cell["attributes"])
        place = _PLACE.search(cell["attributes"])
        if style and place and (kind is None or kind[1] == b"n") and int(style[1]) in padded:
            yield int(place[2]) - 1, _column(place[1]), padded[int(style[1])]


def _odd(name: str) -> Refusal:
    return Refusal(
        "лист устроен не так, как их сохраняет Excel. Откройте файл в Excel, сохраните как «Книга "
        "Excel (XLSX)» и положите снова.",
        sheet=name,
    )
