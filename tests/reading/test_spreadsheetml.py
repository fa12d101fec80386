"""«Таблица XML 2003» and OpenDocument: gaps, repeats, merges, types and hidden rows."""

import pytest

from sverka.errors import Refusal
from sverka.reading import RawTable, read
from tests.support import containers as made


def ml(xml: str, head: str = "") -> RawTable:
    (table,) = read(made.spreadsheetml({"Лист": xml}, head=head), "отчёт.xls").tables
    return table


def ods(xml: str) -> RawTable:
    data = made.ods(f'<table:table table:name="Лист">{xml}</table:table>')
    (table,) = read(data, "отчёт.xls").tables
    return table


def text(value: str) -> str:
    return f'<Cell><Data ss:Type="String">{value}</Data></Cell>'


def cell(value: str, attributes: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {attributes}><text:p>{value}</text:p></table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def test_gaps_of_rows_and_cells_keep_the_places() -> None:
    xml = f'<Row>{text("a")}</Row><Row ss:Index="4">{text("b").replace("<Cell", "<Cell ss:Index=&quot;3&quot;".replace("&quot;", chr(34)))}</Row>'
    assert ml(xml).rows == [["a"], [], [], [None, None, "b"]]


def test_merged_cells_push_the_next_ones_aside() -> None:
    merged = '<Cell ss:MergeAcross="1" ss:MergeDown="1"><Data ss:Type="String">m</Data></Cell>'
    table = ml(f'<Row>{merged}{text("a")}</Row><Row ss:Hidden="1">{text("b")}</Row>')
    assert table.rows == [["m", None, "a"], ["b"]]
    assert (table.merged, table.hidden) == (((0, 0, 1, 1),), frozenset({1}))


@pytest.mark.parametrize(
    ("xml", "shown"),
    [
        ('<Cell><Data ss:Type="Number">80093053624992</Data></Cell>', "80093053624992"),
        ('<Cell><Data ss:Type="Number">1234.5600000000001</Data></Cell>', "1234.56"),
        ('<Cell><Data ss:Type="String">8,00931E+13</Data></Cell>', "8,00931E+13"),
        ('<Cell><Data ss:Type="String">00042</Data></Cell>', "00042"),
        ('<Cell ss:StyleID="z"><Data ss:Type="Number">42</Data></Cell>', "00042"),
        ('<Cell><Data ss:Type="DateTime">2026-11-20T00:00:00.000</Data></Cell>', "2026-11-20"),
        (
            '<Cell><Data ss:Type="DateTime">2026-11-20T12:30:00.000</Data></Cell>',
            "2026-11-20T12:30:00",
        ),
        ('<Cell><Data ss:Type="DateTime">1899-12-31T12:30:00.000</Data></Cell>', "12:30:00"),
        ('<Cell><Data ss:Type="Boolean">1</Data></Cell>', "ИСТИНА"),
        ('<Cell><Data ss:Type="Error">#N/A</Data></Cell>', "#N/A"),
        ('<Cell ss:Formula="=RC[1]*2"/>', "=RC[1]*2"),
        ('<Cell ss:Formula="=RC[1]*2"><Data ss:Type="Number">7</Data></Cell>', "7"),
        ('<Cell><ss:Data ss:Type="String"><B>Но</B><Font>мер</Font></ss:Data></Cell>', "Номер"),
        (
            '<Cell><Data ss:Type="String">a</Data><Comment><ss:Data>нет</ss:Data></Comment></Cell>',
            "a",
        ),
        ('<Cell><Data ss:Type="String">a&#10;b</Data></Cell>', "a\nb"),
        ("<Cell/>", None),
    ],
)
def test_a_cell_of_xml_2003(xml: str, shown: str | None) -> None:
    head = '<Styles><Style ss:ID="z"><NumberFormat ss:Format="00000"/></Style></Styles>'
    assert ml(f"<Row>{xml}{text('x')}</Row>", head).rows == [[shown, "x"]]


def test_every_sheet_of_xml_2003_is_read() -> None:
    sheets = {"Реестр": f"<Row>{text('a')}</Row>", "Услуги": f"<Row>{text('b')}</Row>"}
    tables = read(made.spreadsheetml(sheets), "x").tables
    assert [(one.sheet, one.rows) for one in tables] == [("Реестр", [["a"]]), ("Услуги", [["b"]])]


@pytest.mark.parametrize(
    ("xml", "shown"),
    [
        (cell("1 234,50", 'office:value-type="float" office:value="1234.5"'), "1234.5"),
        (cell("20%", 'office:value-type="percentage" office:value="0.2"'), "0.2"),
        (cell("5 ₽", 'office:value-type="currency" office:value="5"'), "5"),
        (cell("20.11.26", 'office:value-type="date" office:date-value="2026-11-20"'), "2026-11-20"),
        (
            cell("x", 'office:value-type="date" office:date-value="2026-11-20T00:00:00"'),
            "2026-11-20",
        ),
        (cell("9:05", 'office:value-type="time" office:time-value="PT09H05M00S"'), "09:05:00"),
        (cell("да", 'office:value-type="boolean" office:boolean-value="true"'), "ИСТИНА"),
        (cell("#Н/Д", 'office:value-type="string" calcext:value-type="error"'), "#Н/Д"),
        (cell("00042"), "00042"),
        (cell("a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d"), "a  b\tc\nd"),
        (cell("a</text:p><text:p>b"), "a\nb"),
        (cell("<text:span>a</text:span>b"), "ab"),
        ('<table:table-cell table:formula="of:=[.B1]*2"/>', "=[.B1]*2"),
        (
            '<table:table-cell office:value-type="string"><office:annotation><text:p>нет</text:p>'
            "</office:annotation>\n <text:p>a</text:p>\n</table:table-cell>",
            "a",
        ),
    ],
)
def test_a_cell_of_ods(xml: str, shown: str) -> None:
    assert ods(row(xml, cell("x"))).rows == [[shown, "x"]]


def test_repeated_rows_and_cells_of_ods_are_counted() -> None:
    twice = cell("a", 'office:value-type="string" table:number-columns-repeated="2"')
    gap = '<table:table-cell table:number-columns-repeated="3"/>'
    xml = (
        row(twice, gap, cell("b"), '<table:table-cell table:number-columns-repeated="16000"/>')
        + row("<table:table-cell/>", attributes='table:number-rows-repeated="2"')
        + row(cell("c"), attributes='table:number-rows-repeated="2"')
        + row("<table:table-cell/>", attributes='table:number-rows-repeated="1048000"')
    )
    assert ods(xml).rows == [["a", "a", None, None, None, "b"], [], [], ["c"], ["c"]]


def test_merged_cells_and_hidden_rows_of_ods_are_told() -> None:
    spans = (
        'office:value-type="string" table:number-columns-spanned="2" table:number-rows-spanned="2"'
    )
    xml = (
        row(cell("m", spans), "<table:covered-table-cell/>", cell("x"))
        + row(cell("y"), attributes='table:visibility="collapse"')
        + row(cell("z"), attributes='table:visibility="filter"')
    )
    table = ods(xml)
    assert table.rows == [["m", None, "x"], ["y"], ["z"]]
    assert (table.merged, table.hidden) == (((0, 0, 1, 1),), frozenset({1, 2}))


def test_an_ods_under_a_password_is_told() -> None:
    manifest = {"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}
    with pytest.raises(Refusal, match="паролем"):
        read(made.ods("", extra=manifest), "x")


def test_a_text_of_openoffice_is_no_table() -> None:
    data = made.zipped(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}
    )
    with pytest.raises(Refusal, match="текстовый документ"):
        read(data, "x")
