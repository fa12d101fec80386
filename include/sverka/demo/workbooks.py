"""Writes cells to XLSX, CSV and ZIP bytes for the demo layouts; equal cells give equal bytes."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

Cell = str | int | Decimal | date | None

_MOMENT = re.compile(rb">\d{4}-\d\d-\d\dT[\d:]+Z<")
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest moment a ZIP can hold; a fixed one keeps the bytes the same on every run."""


def workbook(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    merged: Mapping[str, Sequence[tuple[int, int, int]]] | None = None,
) -> bytes:
    """An XLSX; `merged` gives per sheet (row, first column, last column), counted from 0."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for row_no, first, last in (merged or {}).get(name, ()):
            sheet.merge_cells(
                start_row=row_no + 1,
                end_row=row_no + 1,
                start_column=first + 1,
                end_column=last + 1,
            )
    buffer = io.BytesIO()
    book.save(buffer)
    return _without_moments(buffer.getvalue())


def csv_bytes(rows: Sequence[Sequence[str]], *, encoding: str, delimiter: str) -> bytes:
    """A CSV with CRLF line ends, quoted only where needed."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """A deflated ZIP of these members, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(_member(name), data)
    return buffer.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _without_moments(data: bytes) -> bytes:
    """openpyxl writes the present moment into the properties and the members' headers."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["docProps/core.xml"] = _MOMENT.sub(b">1980-01-01T00:00:00Z<", parts["docProps/core.xml"])
    return zip_bytes(parts)
