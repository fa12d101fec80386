"""Request bodies of documents, checked against the vendor's own models, and their storage."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.money import Minor, NotMoney
from sverka.moysklad.documents import (
    DOCUMENT_OF,
    Document,
    Operation,
    PaymentIn,
    PaymentOut,
    Position,
    Ref,
    SalesReturn,
    SalesReturnPosition,
    StateChange,
    StateRef,
    Supply,
    body,
    from_stored,
    to_stored,
)
from sverka.nouns import PostingKind
from tests.moysklad import documented, sdk

BASE = "https://api.moysklad.ru/api/remap/1.2"
MOMENT = datetime(2026, 11, 20, 9, 0, 31, tzinfo=UTC)


def uid(number: int) -> UUID:
    return UUID(int=number)


SYNC_ID, ORGANIZATION, AGENT, STORE = uid(1), uid(2), uid(3), uid(4)
SUPPLY_SYNC_ID, SUPPLY_ID = uid(5), uid(6)
COMMON: dict[str, Any] = {
    "sync_id": SYNC_ID,
    "moment": MOMENT,
    "organization": Ref("organization", ORGANIZATION),
    "agent": Ref("counterparty", AGENT),
}
PAYMENT_IN = PaymentIn(
    **COMMON,
    sum=Minor(1_250_000),
    incoming_number="8871",
    incoming_date=datetime(2026, 11, 18, 21, 0, tzinfo=UTC),
    payment_purpose="Заказ 42",
    operations=(Operation(Ref("customerorder", uid(10)), Minor(1_250_000)),),
)
SUPPLY = Supply(
    **COMMON,
    store=Ref("store", STORE),
    incoming_number="АКТ-7",
    incoming_date=None,
    description="Услуги",
    positions=(Position(Ref("service", uid(11)), 1, Minor(35_000)),),
)
PAYMENT_OUT = PaymentOut(
    **COMMON,
    expense_item=Ref("expenseitem", uid(12)),
    sum=Minor(35_000),
    payment_purpose="Удержано",
    supply=SUPPLY_SYNC_ID,
)
SALES_RETURN = SalesReturn(
    **COMMON,
    store=Ref("store", STORE),
    demand=Ref("demand", uid(13)),
    description="Отказ",
    positions=(SalesReturnPosition(Ref("product", uid(14)), 2, Minor(99_900)),),
)
ORDER_STATE = StateChange(
    SYNC_ID, Ref("customerorder", uid(10)), StateRef("customerorder", uid(15))
)
DEMAND_STATE = StateChange(SYNC_ID, Ref("demand", uid(13)), StateRef("demand", uid(16)))

EXAMPLES: dict[PostingKind, Document] = {
    PostingKind.PAYMENTIN: PAYMENT_IN,
    PostingKind.SUPPLY: SUPPLY,
    PostingKind.PAYMENTOUT: PAYMENT_OUT,
    PostingKind.SALESRETURN: SALES_RETURN,
    PostingKind.CUSTOMERORDER_STATE: ORDER_STATE,
    PostingKind.DEMAND_STATE: DEMAND_STATE,
}
VENDOR: dict[PostingKind, str] = {
    PostingKind.PAYMENTIN: "PaymentIn",
    PostingKind.SUPPLY: "Supply",
    PostingKind.PAYMENTOUT: "PaymentOut",
    PostingKind.SALESRETURN: "SalesReturn",
    PostingKind.CUSTOMERORDER_STATE: "CustomerOrder",
    PostingKind.DEMAND_STATE: "Demand",
}
POSITIONS: dict[PostingKind, str] = {
    PostingKind.SUPPLY: "SupplyPosition",
    PostingKind.SALESRETURN: "SalesReturnPosition",
}


def resolve(sync_id: UUID) -> UUID:
    return {SUPPLY_SYNC_ID: SUPPLY_ID}[sync_id]


def rendered(document: Document) -> dict[str, Any]:
    return body(document, BASE, resolve)


def fields_of(model: str) -> set[str]:
    fields = sdk.model(model).model_fields
    return {field.alias or name for name, field in fields.items()}


def meta(path: str, kind: str | None = None) -> dict[str, Any]:
    return {
        "href": f"{BASE}/entity/{path}",
        "type": kind or path.split("/", maxsplit=1)[0],
        "mediaType": "application/json",
    }


def ref(kind: str, entity_id: UUID) -> dict[str, Any]:
    return {"meta": meta(f"{kind}/{entity_id}")}


def test_every_kind_of_posting_has_a_document_and_an_example() -> None:
    assert set(DOCUMENT_OF) == set(PostingKind) == set(EXAMPLES) == set(VENDOR)


@pytest.mark.parametrize("kind", PostingKind)
def test_every_key_is_a_field_that_the_vendor_knows(kind: PostingKind) -> None:
    keys = set(rendered(EXAMPLES[kind]))
    assert keys
    assert keys <= fields_of(VENDOR[kind])


@pytest.mark.parametrize("kind", POSITIONS)
def test_every_key_of_a_position_is_a_field_that_the_vendor_knows(kind: PostingKind) -> None:
    for position in rendered(EXAMPLES[kind])["positions"]:
        assert set(position) <= fields_of(POSITIONS[kind])


@pytest.mark.parametrize("kind", PostingKind)
def test_no_key_at_any_depth_is_unknown_to_the_vendor(kind: PostingKind) -> None:
    entity = kind.value.removesuffix(".state")
    assert documented.unknown_keys(entity, rendered(EXAMPLES[kind])) == []


@pytest.mark.parametrize("kind", PostingKind)
def test_everything_that_moysklad_requires_is_there(kind: PostingKind) -> None:
    assert documented.REQUIRED.get(kind.value, set()) <= set(rendered(EXAMPLES[kind]))


TOO_LARGE = Minor(2**53)


@pytest.mark.parametrize(
    "document",
    [
        replace(PAYMENT_IN, sum=TOO_LARGE),
        replace(PAYMENT_IN, operations=(Operation(Ref("demand", uid(1)), TOO_LARGE),)),
        replace(PAYMENT_OUT, sum=TOO_LARGE),
        replace(SUPPLY, positions=(Position(Ref("service", uid(11)), 1, TOO_LARGE),)),
        replace(
            SALES_RETURN,
            positions=(SalesReturnPosition(Ref("product", uid(14)), 1, TOO_LARGE),),
        ),
    ],
)
def test_an_amount_that_moysklad_would_not_keep_exactly_is_not_rendered(
    document: Document,
) -> None:
    with pytest.raises(NotMoney, match="more than MoySklad holds exactly"):
        rendered(document)


@pytest.mark.parametrize("kind", [PostingKind.PAYMENTIN, PostingKind.PAYMENTOUT])
def test_the_vendors_model_takes_a_payment_as_it_is(kind: PostingKind) -> None:
    sdk.model(VENDOR[kind]).model_validate(rendered(EXAMPLES[kind]))


def test_a_payment_in_says_what_came_from_whom_for_which_order() -> None:
    assert rendered(PAYMENT_IN) == {
        "syncId": str(SYNC_ID),
        "externalCode": str(SYNC_ID),
        "moment": "2026-11-20 12:00:00",
        "applicable": True,
        "organization": ref("organization", ORGANIZATION),
        "agent": ref("counterparty", AGENT),
        "sum": 1_250_000,
        "paymentPurpose": "Заказ 42",
        "incomingNumber": "8871",
        "incomingDate": "2026-11-19 00:00:00",
        "operations": [{**ref("customerorder", uid(10)), "linkedSum": 1_250_000}],
    }


def test_a_supply_holds_services_without_vat_so_that_its_sum_is_the_reports() -> None:
    made = rendered(SUPPLY)
    assert made["vatEnabled"] is False
    assert made["positions"] == [
        {
            "assortment": ref("service", uid(11)),
            "quantity": 1,
            "price": 35_000,
            "vat": 0,
            "vatEnabled": False,
        }
    ]
    assert made["store"] == ref("store", STORE)


def test_what_is_not_known_is_left_out() -> None:
    assert "incomingDate" not in rendered(SUPPLY)
    assert None not in rendered(SUPPLY).values()


def test_a_payment_out_pays_the_whole_supply_under_its_moysklad_id() -> None:
    made = rendered(PAYMENT_OUT)
    assert made["operations"] == [{**ref("supply", SUPPLY_ID), "linkedSum": 35_000}]
    assert made["expenseItem"] == ref("expenseitem", uid(12))
    # MoySklad docs, error 22003: it excludes operations.
    assert "noClosingDocs" not in made


def test_a_payment_out_is_not_rendered_before_its_supply_is_posted() -> None:
    with pytest.raises(KeyError):
        body(PAYMENT_OUT, BASE, {}.__getitem__)


def test_a_sales_return_stands_on_its_demand() -> None:
    made = rendered(SALES_RETURN)
    assert made["demand"] == ref("demand", uid(13))
    assert made["positions"] == [
        {"assortment": ref("product", uid(14)), "quantity": 2, "price": 99_900}
    ]
    # What the demand does not show is not made up.
    assert not {"vatEnabled", "vatIncluded"} & set(made)


def test_a_sales_return_repeats_the_demands_vat() -> None:
    position = SalesReturnPosition(Ref("variant", uid(14)), 2, Minor(99_900), 20, vat_enabled=True)
    document = replace(SALES_RETURN, positions=(position,), vat_enabled=True, vat_included=False)
    made = rendered(document)
    assert (made["vatEnabled"], made["vatIncluded"]) == (True, False)
    assert [(one["vat"], one["vatEnabled"]) for one in made["positions"]] == [(20, True)]
    assert documented.unknown_keys("salesreturn", made) == []
    assert from_stored("salesreturn", to_stored(document)) == document


@pytest.mark.parametrize(
    ("document", "entity"), [(ORDER_STATE, "customerorder"), (DEMAND_STATE, "demand")]
)
def test_a_state_change_updates_the_document_and_nothing_else_of_it(
    document: StateChange, entity: str
) -> None:
    assert rendered(document) == {
        "meta": meta(f"{entity}/{document.document.id}"),
        "state": {"meta": meta(f"{entity}/metadata/states/{document.state.id}", "state")},
    }


@pytest.mark.parametrize(("length", "kept"), [(254, 254), (255, 255), (256, 255), (9000, 255)])
def test_a_long_purpose_is_cut_to_what_moysklad_takes(length: int, kept: int) -> None:
    purpose = rendered(replace(PAYMENT_IN, payment_purpose="я" * length))["paymentPurpose"]
    assert len(purpose) == kept
    assert purpose.endswith("…") == (length > 255)


# -- storage -----------------------------------------------------------------------------------

MONEY = st.integers(-(10**15), 10**15).map(Minor)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=40_000)).map(
    datetime(1990, 1, 1, tzinfo=UTC).__add__
)
TEXTS = st.text(st.characters(codec="utf-8"))
REFS = st.builds(Ref, type=st.sampled_from(["customerorder", "demand", "supply"]), id=st.uuids())
ANY_DOCUMENT: dict[type, st.SearchStrategy[Any]] = {
    kind: st.builds(
        kind,
        **{
            name: strategy
            for name, strategy in {
                "sum": MONEY,
                "moment": MOMENTS,
                "incoming_date": st.none() | MOMENTS,
                "incoming_number": st.none() | TEXTS,
                "operations": st.lists(st.builds(Operation, REFS, MONEY)).map(tuple),
                "positions": st.lists(
                    st.builds(
                        SalesReturnPosition if kind is SalesReturn else Position,
                        REFS,
                        st.integers(1, 1000),
                        MONEY,
                    )
                ).map(tuple),
            }.items()
            if name in kind.__dataclass_fields__
        },
    )
    for kind in (PaymentIn, Supply, PaymentOut, SalesReturn, StateChange)
}
STORED = st.sampled_from(list(PostingKind)).flatmap(
    lambda kind: st.tuples(st.just(kind), ANY_DOCUMENT[DOCUMENT_OF[kind]])
)


@given(STORED)
def test_a_document_comes_back_from_the_database_as_it_went(
    stored: tuple[PostingKind, Document],
) -> None:
    kind, document = stored
    assert from_stored(kind, json.loads(json.dumps(to_stored(document)))) == document


@given(STORED)
def test_a_body_is_the_same_before_and_after_storage(stored: tuple[PostingKind, Document]) -> None:
    kind, document = stored
    again = from_stored(kind, json.loads(json.dumps(to_stored(document))))
    assert body(again, BASE, lambda sync_id: sync_id) == body(
        document, BASE, lambda sync_id: sync_id
    )


@given(STORED)
def test_no_float_is_in_a_body(stored: tuple[PostingKind, Document]) -> None:
    def refuse(text: str) -> None:
        raise AssertionError(f"{text} is a float")

    json.loads(json.dumps(body(stored[1], BASE, lambda sync_id: sync_id)), parse_float=refuse)


def test_a_float_cannot_be_stored() -> None:
    with pytest.raises(TypeError, match=r"12\.5"):
        to_stored(replace(PAYMENT_IN, sum=12.5))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"sum": 12.5}, TypeError),
        ({"sum": "1250000"}, TypeError),
        ({"sum": True}, TypeError),
        ({"payment_purpose": None}, TypeError),
        ({"moment": "yesterday"}, ValueError),
        ({"sync_id": "1"}, ValueError),
        ({"extra": 1}, ValueError),
    ],
)
def test_a_spoilt_document_is_not_taken_from_the_database(
    change: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        from_stored("paymentin", to_stored(PAYMENT_IN) | change)


def test_a_document_with_a_missing_field_is_not_taken_from_the_database() -> None:
    stored = to_stored(PAYMENT_IN)
    del stored["operations"]
    with pytest.raises(ValueError, match="operations"):
        from_stored("paymentin", stored)


def test_a_document_from_before_a_field_was_known_is_taken_without_it() -> None:
    stored = to_stored(SALES_RETURN)
    del stored["vat_enabled"], stored["vat_included"]
    for position in stored["positions"]:
        del position["vat"], position["vat_enabled"]
    assert from_stored("salesreturn", stored) == SALES_RETURN


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="cashin"):
        from_stored("cashin", {})
