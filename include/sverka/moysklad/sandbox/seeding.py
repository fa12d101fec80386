"""Loads a demo shop into the sandbox's database, in seconds and only once.

Ids are the shop's own; what is there already is left alone, so seeding again changes nothing.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg2 import extras

from sverka.clock import MOSCOW
from sverka.demo.goods import DELIVERY_ATTRIBUTE, TRACK_ATTRIBUTE
from sverka.moysklad.sandbox.baseline import mark
from sverka.moysklad.sandbox.bodies import defaults_of
from sverka.moysklad.sandbox.links import links_of
from sverka.moysklad.sandbox.model import ENTITIES
from sverka.moysklad.sandbox.positions import totals
from sverka.moysklad.sandbox.storage import Database, Store, Stored
from sverka.moysklad.sandbox.values import shown

if TYPE_CHECKING:
    from sverka.demo.shop import Counterparty, Demand, Named, Order, Payment, Position, Shop

Body = dict[str, Any]
_PAGE = 1000
_NUMERIC_CODES = {"RUB": "643"}


def seed(database_url: str, shop: "Shop") -> None:
    """Puts the shop's dictionaries, orders, demands and payments into the database.

    When any of it is new, the state after that is what a reset goes back to.
    The sandbox may run meanwhile; it need not.
    """
    database = Database(database_url)
    try:
        with database.transaction() as store:
            store.lock_writers()
            store.set_account_id(shop.account_id)
            if _insert(store, list(_Seeder(shop).everything())):
                mark(store)
    finally:
        database.close()


class _Seeder:
    """Turns a shop into stored objects."""

    def __init__(self, shop: "Shop") -> None:
        self._shop = shop
        self._first = min(_moscow(order.moment) for order in shop.orders)
        self._states = {(state.entity, state.name): state.id for state in shop.states}
        self._attributes = {(one.entity, one.name): str(one.id) for one in shop.attributes}

    def everything(self) -> Iterator[Stored]:
        yield from self._dictionaries()
        yield from self._definitions()
        for order in self._shop.orders:
            yield self._order(order)
            for demand in order.demands:
                yield self._demand(order, demand)
            for payment in order.payments:
                yield self._payment(order, payment)

    def _dictionaries(self) -> Iterator[Stored]:
        shop = self._shop
        yield self._company("organization", shop.organization.id, shop.organization.name, "legal")
        for one in shop.counterparties:
            yield self._company("counterparty", one.id, one.name, one.company_type)
        yield self._named("store", shop.store)
        for item in shop.expense_items:
            yield self._named("expenseitem", item)
        for service in shop.services:
            yield self._named("service", service)
        code = shop.currency.name
        body = {"name": code, "isoCode": code, "code": _NUMERIC_CODES[code]}
        yield self._old("currency", shop.currency.id, body)
        for product in shop.products:
            yield self._old("product", product.id, {"name": product.name, "code": product.code})

    def _definitions(self) -> Iterator[Stored]:
        for state in self._shop.states:
            body = {
                "parent": state.entity,
                "name": state.name,
                "color": state.color,
                "stateType": state.type,
            }
            yield self._old("state", state.id, body)
        for attribute in self._shop.attributes:
            body = {"parent": attribute.entity, "name": attribute.name, "type": attribute.type}
            yield self._old("attributemetadata", attribute.id, body)

    def _company(self, kind: str, id_: UUID, name: str, company_type: str) -> Stored:
        return self._old(kind, id_, {"name": name, "companyType": company_type})

    def _named(self, kind: str, named: "Named") -> Stored:
        return self._old(kind, named.id, {"name": named.name})

    def _old(self, kind: str, id_: UUID, body: Body) -> Stored:
        """Something that was there before the first order."""
        if kind in ENTITIES:
            body = defaults_of(ENTITIES[kind]) | {"externalCode": id_.hex[:22]} | body
        return Stored(id_, kind, None, self._first, self._first, body=body)

    def _order(self, order: "Order") -> Stored:
        body = self._document("customerorder", order.agent, order.name, order.moment)
        body |= _goods(order.positions)
        self._marked(body, "customerorder", order.state, order.track)
        self._fill(body, "customerorder", DELIVERY_ATTRIBUTE, self._carrier(order))
        return _stored("customerorder", order.id, order.moment, body)

    def _demand(self, order: "Order", demand: "Demand") -> Stored:
        body = self._document("demand", order.agent, demand.name, demand.moment)
        body |= _goods(demand.positions)
        body["customerOrder"] = f"customerorder/{order.id}"
        self._marked(body, "demand", demand.state, demand.track)
        return _stored("demand", demand.id, demand.moment, body)

    def _payment(self, order: "Order", payment: "Payment") -> Stored:
        body = self._document("paymentin", order.agent, payment.name, payment.moment)
        del body["store"]
        operation = {"document": f"customerorder/{order.id}", "linkedSum": int(payment.sum)}
        body |= {"sum": int(payment.sum), "vatSum": 0, "operations": [operation]}
        return _stored("paymentin", payment.id, payment.moment, body)

    def _document(self, kind: str, agent: "Counterparty", name: str, moment: datetime) -> Body:
        return {
            "name": name,
            "externalCode": f"{kind}-{name}",
            "moment": shown(_moscow(moment).replace(second=0, microsecond=0)),
            "applicable": True,
            "organization": f"organization/{self._shop.organization.id}",
            "agent": f"counterparty/{agent.id}",
            "store": f"store/{self._shop.store.id}",
            "printed": False,
            "published": False,
        }

    def _marked(self, body: Body, kind: str, state: str, track: str | None) -> None:
        body["state"] = f"{kind}/metadata/states/{self._states[kind, state]}"
        self._fill(body, kind, TRACK_ATTRIBUTE, track)

    def _carrier(self, order: "Order") -> str | None:
        courier = self._shop.couriers.get(order.courier)
        return courier.name if courier else None

    def _fill(self, body: Body, kind: str, attribute: str, value: str | None) -> None:
        if value is not None:
            body.setdefault("attributes", {})[self._attributes[kind, attribute]] = value


def _goods(positions: "tuple[Position, ...]") -> Body:
    rows = [
        {
            "id": str(position.id),
            "assortment": f"product/{position.product.id}",
            "quantity": str(position.quantity),
            "price": int(position.price),
            "discount": "0",
            "vat": 0,
            "vatEnabled": False,
        }
        for position in positions
    ]
    body: Body = {"vatEnabled": True, "vatIncluded": True, "positions": rows}
    body["sum"], body["vatSum"] = totals(rows, body)
    return body


def _stored(kind: str, id_: UUID, moment: datetime, body: Body) -> Stored:
    when = _moscow(moment)
    return Stored(id_, kind, None, when, when, body=body)


def _moscow(moment: datetime) -> datetime:
    return moment.astimezone(MOSCOW).replace(tzinfo=None)


def _insert(store: Store, objects: list[Stored]) -> bool:
    """Whether any of the objects is new."""
    new = extras.execute_values(
        store.cursor,
        "insert into sandbox.object (id, type, sync_id, created, updated, body) values %s"
        " on conflict do nothing returning id",
        [(o.id, o.type, o.sync_id, o.created, o.updated, extras.Json(o.body)) for o in objects],
        page_size=_PAGE,
        fetch=True,
    )
    fresh = {row[0] for row in new}
    links = [
        (stored.id, *link)
        for stored in objects
        if stored.id in fresh and stored.type in ENTITIES
        for link in links_of(ENTITIES[stored.type], stored.body)
    ]
    if links:
        extras.execute_values(
            store.cursor,
            "insert into sandbox.link (source, field, target, sum) values %s",
            links,
            page_size=_PAGE,
        )
    return bool(fresh)
