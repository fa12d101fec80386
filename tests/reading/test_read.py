"""Reading: the container is told by content, cells keep their digits, and a refusal helps."""

import io
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl  # noqa: TID253 - these tests are about workbooks
import pytest

from sverka.demo.workbooks import csv_bytes, workbook, zip_bytes
from sverka.errors import Refusal
from sverka.reading import RawTable, read
from sverka.reading.sheets import column_number


def only(data: bytes, name: str = "файл.xls") -> RawTable:
    (table,) = read(data, name).tables
    return table


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


ROWS = [["Заказ", "Сумма"], ["00042", "1 234,50"], ["Ёлка №7", "—"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "cp866", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_text_table_is_read_in_any_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    rows = [[cell.replace("—", "-").replace("№", "N") for cell in row] for row in ROWS]
    table = only(csv_bytes(rows, encoding=encoding, delimiter=delimiter), "отчёт.xlsx")
    assert table == RawTable(None, rows)


def test_utf16_without_a_mark_is_read() -> None:
    data = "a;b\r\n1;2\r\n".encode("utf-16-le")
    assert only(data).rows == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_cyrillic_in_wide_encodings_is_read(encoding: str) -> None:
    data = "Номер заказа;Сумма наложенного платежа\r\nЁ-1;2,50\r\n".encode(encoding)
    assert only(data).rows == [["Номер заказа", "Сумма наложенного платежа"], ["Ё-1", "2,50"]]


def test_the_separator_line_of_excel_is_not_a_row() -> None:
    assert only(b"sep=;\r\na,b;c\r\n1;2\r\n").rows == [["a,b", "c"], ["1", "2"]]


def test_an_empty_line_of_a_csv_keeps_its_number() -> None:
    assert only(b"a;b\n\n1;2\n").rows == [["a", "b"], [], ["1", "2"]]


def test_a_quote_that_never_closes_does_not_swallow_rows() -> None:
    with pytest.raises(Refusal, match="кавычки") as refused:
        read(b'a;b\n1;"2\n3;4\n', "x.csv")
    assert refused.value.line_no == 2


def test_a_workbook_gives_the_numbers_that_its_author_saw() -> None:
    book = openpyxl.Workbook()
    book.active.append(
        [1234.5600000000001, 80093053624992, 59564845443, 0.1 + 0.2, 10**19, 1500, True, " x "]
    )
    assert only(saved(book)).rows == [
        ["1234.56", "80093053624992", "59564845443", "0.3", "1e+19", "1500", "ИСТИНА", " x "]
    ]


def test_dates_of_a_workbook_are_iso_text() -> None:
    data = workbook({"Л": [[date(2026, 11, 20), None, Decimal("1.10")]]})
    assert only(data).rows == [["2026-11-20", None, "1.1"]]
    book = openpyxl.Workbook()
    book.active.append(
        [
            datetime(2026, 11, 20, 12, 30)  # noqa: DTZ001 - a cell has no zone
        ]
    )
    assert only(saved(book)).rows == [["2026-11-20T12:30:00"]]


def test_rows_and_columns_keep_their_place_when_the_corner_is_empty() -> None:
    book = openpyxl.Workbook()
    book.active["C3"] = "x"
    assert only(saved(book)).rows == [[None] * 3, [None] * 3, [None, None, "x"]]


def test_a_failed_lookup_is_not_an_empty_cell() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Заказ", "Сумма"])
    book.active.append(["1", "#N/A"])
    book.active["B2"].data_type = "e"
    assert only(saved(book)).rows[1] == ["1", "#N/A"]


def test_a_formula_that_nobody_calculated_is_not_an_empty_cell() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Сумма", '=SUM(C1:D1)&"<"'])
    assert only(saved(book)).rows == [["Сумма", '=SUM(C1:D1)&"<"']]


def test_hidden_sheets_are_not_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["видно"])
    hidden = book.create_sheet("скрыто")
    hidden.append(["не видно"])
    hidden.sheet_state = "hidden"
    assert [table.sheet for table in read(saved(book), "x").tables] == ["Sheet"]


def test_head_reads_only_the_first_rows() -> None:
    data = workbook({"Л": [[str(n)] for n in range(50)]})
    assert len(read(data, "x", head=5).tables[0].rows) == 5
    assert len(read(b"a;b\n" * 50, "x", head=5).tables[0].rows) == 5


def test_an_opendocument_table_is_read() -> None:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Реестр"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>Заказ</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="12.5"><text:p>12,5</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    data = zip_bytes(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": b"<x/>",
        }
    )
    raw = read(data, "x.ods")
    assert (raw.container, raw.tables[0].sheet) == ("ods", "Реестр")
    assert raw.tables[0].rows == [["Заказ", "12.5"]]


def test_json_numbers_keep_their_digits() -> None:
    raw = read(b'{"a": [1500.50, 12345678901234567890, null, true, "x"]}', "x")
    assert raw.container == "json"
    assert raw.tree == {"a": ["1500.50", "12345678901234567890", None, True, "x"]}


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("75.02000000000001", "75.02"),
        ("0.30000000000000004", "0.30"),
        ("350.250", "350.25"),
        ("1500.50", "1500.50"),
        ("75.015", "75.015"),
        ("1e5", "1e5"),
    ],
)
def test_a_json_number_is_what_its_author_saw(written: str, read_as: str) -> None:
    assert read(f"[{written}]".encode(), "x").tree == [read_as]


def test_one_json_value_per_line_is_a_list() -> None:
    assert read(b'{"a": 1}\n\n{"a": 2}\n', "x").tree == [{"a": "1"}, {"a": "2"}]


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0" encoding="UTF-8"?>'])
def test_xml_in_another_encoding_than_it_says_is_read(declaration: str) -> None:
    data = f'\n{declaration}<r a="Ёж">текст</r>'.encode("cp1251")
    assert read(data, "x").tree == {"r": [{"@a": "Ёж", "#text": "текст"}]}


def test_xml_is_a_tree_of_dicts_without_namespaces() -> None:
    raw = read(b'<r xmlns="urn:x" a="1"><o n="1"/><o n="2"> t </o></r>', "x")
    assert raw.tree == {"r": [{"@a": "1", "o": [{"@n": "1"}, {"@n": "2", "#text": "t"}]}]}


def test_a_zip_of_csvs_names_each_table_by_its_member() -> None:
    junk = {"__MACOSX/a.csv": b"\0", "папка/._a.csv": b"\0", "папка/.DS_Store": b"\0", "c.csv": b""}
    data = zip_bytes({"a.csv": b"x;y\n1;2\n", **junk, "b.csv": b"z;w\n3;4\n"})
    assert [table.sheet for table in read(data, "x").tables] == ["a.csv", "b.csv"]


def test_a_zip_with_one_xml_is_that_xml() -> None:
    raw = read(zip_bytes({"акт.xml": b"<r/>"}), "x.zip")
    assert (raw.container, raw.tree) == ("xml", {"r": [{}]})


def test_russian_names_from_windows_archives_are_readable() -> None:
    data = zip_bytes({"qqqq.csv": b"x;y\n1;2\n"}).replace(b"qqqq", "акты".encode("cp866"))
    assert read(data, "x").tables[0].sheet == "акты.csv"


XLSX = workbook({"Лист1": [["Заказ", "Сумма"], ["1", "2"]]})
DEEP = zip_bytes({"a.zip": zip_bytes({"b.zip": zip_bytes({"c.csv": b"a;b\n"})})})
ENCRYPTED = bytearray(zip_bytes({"a.csv": b"a;b\n"}))
ENCRYPTED[6] |= 1
ENCRYPTED[ENCRYPTED.index(b"PK\x01\x02") + 8] |= 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "пустой"),
        (b"\xef\xbb\xbf \r\n", "пустой"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\n%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "картинка"),
        (b"1CClientBankExchange\r\n\xc2\xe5\xf0\xf1\xe8\xff=1.03\r\n", "выписка банка обрывается"),
        (b"<!-- x --><table><tr><td>1</td></tr></table>", "HTML"),
        (b"a" * 200_000, "слишком много текста"),
        (b";" * 20_000, "20001 колонок"),
        (b'{"a": 1}\n{"a": ', "обрывается"),
        (b"\xff\xd8\xff\xe0....", "фотография"),
        (b"Rar!\x1a\x07....", "RAR"),
        (b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>", "HTML"),
        ("﻿<table><tr><td>Заказ</td></tr></table>".encode(), "HTML"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "ни одного листа",
        ),
        (XLSX[: len(XLSX) // 2], "обрывается"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "повреждена"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "паролем",
        ),
        (bytes(ENCRYPTED), "паролем"),
        (zip_bytes({}), "пуст"),
        (zip_bytes({"word/document.xml": b"<x/>"}), "Word"),
        (zip_bytes({"a.xml": b"<a/>", "b.csv": b"a;b\n"}), "разные отчёты"),
        (zip_bytes({"act.pdf": b"%PDF-1.7"}), "act.pdf.*PDF"),
        (DEEP, "слишком глубоко"),
        (zip_bytes({"a.csv": bytes(30_000_000)}), "слишком большой объём"),
        (b'{"a": 1', "обрывается"),
        (b'{"a": 1, "a": 2}', "дважды"),
        (b'{"a": NaN}', "NaN"),
        (b"[" * 60 + b"]" * 60, "вложенных"),
        (b"[" * 100_000, "вложенных|обрывается"),
        (b"<r><o>", "обрывается"),
        (b"<a>" * 60 + b"</a>" * 60, "вложенных"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>', "сущности"),
        (b"\x01\x02\x03\x00\xff\xfe\x00binary", "не похоже на отчёт"),
    ],
)
def test_what_is_no_report_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        read(data, "отчёт.xlsx")


def test_a_value_far_away_does_not_eat_the_memory() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "x"
    book.active["ZZ400000"] = "x"
    with pytest.raises(Refusal, match="слишком велика") as refused:
        read(saved(book), "x")
    assert refused.value.sheet == "Sheet"


def test_a_lying_size_in_an_archive_is_found_out() -> None:
    data = bytearray(zip_bytes({"a.csv": b"a;b\n" * 1000}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(Refusal):
        read(bytes(data), "x")


def test_the_name_of_the_file_plays_no_part() -> None:
    as_xlsx = read(json.dumps({"a": "1"}).encode(), "реестр.xlsx")
    assert (as_xlsx.container, as_xlsx.tree) == ("json", {"a": "1"})


@pytest.mark.parametrize(("letters", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("XFD", 16384)])
def test_column_letters_are_counted(letters: str, number: int) -> None:
    assert column_number(letters) == number


def test_a_workbook_written_twice_has_the_same_bytes() -> None:
    again = workbook({"Лист1": [["Заказ", "Сумма"], ["1", "2"]]})
    assert again == XLSX
    assert zipfile.is_zipfile(io.BytesIO(XLSX))


def test_an_archive_packed_in_an_unknown_way_is_not_called_damaged() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("реестр.csv", "Номер заказа;Сумма\n1;2\n")
    data = bytearray(buffer.getvalue())
    central = data.index(b"PK\x01\x02")
    for method in (8, central + 10):  # in the member's own head and in the directory
        data[method : method + 2] = (99).to_bytes(2, "little")
    with pytest.raises(Refusal, match="способом, который Сверка не знает"):
        read(bytes(data), "отчёт.zip")
