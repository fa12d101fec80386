"""The records of an XLSB that the fast reader does not tell, after [MS-XLSB]."""

import struct
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring

from sverka.reading import archives
from sverka.reading.facts import SheetFacts
from sverka.reading.formats import ERRORS
from sverka.reading.limits import MAX_COLUMNS, MAX_ROWS, MEGABYTE, Allowance
from sverka.reading.xlsx import broken, hold_once, part_of, part_path

_ROW, _CELL_ERROR, _FORMULA_ERROR, _RICH_CELL = 0, 3, 11, 62
_CELLS = frozenset({*range(1, 12), _RICH_CELL})
_SHEET, _MERGED, _BEGIN_STRINGS = 156, 176, 159
_ROW_HIDDEN = 0x10


def facts_of(archive: zipfile.ZipFile, allowance: Allowance) -> list[SheetFacts | None]:
    """The facts of each sheet in the workbook's order; None for a chart or a macro sheet.

    Raises:
        Refusal: a sheet that would not fit into memory, or a broken workbook.
    """
    targets = _targets(archive)
    _hold_strings(archive)
    book = _records(_part(archive, "xl/workbook.bin"))
    sheets = [_strings(record) for kind, record in book if kind == _SHEET]
    paths = [part_path(targets.get(relation, "")) for relation, _ in sheets]
    hold_once(paths)
    return [
        _facts(archive, path, name, allowance)
        for path, (_, name) in zip(paths, sheets, strict=True)
    ]


def _facts(
    archive: zipfile.ZipFile, path: str, name: str, allowance: Allowance
) -> SheetFacts | None:
    part = part_of(archive, path)
    if part is None or "worksheets/" not in part.lower():
        return None
    facts = _sheet(archives.unpacked(archive, part))
    allowance.take_area(facts.rows, facts.columns, name)
    return facts


def _part(archive: zipfile.ZipFile, path: str) -> bytes:
    part = part_of(archive, path)
    if part is None or archive.getinfo(part).file_size > 16 * MEGABYTE:
        raise broken()
    return archives.unpacked(archive, part)


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    try:
        relations = fromstring(_part(archive, "xl/_rels/workbook.bin.rels"), forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as error:
        raise broken() from error
    return {one.get("Id", ""): one.get("Target", "") for one in relations}


def _hold_strings(archive: zipfile.ZipFile) -> None:
    """The reader trusts the number of shared texts that the file declares; each takes 5 bytes."""
    part = part_of(archive, "xl/sharedStrings.bin")
    if part is None:
        return
    size = archive.getinfo(part).file_size
    for kind, record in _records(archives.unpacked(archive, part)):
        if kind == _BEGIN_STRINGS and (len(record) < 8 or _u32(record, 4) * 5 > size):
            raise broken()
        break


def _strings(record: bytes) -> tuple[str, str]:
    """The relation and the name of BrtBundleSh: two texts after two numbers."""
    texts, at = [], 8
    for _ in range(2):
        length = _u32(record, at)
        if length == 0xFFFFFFFF:
            length = 0
        texts.append(record[at + 4 : at + 4 + 2 * length].decode("utf-16-le", "replace"))
        at += 4 + 2 * length
    return texts[0], texts[1]


def _u32(record: bytes, at: int) -> int:
    try:
        return int(struct.unpack_from("<I", record, at)[0])
    except struct.error as error:
        raise broken() from error


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, body) of each record; kind and size are numbers of 7 bits a byte."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | _byte(data, at) << 7
            at += 1
        size = shift = 0
        while shift < 28:
            byte = _byte(data, at)
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        if at + size > end:
            raise broken()
        yield kind, data[at : at + size]
        at += size


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise broken()
    return data[at]


def _sheet(data: bytes) -> SheetFacts:
    facts, row = SheetFacts(), 0
    for kind, record in _records(data):
        if kind == _ROW:
            row = _u32(record, 0)
            if len(record) > 11 and record[11] & _ROW_HIDDEN:
                facts.hidden.add(row)
        elif kind in _CELLS:
            column = _u32(record, 0)
            if row >= MAX_ROWS or column >= MAX_COLUMNS:
                raise broken()
            facts.cell_at(row, column)
            if kind in {_CELL_ERROR, _FORMULA_ERROR} and len(record) > 8:
                facts.texts.append((row, column, ERRORS.get(record[8], "#ERROR!")))
        elif kind == _MERGED:
            top, bottom, left, right = (_u32(record, at) for at in (0, 4, 8, 12))
            facts.merged.append((top, left, bottom, right))
    return facts
