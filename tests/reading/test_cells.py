"""What workbooks of every kind do to cells, and what reading makes of it."""

from datetime import date, datetime, time, timedelta

import openpyxl  # noqa: TID253 - these tests are about workbooks
import pytest
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904  # noqa: TID253

from sverka.reading import RawTable, read
from sverka.reading.formats import cell_text, number_text, padded_to
from sverka.reading.sheets import column_letters, column_number
from tests.support import containers as made
from tests.support.containers import saved

MOMENT = datetime(2026, 11, 20, 12, 30, 15)  # noqa: DTZ001 - a cell has no zone


def only(data: bytes) -> RawTable:
    (table,) = read(data, "x").tables
    return table


def xlsx_rows(xml: str, **more: object) -> list[list[str | None]]:
    return only(made.xlsx({"Л": f"<sheetData>{xml}</sheetData>"}, **more)).rows  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A1" t="inlineStr"><is><r><t>Но</t></r><r><t>мер</t></r></is></c>', "Номер"),
        ('<c r="A1" t="str"><f>A2</f><v>00042</v></c>', "00042"),
        ('<c r="A1" t="str"><f>A2</f><v></v></c>', None),
        ('<c r="A1"><f>A2*2</f></c>', "=A2*2"),
        ('<c r="A1"><f>A2*2</f><v>7.5</v></c>', "7.5"),
        ('<c r="A1" t="e"><v>#N/A</v></c>', "#N/A"),
        ("<c r='A1' t='e'><v>#REF!</v></c>", "#REF!"),
        ('<c r="A1" t="b"><v>1</v></c>', "ИСТИНА"),
        ('<c r="A1"><v>80093053624992</v></c>', "80093053624992"),
        ('<c r="A1"><v>8.0093053624992E13</v></c>', "80093053624992"),
        ('<c r="A1"><v>40702810000000000001</v></c>', "4.0702810000000e+19"),
        ('<c r="A1"><v>1234.5600000000001</v></c>', "1234.56"),
        ('<c r="A1"><v>-0.1</v></c>', "-0.1"),
        ("<c><v>5</v></c>", "5"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
    ],
)
def test_a_cell_of_an_xlsx_is_what_the_file_has(cell: str, text: str | None) -> None:
    (row,) = xlsx_rows(f'<row r="1">{cell}<c r="B1"><v>1</v></c></row>')
    if text and "e+" in text:
        assert row[0] is not None
        assert "e+" in row[0]  # more digits than Excel keeps: parsing refuses it
    else:
        assert row == [text, "1"]


def test_rows_and_cells_without_their_places_follow_each_other() -> None:
    xml = "<row><c><v>1</v></c><c><v>2</v></c></row><row><c/><c t='e'><v>#N/A</v></c></row>"
    assert xlsx_rows(xml) == [["1", "2"], [None, "#N/A"]]


@pytest.mark.parametrize(
    ("string", "text"),
    [
        ("<t>Вручён</t>", "Вручён"),
        ("<r><t>Вру</t></r><r><rPr><b/></rPr><t>чён</t></r>", "Вручён"),
        ('<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>', "東京"),
        ('<t xml:space="preserve"> x </t>', " x "),
        ("<t>строка_x000D_\nещё</t>", "строка\r\nещё"),
        ("<t>ООО &amp;quot;Ёж&amp;quot; &amp;amp; сын</t>", 'ООО "Ёж" & сын'),
        ("<t>a &amp;amp;amp; b</t>", "a &amp; b"),
        ("<t>R&amp;D; AT&amp;T</t>", "R&D; AT&T"),
        ("<t>00042</t>", "00042"),
        ("<t>59564845443.0</t>", "59564845443.0"),
        ("<t>8,00931E+13</t>", "8,00931E+13"),
    ],
)
def test_a_shared_text_keeps_its_signs(string: str, text: str) -> None:
    assert xlsx_rows('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings=[string]) == [[text]]


STYLES = (
    '<numFmts><numFmt numFmtId="170" formatCode="00000000"/><numFmt numFmtId="171" '
    'formatCode="#,##0.00&quot; ₽&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/>'
    '<xf numFmtId="171"/><xf numFmtId="9"/></cellXfs>'
)


def test_leading_zeros_that_a_format_shows_are_kept_and_other_formats_change_nothing() -> None:
    cells = "".join(f'<c r="{"ABCD"[style]}1" s="{style}"><v>42</v></c>' for style in range(4))
    assert xlsx_rows(f'<row r="1">{cells}</row>', styles=STYLES) == [["42", "00000042", "42", "42"]]


def test_broken_styles_do_not_hide_the_cells() -> None:
    styles = '<numFmts><numFmt numFmtId="x"/></numFmts><cellXfs><xf numFmtId="999"/></cellXfs>'
    assert xlsx_rows('<row r="1"><c r="A1" s="7"><v>42</v></c></row>', styles=styles) == [["42"]]


@pytest.mark.parametrize("dimension", ["A1", "A1:B1", "C7:D9", "A1:XFD1048576"])
def test_a_wrong_dimension_hides_nothing(dimension: str) -> None:
    rows = [["a", "b", "c"], ["1", "2", "3"]]
    xml = f'<dimension ref="{dimension}"/>{made.sheet_data(rows)}'
    assert only(made.xlsx({"Л": xml})).rows == rows


def test_hidden_rows_and_merged_cells_of_an_xlsx_are_told() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in range(1, 6):
        sheet.append([row, row])
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("A4:B5")
    table = only(saved(book))
    assert (table.hidden, table.merged) == (frozenset({1}), ((3, 0, 4, 1),))
    assert table.rows[1] == ["2", "2"]


def test_hidden_rows_merged_cells_and_errors_of_an_xls_are_told() -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Л")
    sheet.write_merge(0, 1, 0, 1, "Услуги")
    sheet.write(2, 0, "скрыто")
    sheet.row(2).hidden = True
    sheet.row(3).set_cell_error(0, 0x2A)
    sheet.write(4, 0, 42, xlwt.easyxf(num_format_str="00000"))
    table = only(saved(book))
    assert (table.hidden, table.merged) == (frozenset({2}), ((0, 0, 1, 1),))
    assert [row[0] for row in table.rows] == ["Услуги", None, "скрыто", "#N/A", "00042"]


def test_hidden_rows_merged_cells_and_errors_of_an_xlsb_are_told() -> None:
    rows = [["Услуги", None], ["a", 1], ["b", 2]]
    table = only(
        made.xlsb({"Л": rows}, hidden_rows=[1], merged=[(0, 0, 0, 1)], errors={(2, 1): 0x2A})
    )
    assert (table.hidden, table.merged) == (frozenset({1}), ((0, 0, 0, 1),))
    assert table.rows == [["Услуги", None], ["a", "1"], ["b", "#N/A"]]


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_are_iso_whatever_the_calendar(epoch: object) -> None:
    book = openpyxl.Workbook()
    if epoch is not None:
        book.epoch = epoch
    book.active.append([date(2026, 11, 20), MOMENT])
    assert only(saved(book)).rows == [["2026-11-20", "2026-11-20T12:30:15"]]


def test_dates_of_an_xls_are_iso() -> None:
    book = xlwt.Workbook()
    style = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    sheet = book.add_sheet("x")
    sheet.write(0, 0, date(2026, 11, 20), style)
    sheet.write(0, 1, MOMENT, style)
    assert only(saved(book)).rows == [["2026-11-20", "2026-11-20T12:30:15"]]


def test_a_sheet_that_is_no_table_is_passed_over() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.create_chartsheet("График")
    assert [table.sheet for table in read(saved(book), "x").tables] == ["Sheet"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, None),
        ("", None),
        (True, "ИСТИНА"),
        (0.1 + 0.2, "0.3"),
        (time(9, 5), "09:05:00"),
        (timedelta(hours=36, minutes=5), "36:05:00"),
    ],
)
def test_a_value_as_text(cell: object, text: str | None) -> None:
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1234.5600000000001", "1234.56"),
        ("12.50", "12.5"),
        ("100.", "100"),
        ("8.0093053624992E13", "80093053624992"),
        ("40702810000000000001", "40702810000000000001"),
        ("00042", "00042"),
        ("8,00931E+13", "8,00931E+13"),
        ("", ""),
    ],
)
def test_a_number_written_as_text_keeps_the_digits_that_are_written(text: str, shown: str) -> None:
    assert number_text(text) == shown


@pytest.mark.parametrize(
    ("number_format", "digits"),
    [("00000", 5), ("00000;-00000", 5), ("0", None), ("0.00", None), ("#,##0", None), ("@", None)],
)
def test_only_a_format_of_zeros_pads(number_format: str, digits: int | None) -> None:
    assert padded_to(number_format) == digits


@pytest.mark.parametrize("number", [1, 26, 27, 702, 703, 16384])
def test_column_letters_are_counted_both_ways(number: int) -> None:
    assert column_number(column_letters(number)) == number
