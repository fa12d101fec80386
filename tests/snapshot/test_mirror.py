"""The mirror of MoySklad: whole, repeatable, never older than it was."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
import requests

from sverka.demo.shop import Order, Shop
from sverka.money import Minor
from sverka.moysklad.client import MoySklad, Saved
from sverka.moysklad.documents import Operation, PaymentIn, Ref, body
from sverka.moysklad.errors import Transient
from sverka.moysklad.wire import reference, state_reference
from sverka.services import Services
from sverka.snapshot import Mirrored, mirror
from tests.conftest import FrozenClock
from tests.support.sandbox import TOKEN, RunningSandbox

Ask = Callable[..., list[tuple[Any, ...]]]

EVERYTHING = (
    "select id, name, external_code, moment, organization_id, agent_id, sum, payed_sum, currency,"
    " state_id, applicable, track, name_key, track_key, deleted, updated from snapshot_order order by id",
    "select id, name, order_id, moment, organization_id, agent_id, store_id, sum, payed_sum,"
    " currency, state_id, applicable, track, track_key, deleted, updated from snapshot_demand order by id",
    "select id, demand_id, sum, applicable, deleted, updated from snapshot_salesreturn order by id",
    "select id, entity, name, state_type from snapshot_state order by id",
)


def picture(ask: Ask) -> list[list[tuple[Any, ...]]]:
    return [ask(statement) for statement in EVERYTHING]


def change_state(client: MoySklad, entity: str, entity_id: UUID, name: str) -> UUID:
    state = client.states(entity)[name]
    client.save(
        entity,
        [
            reference(client.base_url, entity, entity_id)
            | {"state": state_reference(client.base_url, entity, state)}
        ],
    )
    return state


def throw_away(sandbox: RunningSandbox, entity: str, entity_id: UUID) -> None:
    answer = requests.delete(
        f"{sandbox.connection.url}/entity/{entity}/{entity_id}",
        headers={"Authorization": f"Bearer {TOKEN}", "Accept-Encoding": "gzip"},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text


def test_the_first_time_everything_is_mirrored(services: Services, shop: Shop, ask: Ask) -> None:
    demands = [demand for order in shop.orders for demand in order.demands]
    mirrored = mirror(services)
    assert (mirrored.orders, mirrored.demands) >= (len(shop.orders), len(demands))
    assert mirrored.states == 8
    assert dict(ask("select id::text, sum from snapshot_order")) == {
        str(order.id): order.sum for order in shop.orders
    }
    assert dict(ask("select id::text, order_id::text from snapshot_demand")) == {
        str(demand.id): str(order.id) for order in shop.orders for demand in order.demands
    }


def test_the_names_of_counterparties_are_kept_for_people(
    services: Services, shop: Shop, ask: Ask
) -> None:
    assert mirror(services).counterparties >= len(shop.counterparties)
    names = dict(ask("select id::text, name from snapshot_counterparty"))
    assert names.items() >= {str(one.id): one.name for one in shop.counterparties}.items()


def test_sums_paid_tracks_and_states_are_the_shops(
    services: Services, shop: Shop, ask: Ask
) -> None:
    mirror(services)
    rows = ask(
        "select o.id::text, o.payed_sum, o.track, o.currency, s.name from snapshot_order o"
        " join snapshot_state s on s.id = o.state_id and s.entity = 'customerorder'"
    )
    assert sorted(rows, key=str) == sorted(
        [
            (
                str(order.id),
                sum(payment.sum for payment in order.payments),
                order.track,
                shop.currency.name,
                order.state,
            )
            for order in shop.orders
        ],
        key=str,
    )
    assert ask("select count(*) from snapshot_order where name_key = ''") == [(0,)]
    assert {row[0] for row in ask("select state_type from snapshot_state")} == {
        "Regular",
        "Successful",
        "Unsuccessful",
    }


def test_repeating_changes_nothing_but_the_time_of_looking(
    services: Services, ask: Ask, clock: FrozenClock
) -> None:
    mirror(services)
    before = picture(ask)
    cursors = ask("select entity, updated_upto from snapshot_cursor where entity <> '*' order by 1")
    clock.advance(seconds=60)
    mirror(services)
    assert picture(ask) == before
    assert (
        ask("select entity, updated_upto from snapshot_cursor where entity <> '*' order by 1")
        == cursors
    )
    assert ask("select distinct loaded_at from snapshot_cursor") == [(clock.now,)]


def test_the_second_time_only_the_end_is_read_again(services: Services) -> None:
    first = mirror(services)
    second = mirror(services)
    assert 0 < second.orders < first.orders / 10


def test_the_cursor_is_the_newest_change_by_moysklads_own_clock(
    services: Services, ask: Ask
) -> None:
    mirror(services)
    assert ask(
        "select updated_upto = (select max(updated) from snapshot_order) from snapshot_cursor"
        " where entity = 'customerorder'"
    ) == [(True,)]


def test_what_changed_is_mirrored_the_next_time(
    services: Services, client: MoySklad, shop: Shop, ask: Ask
) -> None:
    mirror(services)
    order = next(order for order in shop.orders if order.demands)
    demand = order.demands[0]
    order_state = change_state(client, "customerorder", order.id, "Выполнен")
    demand_state = change_state(client, "demand", demand.id, "Возвращен")
    mirror(services)
    assert ask("select state_id::text from snapshot_order where id = %s", str(order.id)) == [
        (str(order_state),)
    ]
    assert ask("select state_id::text from snapshot_demand where id = %s", str(demand.id)) == [
        (str(demand_state),)
    ]


def test_what_was_thrown_away_is_marked_and_kept(
    services: Services, sandbox: RunningSandbox, shop: Shop, ask: Ask
) -> None:
    mirror(services)
    order = next(order for order in shop.orders if not order.demands)
    throw_away(sandbox, "customerorder", order.id)
    mirror(services)
    assert ask("select id::text from snapshot_order where deleted") == [(str(order.id),)]
    assert ask("select count(*) from snapshot_order") == [(len(shop.orders),)]
    mirror(services)
    assert ask("select id::text from snapshot_order where deleted") == [(str(order.id),)]


def test_rows_know_when_they_were_asked_for(
    services: Services, ask: Ask, clock: FrozenClock
) -> None:
    mirror(services)
    assert ask("select distinct fetched_at from snapshot_order") == [(clock.now,)]


def test_an_older_picture_never_replaces_a_newer_one(
    services: Services, shop: Shop, ask: Ask
) -> None:
    mirror(services)
    order = shop.orders[0]
    ask(
        "update snapshot_order set updated = now() + interval '1 day', payed_sum = 7 where id = %s",
        str(order.id),
    )
    ask("delete from snapshot_cursor")
    mirror(services)
    assert ask("select payed_sum from snapshot_order where id = %s", str(order.id)) == [(7,)]


def test_of_two_pictures_with_one_time_the_later_look_wins(
    services: Services, shop: Shop, ask: Ask, clock: FrozenClock
) -> None:
    mirror(services)
    order = shop.orders[0]
    spoil = "update snapshot_order set payed_sum = 7 where id = %s"
    ask(spoil, str(order.id))
    ask("delete from snapshot_cursor")
    clock.advance(seconds=-60)
    mirror(services)
    assert ask("select payed_sum from snapshot_order where id = %s", str(order.id)) == [(7,)]
    ask("delete from snapshot_cursor")
    clock.advance(seconds=120)
    mirror(services)
    assert ask("select payed_sum from snapshot_order where id = %s", str(order.id)) != [(7,)]


class CutOff:
    """The client until it has given `pages` pages of orders; then MoySklad is away."""

    def __init__(self, client: MoySklad, pages: int) -> None:
        self._client = client
        self._left = pages

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def page(self, entity: str, **options: Any) -> list[dict[str, Any]]:
        if entity == "customerorder":
            if self._left == 0:
                raise Transient("away", seconds=60)
            self._left -= 1
        return self._client.page(entity, **options)


@pytest.mark.parametrize("pages", [0, 1, 2])
def test_cut_off_in_the_middle_it_keeps_what_it_has_and_finishes_later(
    services: Services, ask: Ask, client: MoySklad, pages: int, shop: Shop
) -> None:
    cut_off = cast("MoySklad", CutOff(client, pages))
    with pytest.raises(Transient):
        mirror(replace(services, moysklad=lambda: cut_off))
    (kept,) = ask("select count(*) from snapshot_order")
    assert kept == (min(pages * 1000, len(shop.orders)),)
    cursors = {row[0] for row in ask("select entity from snapshot_cursor")}
    assert "customerorder" not in cursors
    mirror(services)
    again = picture(ask)
    ask("delete from snapshot_cursor")
    for table in ("snapshot_order", "snapshot_demand", "snapshot_salesreturn", "snapshot_state"):
        ask(f"delete from {table}")
    mirror(services)
    assert picture(ask) == again


def test_two_at_once_take_turns(services: Services, shop: Shop, ask: Ask) -> None:
    failures: list[Exception] = []

    def run() -> None:
        try:
            mirror(services)
        except Exception as error:  # noqa: BLE001 - the thread hands it to the test
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert ask("select count(*) from snapshot_order") == [(len(shop.orders),)]


def pay(client: MoySklad, shop: Shop, order: Order, amount: int) -> UUID:
    document = PaymentIn(
        sync_id=uuid4(),
        moment=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        organization=Ref("organization", shop.organization.id),
        agent=Ref("counterparty", order.agent.id),
        sum=Minor(amount),
        incoming_number=None,
        incoming_date=None,
        payment_purpose="",
        operations=(Operation(Ref("customerorder", order.id), Minor(amount)),),
    )
    (saved,) = client.save("paymentin", [body(document, client.base_url, lambda sync_id: sync_id)])
    assert isinstance(saved, Saved)
    return saved.id


def paid(ask: Ask, order: Order) -> int:
    ((amount,),) = ask("select payed_sum from snapshot_order where id = %s", str(order.id))
    return int(amount)


def test_a_payment_shows_on_its_order_though_the_order_itself_did_not_change(
    services: Services, client: MoySklad, shop: Shop, ask: Ask, clock: FrozenClock
) -> None:
    mirror(services)
    order = shop.orders[0]
    before = paid(ask, order)
    pay(client, shop, order, 12_345)
    clock.advance(seconds=60)
    mirror(services)
    assert paid(ask, order) == before + 12_345


def test_a_payment_that_was_thrown_away_is_open_on_its_order_again(
    services: Services,
    client: MoySklad,
    sandbox: RunningSandbox,
    shop: Shop,
    ask: Ask,
    clock: FrozenClock,
) -> None:
    mirror(services)
    order = shop.orders[0]
    before = paid(ask, order)
    payment = pay(client, shop, order, 12_345)
    clock.advance(seconds=60)
    mirror(services)
    throw_away(sandbox, "paymentin", payment)
    clock.advance(seconds=60)
    mirror(services)
    assert paid(ask, order) == before


def test_the_first_time_old_payments_are_not_read_one_by_one(
    services: Services, sandbox: RunningSandbox, ask: Ask
) -> None:
    mirror(services)
    assert sandbox.requests_seen()["by_route"]["GET /entity/paymentin"] <= 3
    assert ask(
        "select updated_upto > '2026-01-01' from snapshot_cursor where entity = 'paymentin'"
    ) == [(True,)]


def test_who_waited_while_a_later_reading_ran_does_not_read_again(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    asked = clock.now
    clock.advance(seconds=30)
    mirror(services)
    before = sandbox.requests_seen()
    waited = mirror(replace(services, clock=lambda: asked))
    assert waited == Mirrored(states=0, orders=0, demands=0, salesreturns=0)
    assert sandbox.requests_seen() == before


def test_a_reading_that_began_before_the_question_is_not_enough(
    services: Services, clock: FrozenClock
) -> None:
    mirror(services)
    clock.advance(seconds=1)
    assert mirror(services).states > 0
