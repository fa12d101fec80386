"""The demo shop: the same every time, without invented people, with the peculiarities planted."""

import re
from collections import Counter
from datetime import date
from uuid import UUID

import pytest
import yaml

from sverka.demo import goods
from sverka.demo.shop import LAST_DAY, Order, Shop, build_shop
from sverka.settings import INCLUDE

SHAPES = {
    "cdek": r"\d{10,11}",
    "dalli": r"[A-Z]\d{7}",
    "yandex_market": r"\d{11}",
    "gorod": r"GK-\d{6}",
}


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop()


def test_the_same_seed_gives_the_same_shop(shop: Shop) -> None:
    assert build_shop() == shop


def test_another_seed_gives_another_shop_with_other_ids(shop: Shop) -> None:
    other = build_shop(seed=7, orders=200)

    assert not {order.id for order in other.orders} & {order.id for order in shop.orders}


def test_a_shop_too_small_for_its_peculiarities_is_not_built() -> None:
    with pytest.raises(ValueError, match="200"):
        build_shop(orders=199)


@pytest.mark.parametrize("orders", [200, 333, 2000])
def test_it_has_the_orders_asked_for_and_a_namesake_per_courier_from_last_year(orders: int) -> None:
    made = build_shop(orders=orders).orders

    assert len(made) == orders + 4
    assert sum(order.moment.year == 2025 for order in made) == 4


def test_no_id_is_used_twice(shop: Shop) -> None:
    ids: list[UUID] = [entity.id for entity in (*shop.counterparties, *shop.products)]
    ids += [entity.id for entity in (*shop.services, *shop.expense_items, *shop.states)]
    for order in shop.orders:
        ids += [order.id, *(p.id for p in order.positions), *(p.id for p in order.payments)]
        for demand in order.demands:
            ids += [demand.id, *(p.id for p in demand.positions)]

    assert len(ids) > 10_000
    assert [found for found, times in Counter(ids).items() if times > 1] == []


def test_no_document_name_is_used_twice_except_by_namesakes(shop: Shop) -> None:
    demands = Counter(demand.name for order in shop.orders for demand in order.demands)
    orders = Counter(order.name for order in shop.orders)

    assert set(orders.values()) == {1, 2}
    assert {n for n, times in orders.items() if times == 2} == {
        order.name for order in shop.quirks["namesake"]
    }
    assert sum(times - 1 for times in demands.values()) == 4


def test_buyers_are_numbers_and_no_people(shop: Shop) -> None:
    assert all(re.fullmatch(r"Покупатель \d{4}", buyer.name) for buyer in shop.buyers)


def test_couriers_are_those_of_the_installation(shop: Shop) -> None:
    written = {
        terms["courier"]: terms["counterparty"]
        for terms in (
            yaml.safe_load(path.read_text(encoding="utf-8"))
            for path in (INCLUDE / "couriers").glob("*.yaml")
        )
    }

    assert shop.couriers
    # The installation knows more couriers than the demo shop works with.
    assert {
        code: courier.name for code, courier in shop.couriers.items()
    }.items() <= written.items()


def test_every_name_a_posting_scheme_uses_exists_in_the_shop(shop: Shop) -> None:
    schemes = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (INCLUDE / "posting_schemes").glob("*.yaml")
    ]
    services = {name for scheme in schemes for name in scheme["supply"]["services"].values()}
    items = {scheme["paymentout"]["expense_item"] for scheme in schemes if "paymentout" in scheme}
    states = {
        (entity, name)
        for scheme in schemes
        for of_outcome in scheme["states"].values()
        for entity, name in of_outcome.items()
    }

    assert services == set(goods.SERVICES)
    assert items <= {item.name for item in shop.expense_items}
    assert states <= {(state.entity, state.name) for state in shop.states}


def test_every_state_of_a_document_is_defined(shop: Shop) -> None:
    defined = {(state.entity, state.name) for state in shop.states}

    assert {("customerorder", order.state) for order in shop.orders} <= defined
    assert {("demand", d.state) for order in shop.orders for d in order.demands} <= defined


@pytest.mark.parametrize("courier", sorted(SHAPES))
def test_parcels_have_the_couriers_shape_and_are_unique(shop: Shop, courier: str) -> None:
    parcels = [o.parcel for o in shop.orders if o.courier == courier and o.parcel]

    assert len(parcels) > 400
    assert len(set(parcels)) == len(parcels)
    assert all(re.fullmatch(SHAPES[courier], parcel) for parcel in parcels)


def test_orders_are_from_the_last_weeks(shop: Shop) -> None:
    days = [order.moment.date() for order in shop.orders if order.moment.year == 2026]

    assert min(days) >= date(2026, 10, 6)
    assert max(days) <= LAST_DAY


def test_what_is_shipped_is_what_was_ordered(shop: Shop) -> None:
    shipped = [order for order in shop.orders if order.demands]

    assert len(shipped) > 1800
    assert all(sum(d.sum for d in order.demands) == order.sum for order in shipped)
    assert all(
        isinstance(p.price, int) and p.price > 0 for order in shop.orders for p in order.positions
    )


def test_a_prepaid_order_has_nothing_due_and_a_cod_order_everything(shop: Shop) -> None:
    plain = [order for order in shop.orders if order.quirk is None and order.moment.year == 2026]

    assert {order.due for order in plain if order.prepaid} == {0}
    assert all(order.due == order.sum > 0 for order in plain if not order.prepaid)
    assert 0.1 < sum(order.prepaid for order in plain) / len(plain) < 0.3


PLANTED = {
    "cancelled": lambda order: order.state == "Отменен" and not order.demands and order.parcel,
    "not_shipped": lambda order: order.state == "Новый" and not order.demands and order.parcel,
    "already_paid": lambda order: order.due == 0 and not order.prepaid and order.demands,
    "look_alike": lambda order: order.name.startswith("ВС-") and order.name.isascii() is False,
    "two_demands": lambda order: len(order.demands) == 2 and all(d.sum > 0 for d in order.demands),
    "namesake": lambda order: order.moment.year == 2025 or order.due == order.sum,
}


@pytest.mark.parametrize("quirk", sorted(PLANTED))
@pytest.mark.parametrize("orders", [200, 2000])
def test_every_courier_has_every_peculiar_order(quirk: str, orders: int) -> None:
    planted: tuple[Order, ...] = build_shop(orders=orders).quirks[quirk]

    assert {order.courier for order in planted} == set(SHAPES)
    assert all(PLANTED[quirk](order) for order in planted)


def test_namesakes_share_a_number_and_nothing_else(shop: Shop) -> None:
    pairs = Counter(order.name for order in shop.quirks["namesake"])

    assert set(pairs.values()) == {2}
    old = [order for order in shop.quirks["namesake"] if order.moment.year == 2025]
    assert all(order.parcel is None and order.track is None for order in old)
    assert all(demand.track is None for order in old for demand in order.demands)
