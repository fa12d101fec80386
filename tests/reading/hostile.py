"""Files made to harm the reader. Run as a script with a name: reads that file in this process.

The test starts it with little memory and little time, so that a file that eats either is found.
"""

import io
import resource
import struct
import sys
import zipfile

from sverka.errors import Refusal
from sverka.reading import read
from tests.support.containers import (
    compound,
    html,
    ods,
    sheet_data,
    spreadsheetml,
    xls_of_records,
    xlsb,
    xlsx,
    zipped,
)

MEGABYTE = 1 << 20
ENTITIES = "".join(
    f'<!ENTITY e{n} "{"".join(f"&e{n - 1};" for _ in range(10)) if n else "ха" * 10}">'
    for n in range(12)
)
LAUGHS = f"<!DOCTYPE r [{ENTITIES}]><r>&e11;</r>".encode()
QUADRATIC = (
    f'<!DOCTYPE r [<!ENTITY a "{"a" * MEGABYTE}">]><r>'.encode() + b"&a;" * 100_000 + b"</r>"
)


def flat_bomb() -> bytes:
    return zipped({"a.csv": b"a;b\n" * (100 * MEGABYTE)})


def nested_bomb() -> bytes:
    inner = zipped({"a.csv": b"1;2\n" * (4 * MEGABYTE)})
    return zipped({f"{n}.zip": inner[:-1] + bytes([inner[-1]]) for n in range(190)}, stored=True)


def overlapping_bomb() -> bytes:
    """Many directory entries that share one kernel of compressed data."""
    data = zipped({"a.csv": b"1;2\n" * MEGABYTE})
    start = data.index(b"PK\x01\x02")
    entry = data[start : data.index(b"PK\x05\x06")]
    entries = b"".join(entry.replace(b"a.csv", b"%05d" % n) for n in range(150))
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 150, 150, len(entries), start, 0)
    return data[:start] + entries + end


def lying_size() -> bytes:
    """A member that says 100 bytes and unfolds into 400 MB."""
    data = bytearray(zipped({"a.csv": b"1;2\n" * (100 * MEGABYTE)}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(data)


def lying_shared_strings() -> bytes:
    """The same inside of a workbook, where another library would unfold it."""
    book = xlsx({"Л": sheet_data([["a", "b"]])}, strings=["<t>" + "x" * (300 * MEGABYTE) + "</t>"])
    data = bytearray(book)
    name = data.rindex(b"xl/sharedStrings.xml")
    data[name - 22 : name - 18] = (100).to_bytes(4, "little")
    return bytes(data)


def many_members() -> bytes:
    return zipped({f"{n}.csv": b"a;b\n" for n in range(150_000)}, stored=True)


def laughing_xml() -> bytes:
    return LAUGHS


def laughing_workbook() -> bytes:
    return xlsx({"Л": ""}, extra={"xl/sharedStrings.xml": LAUGHS})


def laughing_workbook_list() -> bytes:
    book = zipfile.ZipFile(io.BytesIO(xlsx({"Л": sheet_data([["a"]])})))
    parts = {name: book.read(name) for name in book.namelist()}
    return zipped(parts | {"xl/workbook.xml": LAUGHS})


def laughing_spreadsheetml() -> bytes:
    return spreadsheetml({"Л": ""}).replace(
        b"<Workbook", LAUGHS.partition(b"<r>")[0] + b"<Workbook"
    )


def laughing_page() -> bytes:
    return LAUGHS.replace(b"<!DOCTYPE r", b"<!DOCTYPE html").replace(b"<r>", b"<html>")


def laughing_ods() -> bytes:
    return zipped({"mimetype": "x.opendocument.spreadsheet", "content.xml": LAUGHS})


def quadratic_xml() -> bytes:
    return QUADRATIC


def one_long_line() -> bytes:
    return b"a" * (200 * MEGABYTE)


def one_long_quoted_cell() -> bytes:
    return b'"' + b"a\n" * (100 * MEGABYTE)


def million_columns() -> bytes:
    return b";".join([b"1"] * 1_000_000) + b"\n"


def million_columns_sheet() -> bytes:
    return xlsx({"Л": f'<sheetData><row r="1">{"<c><v>1</v></c>" * 1_000_000}</row></sheetData>'})


def far_corner_sheet() -> bytes:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return xlsx({"Л": f"<sheetData>{rows}</sheetData>"})


def far_corner_of_a_cell() -> bytes:
    """Only the cell tells of the far corner, in other quotes."""
    cells = "<c r='A1'><v>1</v></c><c r='XFD1048576'><v>1</v></c>"
    return xlsx({"Л": f"<sheetData><row r='1'>{cells}</row></sheetData>"})


def far_corner_xls() -> bytes:
    number = struct.pack("<d", 1.0)
    places = ((0, 0), (65535, 65535))
    return xls_of_records([(0x0203, struct.pack("<HHH", *at, 0) + number) for at in places])


def lying_strings_xls() -> bytes:
    bof = struct.pack("<HHHHHH", 0x0809, 8, 0x0600, 0x0005, 0, 0)
    strings = struct.pack("<HHII", 0x00FC, 8, 0xFFFFFFF0, 0xFFFFFFF0)
    return compound(bof + strings + struct.pack("<HH", 0x000A, 0))


def many_views_of_one_sheet() -> bytes:
    """A thousand sheets that are all the same part."""
    book = zipfile.ZipFile(io.BytesIO(xlsx({"Л": sheet_data([["a"]]) + " " * (8 * MEGABYTE)})))
    parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/workbook.xml"].partition(b"<sheets>")[2].partition(b"</sheets>")[0]
    sheets = b"".join(sheet.replace('"Л"'.encode(), b'"%d"' % n) for n in range(1000))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(sheet, sheets)
    return zipped(parts)


def lying_dimension_xlsx() -> bytes:
    """Only a wrong `<dimension>`: the file is good, and many exporters write it so."""
    return xlsx({"Л": '<dimension ref="A1:XFD1048576"/>' + sheet_data([["a", "b"], ["1", "2"]])})


def lying_dimensions_xls() -> bytes:
    number = struct.pack("<HHHd", 0, 0, 0, 1.0)
    return xls_of_records(
        [(0x0200, struct.pack("<IIHHH", 0, 0x7FFFFFFF, 0, 0xFFFF, 0)), (0x0203, number)]
    )


def far_corner_xlsb() -> bytes:
    data = zipfile.ZipFile(io.BytesIO(xlsb({"Л": [["a", "b"]]})))
    parts = {name: data.read(name) for name in data.namelist()}
    sheet = parts["xl/worksheets/sheet1.bin"]
    second = sheet.index(struct.pack("<II", 1, 0), sheet.index("a".encode("utf-16-le")))
    parts["xl/worksheets/sheet1.bin"] = (
        sheet[:second] + struct.pack("<I", 0x00FFFFFF) + sheet[second + 4 :]
    )
    return zipped(parts)


def repeated_ods() -> bytes:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    return ods(f'<table:table table:name="Л">{row}</table:table>')


def repeated_rows_ods() -> bytes:
    gap = '<table:table-cell table:number-columns-repeated="16383"/>'
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    row = f"<table:table-row>{gap}{cell}</table:table-row>"
    return ods(f'<table:table table:name="Л">{row * 100_000}</table:table>')


def far_corner_spreadsheetml() -> bytes:
    cell = '<Cell ss:Index="16384"><Data ss:Type="String">x</Data></Cell>'
    return spreadsheetml({"Л": f"<Row>{cell}</Row>" * 30_000})


def spanning_page() -> bytes:
    cells = "<td colspan=1000 rowspan=60000>x</td>" * 16
    return f"<table>{f'<tr>{cells}</tr>' * 5_000}</table>".encode()


def deep_page() -> bytes:
    return b"<html><body>" + b"<div>" * 500_000 + b"<table><tr><td>1<td>2<tr><td>3<td>4</table>"


def many_tags_page() -> bytes:
    return b"<table>" + b"<tr><td>1" * 5_000_000 + b"</table>"


def deep_json() -> bytes:
    return b'[{"a":' * 2_000_000


def wide_json() -> bytes:
    return b"[" + b"[]," * (30 * MEGABYTE) + b"[]]"


def deep_xml() -> bytes:
    return b"<a>" * 3_000_000


def wide_xml() -> bytes:
    return b"<a>" + b"<b/>" * (30 * MEGABYTE) + b"</a>"


def wide_exchange() -> bytes:
    return b"1CClientBankExchange\r\n" + b"\r\n" * (50 * MEGABYTE)


def looped_compound() -> bytes:
    """Every sector of the directory is followed by itself."""
    data = bytearray(xls_of_records([]))
    fat = struct.unpack_from("<I", data, 76)[0]
    directory = struct.unpack_from("<I", data, 48)[0]
    struct.pack_into("<I", data, (fat + 1) * 512 + 4 * directory, directory)
    return bytes(data)


def fine_page() -> bytes:
    """No harm at all: shows that the limits of the test are not what refuses."""
    return html([["a", "b", "c"], ["1", "2", "3"]])


CASES = {
    name: made
    for name, made in list(globals().items())
    if callable(made) and getattr(made, "__module__", "") == __name__
}

if __name__ == "__main__":
    made = CASES[sys.argv[1]]()
    for what, limit in zip((resource.RLIMIT_AS, resource.RLIMIT_CPU), sys.argv[2:], strict=True):
        resource.setrlimit(what, (int(limit), int(limit)))
    try:
        tables = read(made, "файл").tables
        sys.stdout.write(f"READ {sum(len(table.rows) for table in tables)}\n")
    except Refusal as refusal:
        sys.stdout.write(f"REFUSED {refusal}\n")
