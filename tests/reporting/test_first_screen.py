"""Sixty seconds of an owner's time: every kind of day has a kind text and says what matters."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from sverka import watching
from sverka.database.connection import Connection
from sverka.reporting.daily import Daily
from sverka.reporting.html import as_html
from sverka.reporting.summary import story
from sverka.texts import Language, Texts
from tests.reporting.conftest import COURIERS
from tests.reporting.pages import Page
from tests.reporting.rich import a_rich_day, an_order
from tests.support.rows import (
    DAY,
    NOON,
    a_discrepant_line,
    a_file,
    a_line,
    a_matched_line,
    a_report,
    a_verdict,
    an_id,
    insert,
    rows_add_up,
)

Read = Callable[..., Daily]
SAY = Texts()


def read_aloud(daily: Daily, say: Texts = SAY) -> str:
    return Page(as_html(daily, say)).text


def told(daily: Daily) -> str:
    return " ".join(story(daily, SAY)).replace("\u00a0", " ")


def earlier_report(conn: Connection) -> None:
    day = DAY - timedelta(days=1)
    insert(conn, "published_report", day=day, as_of=NOON, path="p", summary="{}")


def test_a_rich_day_answers_all_questions_on_the_first_screen(
    conn: Connection, daily: Read
) -> None:
    a_rich_day(conn, COURIERS)
    text = read_aloud(daily())
    first = text[: text.index("Картина")]
    for answer in (
        "принято с покупателей 46 594,70 ₽, проведено 43 864,70 ₽",
        "Курьеры должны 44 686,00 ₽, из них просрочено 8 621,00 ₽",
        "Под вопросом 16 081,50 ₽: 9 расхождений",
        "Взято лишнего 460,00 ₽ услуги дороже тарифа, 2 строки Городской курьер × 1 270,00 ₽",
        "СДЭК 34 076,00 ₽ 8 621,00 ₽ 75 дней",
        "Исправить файлы в карантине 1",
        "Разобрать расхождения 8",
        "Открыто × 3 2 370,00 ₽",
    ):
        assert answer in first, first


def test_an_empty_day_is_calm(conn: Connection, daily: Read) -> None:
    earlier_report(conn)
    day = daily()
    assert told(day) == (
        "Новых отчётов курьеров в этот день не было. Курьеры ничего не должны. "
        "Открытых расхождений нет."
    )
    text = read_aloud(day)
    assert "Решить Нечего от вас ничего не требуется" in text
    assert "Расхождений не прибавилось и не убавилось." in text
    assert not {"wrong", "ask"} & cards(day)


def test_the_first_day_ever_has_nothing_to_compare_with(daily: Read) -> None:
    text = read_aloud(daily())
    assert "Это первый день: сравнить пока не с чем." in text
    assert "Долг курьеров" not in text


def test_a_day_with_only_waiting_shows_no_problem(conn: Connection, daily: Read) -> None:
    an_order(conn, "М-1", 500000, "СДЭК", days_ago=2)
    a_file(conn, state="processing")
    day = daily()
    assert "Курьеры должны 5 000,00 ₽, срок ещё не вышел: ждём." in told(day)
    text = read_aloud(day)
    assert "Ждём: делать ничего не нужно 5 000,00 ₽ придут в свой срок. СДЭК: в пути" in text
    assert "Решить Нечего" in text
    assert not {"wrong", "ask"} & cards(day)
    assert 'id="discrepancies"' not in as_html(day, SAY).decode()


def test_a_negative_payout_is_what_the_shop_owes(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn))
    line_id = a_line(conn, report_id, collected=0, fee_delivery=35000, payout=-35000)
    a_verdict(conn, line_id, received=0)
    rows_add_up(conn)
    text = read_aloud(daily())
    assert "Магазин должен курьерам 350,00 ₽" in text
    assert "350,00 ₽ −350,00 ₽" in text, "the table keeps the sign"


def test_several_currencies_stand_side_by_side_and_are_never_added(
    conn: Connection, daily: Read
) -> None:
    report_id = a_report(conn, a_file(conn))
    a_matched_line(conn, report_id, collected=100, currency="EUR")
    a_discrepant_line(conn, report_id, "unknown_order", collected=700, currency="EUR")
    a_discrepant_line(conn, report_id, "unknown_order", collected=5000)
    rows_add_up(conn)
    assert "Под вопросом 50,00 ₽ и 7,00 EUR: 2 расхождения." in told(daily())
    assert "Под вопросом 50,00 ₽ 7,00 EUR 2 расхождения" in read_aloud(daily())


def test_reported_money_that_is_not_in_the_bank_is_owed_too(conn: Connection, daily: Read) -> None:
    file_id = a_file(conn)
    a_report(conn, file_id, "cdek", ordinal=1)
    insert(conn, "bank_statement", file_id=a_file(conn, "выписка.txt"), noted_at=NOON)
    insert(
        conn, "payout", file_id=file_id, ordinal=1, key=an_id("payout"), courier="cdek",
        currency="RUB", own=77700, expected=77700, together=1, day=DAY, state="waiting",
        sentence="Ждём перевод.", at=NOON, waits=True,
    )  # fmt: skip
    day = daily()
    assert day.stand.debt == {"RUB": 77700}
    assert "в отчётах, но не в банке 777,00 ₽" in read_aloud(day)


def test_a_plan_that_waits_for_a_word_is_a_decision_and_not_on_its_way(
    conn: Connection, daily: Read
) -> None:
    file_id = a_file(conn, "план.xlsx", state="processing")
    insert(
        conn, "plan_question", file_id=file_id, seal="s", documents=12, stake=340000,
        reasons=["amount"], since=NOON, asked_at=NOON,
    )  # fmt: skip
    text = read_aloud(daily())
    assert "Ответить, проводить ли документы 1" in text
    assert "план.xlsx 12 документов, 3 400,00 ₽ ждёт с 20 ноября, 12:00" in text


def test_what_changed_is_counted_from_the_beginning_of_the_day(
    conn: Connection, daily: Read
) -> None:
    earlier_report(conn)
    insert(
        conn, "daily_figure", day=DAY - timedelta(days=1), courier="cdek", currency="RUB",
        owed=300000, overdue=0, reported=20000, received=0, opened=0, resolved=0,
    )  # fmt: skip
    an_order(conn, "М-1", 500000, "СДЭК", days_ago=2)
    watching.refresh(conn, COURIERS)
    watching.note_day(conn, COURIERS, DAY, NOON)
    a_discrepant_line(conn, a_report(conn, a_file(conn)), "underpaid", collected=1, expected=2)
    text = read_aloud(daily())
    assert "Изменилось со вчера Открыто × 1 0,01 ₽ Долг курьеров +1 800,00 ₽" in text


def test_the_whole_page_speaks_english(conn: Connection, daily: Read) -> None:
    a_rich_day(conn, COURIERS)
    say = Texts(Language.ENGLISH)
    page = as_html(daily(), say).decode()
    assert '<html lang="en">' in page
    text = read_aloud(daily(), say)
    assert "Came in: 4 files; collected from buyers ₽46,594.70, posted ₽43,864.70." in text
    own = re.sub(r"«[^»]*»", "", text)
    for word in ("Расхожд", "Решить", "Курьеры", "Ждём", "Возраст", "Пришло"):
        assert word not in own


@pytest.mark.parametrize("public_url", ["", "https://airflow.example.org/"])
def test_every_amount_leads_to_its_evidence(conn: Connection, daily: Read, public_url: str) -> None:
    a_rich_day(conn, COURIERS)
    day = daily(public_url=public_url)
    pages = "https://airflow.example.org/sverka" if public_url else "../.."
    links = Page(as_html(day, SAY)).values("href")
    row = next(one for one in day.stand.shown if one.verdict == "underpaid")
    assert row.row_page in links
    assert re.fullmatch(rf"{re.escape(pages)}/files/\d+/lines\?after=\d+\.\d+", row.row_page or "")
    assert f"{pages}/orders/{row.order_id}" in links
    assert row.order_link in links
    assert str(row.order_link).startswith("https://online.moysklad.ru/")


def test_a_link_that_is_no_address_of_the_web_is_no_link(conn: Connection, daily: Read) -> None:
    order = an_order(conn, "М-1", 500000, "СДЭК")
    with conn.cursor() as cursor:
        cursor.execute("update snapshot_order set link = 'javascript:alert(1)'")
    line_id = a_line(conn, a_report(conn, a_file(conn)), "М-1", collected=1)
    a_verdict(conn, line_id, "underpaid", received=1, expected=500000, order_id=order)
    assert b"javascript" not in as_html(daily(), SAY)


def test_the_life_of_a_discrepancy_is_told(conn: Connection, daily: Read) -> None:
    a_rich_day(conn, COURIERS)
    text = read_aloud(daily())
    assert (
        "9 дней с 11 ноября объяснено «Курьер обещал доплатить со следующим отчётом», Анна" in text
    )
    assert "История 18 ноября, 12:00: открыто, 500,00 ₽ 18 ноября, 13:00: объяснено, Анна" in text
    assert "новое с 20 ноября" in text


def cards(daily: Daily) -> set[str]:
    """The colours of the first screen's cards."""
    classes = [
        attrs["class"] or ""
        for tag, attrs in Page(as_html(daily, SAY)).tags
        if tag == "article" and "class" in attrs
    ]
    return {word for one in classes for word in one.split()}
