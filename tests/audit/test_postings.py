"""What the journal says of a document: who, what, from which rows, and how it ended."""

from collections.abc import Sequence
from typing import Any

import pytest

from sverka.audit.agreement import disagreements
from sverka.audit.journal import Kind
from sverka.demo.shop import Order
from sverka.errors import TryLater
from sverka.posting.approve import approve
from tests.audit.conftest import Ledger
from tests.posting.conftest import Desk, desk, sandbox, shop

__all__ = ["desk", "sandbox", "shop"]

KEPT = 25_000


def a_file(desk: Desk, orders: Sequence[Order], courier: str = "dalli") -> int:
    """A file with one clean line per order, planned."""
    desk.mirror(*orders)
    file_id = desk.books.file(courier)
    for order in orders:
        desk.books.line(
            file_id,
            order.name,
            order.sum,
            fee_delivery=KEPT,
            payout=order.sum - KEPT,
            sheet="Реестр",
        )
    desk.plan(file_id)
    return file_id


def told(desk: Desk, *kinds: str) -> list[tuple[Any, ...]]:
    return desk.books.run(
        "select kind, by, sync_id::text, detail from journal where kind = any(%s) order by id",
        list(kinds),
    )


def disagreeing(desk: Desk) -> list[str]:
    with desk.services.connect() as conn:
        return [one.what for one in disagreements(conn)]


def test_a_plan_is_told_with_its_seal_and_sums(desk: Desk) -> None:
    [order] = desk.orders("dalli")[:1]
    file_id = a_file(desk, [order])
    [[_, by, _, detail]] = told(desk, Kind.PLAN_MADE)
    assert by == "plan"
    assert detail["seal"] == desk.plan(file_id).seal
    assert detail["documents"]["paymentin"] == 1
    assert detail["amounts"]["paymentin"] == order.sum


def test_planning_the_same_again_is_not_told(desk: Desk) -> None:
    file_id = a_file(desk, desk.orders("dalli")[:2])
    desk.plan(file_id)
    assert len(told(desk, Kind.PLAN_MADE, Kind.PLAN_WITHDRAWN)) == 1


def test_a_plan_that_holds_no_more_is_told_as_withdrawn(desk: Desk) -> None:
    [order] = desk.orders("dalli")[:1]
    file_id = a_file(desk, [order])
    desk.books.run("update snapshot_order set payed_sum = sum where id = %s", order.id)
    desk.plan(file_id)
    [made, withdrawn] = told(desk, Kind.PLAN_MADE, Kind.PLAN_WITHDRAWN)
    assert withdrawn[0] == Kind.PLAN_WITHDRAWN
    assert withdrawn[3]["before"] == made[3]["seal"]


def test_an_approval_names_person_seal_fingerprint_rule_and_row(desk: Desk) -> None:
    [order] = desk.orders("dalli")[:1]
    file_id = a_file(desk, [order])
    seal = desk.plan(file_id).seal
    approve(desk.services, file_id, "Анна", seal=seal)
    rows = {row[3]["document"]: row for row in told(desk, Kind.POSTING_APPROVED)}
    _, by, sync_id, detail = rows["paymentin"]
    [[fingerprint, rule]] = desk.books.run(
        "select p.fingerprint, v.rule from posting p join verdict v using (line_id) "
        "where p.sync_id = %s",
        sync_id,
    )
    assert by == "Анна"
    assert detail["seal"] == seal
    assert detail["fingerprint"] == fingerprint
    assert detail["amount"] == order.sum
    assert detail["lines"] == [{"sheet": "Реестр", "rows": [1], "verdict": "matched", "rule": rule}]


def test_the_policy_approves_without_a_seal(desk: Desk) -> None:
    file_id = a_file(desk, desk.orders("dalli")[:1])
    approve(desk.services, file_id, "policy")
    assert {(by, detail.get("seal")) for _, by, _, detail in told(desk, Kind.POSTING_APPROVED)} == {
        ("policy", None)
    }


def test_a_document_for_many_rows_names_them_all(desk: Desk) -> None:
    orders = desk.orders("gorod")[:3]
    desk.mirror(*orders)
    file_id = desk.books.file("gorod")
    for order in orders:
        desk.books.line(file_id, order.name, order.sum, fee_delivery=1_000, sheet="Л")
    desk.plan(file_id)
    approve(desk.services, file_id, "policy")
    supplies = [
        row[3] for row in told(desk, Kind.POSTING_APPROVED) if row[3]["document"] == "supply"
    ]
    assert [one["rows"] for supply in supplies for one in supply["lines"]] == [[1, 2, 3]]


def test_sending_tells_the_attempt_and_posting_what_moysklad_gave(desk: Desk) -> None:
    file_id = a_file(desk, desk.orders("dalli")[:2])
    desk.settle(file_id)
    sendings = told(desk, Kind.POSTING_SENDING)
    assert sendings
    assert {detail["attempts"] for *_, detail in sendings} == {1}
    rows = desk.books.run(
        "select j.moysklad_id = p.moysklad_id, j.detail ->> 'name' = p.moysklad_name, "
        "j.detail ->> 'link' from posting p join journal j using (sync_id) "
        "where j.kind = 'posting.posted' and p.kind = 'paymentin'"
    )
    assert len(rows) == 2
    assert all(row[:2] == (True, True) and row[2].startswith("http") for row in rows)
    assert disagreeing(desk) == []


def test_an_unknown_outcome_and_its_look_up_are_both_told(desk: Desk) -> None:
    file_id = a_file(desk, desk.orders("dalli")[:1])
    approve(desk.services, file_id, "policy")
    desk.sandbox.plan_fault("lose_reply", method="POST")
    with pytest.raises(TryLater) as later:
        desk.send(file_id)
    desk.clock.advance(seconds=later.value.seconds)
    desk.send(file_id)
    [[_, by, sync_id, _]] = told(desk, Kind.POSTING_UNSURE)
    assert by == "send"
    ended = [row[1] for row in told(desk, Kind.POSTING_POSTED) if row[2] == sync_id]
    assert ended == ["look-up"]
    assert disagreeing(desk) == []


def test_a_chain_of_events_survives_a_tampering_hand(desk: Desk, database_url: str) -> None:
    """Changing the sum of a document in Sverka's table is noticed against the journal."""
    file_id = a_file(desk, desk.orders("dalli")[:1])
    desk.settle(file_id)
    desk.books.run("update posting set amount = amount + 1 where kind = 'paymentin'")
    assert disagreeing(desk) == ["content"]
    assert Ledger(database_url).walked().broken is None
