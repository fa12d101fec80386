"""The courier's supply and what it kept, field by field."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sverka.money import Minor
from sverka.moysklad.documents import PaymentOut, Position, Ref, Supply
from sverka.nouns import PostingKind, Settlement
from sverka.posting import identity
from sverka.posting.drafts import Draft
from sverka.posting.fees import of_line, of_report
from sverka.schemes import PaymentOutTerms
from tests.posting.test_arithmetic import COURIER_ID, LINE, SPACE, desk, scheme
from tests.support.shelf import uid

DESK = desk(
    replace(
        scheme(Settlement.NET, "line", "customer"),
        services={"fee_delivery": "fee_delivery", "fee_cod": "fee_cod"},
        paymentout=PaymentOutTerms("Доставка", "Удержано: {courier}, {report}, {order}"),
    )
)
ROW = replace(
    LINE,
    line_key=uid("row"),
    line_no=7,
    fees={"fee_cod": Minor(1_500), "fee_delivery": Minor(30_000)},
    collected=Minor(100_000),
    payout=Minor(68_500),
    order_name="1001",
    incoming_number="77",
    incoming_date=datetime(2026, 11, 19, tzinfo=UTC),
    organization=uid("shop"),
    store=uid("store"),
    sha256="ab",
)
ORGANIZATION, STORE, AGENT = (
    Ref("organization", uid("shop")),
    Ref("store", uid("store")),
    Ref("counterparty", COURIER_ID),
)
OUT, FEES = PostingKind.PAYMENTOUT, PostingKind.SUPPLY


def service(fee: str, amount: int) -> Position:
    return Position(DESK.shop.ref("service", fee), 1, Minor(amount))


def test_a_row_has_a_supply_of_its_services_and_the_payment_that_was_kept() -> None:
    supply = Supply(
        identity.of_line(SPACE, ROW, FEES),
        ROW.moment,
        ORGANIZATION,
        AGENT,
        STORE,
        "77",
        ROW.incoming_date,
        "Услуги Любой, отчёт, строка 7, заказ 1001. Файл «report.xlsx», SHA-256 ab",
        # In the order in which people read the fees, whatever the row's.
        (service("fee_delivery", 30_000), service("fee_cod", 1_500)),
    )
    payment = PaymentOut(
        identity.of_line(SPACE, ROW, OUT),
        ROW.moment,
        ORGANIZATION,
        AGENT,
        DESK.shop.ref("expenseitem", "Доставка"),
        Minor(31_500),
        "Удержано: Любой, отчёт, 1001",
        supply.sync_id,
    )
    assert list(of_line(DESK, ROW)) == [
        Draft(FEES, supply, Minor(31_500), (ROW,)),
        Draft(OUT, payment, Minor(31_500), (ROW,), depends_on=supply.sync_id),
    ]


def test_rows_of_a_report_have_one_supply_with_a_position_per_kind_of_fee() -> None:
    prepaid = replace(
        ROW, line_id=1, line_no=8, fees={"fee_cod": Minor(500)}, collected=Minor(0), payout=Minor(0)
    )
    refunded = replace(ROW, line_id=2, fees={"fee_delivery": Minor(-30_000)}, payout=Minor(99_999))
    lines = [ROW, prepaid, refunded]
    supply, payment = of_report(DESK, lines, 3)
    made = supply.document
    assert isinstance(made, Supply)
    assert made.sync_id == identity.of_report(SPACE, ROW, 3, FEES)
    # Fees that come to nothing together are no position.
    assert made.positions == (service("fee_cod", 2_000),)
    assert made.description == "Услуги Любой, отчёт. Файл «report.xlsx», SHA-256 ab"
    assert supply == Draft(FEES, made, Minor(2_000), tuple(lines), per_report=True)
    paid = payment.document
    assert isinstance(paid, PaymentOut)
    assert paid.sync_id == identity.of_report(SPACE, ROW, 3, OUT)
    assert (paid.sum, paid.supply) == (31_501, made.sync_id)
    kept = Minor(31_501)
    assert payment == Draft(OUT, paid, kept, tuple(lines), per_report=True, depends_on=made.sync_id)


def test_a_report_of_one_row_is_a_report() -> None:
    supply, payment = of_report(DESK, [ROW], 1)
    names = [identity.of_report(SPACE, ROW, 1, kind) for kind in (FEES, OUT)]
    assert [supply.sync_id, payment.sync_id] == names


def test_nothing_kept_is_no_payment_and_no_fees_are_nothing() -> None:
    [supply] = of_line(DESK, replace(ROW, payout=ROW.collected))
    assert supply.kind is FEES
    assert list(of_line(DESK, replace(ROW, fees={}))) == []
    assert list(of_report(DESK, [replace(ROW, fees={})], 1)) == []


def test_a_scheme_whose_courier_keeps_nothing_never_pays_it() -> None:
    gross = desk(scheme(Settlement.GROSS, "line", "customer"))
    with pytest.raises(ValueError, match="keeps nothing"):
        list(of_line(gross, ROW))
