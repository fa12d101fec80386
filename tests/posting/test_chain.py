"""The chain of documents that a clean line becomes in MoySklad, scheme by scheme."""

from typing import Any
from uuid import UUID

import pytest

from sverka.moysklad.wire import id_of, minor
from tests.posting.conftest import Desk


def test_gross_books_the_money_and_the_services_but_no_payment_of_them(desk: Desk) -> None:
    [order, *_] = desk.orders("gorod")
    desk.mirror(order)
    file_id = desk.books.file("gorod")
    line = desk.books.line(file_id, order.name, order.sum, fee_delivery=30_000)
    sent = desk.settle(file_id)
    assert (sent.posted, sent.rejected, sent.failed, sent.waiting) == (4, 0, 0, 0)
    assert desk.in_moysklad() == {"paymentin": 1, "supply": 1}
    payment = desk.document("paymentin", line)
    assert minor(payment["sum"]) == order.sum
    assert id_of(payment["agent"]) == order.agent.id
    [operation] = payment["operations"]
    assert (id_of(operation), minor(operation["linkedSum"])) == (order.id, order.sum)
    assert minor(desk.document("supply")["sum"]) == 30_000
    assert desk.state_of("customerorder", order.id) == "Выполнен"
    assert desk.state_of("demand", order.demands[0].id) == "Выполнен"


def test_net_pays_the_supply_with_what_the_courier_kept(desk: Desk) -> None:
    [order, *_] = desk.orders("dalli")
    desk.mirror(order)
    file_id = desk.books.file("dalli")
    line = desk.books.line(
        file_id,
        order.name,
        order.sum,
        fee_delivery=30_000,
        fee_cod=1_500,
        payout=order.sum - 31_500,
    )
    desk.settle(file_id)
    supply = desk.document("supply", line)
    paid = desk.document("paymentout", line)
    assert minor(paid["sum"]) == minor(supply["sum"]) == 31_500
    assert [id_of(operation) for operation in paid["operations"]] == [UUID(supply["id"])]
    courier = desk.shop.couriers["dalli"].id
    assert id_of(paid["agent"]) == id_of(supply["agent"]) == courier
    assert minor(desk.document("paymentin", line)["sum"]) == order.sum


def test_agent_fee_netted_pays_only_the_agent_fee(desk: Desk) -> None:
    first, second, *_ = desk.orders("cdek")
    desk.mirror(first, second)
    file_id = desk.books.file("cdek")
    for order in (first, second):
        desk.books.line(
            file_id,
            order.name,
            order.sum,
            fee_delivery=30_000,
            fee_cod=2_000,
            payout=order.sum - 2_000,
        )
    desk.settle(file_id)
    assert desk.in_moysklad() == {"paymentin": 2, "supply": 1, "paymentout": 1}
    assert minor(desk.document("supply")["sum"]) == 64_000
    assert minor(desk.document("paymentout")["sum"]) == 4_000


def test_a_row_without_money_leaves_its_services_unpaid(desk: Desk) -> None:
    [order, *_] = desk.orders("dalli")
    desk.mirror(order)
    desk.books.run("update snapshot_order set payed_sum = sum")
    file_id = desk.books.file("dalli")
    desk.books.line(file_id, order.name, 0, fee_delivery=32_000)
    desk.settle(file_id)
    assert desk.in_moysklad() == {"supply": 1}


def test_lines_that_become_clean_later_get_a_supply_of_their_own(desk: Desk) -> None:
    first, second, *_ = desk.orders("gorod")
    desk.mirror(first)
    file_id = desk.books.file("gorod")
    for order in (first, second):
        desk.books.line(file_id, order.name, order.sum, fee_delivery=10_000)
    desk.settle(file_id)
    assert desk.in_moysklad() == {"paymentin": 1, "supply": 1}
    desk.mirror(second)
    desk.settle(file_id)
    assert desk.in_moysklad() == {"paymentin": 2, "supply": 2}
    amounts = desk.books.run("select amount from posting where kind = 'supply'")
    assert amounts == [(10_000,), (10_000,)]


def test_a_whole_return_brings_back_the_demand(desk: Desk) -> None:
    [order, *_] = desk.orders("gorod", positions=2)
    desk.mirror(order)
    file_id = desk.books.file("gorod")
    line = desk.books.line(file_id, order.name, 0, outcome="returned", fee_return=20_000)
    desk.settle(file_id)
    assert desk.in_moysklad() == {"supply": 1, "salesreturn": 1}
    assert minor(desk.document("salesreturn", line)["sum"]) == order.sum
    assert desk.state_of("customerorder", order.id) == "Возвращен"
    assert desk.state_of("demand", order.demands[0].id) == "Возвращен"


def test_two_rows_about_one_returned_parcel_bring_it_back_once(desk: Desk) -> None:
    [order, *_] = desk.orders("gorod")
    desk.mirror(order)
    file_id = desk.books.file("gorod")
    desk.books.line(file_id, order.name, 0, outcome="refused", fee_delivery=10_000)
    desk.books.line(file_id, order.name, 0, outcome="returned", fee_return=20_000)
    desk.settle(file_id)
    assert desk.in_moysklad() == {"supply": 1, "salesreturn": 1}
    assert minor(desk.document("supply")["sum"]) == 30_000


def test_a_partial_buy_out_returns_only_what_did_not_stay(desk: Desk) -> None:
    order = next(
        one
        for one in desk.orders("gorod", positions=2)
        if len(one.positions) == 2
        and all(position.quantity == 1 for position in one.positions)
        and one.positions[0].price != one.positions[1].price
    )
    desk.mirror(order)
    file_id = desk.books.file("gorod")
    back, kept = order.positions
    line = desk.books.line(file_id, order.name, kept.price, outcome="partially_delivered")
    desk.settle(file_id)
    assert desk.in_moysklad() == {"paymentin": 1, "salesreturn": 1}
    returned = desk.document("salesreturn", line)
    assert minor(returned["sum"]) == back.price
    [position] = returned["positions"]["rows"]
    assert id_of(position["assortment"]) == back.product.id


def test_an_order_with_a_line_in_doubt_keeps_its_state(desk: Desk) -> None:
    [order, *_] = desk.orders("dalli")
    desk.mirror(order)
    file_id = desk.books.file("dalli")
    half = order.sum // 2
    desk.books.line(file_id, order.name, half)
    desk.books.line(file_id, order.name, order.sum - half, payout=order.sum - half - 1)
    desk.settle(file_id)
    assert desk.in_moysklad() == {"paymentin": 1}
    assert desk.state_of("customerorder", order.id) == "Отгружен"


def test_within_tolerance_the_payment_is_linked_as_far_as_the_order_was_open(desk: Desk) -> None:
    [order, *_] = desk.orders("gorod")
    desk.terms("gorod", tolerance=100)
    desk.mirror(order)
    file_id = desk.books.file("gorod")
    line = desk.books.line(file_id, order.name, order.sum + 100)
    desk.settle(file_id)
    payment = desk.document("paymentin", line)
    assert minor(payment["sum"]) == order.sum + 100
    assert [minor(operation["linkedSum"]) for operation in payment["operations"]] == [order.sum]


def test_parcels_of_one_order_are_linked_one_after_the_other(desk: Desk) -> None:
    [order, *_] = desk.orders("gorod")
    desk.mirror(order)
    file_id = desk.books.file("gorod")
    parts = (order.sum - 1_000, 1_000)
    lines = [desk.books.line(file_id, order.name, part) for part in parts]
    desk.settle(file_id)
    linked = [desk.document("paymentin", line)["operations"][0]["linkedSum"] for line in lines]
    assert tuple(minor(one) for one in linked) == parts
    assert desk.postings()["customerorder.state"] == {"posted": 1}


def test_texts_lead_back_to_the_file_and_the_row(desk: Desk) -> None:
    [order, *_] = desk.orders("dalli")
    desk.mirror(order)
    file_id = desk.books.file("dalli")
    line = desk.books.line(file_id, order.name, order.sum, fee_cod=100, payout=order.sum - 100)
    desk.settle(file_id)
    purpose = desk.document("paymentin", line)["paymentPurpose"]
    assert purpose == f"Оплата заказа {order.name} через Dalli, отчёт № 55 от 19.11.2026, строка 1"
    description = desk.document("supply", line)["description"]
    assert "report-1.xlsx" in description
    assert "SHA-256" in description
    incoming = desk.document("supply", line)
    assert incoming["incomingNumber"] == "55"
    assert incoming["incomingDate"].startswith("2026-11-19 00:00:00")
    assert incoming["moment"].startswith("2026-11-19 12:00:00")


@pytest.mark.parametrize(
    ("head", "moment"),
    [
        ({"payment_order_no": "9", "payment_order_date": "2026-11-20"}, "2026-11-20 12:00"),
        ({}, "2026-11-19 12:00"),
        ({"report_date": None}, "2026-11-18 12:00"),
    ],
)
def test_the_books_show_the_day_of_the_money(desk: Desk, head: dict[str, Any], moment: str) -> None:
    [order, *_] = desk.orders("gorod")
    desk.mirror(order)
    file_id = desk.books.file("gorod", **head)
    line = desk.books.line(file_id, order.name, order.sum)
    desk.settle(file_id)
    assert desk.document("paymentin", line)["moment"].startswith(moment)
