"""Charts: the title says the conclusion, the numbers are there as words, nothing is drawn wrong."""

from collections.abc import Callable

import pytest

from sverka.database.connection import Connection
from sverka.reporting.charts import charts
from sverka.reporting.charts.drawing import bars, columns, ticks
from sverka.reporting.daily import Daily
from sverka.reporting.html import as_html
from sverka.texts import Texts
from tests.reporting.conftest import COURIERS
from tests.reporting.pages import Page
from tests.reporting.rich import a_rich_day, an_order

Read = Callable[..., Daily]
SAY = Texts()


def test_a_rich_day_has_four_whose_titles_say_the_conclusion(conn: Connection, daily: Read) -> None:
    a_rich_day(conn, COURIERS)
    titles = {chart.name: chart.title.replace("\u00a0", " ") for chart in charts(daily(), SAY)}
    assert titles["debt-rub"] == "Долг старше месяца: 8 621,00 ₽ из 44 686,00 ₽"
    assert titles["payouts-rub"] == "Больше всех перечислил СДЭК: 184 500,00 ₽"
    assert titles["trend"].startswith("Расхождений прибавилось: открыто ")
    assert titles["returns"] == "За неделю вернулось 7 посылок, неделей раньше 7"


def test_a_young_debt_is_said_to_be_young(conn: Connection, daily: Read) -> None:
    an_order(conn, "М-1", 500000, "СДЭК", days_ago=2)
    (chart,) = charts(daily(), SAY)
    assert chart.title.replace("\u00a0", " ") == "Весь долг моложе месяца: 5 000,00 ₽"


def test_a_day_without_figures_has_no_charts(daily: Read) -> None:
    assert charts(daily(), SAY) == ()
    assert "Картина" not in Page(as_html(daily(), SAY)).text


def test_every_chart_has_a_text_alternative_and_a_table_of_its_numbers(
    conn: Connection, daily: Read
) -> None:
    a_rich_day(conn, COURIERS)
    page = Page(as_html(daily(), SAY))
    drawn = [attrs for tag, attrs in page.tags if tag == "svg"]
    ids = set(page.values("id"))
    assert len(drawn) == 4
    for svg in drawn:
        assert svg["role"] == "img"
        assert set((svg["aria-labelledby"] or "").split()) <= ids
    assert page.text.count("Числами") == 4
    assert "СДЭК, 184 500,00 ₽, 1;" in page.text


def test_the_longest_bar_is_the_whole_width_and_the_others_in_proportion() -> None:
    found = bars([("a", "", 400, "x"), ("b", "", 100, "x"), ("c", "", 0, "x")])
    assert [bar.share for bar in found] == [100.0, 25.0, 0.0]


def test_columns_of_both_sides_meet_at_the_base_line() -> None:
    found, base = columns([(10, 5), (0, 10)], ("up", "down"), below=True)
    assert base == 60.0
    assert [(c.tone, c.top, c.height) for c in found] == [
        ("up", 0.0, 60.0),
        ("down", 60.0, 30.0),
        ("down", 60.0, 60.0),
    ]
    assert all(c.left >= 0 and c.left + c.width <= 100 for c in found)


@pytest.mark.parametrize(
    ("words", "shown"), [([], 0), (["a"], 1), (["a", "b"], 2), (list("abcde"), 3)]
)
def test_ticks_are_the_first_the_middle_and_the_last(words: list[str], shown: int) -> None:
    assert len(ticks(words)) == shown
