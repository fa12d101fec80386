"""ZIP: the reports in it are read, what is no report is named, and foreign files say what they are."""

import pytest

from sverka.errors import Refusal
from sverka.reading import read
from tests.support.containers import compound, html, sheet_data, xlsx, zipped

CSV = "Заказ;Сумма\n1;2\n".encode("cp1251")
ROWS = [["Заказ", "Сумма"], ["1", "2"]]
XLSX = xlsx({"Лист": sheet_data(ROWS)})


def test_weeks_in_a_zip_of_zips_of_workbooks_are_all_read() -> None:
    raw = read(zipped({f"{n}.zip": zipped({"0.xlsx": XLSX}) for n in range(3)}), "x")
    assert raw.container == "zip"
    assert [table.rows for table in raw.tables] == [ROWS] * 3
    assert [table.sheet for table in raw.tables] == [f"{n}.zip / Лист" for n in range(3)]


def test_reports_of_different_containers_lie_together() -> None:
    page = html([["a", "b", "c"], ["1", "2", "3"]])
    raw = read(zipped({"a.xls": XLSX, "b.xls": page, "папка/c.csv": CSV}), "x")
    assert [table.sheet for table in raw.tables] == ["a.xls / Лист", "b.xls", "папка/c.csv"]


BESIDE = {
    "акт.pdf": b"%PDF-1.7",
    "скан.jpg": b"\xff\xd8\xff\xe0",
    "письмо.docx": zipped({"word/document.xml": "<x/>"}),
    "readme.txt": "Здравствуйте!\nНаправляем отчёт; хорошего дня.\n".replace(";", ",").encode(),
    "отчёт.xlsx.sig": b"\x30\x82\x01\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02",
}


@pytest.mark.parametrize("report", [XLSX, CSV, b'<r a="1"/>', b'{"a": 1}'])
def test_the_one_report_is_read_and_what_lies_beside_is_named(report: bytes) -> None:
    raw = read(zipped({**BESIDE, "отчёт": report}), "x")
    assert raw.beside == tuple(BESIDE)
    assert raw.tree is not None or raw.tables[0].rows == ROWS


def test_what_lies_beside_in_an_inner_archive_is_named_too() -> None:
    raw = read(zipped({"a.zip": zipped({"a.csv": CSV, "b.pdf": b"%PDF"}), "c.pdf": b"%PDF"}), "x")
    assert raw.beside == ("c.pdf", "b.pdf")


def test_a_report_without_operations_is_no_note() -> None:
    raw = read(zipped({"a.csv": CSV, "b.csv": "Заказ;Сумма\n"}), "x")
    assert ([table.sheet for table in raw.tables], raw.beside) == (["a.csv", "b.csv"], ())


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"a.csv": CSV, "b.rar": b"Rar!\x1a\x07\x01\x00"}, "«b.rar».*RAR"),
        ({"a.csv": CSV, "b.xlsx": XLSX[:300]}, "«b.xlsx».*обрывается"),
        ({"a.csv": CSV, "b.exe": b"MZ\x90\x00\x03" + bytes(60)}, "«b.exe».*программа"),
        ({"a.xml": "<a/>", "b.json": '{"a": 1}'}, "разные отчёты"),
        ({"readme.txt": "Отчёт будет завтра."}, "«readme.txt».*текст без таблицы"),
        ({"b.pdf": b"%PDF", "readme.txt": "Привет"}, "«b.pdf».*PDF"),
    ],
)
def test_an_archive_with_something_unreadable_is_refused(
    members: dict[str, bytes | str], words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        read(zipped(members), "x")


OLE_WORD = compound(b"\x09\x08\x10\x00").replace(
    "Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le")
)
MAIL = b"Received: from a\r\nFrom: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\nx"
MHTML = b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related;\r\n\r\n<html>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.4", "PDF"),
        (b"\x89PNG\r\n", "картинка"),
        (b"GIF89a....", "картинка"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "картинка"),
        (b"BM\x36\x10\x0e\x00\0\0\0\0\x36", "картинка"),
        (b"\0\0\0\x18ftypheic", "картинка"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "7-Zip"),
        (b"\x1f\x8b\x08\0", "GZIP"),
        (b"x" * 257 + b"ustar\x0000", "TAR"),
        (b"{\\rtf1\\ansi", "RTF"),
        (MAIL, "письмо"),
        (MHTML, "веб-архив"),
        (b"\x30\x82\x0f\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0", "подпис"),
        (b"-----BEGIN CMS-----\nMIIF", "подпис"),
        (b"MIIFxQYJKoZIhvcNAQcCoIIFtjCCBbICAQExDzANBglghkgBZQMEAgEFADALBgkqhkiG9w0B", "подпис"),
        (b"MZ\x90\x00\x03\x00" + bytes(100), "программа"),
        (b"\x7fELF\x02\x01", "программа"),
        (b"ID;PWXL;N;E\r\nC;Y1;X1;K1\r\n", "SYLK"),
        (b"\x09\x04\x06\x00\x00\x00", "старого Excel"),
        (b"SQLite format 3\0", "базы данных"),
        (zipped({"word/document.xml": "<x/>"}), "Word"),
        (zipped({"ppt/presentation.xml": "<x/>"}), "презентация"),
        (zipped({"Index/Document.iwa": b"x"}), "Numbers"),
        (zipped({"META-INF/MANIFEST.MF": "x", "A.class": b"x"}), "программа"),
        (OLE_WORD, "не таблица Excel"),
    ],
)
def test_a_foreign_file_is_told_by_its_content(data: bytes, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        read(data, "отчёт.xlsx")


@pytest.mark.parametrize(
    "text",
    [
        "MZ-1;2\n",
        "BM;2\n3;4\n",
        "ID;Price\n1;2\n",
        "From: 01.11\nTo: 30.11\na;b\n1;2\n",
        "[Отчёт];2\n",
    ],
)
def test_a_table_that_begins_like_something_else_is_a_table(text: str) -> None:
    assert read(text.encode(), "x").container == "csv"


@pytest.mark.parametrize(
    "xml", ["<Header><a/></Header>", '<?xml version="1.0"?><Table><Row/></Table>', "<BodyPart/>"]
)
def test_an_xml_with_names_like_html_is_an_xml(xml: str) -> None:
    assert read(xml.encode(), "x").container == "xml"
