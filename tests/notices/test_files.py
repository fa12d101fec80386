"""Files that people are told of: each matter once, together when they come together."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from sverka.database.connection import Connection
from sverka.notices.channels import Kind
from sverka.notices.look import look
from sverka.services import Services
from tests.conftest import FrozenClock
from tests.notices.conftest import CHAT, OWNER, Post, with_channels
from tests.support.rows import NOON, a_file, an_id, insert

HOUR = timedelta(hours=1)


def told(conn: Connection) -> list[dict[str, Any]]:
    with conn.cursor() as cursor:
        cursor.execute("select kind, title, body, next_step, path from notice order by id")
        names = ("kind", "title", "body", "next_step", "path")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def a_discrepancy(conn: Connection, file_id: int, number: int, stake: int, **given: Any) -> None:
    values = {
        "kind": "line",
        "key": an_id("discrepancy", file_id, number),
        "verdict": "unknown_order",
        "courier": "dalli",
        "currency": "RUB",
        "stake": stake,
        "file_id": file_id,
        "sentence": f"Заказа {number} нет в МоёмСкладе.",
        "opened_at": NOON,
        "changed_at": NOON,
    }
    insert(conn, "discrepancy", **(values | given))


def test_a_refused_file_is_told_once_with_its_reason(conn: Connection, services: Services) -> None:
    file_id = a_file(conn, "реестр.xlsx", state="quarantined", reason="Нет колонки «Сумма».")
    assert look(services) == 1
    assert look(services) == 0
    [notice] = told(conn)
    assert notice == {
        "kind": "quarantined",
        "title": "Отчёт не принят: реестр.xlsx",
        "body": "Нет колонки «Сумма».",
        "next_step": "Исправьте причину и положите файл в папку для отчётов ещё раз.",
        "path": f"/sverka/files/{file_id}",
    }


def test_two_who_look_at_once_make_one_notice(conn: Connection, services: Services) -> None:
    a_file(conn, state="quarantined")
    together = Barrier(4)

    def work(_: int) -> int:
        together.wait()
        return look(services)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1


def test_refused_again_is_told_again(
    conn: Connection, services: Services, clock: FrozenClock
) -> None:
    file_id = a_file(conn, state="quarantined")
    look(services)
    clock.advance(seconds=600)
    with conn.cursor() as cursor:
        cursor.execute("update file set finished_at = %s where id = %s", (clock(), file_id))
    assert look(services) == 1


def test_many_at_once_are_one_notice(conn: Connection, services: Services) -> None:
    for number in range(12):
        a_file(conn, f"реестр {number}.xlsx", state="quarantined", reason="Не таблица.")
    assert look(services) == 1
    [notice] = told(conn)
    assert notice["title"] == "Не принято: 12\u00a0отчётов"
    assert notice["body"].split("\n")[0] == "• реестр 0.xlsx: Не таблица."
    assert notice["body"].endswith("… и ещё 2.")
    assert notice["path"] == "/sverka/files?state=quarantined"
    a_file(conn, state="quarantined")
    assert look(services) == 1


def test_a_stalled_file_is_nobodys_matter_for_an_hour(
    conn: Connection, services: Services, clock: FrozenClock
) -> None:
    a_file(conn, state="stalled", received_at=clock() - HOUR / 2)
    assert look(services) == 0
    clock.advance(seconds=1800)
    assert look(services) == 1
    [notice] = told(conn)
    assert notice["title"] == "Отчёт не обрабатывается: реестр.xlsx"
    assert "Передайте это тому, кто её обслуживает" in notice["next_step"]


def test_a_stuck_file_is_told_once_a_day(
    conn: Connection, services: Services, clock: FrozenClock
) -> None:
    file_id = a_file(conn, state="stalled", received_at=clock() - 2 * HOUR)

    def stalls_again() -> int:
        with conn.cursor() as cursor:
            cursor.execute("update file set finished_at = %s where id = %s", (clock(), file_id))
        return look(services)

    assert stalls_again() == 1
    clock.advance(seconds=3600)
    assert stalls_again() == 0
    clock.advance(seconds=86_400)
    assert stalls_again() == 1


def test_a_question_leads_to_the_run_that_asks(conn: Connection, services: Services) -> None:
    a_file(conn, "a.csv", state="waiting", reason="Ждёт ответа: чей это отчёт.", claimed_by="r/1 +")
    assert look(services) == 1
    assert look(services) == 0
    [notice] = told(conn)
    assert notice["title"] == "Отчёт ждёт вашего ответа: a.csv"
    assert notice["body"] == "Ждёт ответа: чей это отчёт."
    assert notice["path"] == "/dags/settle_report/runs/r%2F1%20%2B"


def test_another_question_about_the_same_file_is_told(conn: Connection, services: Services) -> None:
    file_id = a_file(conn, state="waiting", reason="Ждёт ответа.", claimed_by="run 1")
    look(services)
    with conn.cursor() as cursor:
        cursor.execute("update file set reason = 'Ждёт одобрения.' where id = %s", (file_id,))
    assert look(services) == 1


def test_an_approval_comes_with_the_money_that_waits(conn: Connection, services: Services) -> None:
    file_id = a_file(conn, "реестр.xlsx", state="waiting", reason="Ждёт одобрения.")
    moment = {"since": NOON, "asked_at": NOON, "reasons": []}
    insert(conn, "plan_question", file_id=file_id, seal="s", documents=3, stake=250_000, **moment)
    look(services)
    [notice] = told(conn)
    assert (
        notice["body"] == "Под вопросом 3\u00a0документа на 2\u00a0500,00\u00a0₽. Ждёт одобрения."
    )


def test_orders_in_question_come_with_their_money_the_most_first(
    conn: Connection, services: Services
) -> None:
    file_id = a_file(conn, "реестр.xlsx")
    for number in range(7):
        a_discrepancy(conn, file_id, number, 100_000 * (number + 1))
    a_discrepancy(conn, file_id, 8, 500, currency="EUR")
    settled = {"state": "resolved", "resolved_by": "person", "in_question": True}
    a_discrepancy(conn, file_id, 9, 9_000_000, **settled)
    assert look(services) == 1
    assert look(services) == 0
    [notice] = told(conn)
    assert (
        notice["title"] == "8\u00a0расхождений на 28\u00a0000,00\u00a0₽, 5,00\u00a0EUR: реестр.xlsx"
    )
    first, *listed = notice["body"].split("\n")
    assert first == "Отчёт обработан, но не всё в нём сошлось с заказами."
    assert listed[0] == "• 7\u00a0000,00\u00a0₽. Заказа 6 нет в МоёмСкладе."
    assert len(listed) == 5
    assert notice["path"] == f"/sverka/files/{file_id}"


def test_orders_in_question_of_several_files_are_one_notice(
    conn: Connection, services: Services
) -> None:
    for number in (1, 2):
        a_discrepancy(conn, a_file(conn, f"реестр {number}.xlsx"), 1, 100_000 * number)
    assert look(services) == 1
    [notice] = told(conn)
    assert notice["title"] == "Расхождения: 2\u00a0отчёта"
    assert notice["body"].split("\n") == [
        "• реестр 1.xlsx: 1\u00a0расхождение на 1\u00a0000,00\u00a0₽",
        "• реестр 2.xlsx: 1\u00a0расхождение на 2\u00a0000,00\u00a0₽",
    ]
    assert notice["path"] == "/sverka/discrepancies"


@pytest.mark.parametrize("state", ["settled", "processing", "registered", "undone"])
def test_what_goes_well_is_no_news(conn: Connection, services: Services, state: str) -> None:
    a_file(conn, state=state, received_at=NOON - HOUR)
    assert look(services) == 0


@pytest.mark.parametrize("state", ["quarantined", "stalled"])
def test_who_turns_notices_on_hears_nothing_of_the_past(
    conn: Connection, services: Services, state: str
) -> None:
    a_file(conn, state=state, received_at=NOON - timedelta(days=2))
    assert look(services) == 0


def test_nobody_hears_what_no_channel_takes(conn: Connection, services: Services) -> None:
    a_file(conn, state="quarantined")
    only = replace(OWNER, kinds=(Kind.REPORT,))
    assert look(with_channels(services, only)) == 0
    assert look(with_channels(services, only, replace(CHAT, kinds=(Kind.QUARANTINED,)))) == 1
    with conn.cursor() as cursor:
        cursor.execute("select distinct channel from notice_delivery")
        assert cursor.fetchall() == [("chat",)]


@pytest.mark.parametrize(("now", "sent"), [("settled", 0), ("waiting", 3)])
def test_an_answer_that_came_first_makes_the_notice_void(
    conn: Connection, services: Services, post: Post, now: str, sent: int
) -> None:
    file_id = a_file(conn, state="waiting", claimed_by="run")
    look(services)
    with conn.cursor() as cursor:
        cursor.execute("update file set state = %s where id = %s", (now, file_id))
    assert post.round().sent == sent
