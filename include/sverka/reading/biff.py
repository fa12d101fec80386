"""The records of an XLS that the fast reader does not tell, after [MS-XLS] and BIFF5."""

import struct
from collections.abc import Iterator

from sverka.reading.facts import SheetFacts
from sverka.reading.formats import ERRORS, padded_to
from sverka.reading.limits import Allowance
from sverka.reading.ole import encrypted
from sverka.reading.xlsx import broken

_BOF, _EOF, _PASSWORD, _SHEET, _STRINGS = 0x0809, 0x000A, 0x002F, 0x0085, 0x00FC
_FORMAT, _STYLE, _ROW, _FORMULA, _BOOL_OR_ERROR = 0x041E, 0x00E0, 0x0208, 0x0006, 0x0205
_DIMENSIONS = 0x0200
_NUMBER, _RK = 0x0203, 0x027E
_CELLS = frozenset({0x0201, _NUMBER, 0x0204, _BOOL_OR_ERROR, _RK, 0x00FD, _FORMULA, 0x00D6})
_SEVERAL = frozenset({0x00BD, 0x00BE})
_MERGED = 0x00E5
_ROW_HIDDEN = 0x20
_BIFF8 = 0x0600
_TALLEST, _WIDEST = 65_536, 256
"""Rows and columns of an XLS."""


def facts_of(stream: bytes, allowance: Allowance) -> list[SheetFacts | None]:
    """The facts of each sheet in the workbook's order; None for a chart or a macro sheet.

    Raises:
        Refusal: under a password, damaged, or a sheet that would not fit into memory.
    """
    sheets, padded = _globals(stream)
    if len({start for start, _ in sheets}) < len(sheets):
        raise broken()
    found: list[SheetFacts | None] = []
    for start, kind in sheets:
        if kind:
            found.append(None)
            continue
        facts = _sheet(stream, start, padded)
        allowance.take_area(facts.rows, facts.columns, None)
        found.append(facts)
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """(kind, body) of each record of one substream, without the charts inside it."""
    at, depth = start, 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if at + 4 + size > len(stream):
            raise broken()
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size
    raise broken()


def _globals(stream: bytes) -> tuple[list[tuple[int, int]], dict[int, int]]:
    """(start, kind) of each sheet, and the styles that show leading zeros."""
    sheets: list[tuple[int, int]] = []
    formats: dict[int, int | None] = {}
    styles: list[int] = []
    version = _BIFF8
    for kind, body in _records(stream, 0):
        if kind == _BOF:
            version = _u16(body, 0)
        elif kind == _PASSWORD:
            raise encrypted()
        elif kind == _SHEET and len(body) > 5:
            sheets.append((struct.unpack_from("<I", body)[0], body[5]))
        elif kind == _FORMAT:
            formats[_u16(body, 0)] = padded_to(_format_text(body, version))
        elif kind == _STYLE:
            styles.append(_u16(body, 2))
        elif kind == _STRINGS:
            _hold_strings(body, stream)
    digits = {number: formats.get(of) for number, of in enumerate(styles)}
    return sheets, {number: count for number, count in digits.items() if count}


def _hold_strings(body: bytes, stream: bytes) -> None:
    """The reader trusts the declared number of shared texts; each takes 3 bytes at least."""
    if len(body) < 8 or struct.unpack_from("<I", body, 4)[0] * 3 > len(stream):
        raise broken()


def _format_text(body: bytes, version: int) -> str:
    if version >= _BIFF8:
        return body[5:].decode("utf-16-le" if body[4:5] == b"\1" else "latin-1", "replace")
    return body[3:].decode("latin-1")


def _u16(body: bytes, at: int) -> int:
    try:
        return int(struct.unpack_from("<H", body, at)[0])
    except struct.error as error:
        raise broken() from error


def _sheet(stream: bytes, start: int, padded: dict[int, int]) -> SheetFacts:
    facts = SheetFacts()
    for kind, body in _records(stream, start):
        if kind in _CELLS:
            _take_cell(kind, body, facts, padded)
        elif kind in _SEVERAL:
            facts.cell_at(_u16(body, 0), _u16(body, len(body) - 2 if len(body) >= 6 else 0))
            _take_padded(kind, body, facts, padded)
        elif kind == _DIMENSIONS:
            _take_declared(body, facts)
        elif kind == _ROW and len(body) > 12 and body[12] & _ROW_HIDDEN:
            facts.hidden.add(_u16(body, 0))
        elif kind == _PASSWORD:
            raise encrypted()
        elif kind == _MERGED:
            for at in range(2, 2 + 8 * _u16(body, 0), 8):
                top, bottom, left, right = (_u16(body, at + step) for step in (0, 2, 4, 6))
                facts.merged.append((top, left, bottom, right))
    if facts.rows > _TALLEST or facts.columns > _WIDEST:
        raise broken()
    return facts


def _take_declared(body: bytes, facts: SheetFacts) -> None:
    """The reader takes memory for the rectangle that a sheet declares, be it true or not."""
    rows, columns = (
        struct.unpack_from("<I2xH", body.ljust(14, b"\0"), 4)
        if len(body) > 10
        else (_u16(body, 2), _u16(body, 6))
    )
    facts.rows = max(facts.rows, rows)
    facts.columns = max(facts.columns, columns)


def _take_cell(kind: int, body: bytes, facts: SheetFacts, padded: dict[int, int]) -> None:
    row, column, style = _u16(body, 0), _u16(body, 2), _u16(body, 4)
    facts.cell_at(row, column)
    error = None
    if kind == _BOOL_OR_ERROR and body[7:8] == b"\1":
        error = body[6]
    elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6:7] == b"\2":
        error = body[8]
    if error is not None:
        facts.texts.append((row, column, ERRORS.get(error, "#ERROR!")))
    elif style in padded and kind in {_NUMBER, _RK, _FORMULA}:
        facts.padded.append((row, column, padded[style]))


def _take_padded(kind: int, body: bytes, facts: SheetFacts, padded: dict[int, int]) -> None:
    """MULRK: a style and a number of 4 bytes for each of its cells."""
    if kind != 0x00BD or not padded:
        return
    row, first = _u16(body, 0), _u16(body, 2)
    for step in range((len(body) - 6) // 6):
        if (digits := padded.get(_u16(body, 4 + 6 * step))) is not None:
            facts.padded.append((row, first + step, digits))
