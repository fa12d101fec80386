"""The first screen and the terminal's summary: sixty seconds of an owner's time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.reporting.daily import Daily
from sverka.reporting.decisions import decisions
from sverka.reporting.summary import by_verdict, headline, in_money, posted_by_kind
from sverka.reporting.text import as_text
from sverka.reporting.waiting import goes_on
from sverka.texts import Texts
from tests.support.rows import (
    NOON,
    a_discrepant_line,
    a_file,
    a_line,
    a_matched_line,
    a_posting,
    a_rejected_row,
    a_report,
    a_verdict,
    rows_add_up,
)

Read = Callable[..., Daily]
SAY = Texts()


def asked(daily: Daily) -> dict[str, tuple[int, dict[str, int]]]:
    return {
        decision.title: (decision.count, dict(decision.money)) for decision in decisions(daily, SAY)
    }


def test_a_good_day_asks_nothing(conn: Connection, daily: Read) -> None:
    a_matched_line(conn, a_report(conn, a_file(conn)))
    rows_add_up(conn)
    assert decisions(daily(), SAY) == ()
    assert goes_on(daily(), SAY) == ()
    assert headline(daily(), SAY) == "Пришло: 1\u00a0файл. Открытых расхождений нет."


def test_a_plan_of_a_file_in_work_is_no_question_yet(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn, state="processing"))
    a_posting(conn, report_id, None, state="planned", amount=50000)
    a_posting(conn, report_id, None, "supply", state="planned", amount=80)
    a_posting(conn, report_id, None, "customerorder.state", state="planned", amount=0)
    assert decisions(daily(), SAY) == ()
    assert goes_on(daily(), SAY)[1].replace("\u00a0", " ") == (
        "2 документа в отправке или на проверке, поступления 500,00 ₽."
    )


def test_a_plan_of_a_finished_file_is_a_trial_and_no_question(
    conn: Connection, daily: Read
) -> None:
    a_posting(conn, a_report(conn, a_file(conn)), None, state="planned", amount=500)
    assert decisions(daily(), SAY) == ()
    assert "только в плане" in goes_on(daily(), SAY)[0]


@pytest.mark.parametrize("state", ["approved", "sending", "unsure"])
def test_a_document_on_its_way_is_waiting(conn: Connection, daily: Read, state: str) -> None:
    a_posting(conn, a_report(conn, a_file(conn)), None, state=state)
    assert decisions(daily(), SAY) == ()
    assert "в отправке или на проверке" in goes_on(daily(), SAY)[0]


@pytest.mark.parametrize("state", ["rejected", "failed"])
def test_a_refused_document_is_a_question(conn: Connection, daily: Read, state: str) -> None:
    a_posting(conn, a_report(conn, a_file(conn)), None, state=state)
    assert asked(daily()) == {"Исправить непроведённые документы": (1, {"RUB": 100000})}


def test_refused_rows_and_files_and_services_are_questions(conn: Connection, daily: Read) -> None:
    a_file(conn, state="quarantined")
    report_id = a_report(conn, a_file(conn))
    a_rejected_row(conn, report_id)
    rejected = a_line(conn, report_id, accepted=False, collected=700)
    a_rejected_row(conn, report_id, line_id=rejected)
    service = a_line(conn, report_id, collected=0, fee_other=90, payout=-90)
    a_verdict(conn, service, "service_row", received=0)
    found = asked(daily())
    assert found["Исправить файлы в карантине"] == (1, {})
    assert found["Исправить отклонённые строки"] == (2, {"RUB": 700})
    assert found["Проверить услуги без заказа"] == (1, {"RUB": 90})


def test_old_questions_are_asked_again_but_old_waiting_is_not(
    conn: Connection, daily: Read
) -> None:
    yesterday = NOON - timedelta(days=1)
    a_file(conn, state="stalled", received_at=yesterday)
    a_file(conn, state="processing", received_at=yesterday)
    assert decisions(daily(), SAY) == ()
    a_file(conn, state="quarantined", received_at=yesterday)
    report_id = a_report(conn, a_file(conn, received_at=yesterday))
    a_discrepant_line(conn, report_id, "underpaid", collected=90, expected=100)
    a_posting(conn, report_id, None, state="failed")
    assert asked(daily()) == {
        "Исправить файлы в карантине": (1, {}),
        "Исправить непроведённые документы": (1, {"RUB": 100000}),
        "Разобрать расхождения": (1, {"RUB": 10}),
    }


def test_a_file_that_waits_for_an_answer_is_a_question_today_and_later(
    conn: Connection, daily: Read
) -> None:
    a_file(conn, state="waiting", reason="Ждёт ответа")
    assert asked(daily()) == {"Ответить, какой раскладкой читать файл": (1, {})}
    assert goes_on(daily(), SAY) == ()
    a_file(conn, state="waiting", received_at=NOON - timedelta(days=1))
    assert asked(daily()) == {"Ответить, какой раскладкой читать файл": (2, {})}


def test_a_stored_layout_that_does_not_load_is_a_question(daily: Read) -> None:
    left_out = replace(daily(), left_out=("«mine» не читается",))
    assert asked(left_out) == {"Сохранённые раскладки не читаются": (1, {})}


def test_reports_that_settle_no_money_are_noted_and_counted_nowhere(
    conn: Connection, daily: Read
) -> None:
    report_id = a_report(conn, a_file(conn), purpose="statuses", rows_read=3)
    a_line(conn, report_id, collected=700)
    a_rejected_row(conn, report_id)
    day = daily()
    assert decisions(day, SAY) == ()
    assert day.couriers == ()
    assert day.adds_up
    assert day.files[0].noted[0].replace("\u00a0", " ") == (
        "Принято к сведению: статусы доставки, 1 строка. Денег по нему не проводится."
    )


def test_discrepancies_are_summed_by_verdict_the_most_money_first(
    conn: Connection, daily: Read
) -> None:
    report_id = a_report(conn, a_file(conn))
    a_discrepant_line(conn, report_id, "underpaid", collected=90, expected=100)
    a_discrepant_line(conn, report_id, "underpaid", collected=95, expected=100)
    a_discrepant_line(conn, report_id, "unknown_order", collected=700)
    assert [(k.verdict, k.count, k.stake) for k in by_verdict(daily())] == [
        ("unknown_order", 1, 700),
        ("underpaid", 2, 15),
    ]
    assert asked(daily())["Разобрать расхождения"] == (3, {"RUB": 715})


def test_posted_documents_are_told_by_kind_and_states_are_left_out(
    conn: Connection, daily: Read
) -> None:
    a_matched_line(conn, a_report(conn, a_file(conn)), collected=1000, fee_delivery=90)
    assert posted_by_kind(daily()) == (
        ("paymentin", 1, {"RUB": 1000}),
        ("supply", 1, {"RUB": 90}),
    )


def test_money_of_several_currencies_stands_side_by_side() -> None:
    assert in_money({}, SAY) == "0,00\u00a0₽"
    assert in_money({"RUB": Minor(100), "EUR": Minor(-5)}, SAY) == "1,00\u00a0₽ и −0,05\u00a0EUR"


def test_the_terminal_gets_a_screenful(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn, "реестр.xlsx"))
    a_matched_line(conn, report_id, collected=123456, fee_delivery=10000)
    a_discrepant_line(conn, report_id, "underpaid", collected=90000, expected=100000)
    rows_add_up(conn)
    text = as_text(daily(), SAY, "file:///reports/otchet.html").replace("\u00a0", " ")
    assert text.startswith(
        "Сверка за 20 ноября 2026, пятница. Пришло: 1 файл. Под вопросом 100,00 ₽: 1 расхождение."
    )
    assert "обработан    реестр.xlsx" in text
    assert "2 строки: принято 2 134,56 ₽, услуги 200,00 ₽, к перечислению 1 934,56 ₽" in text
    assert "Входящий платёж            1  1 234,56 ₽" in text
    assert "недоплата                        1  100,00 ₽" in text
    assert text.endswith("Отчёт: file:///reports/otchet.html")


def test_the_terminal_says_when_the_control_fails(conn: Connection, daily: Read) -> None:
    a_matched_line(conn, a_report(conn, a_file(conn), rows_read=7))
    assert "Контроль не сошёлся" in as_text(daily(), SAY)


def test_the_terminal_has_little_to_say_of_an_empty_day(daily: Read) -> None:
    assert as_text(daily(), SAY).endswith(
        "Новых отчётов курьеров в этот день не было. Открытых расхождений нет."
    )
