"""What tests of undoing need: a booked file, people who meddle, and the balance in MoySklad."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import requests

from sverka.demo.shop import Order
from sverka.errors import TryLater
from sverka.moysklad.wire import minor
from sverka.posting.undo import Undone, undo
from sverka.snapshot.mirror import mirror
from tests.posting.conftest import DOCUMENTS, Desk
from tests.support.sandbox import TOKEN

WHO = "бухгалтер"
FEE = 25_000


@dataclass(frozen=True)
class Booked:
    """A posted file of a courier that nets its fees, one delivered order per line."""

    file_id: int
    orders: tuple[Order, ...]
    lines: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(order.sum for order in self.orders)


def delivered(desk: Desk, orders: Sequence[Order], courier: str = "dalli") -> Booked:
    """The file with its lines, not planned yet."""
    desk.mirror(*orders)
    file_id = desk.books.file(courier)
    lines = [
        desk.books.line(file_id, order.name, order.sum, fee_delivery=FEE, payout=order.sum - FEE)
        for order in orders
    ]
    return Booked(file_id, tuple(orders), tuple(lines))


def booked(desk: Desk, count: int = 2) -> Booked:
    file = delivered(desk, desk.orders("dalli")[:count])
    desk.settle(file.file_id)
    assert desk.in_moysklad(file.file_id) == dict.fromkeys(DOCUMENTS[:3], count)
    return file


def undone(desk: Desk, file_id: int) -> Undone:
    """Undoes until it succeeds, waiting as long as each attempt asks for."""
    for _ in range(10):
        try:
            return undo(desk.services, file_id, WHO)
        except TryLater as later:
            desk.clock.advance(seconds=later.seconds)
    raise AssertionError("undoing never came to an end")


def balance(desk: Desk) -> dict[str, int]:
    """Sums of the live documents that Sverka made, by kind, in minor units."""
    ours = {row[0] for row in desk.books.run("select sync_id::text from posting")}
    client = desk.sandbox.client()
    return {
        kind: total
        for kind in DOCUMENTS
        if (total := sum(minor(r["sum"]) for r in client.rows(kind) if r.get("syncId") in ours))
    }


def call(desk: Desk, method: str, path: str, body: object = None) -> Any:
    """What a person does in MoySklad."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept-Encoding": "gzip"}
    answer = requests.request(
        method,
        f"{desk.sandbox.connection.url}/entity/{path}",
        json=body,
        headers=headers,
        timeout=10,
    )
    answer.raise_for_status()
    return answer.json() if answer.content else None


def moysklad_id(desk: Desk, kind: str, line: int) -> UUID:
    [[found]] = desk.books.run(
        "select moysklad_id::text from posting where kind = %s and line_id = %s "
        "and state <> 'reversed'",
        kind,
        line,
    )
    return UUID(found)


def reference(desk: Desk, entity: str, entity_id: object) -> dict[str, Any]:
    href = f"{desk.sandbox.connection.url}/entity/{entity}/{entity_id}"
    return {"meta": {"href": href, "type": entity, "mediaType": "application/json"}}


def set_state(desk: Desk, entity: str, entity_id: UUID, name: str) -> None:
    state = desk.sandbox.client().states(entity)[name]
    href = f"{desk.sandbox.connection.url}/entity/{entity}/metadata/states/{state}"
    meta = {"href": href, "type": "state", "mediaType": "application/json"}
    call(desk, "PUT", f"{entity}/{entity_id}", {"state": {"meta": meta}})


def see(desk: Desk) -> None:
    """Brings the snapshot up to what MoySklad shows now."""
    desk.clock.advance(seconds=1)
    mirror(desk.services)


def states(desk: Desk, file_id: int) -> set[str]:
    """The states of the file's postings."""
    rows = desk.books.run("select distinct state from posting where file_id = %s", file_id)
    return {state for (state,) in rows}
