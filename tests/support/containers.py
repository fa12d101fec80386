"""Spreadsheets written by code, record by record: what no library here writes, or writes only well."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html import escape

Cell = str | int | Decimal | None
Rows = Sequence[Sequence[Cell]]

SHEET_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def zipped(members: Mapping[str, bytes | str], *, stored: bool = False) -> bytes:
    """A ZIP of these members."""
    buffer = io.BytesIO()
    packing = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, packing)
    return buffer.getvalue()


def xlsx(
    sheets: Mapping[str, str],
    *,
    strings: Sequence[str] = (),
    styles: str = "",
    workbook: str = "",
    states: Mapping[str, str] | None = None,
    extra: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """An XLSX from the raw XML of each sheet (all that stands inside `<worksheet>`).

    `strings`: the raw XML inside each `<si>`; `workbook`: XML before `<sheets>`; `states`: hidden ones.
    """
    entries, relations, parts = [], [], {}
    for number, (name, xml) in enumerate(sheets.items(), 1):
        state = f' state="{states[name]}"' if states and name in states else ""
        entries.append(
            f'<sheet name="{escape(name)}" sheetId="{number}"{state} r:id="rId{number}"/>'
        )
        relations.append(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
        )
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{SHEET_NS}">{xml}</worksheet>'
        )
    if strings:
        parts["xl/sharedStrings.xml"] = (
            f'<sst xmlns="{SHEET_NS}">{"".join(f"<si>{one}</si>" for one in strings)}</sst>'
        )
    if styles:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{SHEET_NS}">{styles}</styleSheet>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{SHEET_NS}" xmlns:r="{_OFFICE}">{workbook}'
            f"<sheets>{''.join(entries)}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f"{''.join(relations)}</Relationships>",
            **parts,
            **(extra or {}),
        }
    )


def sheet_data(rows: Rows) -> str:
    """The XML of a sheet: numbers as they are written, texts as inline strings."""
    written = []
    for row_no, row in enumerate(rows, 1):
        cells = [
            _xlsx_cell(f"{chr(ord('A') + at)}{row_no}", cell)
            for at, cell in enumerate(row)
            if cell is not None
        ]
        written.append(f'<row r="{row_no}">{"".join(cells)}</row>')
    return f"<sheetData>{''.join(written)}</sheetData>"


def _xlsx_cell(place: str, cell: Cell) -> str:
    if isinstance(cell, str):
        return (
            f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        )
    return f'<c r="{place}"><v>{cell}</v></c>'


def xlsb(
    sheets: Mapping[str, Rows],
    *,
    hidden_rows: Sequence[int] = (),
    merged: Sequence[tuple[int, int, int, int]] = (),
    errors: Mapping[tuple[int, int], int] | None = None,
) -> bytes:
    """An XLSB after [MS-XLSB]; `errors`: (row, column) → code, in every sheet."""
    bundles, relations, parts = b"", [], {}
    for number, (name, rows) in enumerate(sheets.items(), 1):
        bundles += _record(156, struct.pack("<II", 0, number) + _wide(f"rId{number}") + _wide(name))
        relations.append(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.bin"/>'
        )
        parts[f"xl/worksheets/sheet{number}.bin"] = _xlsb_sheet(
            rows, hidden_rows, merged, errors or {}
        )
    book = [(131, b""), (153, bytes(12)), (143, b"")]
    workbook = b"".join(_record(*one) for one in book) + bundles + _record(144) + _record(132)
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "xl/workbook.bin": workbook,
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
            f"{''.join(relations)}</Relationships>",
            **parts,
        }
    )


def _xlsb_sheet(
    rows: Rows,
    hidden: Sequence[int],
    merged: Sequence[tuple[int, int, int, int]],
    errors: Mapping[tuple[int, int], int],
) -> bytes:
    width = max(map(len, rows), default=1)
    out = _record(129) + _record(148, struct.pack("<4I", 0, len(rows) - 1, 0, width - 1))
    out += _record(145)
    for number, row in enumerate(rows):
        flags = 0x10 if number in hidden else 0
        out += _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, flags, 0, 0))
        for column, cell in enumerate(row):
            place = struct.pack("<II", column, 0)
            if (number, column) in errors:
                out += _record(3, place + bytes([errors[number, column]]))
            elif isinstance(cell, str):
                out += _record(6, place + _wide(cell))
            elif cell is not None:
                out += _record(5, place + struct.pack("<d", cell))
    out += _record(146)
    for top, left, bottom, right in merged:
        out += _record(176, struct.pack("<4I", top, bottom, left, right))
    return out + _record(130)


def _record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(body)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xls(sheets: Mapping[str, Rows]) -> bytes:
    """A BIFF8 workbook."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for row_no, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(row_no, column, cell)
    return saved(book)


def saved(book: object) -> bytes:
    """The bytes of a workbook of openpyxl or xlwt."""
    buffer = io.BytesIO()
    book.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def xls_of_records(records: Sequence[tuple[int, bytes]], *, biff8: bool = True) -> bytes:
    """An XLS with one sheet «Лист» of these records."""
    version = 0x0600 if biff8 else 0x0500
    name = "Лист"
    text = b"\x04\x01" + name.encode("utf-16-le") if biff8 else b"\x04" + name.encode("cp1251")
    bof = struct.pack("<HHHHHH", 0x0809, 8, version, 0x0005, 0, 0)
    page = struct.pack("<HHH", 0x0042, 2, 1200 if biff8 else 1251)
    end = struct.pack("<HH", 0x000A, 0)
    bound_size = 4 + 6 + len(text)
    start = len(bof) + len(page) + bound_size + len(end)
    bound = struct.pack("<HHIBB", 0x0085, 6 + len(text), start, 0, 0) + text
    sheet = struct.pack("<HHHHHH", 0x0809, 8, version, 0x0010, 0, 0)
    sheet += b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in records)
    return compound(bof + page + bound + end + sheet + end)


def compound(stream: bytes) -> bytes:
    """An OLE file with one stream `Workbook`."""
    from xlwt.CompoundDoc import XlsDoc

    buffer = io.BytesIO()
    XlsDoc().save(buffer, stream)
    return buffer.getvalue()


def biff5(rows: Rows) -> bytes:
    """The XLS of Excel 5.0 and 95, which old 1C exported: texts in cp1251."""
    records = [(0x0200, struct.pack("<5H", 0, len(rows), 0, max(map(len, rows)), 0))]
    for row_no, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", row_no, column, 0)
            if isinstance(cell, str):
                text = cell.encode("cp1251")
                records.append((0x0204, place + struct.pack("<H", len(text)) + text))
            elif cell is not None:
                records.append((0x0203, place + struct.pack("<d", cell)))
    return xls_of_records(records, biff8=False)


_ODS = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
    for name in ("office", "table", "text", "style")
}
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def ods(body: str, *, styles: str = "", extra: Mapping[str, bytes | str] | None = None) -> bytes:
    """An ODS from the raw XML inside `<office:spreadsheet>`."""
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _ODS.items())
    content = (
        f'<office:document-content {names} xmlns:calcext="{_CALC}">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": "<manifest/>",
            **(extra or {}),
        }
    )


def ods_rows(rows: Rows) -> str:
    """The XML of a table's rows."""
    return "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str):
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in cell.split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
    return (
        f'<table:table-cell office:value-type="float" office:value="{cell}">'
        f"<text:p>{cell}</text:p></table:table-cell>"
    )


def spreadsheetml(sheets: Mapping[str, str], *, head: str = "") -> bytes:
    """A SpreadsheetML 2003 from the raw XML inside each `<Table>`."""
    uri = "urn:schemas-microsoft-com:office:spreadsheet"
    parts = "".join(
        f'<Worksheet ss:Name="{escape(name)}"><Table>{xml}</Table></Worksheet>'
        for name, xml in sheets.items()
    )
    return (
        f'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="{uri}" '
        f'xmlns:ss="{uri}" xmlns:html="http://www.w3.org/TR/REC-html40">{head}{parts}</Workbook>'
    ).encode()


def ml_rows(rows: Rows) -> str:
    """The XML of a SpreadsheetML table's rows."""
    return "".join(f"<Row>{''.join(map(_ml_cell, row))}</Row>" for row in rows)


def _ml_cell(cell: Cell) -> str:
    if cell is None:
        return "<Cell/>"
    kind = "String" if isinstance(cell, str) else "Number"
    return f'<Cell><Data ss:Type="{kind}">{escape(str(cell))}</Data></Cell>'


def html(rows: Rows, *, above: str = "", encoding: str = "utf-8") -> bytes:
    """A page with one table; the first row is its head."""
    written = []
    for number, row in enumerate(rows):
        tag = "td" if number else "th"
        cells = "".join(f"<{tag}>{escape(str(cell or ''))}</{tag}>" for cell in row)
        written.append(f"<tr>{cells}</tr>")
    return (
        f'<html><head><meta charset="{encoding}"><title>t</title></head><body>{above}'
        f"<table>{''.join(written)}</table></body></html>"
    ).encode(encoding)
