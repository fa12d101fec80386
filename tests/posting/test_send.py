"""Sending: whatever happens to a request, at most one live document of each kind."""

import threading
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
import requests

from sverka.demo.shop import Order
from sverka.errors import TryLater
from sverka.moysklad.errors import Terminal
from sverka.posting.approve import approve
from sverka.settings import MoySkladConnection
from tests.posting.conftest import Desk
from tests.support.sandbox import TOKEN

FULL = {"paymentin": 3, "supply": 3, "paymentout": 3}
PATIENCE = 60
"""The sandbox's connection waits 30 s for an answer, and recovery 30 s more."""


def approved(desk: Desk, orders: Sequence[Order]) -> int:
    """A file of a courier that nets its fees, one clean line per order, planned and approved."""
    desk.mirror(*orders)
    file_id = desk.books.file("dalli")
    for order in orders:
        desk.books.line(
            file_id, order.name, order.sum, fee_delivery=25_000, payout=order.sum - 25_000
        )
    desk.plan(file_id)
    approve(desk.services, file_id, "policy")
    return file_id


@pytest.fixture
def file_id(desk: Desk) -> int:
    return approved(desk, desk.orders("dalli")[:3])


def all_posted(desk: Desk) -> bool:
    return all(set(states) == {"posted"} for states in desk.postings().values())


def finish(desk: Desk, file_id: int) -> None:
    """Sends until it succeeds, waiting as long as each attempt asks for."""
    for _ in range(10):
        try:
            desk.send(file_id)
        except TryLater as later:
            desk.clock.advance(seconds=later.seconds)
        else:
            return
    pytest.fail("sending never came to an end")


def test_sending_twice_makes_nothing_new(desk: Desk, file_id: int) -> None:
    first = desk.send(file_id)
    second = desk.send(file_id)
    assert first == second
    assert desk.in_moysklad() == FULL
    assert all_posted(desk)


def test_settling_a_settled_file_again_changes_nothing(desk: Desk, file_id: int) -> None:
    desk.send(file_id)
    before = desk.books.run("select * from posting order by sync_id")
    verdicts = desk.books.run("select * from verdict order by line_id")
    desk.books.run("update snapshot_order set payed_sum = sum")
    desk.settle(file_id)
    assert desk.books.run("select * from posting order by sync_id") == before
    assert desk.books.run("select * from verdict order by line_id") == verdicts
    assert desk.in_moysklad() == FULL


@pytest.mark.parametrize(
    "fault",
    [
        "lose_reply",
        "lose_reply_halfway",
        "truncate_reply",
        "reset_before_commit",
        "html_500",
        "html_502_after_commit",
        "too_many",
    ],
)
def test_a_fault_of_any_request_ends_in_one_document_each(desk: Desk, fault: str) -> None:
    orders = desk.orders("dalli")
    for after in range(5):
        file_id = approved(desk, orders[2 * after : 2 * after + 2])
        desk.sandbox.plan_fault(fault, method="POST", after=after)
        finish(desk, file_id)
        assert all_posted(desk), (fault, after)
        assert desk.in_moysklad(file_id) == dict.fromkeys(FULL, 2), (fault, after)


def test_what_was_looked_for_and_is_not_there_is_sent_without_another_look(
    desk: Desk, file_id: int
) -> None:
    desk.sandbox.plan_fault("reset_before_commit", method="POST")
    finish(desk, file_id)
    assert all_posted(desk)
    assert desk.sandbox.requests_seen()["by_route"]["GET /entity/paymentin/syncid/{id}"] == 3


def test_a_lost_answer_is_found_by_looking_it_up(desk: Desk, file_id: int) -> None:
    desk.sandbox.plan_fault("lose_reply", method="POST")
    with pytest.raises(TryLater) as later:
        desk.send(file_id)
    assert later.value.seconds == PATIENCE
    assert desk.postings()["paymentin"] == {"unsure": 3}
    writes = desk.sandbox.requests_seen()["by_route"]
    finish(desk, file_id)
    again = desk.sandbox.requests_seen()["by_route"]
    [route] = [route for route in writes if "POST" in route and "paymentin" in route]
    assert again[route] == writes[route]
    assert desk.in_moysklad() == FULL


@pytest.mark.parametrize(
    ("seconds", "resent"), [(0, False), (PATIENCE - 1, False), (PATIENCE, True), (2_592_000, True)]
)
def test_what_did_not_arrive_is_sent_again_only_when_it_cannot_come_any_more(
    desk: Desk, file_id: int, seconds: int, resent: bool
) -> None:
    desk.sandbox.plan_fault("reset_before_commit", method="POST")
    with pytest.raises(TryLater):
        desk.send(file_id)
    desk.clock.advance(seconds=seconds)
    if resent:
        desk.send(file_id)
        assert desk.in_moysklad() == FULL
    else:
        with pytest.raises(TryLater) as later:
            desk.send(file_id)
        assert later.value.seconds == PATIENCE - seconds
        assert desk.in_moysklad() == {}


def test_a_refused_document_stops_its_own_chain_and_no_other(desk: Desk, file_id: int) -> None:
    [[sync_id]] = desk.books.run("select sync_id::text from posting where kind = 'supply' limit 1")
    desk.books.run(
        "update posting set document = jsonb_set(document, '{store,id}', %s::jsonb) "
        "where sync_id = %s",
        f'"{uuid4()}"',
        sync_id,
    )
    sent = desk.send(file_id)
    assert (sent.rejected, sent.failed) == (1, 1)
    assert desk.in_moysklad() == {"paymentin": 3, "supply": 2, "paymentout": 2}
    [[error]] = desk.books.run("select error from posting where state = 'rejected'")
    assert error.startswith("МойСклад не принял: ")
    [[kind, words]] = desk.books.run("select kind, error from posting where state = 'failed'")
    assert kind == "paymentout"
    assert "supply" in words


def test_a_refused_document_is_tried_again_by_the_next_run(desk: Desk, file_id: int) -> None:
    [[sync_id, store]] = desk.books.run(
        "select sync_id::text, document #>> '{store,id}' from posting where kind = 'supply' limit 1"
    )
    refused = (
        "update posting set document = jsonb_set(document, '{store,id}', to_jsonb(%s::text)) "
        "where sync_id = %s"
    )
    desk.books.run(refused, uuid4(), sync_id)
    assert desk.send(file_id).rejected == 1
    desk.books.run(refused, store, sync_id)
    # Nobody sends it in the same run, and the next one looks it up before it sends it.
    assert desk.send(file_id).rejected == 1
    desk.clock.advance(seconds=PATIENCE)
    desk.settle(file_id)
    assert all_posted(desk)
    assert desk.in_moysklad() == FULL


def test_a_document_that_is_another_one_in_moysklad_is_not_tried_again(
    desk: Desk, file_id: int
) -> None:
    call(desk, "PUT", f"paymentin/{lose(desk, file_id)}", {"sum": 99_900_000})
    finish(desk, file_id)
    before = desk.postings()["paymentin"]
    desk.settle(file_id)
    assert desk.postings()["paymentin"] == before == {"failed": 1, "posted": 2}


def test_a_refused_payment_leaves_the_order_open(desk: Desk, file_id: int) -> None:
    [[sync_id, order]] = desk.books.run(
        "select sync_id::text, order_id::text from posting where kind = 'paymentin' limit 1"
    )
    desk.books.run(
        "update posting set document = jsonb_set(document, '{agent,id}', %s::jsonb) "
        "where sync_id = %s",
        f'"{uuid4()}"',
        sync_id,
    )
    desk.send(file_id)
    assert desk.state_of("customerorder", UUID(order)) == "Отгружен"
    assert desk.postings()["customerorder.state"] == {"failed": 1, "posted": 2}


def test_a_state_that_somebody_has_set_already_is_not_written(desk: Desk, file_id: int) -> None:
    order = desk.orders("dalli")[0]
    client = desk.sandbox.client()
    done = client.states("customerorder")["Выполнен"]
    base = client.base_url
    body = {
        "meta": {
            "href": f"{base}/entity/customerorder/{order.id}",
            "type": "customerorder",
            "mediaType": "application/json",
        },
        "state": {
            "meta": {
                "href": f"{base}/entity/customerorder/metadata/states/{done}",
                "type": "state",
                "mediaType": "application/json",
            }
        },
    }
    client.save("customerorder", [body])
    desk.send(file_id)
    rows = desk.books.run(
        "select state, attempts, previous_state_id::text from posting "
        "where kind = 'customerorder.state' and order_id = %s",
        order.id,
    )
    assert rows == [("posted", 0, str(done))]


def test_the_former_state_is_remembered(desk: Desk, file_id: int) -> None:
    desk.send(file_id)
    shipped = {state.id for state in desk.shop.states if state.name == "Отгружен"}
    rows = desk.books.run("select previous_state_id::text from posting where kind like '%.state'")
    assert {UUID(row[0]) for row in rows} == shipped


def lose(desk: Desk, file_id: int) -> str:
    """Loses the answer to the payments; returns the MoySklad id of one that arrived."""
    desk.sandbox.plan_fault("lose_reply", method="POST")
    with pytest.raises(TryLater):
        desk.send(file_id)
    [[sync_id]] = desk.books.run(
        "select sync_id::text from posting where kind = 'paymentin' limit 1"
    )
    found = desk.sandbox.client().find_by_sync_id("paymentin", UUID(sync_id))
    assert found is not None
    return str(found["id"])


def call(desk: Desk, method: str, path: str, body: object = None) -> None:
    connection: MoySkladConnection = desk.sandbox.connection
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept-Encoding": "gzip"}
    answer = requests.request(
        method, f"{connection.url}/entity/{path}", json=body, headers=headers, timeout=10
    )
    answer.raise_for_status()


def test_a_document_in_the_bin_is_never_made_again(desk: Desk, file_id: int) -> None:
    # The account has a recycle bin, so a deleted document lies there.
    call(desk, "DELETE", f"paymentin/{lose(desk, file_id)}")
    finish(desk, file_id)
    assert desk.postings()["paymentin"] == {"failed": 1, "posted": 2}
    [[error]] = desk.books.run("select error from posting where kind = 'paymentin' and error > ''")
    assert "в корзине" in error
    assert desk.in_moysklad()["paymentin"] == 2


def test_a_document_that_somebody_changed_is_not_taken_for_ours(desk: Desk, file_id: int) -> None:
    call(desk, "PUT", f"paymentin/{lose(desk, file_id)}", {"sum": 99_900_000})
    finish(desk, file_id)
    assert desk.postings()["paymentin"] == {"failed": 1, "posted": 2}
    [[error]] = desk.books.run("select error from posting where kind = 'paymentin' and error > ''")
    assert "999\u00a0000,00" in error


def test_a_refusal_of_the_whole_request_leaves_everything_approved(
    desk: Desk, file_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = desk.services.moysklad()

    def refuse(*_: object) -> None:
        raise Terminal("нет прав", status=403, code=1016)

    monkeypatch.setattr(client, "save", refuse)
    with pytest.raises(Terminal):
        desk.send(file_id)
    assert desk.postings()["paymentin"] == {"approved": 3}
    monkeypatch.undo()
    desk.send(file_id)
    assert all_posted(desk)


def test_two_senders_of_one_file_make_one_document_each(desk: Desk, file_id: int) -> None:
    threads = [threading.Thread(target=desk.send, args=(file_id,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.in_moysklad() == FULL
    assert all_posted(desk)


def test_two_files_with_the_same_money_book_it_once(desk: Desk) -> None:
    order: Order = desk.orders("gorod")[0]
    desk.mirror(order)
    files = [desk.books.file("gorod") for _ in range(2)]
    for file_id in files:
        desk.books.line(file_id, order.name, order.sum, identity="the same money")
    threads = [threading.Thread(target=desk.settle, args=(file_id,)) for file_id in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.in_moysklad() == {"paymentin": 1}
    verdicts = desk.books.run("select verdict from verdict order by verdict")
    assert verdicts == [("already_settled",), ("matched",)]


def test_a_long_file_is_sent_in_requests_of_at_most_500(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sverka.posting.outbox.CHUNK", 2)
    orders = desk.orders("gorod")[:5]
    desk.mirror(*orders)
    file_id = desk.books.file("gorod")
    for order in orders:
        desk.books.line(file_id, order.name, order.sum)
    desk.settle(file_id)
    assert desk.in_moysklad() == {"paymentin": 5}
    seen = desk.sandbox.requests_seen()["by_route"]
    [writes] = [n for route, n in seen.items() if "POST" in route and "paymentin" in route]
    assert writes == 3
