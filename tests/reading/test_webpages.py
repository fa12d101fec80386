"""HTML under the name .xls: tables are read, everything else is refused in words."""

import pytest

from sverka.errors import Refusal
from sverka.reading import RawTable, read

ROWS = "<tr><th>Заказ<th>Сумма<th>Дата</tr><tr><td>1<td>2<td>3</tr>"


def tables(page: str) -> tuple[RawTable, ...]:
    raw = read(page.encode(), "отчёт.xls")
    assert raw.container == "html"
    return raw.tables


def only(page: str) -> RawTable:
    (table,) = tables(page)
    return table


def cells(*written: str) -> list[str | None]:
    row = "".join(written)
    return only(f"<table><tr><td>a<td>b<td>c</tr><tr>{row}<td>x<td>y</tr></table>").rows[1][:-2]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<td>Сумма<br>руб.</td>", "Сумма\nруб."),
        ("<td><p>Сумма</p><p>руб.</p></td>", "Сумма\nруб."),
        ("<td> две\n   строки </td>", "две строки"),
        ("<td>1&nbsp;234,50</td>", "1\xa0234,50"),
        ("<td>&laquo;Ёж&raquo; &amp; сын</td>", "«Ёж» & сын"),
        ("<td>&nbsp;</td>", "\xa0"),
        ("<td></td>", None),
        ("<td><b>1</b><i>2</i></td>", "12"),
        ("<td>1<script>2</script><style>3</style><!-- 4 --></td>", "1"),
        ("<td>=cmd|' /C calc'!A0</td>", "=cmd|' /C calc'!A0"),
        ("<td>00042</td>", "00042"),
        ("<td>#Н/Д</td>", "#Н/Д"),
    ],
)
def test_a_cell_is_its_text(cell: str, text: str | None) -> None:
    assert cells(cell) == [text]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<td x:num="1234.5">1 234,50</td>', "1234.5"),
        ("<td x:num>15,50</td>", "15,50"),
        ('<td x:num="80093053624992">8,00931E+13</td>', "80093053624992"),
        ('<td x:num="1234.5600000000001">1 234,56 ₽</td>', "1234.56"),
        ('<td x:num="42" style=\'mso-number-format:"00000"\'>00042</td>', "00042"),
        ('<td x:num="45000">15.03.2023</td>', "15.03.2023"),
        ('<td x:num="0.5">12:00</td>', "12:00"),
        ('<td x:num="0.2">20%</td>', "0.2"),
        ("<td style='mso-number-format:\"\\@\"'>8,00931E+13</td>", "8,00931E+13"),
        ('<td sdval="1500.5" sdnum="1049;">1 500,50</td>', "1500.5"),
    ],
)
def test_the_true_number_stands_beside_the_shown_one(cell: str, text: str) -> None:
    assert cells(cell) == [text]


def test_spans_move_the_cells_to_their_columns_and_are_told() -> None:
    page = (
        "<table><tr><th rowspan=2>Заказ</th><th colspan=2>Услуги</th></tr>"
        "<tr><th>Доставка</th><th>Комиссия</th></tr><tr><td>1<td>2<td>3</tr></table>"
    )
    table = only(page)
    assert table.rows == [
        ["Заказ", "Услуги", None],
        [None, "Доставка", "Комиссия"],
        ["1", "2", "3"],
    ]
    assert table.merged == ((0, 0, 1, 0), (0, 1, 0, 2))


def test_titles_and_small_tables_above_are_rows_above() -> None:
    page = (
        "<html><head><title>нет</title></head><body><h1>Акт № 5</h1><p>от 01.11.2026</p>"
        "<table><tr><td>Договор<td>7</tr></table>"
        f"<table>{ROWS}</table><table><tr><td>Итого<td>2</tr></table><p>© 2026</p></body></html>"
    )
    assert only(page).rows == [
        ["Акт № 5"],
        ["от 01.11.2026"],
        ["Договор", "7"],
        ["Заказ", "Сумма", "Дата"],
        ["1", "2", "3"],
        ["Итого", "2"],
    ]


def test_a_header_in_a_table_of_its_own_joins_the_rows() -> None:
    page = "<table><tr><th>a<th>b<th>c</tr></table><table><tr><td>1<td>2<td>3<tr><td>4<td>5<td>6</table>"
    assert only(page).rows == [["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]]


def test_several_tables_are_several_and_have_names() -> None:
    page = f"<table><caption>Возвраты</caption>{ROWS}</table><p>Далее</p><table>{ROWS}</table>"
    first, second = tables(page)
    assert (first.sheet, second.sheet) == ("Возвраты", "Таблица 2")
    assert second.rows[0] == ["Далее"]


def test_a_table_within_the_layout_of_a_page_is_found() -> None:
    menu = "".join(f"<p>Раздел {number}</p>" for number in range(60))
    table = only(f"<table><tr><td>{menu}<td><table>{ROWS}</table></tr></table>")
    assert table.rows[-2:] == [["Заказ", "Сумма", "Дата"], ["1", "2", "3"]]
    assert len(table.rows) == 22
    assert table.first_line == 41


def test_a_foot_that_stands_first_is_read_last() -> None:
    page = f"<table><tfoot><tr><td>Итого<td>2<td></tr></tfoot><tbody>{ROWS}</tbody></table>"
    assert only(page).rows[-1][0] == "Итого"


def test_hidden_rows_are_told() -> None:
    page = f"<table>{ROWS}<tr style='display:none'><td>4<td>5<td>6</tr></table>"
    assert (only(page).rows[2], only(page).hidden) == (["4", "5", "6"], frozenset({2}))


@pytest.mark.parametrize("declared", ["windows-1251", "cp866", "koi8-r"])
def test_the_page_says_its_encoding(declared: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}"><table>{ROWS}</table>'
    assert read(page.encode(declared), "x").tables[0].rows[0][0] == "Заказ"


def test_a_page_in_utf8_that_says_cp1251_is_read_as_utf8() -> None:
    assert only(f'<meta charset="windows-1251"><table>{ROWS}</table>').rows[0][0] == "Заказ"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<html><form><input name=l><input type=password></form></html>", "страница входа"),
        ("<html><body><p>Отчёт готовится</p></body></html>", "таблицы с данными в ней нет"),
        (
            "<html><frameset><frame src='x.files/sheet001.htm'></frameset></html>",
            "оглавление книги",
        ),
        (f"<html><table>{ROWS}</table>", "обрывается"),
        (f"<table>{ROWS}", "обрывается"),
        (f"<html><body><table>{ROWS}</table><table><tr><td>", "обрывается"),
    ],
)
def test_a_page_that_is_no_report_is_refused_in_words(page: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        read(page.encode(), "отчёт.xls")
