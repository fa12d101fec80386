"""Planning: only clean lines, nothing sent, the same plan every time."""

import pytest

from sverka.errors import Misconfigured, Refusal
from sverka.posting.approve import approve
from sverka.posting.errors import ChangedDocument, PlanChanged
from tests.posting.conftest import Desk


def file_of(desk: Desk, courier: str = "dalli", number: int = 2) -> int:
    orders = desk.orders(courier)[:number]
    desk.mirror(*orders)
    file_id = desk.books.file(courier)
    for order in orders:
        desk.books.line(file_id, order.name, order.sum, fee_cod=100, payout=order.sum - 100)
    return file_id


def stored(desk: Desk) -> list[tuple[object, ...]]:
    return desk.books.run("select * from posting order by sync_id")


def test_planning_sends_nothing(desk: Desk) -> None:
    planned = desk.plan(file_of(desk))
    assert planned.documents == {
        "paymentin": 2,
        "supply": 2,
        "paymentout": 2,
        "customerorder.state": 2,
        "demand.state": 2,
    }
    assert planned.amounts["supply"] == planned.amounts["paymentout"] == 200
    assert desk.in_moysklad() == {}


@pytest.mark.parametrize("purpose", ["statuses", "returns", "statement"])
def test_a_report_that_is_no_settlement_plans_nothing(desk: Desk, purpose: str) -> None:
    file_id = file_of(desk)
    desk.books.run("update report set purpose = %s where file_id = %s", purpose, file_id)
    assert desk.plan(file_id).documents == {}
    assert (stored(desk), desk.books.run("select * from verdict")) == ([], [])


def test_planning_twice_gives_the_same_plan(desk: Desk) -> None:
    file_id = file_of(desk)
    first = desk.plan(file_id)
    before = stored(desk)
    assert desk.plan(file_id) == first
    assert stored(desk) == before


def test_lines_in_doubt_are_not_planned(desk: Desk) -> None:
    file_id = file_of(desk, number=1)
    desk.books.line(file_id, "нет такого", 5_000)
    assert desk.plan(file_id).documents["paymentin"] == 1
    desk.books.run("update line set collected = collected + 1, payout = payout + 1")
    planned = desk.plan(file_id)
    assert (planned.documents, planned.seal) == ({}, "")
    assert stored(desk) == []


def test_an_approved_document_never_becomes_another_one(desk: Desk) -> None:
    file_id = file_of(desk, number=1)
    desk.plan(file_id)
    approve(desk.services, file_id, "policy")
    # A document that lost its line: planning would make the same syncId anew.
    desk.books.run(
        "update posting set line_id = null, line_key = null, order_id = null, fingerprint = 'other'"
    )
    with pytest.raises(ChangedDocument) as refused:
        desk.plan(file_id)
    # A refusal would put the file into quarantine with half of it in the books.
    assert not isinstance(refused.value, Refusal)
    assert refused.value.known == "other"
    assert "other" in str(refused.value)
    assert refused.value.new[:12] in str(refused.value)


def test_after_a_reversal_the_same_money_gets_a_new_revision(desk: Desk) -> None:
    file_id = file_of(desk, number=1)
    desk.settle(file_id)
    desk.books.run("update posting set state = 'reversed'")
    desk.plan(file_id)
    rows = desk.books.run(
        "select kind, state, revision from posting where kind = 'paymentin' order by revision"
    )
    assert rows == [("paymentin", "reversed", 1), ("paymentin", "planned", 2)]


def test_what_the_shop_lacks_is_named_all_at_once(desk: Desk) -> None:
    schemes = desk.couriers.parent / "schemes"
    schemes.mkdir()
    for path in desk.services.settings.posting_schemes.iterdir():
        text = path.read_text(encoding="utf-8")
        text = text.replace("Приём наложенного платежа", "Нет такой услуги")
        text = text.replace("Выполнен", "Нет такого статуса")
        (schemes / path.name).write_text(text, encoding="utf-8")
    object.__setattr__(desk.services.settings, "posting_schemes", schemes)
    file_id = file_of(desk, number=1)
    with pytest.raises(Misconfigured) as refused:
        desk.plan(file_id)
    words = str(refused.value)
    assert "«Нет такой услуги»" in words
    assert words.count("«Нет такого статуса»") == 2
    assert "Хранение" not in words
    assert stored(desk) == []


@pytest.mark.parametrize(
    ("terms", "by_policy", "by_person"),
    [
        ({"approval": "clean_lines", "dry_run": "false"}, 10, 0),
        ({"approval": "{by_itself: {file: 100000000}}", "dry_run": "false"}, 10, 0),
        ({"approval": "{by_itself: {file: 1}}", "dry_run": "false"}, 0, 10),
        ({"approval": "nothing", "dry_run": "false"}, 0, 10),
        ({"approval": "clean_lines", "dry_run": "true"}, 0, 0),
    ],
)
def test_the_couriers_policy_decides_who_approves(
    desk: Desk, terms: dict[str, str], by_policy: int, by_person: int
) -> None:
    desk.terms("dalli", **terms)
    file_id = file_of(desk)
    seal = desk.plan(file_id).seal
    assert approve(desk.services, file_id, "policy") == by_policy
    left = desk.plan(file_id).seal
    assert left == ("" if by_policy else seal)
    assert approve(desk.services, file_id, "Мария", seal=left) == by_person
    approved = desk.books.run("select distinct approved_by from posting where state = 'approved'")
    assert approved == ([("policy",)] if by_policy else [("Мария",)] if by_person else [])


def test_an_approval_of_another_plan_approves_nothing(desk: Desk) -> None:
    desk.terms("dalli", approval="nothing")
    file_id = file_of(desk)
    seal = desk.plan(file_id).seal
    desk.books.run(
        "update snapshot_order set payed_sum = sum where name = (select min(name) "
        "from snapshot_order)"
    )
    desk.plan(file_id)
    with pytest.raises(PlanChanged):
        approve(desk.services, file_id, "Мария", seal=seal)
    assert desk.books.run("select distinct state from posting") == [("planned",)]


def test_nothing_unapproved_is_sent(desk: Desk) -> None:
    desk.terms("dalli", dry_run="true")
    file_id = file_of(desk)
    sent = desk.settle(file_id)
    assert (sent.posted, sent.waiting) == (0, 10)
    assert desk.in_moysklad() == {}
