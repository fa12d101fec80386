"""Loading a shop: all of it, quickly, and only once."""

import psycopg2
import pytest

from sverka.demo.goods import TRACK_ATTRIBUTE
from sverka.demo.shop import Shop
from sverka.moysklad.sandbox import seed
from tests.moysklad.sandbox.conftest import Caller


def contents(url: str) -> list[tuple[object, ...]]:
    conn = psycopg2.connect(url)
    try:
        with conn.cursor() as cursor:
            cursor.execute(
                "select 'object', id::text, updated::text, body::text from sandbox.object union all"
                " select 'link', source::text, target::text, sum::text from sandbox.link"
                " order by 1, 2, 3"
            )
            return cursor.fetchall()
    finally:
        conn.close()


def test_seeding_twice_changes_nothing(empty_database_url: str, shop: Shop) -> None:
    seed(empty_database_url, shop)
    before = contents(empty_database_url)
    seed(empty_database_url, shop)
    assert before
    assert contents(empty_database_url) == before


def test_what_was_changed_since_stays_changed(api: Caller, books: str, shop: Shop) -> None:
    path = f"/entity/customerorder/{api.order.id}"
    api.put(path, {"description": "правка"})
    seed(books, shop)
    assert api.get(path).json()["description"] == "правка"


def test_every_thing_of_the_shop_is_there_under_its_own_id(api: Caller) -> None:
    shop = api.shop
    expected = {
        "customerorder": {o.id for o in shop.orders},
        "demand": {d.id for o in shop.orders for d in o.demands},
        "paymentin": {p.id for o in shop.orders for p in o.payments},
        "counterparty": {c.id for c in shop.counterparties},
        "product": {p.id for p in shop.products},
        "service": {s.id for s in shop.services},
        "expenseitem": {i.id for i in shop.expense_items},
        "store": {shop.store.id},
        "organization": {shop.organization.id},
        "currency": {shop.currency.id},
    }
    for kind, ids in expected.items():
        assert ids, kind
        assert {row["id"] for row in api.rows(f"/entity/{kind}")} == {str(id_) for id_ in ids}


def test_sums_states_and_links_are_those_of_the_shop(api: Caller) -> None:
    shown = {row["id"]: row for row in api.rows("/entity/customerorder")}
    state_ids = {(s.entity, s.name): str(s.id) for s in api.shop.states}
    for order in api.shop.orders:
        row = shown[str(order.id)]
        assert (row["name"], row["sum"]) == (order.name, order.sum)
        assert row["payedSum"] == sum(p.sum for p in order.payments)
        assert row["state"]["meta"]["href"].endswith(state_ids["customerorder", order.state])
        assert len(row.get("demands", [])) == len(order.demands)
        assert row["moment"] == order.moment.strftime("%Y-%m-%d %H:%M:00.000")


@pytest.mark.parametrize("entity", ["customerorder", "demand"])
def test_track_numbers_are_in_the_attribute(api: Caller, entity: str) -> None:
    things = (
        api.shop.orders
        if entity == "customerorder"
        else [d for o in api.shop.orders for d in o.demands]
    )
    expected = {str(thing.id): thing.track for thing in things if thing.track}
    shown = {
        row["id"]: one["value"]
        for row in api.rows(f"/entity/{entity}")
        for one in row.get("attributes", [])
        if one["name"] == TRACK_ATTRIBUTE
    }
    assert expected
    assert shown == expected
