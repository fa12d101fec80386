"""Other people in MoySklad: they pay, change states, edit, copy and throw away between the steps."""

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from sverka.demo.things import Order, Shop
from sverka.moysklad.sandbox.server import Sandbox
from tests.posting.simulation.documents import Archive, Paper
from tests.posting.simulation.wire import ROOT, Sent, run

HOST = "moysklad.test"
BASE = f"http://{HOST}{ROOT.rstrip('/')}"
TOKEN = "people"
"""They have a request budget of their own."""
HEADERS = {
    "host": HOST,
    "accept-encoding": "gzip",
    "content-type": "application/json",
    "authorization": f"Bearer {TOKEN}",
}


@dataclass
class People:
    """Colleagues of the accountant. Every method does one thing and says it in words."""

    application: Sandbox
    shop: Shop
    random: Random
    archive: Archive

    def act(self, orders: Sequence[Order]) -> str:
        """Something that has to do with one of the orders."""
        if not orders:
            return "nothing"
        order = self.random.choice(orders)
        ours = list(self.archive.alive())
        deeds: list[Callable[[], str]] = [
            lambda: self._pays(order),
            lambda: self._sets_state(order),
            lambda: self._returns(order),
        ]
        if ours:
            one = self.random.choice(ours)
            deeds += [
                lambda: self._trashes(one),
                lambda: self._edits_sum(one),
                lambda: self._comments(one),
                lambda: self._copies(one),
                lambda: self._builds_on(one),
            ]
        words = self.random.choice(deeds)()
        self.archive.look()
        return words

    def _pays(self, order: Order) -> str:
        share = self.random.choice((1, 2, 2))
        total = order.sum // share
        paid = self._new(
            "paymentin",
            {
                **self._between(order.agent.id),
                "sum": total,
                "operations": [{**_ref("customerorder", order.id), "linkedSum": total}],
            },
        )
        if paid:
            self.archive.paid_by_others[str(order.id)] += total
        return f"somebody pays {total} of order {order.name}"

    def _sets_state(self, order: Order) -> str:
        entity, document = self.random.choice(
            (("customerorder", order.id), ("demand", order.demands[0].id))
        )
        state = self.random.choice([s for s in self.shop.states if s.entity == entity])
        href = f"{BASE}/entity/{entity}/metadata/states/{state.id}"
        meta = {"href": href, "type": "state", "mediaType": "application/json"}
        self._call("PUT", f"{entity}/{document}", {"state": {"meta": meta}})
        return f"somebody sets «{state.name}» on {entity} of order {order.name}"

    def _returns(self, order: Order) -> str:
        [demand] = order.demands
        position = demand.positions[0]
        self._new(
            "salesreturn",
            {
                **self._between(order.agent.id),
                "store": _ref("store", self.shop.store.id),
                "demand": _ref("demand", demand.id),
                "positions": [
                    {
                        "assortment": _ref("product", position.product.id),
                        "quantity": 1,
                        "price": position.price,
                    }
                ],
            },
        )
        return f"somebody books a return of order {order.name}"

    def _trashes(self, one: Paper) -> str:
        self.archive.touched.add(one.id)
        self._call("DELETE", f"{one.kind}/{one.id}")
        return f"somebody throws {one.kind} {one.id} away"

    def _edits_sum(self, one: Paper) -> str:
        self.archive.touched.add(one.id)
        if one.kind in {"paymentin", "paymentout"}:
            one.order = ""
            self._call("PUT", f"{one.kind}/{one.id}", {"sum": one.sum - 1, "operations": []})
        else:
            self._call("PUT", f"{one.kind}/{one.id}", {"incomingNumber": "1"})
        return f"somebody edits {one.kind} {one.id}"

    def _comments(self, one: Paper) -> str:
        self.archive.touched.add(one.id)
        self._call("PUT", f"{one.kind}/{one.id}", {"description": "Проверено"})
        return f"somebody comments {one.kind} {one.id}"

    def _copies(self, one: Paper) -> str:
        """A copy made by hand keeps the external code."""
        if one.kind != "paymentin":
            return "nothing"
        found = self._call("GET", f"{one.kind}/{one.id}")
        if found is None:
            return "nothing"
        kept = ("organization", "agent", "sum", "externalCode", "moment")
        self._new(one.kind, {name: found[name] for name in kept if name in found})
        return f"somebody copies {one.kind} {one.id}"

    def _builds_on(self, one: Paper) -> str:
        if one.kind != "supply":
            return "nothing"
        found = self._call("GET", f"supply/{one.id}")
        if found is None:
            return "nothing"
        item = self.shop.expense_items[0].id
        self._new(
            "paymentout",
            {
                "organization": found["organization"],
                "agent": found["agent"],
                "sum": 1,
                "expenseItem": _ref("expenseitem", item),
                "operations": [{**_ref("supply", one.id), "linkedSum": 1}],
            },
        )
        return f"somebody pays for supply {one.id}"

    def _between(self, agent: UUID) -> dict[str, Any]:
        return {
            "organization": _ref("organization", self.shop.organization.id),
            "agent": _ref("counterparty", agent),
        }

    def _new(self, kind: str, body: dict[str, Any]) -> bool:
        made = self._call("POST", kind, body)
        if made is None:
            return False
        self.archive.theirs.add(UUID(made["id"]))
        return True

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to a request that meets no fault; None when MoySklad refuses it."""
        return call(self.application, method, path, body)


def call(application: Sandbox, method: str, path: str, body: Any = None) -> Any:
    """As a person's browser asks; None when MoySklad refuses."""
    switch = application.control.faults
    plan = switch.strike
    switch.strike = lambda _request: None  # type: ignore[method-assign]
    try:
        data = b"" if body is None else json.dumps(body).encode()
        found = run(application, Sent(method, f"{ROOT}entity/{path}", "", HEADERS, data))
    finally:
        switch.strike = plan  # type: ignore[method-assign]
    if found.status != 200:
        return None
    return json.loads(gzip.decompress(found.body)) if found.body else {}


def _ref(entity: str, entity_id: object) -> dict[str, Any]:
    href = f"{BASE}/entity/{entity}/{entity_id}"
    return {"meta": {"href": href, "type": entity, "mediaType": "application/json"}}
