"""The rows of a plain register: what is an order, a total, a title; what must not pass for another."""

from typing import Any

import pytest

from sverka.demo.workbooks import csv_bytes, workbook
from sverka.errors import NeedsMapping, Refusal
from sverka.nouns import Line, Outcome, RowKind
from sverka.parsing import ParsedReport
from sverka.recognition import Schemas
from tests.parsing.conftest import Parse
from tests.support.layouts import REGISTER, loaded, parsed_rows

Rows = list[list[Any]]
HEADER = ["Номер заказа", "Дата вручения", "Принято от получателя", "Доставка", "К перечислению"]
ONE = ["W-1", "20.11.2026", 1000, 100, 900]
TWO = ["W-2", "21.11.2026", 500, 100, 400]
ITOGO = ["Итого", None, 1500, 200, 1300]
SUMS = {"collected": 150000, "fee_delivery": 20000, "payout": 130000}


def register(*rows: list[Any], header: list[Any] = HEADER, title: str = "СДЭК") -> bytes:
    return workbook({"Лист1": [[title], header, *rows]})


def money(report: ParsedReport) -> list[tuple[str | None, int, int, int]]:
    return [(one.order_ref, one.collected, one.fee_delivery, one.payout) for one in report.lines]


BOTH = [("W-1", 100000, 10000, 90000), ("W-2", 50000, 10000, 40000)]


@pytest.mark.parametrize(
    ("rows", "totals"),
    [
        ([ONE, TWO], {}),
        ([ONE, TWO, ITOGO], SUMS),
        ([ITOGO, ONE, TWO], SUMS),
        ([ONE, TWO, ["Итого по реестру № 5", *ITOGO[1:]]], SUMS),
        ([ONE, TWO, [None, "Итого:", *ITOGO[2:]]], SUMS),
        ([ONE, TWO, ITOGO, ["Всего к оплате", None, None, None, 1300]], SUMS),
        ([ONE, TWO, ITOGO, ["В том числе НДС", None, None, 33.33, None]], SUMS),
        ([ONE, TWO, ["К перечислению", None, None, None, 1300]], {"payout": 130000}),
        ([ONE, TWO, [None, "Всего", 1500, None, "Итого: 1300"]], {"collected": 150000}),
        ([ONE, ["Итого за 20.11.2026", None, *ONE[2:]], TWO, ["Итого за 21.11.2026", None, *TWO[2:]], ITOGO], SUMS),
        ([ONE, ["Итого", None, *ONE[2:]], TWO, ["Итого", None, *TWO[2:]]], {}),
        ([["20.11.2026"], ONE, ["21.11.2026"], TWO, ITOGO], SUMS),
        ([ONE, [], ["Страница 2"], HEADER, TWO, ITOGO], SUMS),
        ([["1", "2", "3", "4", "5"], ONE, HEADER, ["1", "2", "3", "4", "5"], TWO, ITOGO], SUMS),
        ([["А", "1", "2", "3", "4=2-3"], ONE, TWO, ITOGO], SUMS),
        ([ONE, TWO, ITOGO, [], ["Сдал ______", None, "Принял ______", None, "М.П."]], SUMS),
    ],
)  # fmt: skip
def test_only_orders_are_lines_wherever_totals_and_titles_stand(
    parsed: Parse, rows: Rows, totals: dict[str, int]
) -> None:
    (report,) = parsed(register(*rows))
    assert money(report) == BOTH
    assert report.report.totals == totals
    assert report.rejected == []


@pytest.mark.parametrize(
    ("rows", "line_no", "words"),
    [
        ([ONE, ["Итого", None, 999, 100, 899], TWO], 4, "ни строк над ним"),
        ([ONE, ["Итого", None, *ONE[2:]], TWO], 4, "ни строк над ним"),
        ([ONE, TWO, ITOGO, ["Всего с учётом долга", None, None, None, 300]], 6, "1\u00a0300,00.*300,00"),
        ([ONE, TWO, [], ["Возвраты"], ["Номер заказа", "Дата вручения", "Стоимость возврата"], ["W-3", "20.11.2026", 150]], 7, "другая таблица"),
    ],
)  # fmt: skip
def test_totals_and_tables_that_contradict_hold_the_file(
    parsed: Parse, rows: Rows, line_no: int, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as held:
        parsed(register(*rows))
    assert (held.value.sheet, held.value.line_no) == ("Лист1", line_no)


@pytest.mark.parametrize("name", ["Всего Доброго", "Итогов Пётр", "Total War"])
def test_a_buyer_or_an_item_called_like_a_total_is_no_total(parsed: Parse, name: str) -> None:
    (report,) = parsed(register([*ONE, name], [*TWO, None], header=[*HEADER, "Получатель"]))
    assert money(report) == BOTH


def test_an_order_without_any_money_is_a_line_wherever_it_stands(parsed: Parse) -> None:
    (report,) = parsed(register(["W-0"], ONE, ["W-3", "20.11.2026", None, "—", None], ITOGO))
    assert [line.order_ref for line in report.lines] == ["W-0", "W-1", "W-3"]


@pytest.mark.parametrize(
    "rows",
    [
        [["Номер заказа", "Дата вручения", "Принято от получателя", "Услуги", None, "К перечислению"],
         [None, None, None, "Доставка", "Комиссия", None]],
        [["Заказ", None, "Деньги", None, None, None],
         ["Номер заказа", "Дата вручения", "Принято от получателя", "Услуги", None, "К перечислению"],
         [None, None, None, "Доставка", "Комиссия", None]],
        [["Номер заказа", "Дата вручения", "Суммы", None, None, None],
         [None, None, "Принято от получателя", "Услуги", None, "К перечислению"],
         [None, None, None, "Доставка", "Комиссия", None]],
    ],
)  # fmt: skip
def test_names_under_a_merged_name_are_columns_of_their_own(parsed: Parse, rows: Rows) -> None:
    data = [["СДЭК"], *rows, ["W-1", "20.11.2026", 1000, 100, 20, 880]]
    (report,) = parsed(workbook({"Л": data}))
    (line,) = report.lines
    assert (line.fee_delivery, line.fee_cod, line.payout) == (10000, 2000, 88000)
    assert report.rejected == []


def test_unknown_names_under_a_merged_name_are_asked_about(parsed: Parse) -> None:
    upper = ["Номер заказа", "Дата вручения", "Принято от получателя", "Услуги", None, "К выплате"]
    lower = [None, None, None, "Пункт первый", "Пункт второй", None]
    with pytest.raises(NeedsMapping, match="«Пункт первый», «Пункт второй»"):
        parsed(workbook({"Л": [upper, lower, ["W-1", "20.11.2026", 10, 1, 1, 8]]}))


def test_a_comma_in_kopecks_that_parts_a_csv_cell_is_found_out(schemas: Schemas) -> None:
    schema = loaded(REGISTER, schemas.vocabulary)
    good = ["2", None, None, None, None, "100", "10", None, "90"]
    report = parsed_rows(
        schema, ["1", None, None, None, None, "1234", "56", "9", "1209", "87"], good
    )
    assert [line.order_ref for line in report.lines] == ["2"]
    assert [(bad.line_no, bad.rule) for bad in report.rejected] == [(2, "too_many_cells")]


def test_a_csv_with_more_cells_than_names_is_asked_about(parsed: Parse) -> None:
    data = "СДЭК\nНомер заказа,Сумма НП,К выплате\n1,1234,56,1209,87\n2,100,90\n".encode()
    with pytest.raises(NeedsMapping):
        parsed(data)


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Подъём на этаж, руб.", 50), ("Удержано за хранение", "50,00"), ("Прочие сборы", 1)],
)
def test_money_under_an_unknown_name_is_asked_about(parsed: Parse, header: str, cell: Any) -> None:
    with pytest.raises(NeedsMapping, match=header.partition(",")[0]) as asked:
        parsed(register([*ONE, cell], header=[*HEADER, header]))
    assert asked.value.column == header


@pytest.mark.parametrize(
    ("header", "cell"),
    [("Объявленная стоимость, руб.", 5000), ("Вес, кг", 3), ("Прочие сборы", 0), ("Комментарий", "позвонить")],
)  # fmt: skip
def test_other_columns_do_not_matter(parsed: Parse, header: str, cell: Any) -> None:
    (report,) = parsed(register([*ONE, cell], header=[*HEADER, header]))
    assert money(report) == BOTH[:1]


@pytest.mark.parametrize(
    "title", ["Все суммы в копейках", "Реестр, тыс. руб.", "Валюта расчётов: в тенге"]
)
def test_a_title_that_speaks_of_another_unit_is_asked_about(parsed: Parse, title: str) -> None:
    with pytest.raises(NeedsMapping, match="в рублях"):
        parsed(register(ONE, title=title))


def test_another_sheet_with_orders_is_not_passed_over(parsed: Parse) -> None:
    sheets = {"Доставка": [HEADER, ONE], "Возвраты": [["Номер заказа", "Вернуть"], ["W-9", 100]]}
    with pytest.raises(NeedsMapping, match="Вернуть") as asked:
        parsed(workbook(sheets))
    assert asked.value.sheet == "Возвраты"


def test_a_sheet_of_explanations_is_passed_over(parsed: Parse) -> None:
    sheets = {"Справка": [["Как читать отчёт"], ["Статус", "Что значит"]], "Реестр": [HEADER, ONE]}
    (report,) = parsed(workbook(sheets))
    assert money(report) == BOTH[:1]


@pytest.mark.parametrize("word", ["Забор", "Вызов курьера", "забор отправлений"])
def test_a_pickup_in_the_column_of_numbers_is_no_order(parsed: Parse, word: str) -> None:
    (report,) = parsed(register(ONE, TWO, [word, "20.11.2026", 0, 500, -500]))
    line = report.lines[2]
    assert (line.row_kind, line.order_ref, line.track_ref) == (RowKind.PICKUP, None, None)
    assert (line.outcome, line.fee_delivery, line.payout) == (None, 50000, -50000)


def only(report: ParsedReport) -> Line:
    (line,) = report.lines
    return line


def test_the_currency_of_a_row_is_what_its_column_says(parsed: Parse) -> None:
    header = [*HEADER, "Валюта"]
    (report,) = parsed(
        register([*ONE, "KZT"], [*TWO, "руб."], [*TWO, None], [*TWO, "песо"], header=header)
    )
    assert [line.currency for line in report.lines] == ["KZT", "RUB", "RUB"]
    assert [bad.column for bad in report.rejected] == ["Валюта"]


def test_a_deleted_order_is_ignored_and_its_money_shown(parsed: Parse) -> None:
    (report,) = parsed(register([*ONE, "Да"], [*TWO, "Нет"], header=[*HEADER, "Удаленный заказ"]))
    assert money(report) == BOTH[1:]
    assert [(rows.rows, rows.payout) for rows in report.ignored] == [(1, 90000)]


def test_money_below_zero_is_a_return(parsed: Parse) -> None:
    row = ["W-1", "20.11.2026", -500, 0, -500]
    line = only(parsed(register(row))[0])
    assert (line.row_kind, line.outcome, line.collected) == (
        RowKind.RETURN, Outcome.RETURNED, -50000,
    )  # fmt: skip
    line = only(parsed(register([*row, "Отказ"], header=[*HEADER, "Статус"]))[0])
    assert (line.row_kind, line.outcome) == (RowKind.RETURN, Outcome.REFUSED)


@pytest.mark.parametrize("lost", ["Тип транзакции", "Источник транзакции"])
def test_yandex_without_a_column_that_tells_returns_is_asked_about(
    parsed: Parse, lost: str
) -> None:
    names = [
        "Дата транзакции", "Номер заказа или отгрузки", "Ваш номер заказа", "Сумма транзакции",
        "Тип транзакции", "Источник транзакции", "Статус", "Дата платежного поручения",
        "Номер платежного поручения", "Сумма НДС", "Ваш SKU", "ID транзакции",
    ]  # fmt: skip
    kept = [name for name in names if name != lost]
    with pytest.raises(NeedsMapping, match=f"«{lost}»"):
        parsed(csv_bytes([kept, ["1"] * len(kept)], encoding="utf-8", delimiter=";"))
