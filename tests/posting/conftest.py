"""Fixtures of posting: a desk with the sandbox and the demo shop, or books alone."""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import pytest

from sverka.database.connection import Connection
from sverka.demo.shop import Order, Shop, build_shop
from sverka.intake.storage import Storage
from sverka.posting.approve import approve
from sverka.posting.plan import Planned, plan
from sverka.posting.send import Sent, send
from sverka.services import Services
from sverka.settings import INCLUDE, Settings
from tests.conftest import FrozenClock, fresh_database
from tests.support.books import Books
from tests.support.sandbox import RunningSandbox, sandbox
from tests.support.witness import witnessed

__all__ = ["sandbox"]

DOCUMENTS = ("paymentin", "supply", "paymentout", "salesreturn")


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=200)


def settings_of(database_url: str, sandbox_url: str, couriers: Path, storage: Path) -> Settings:
    connection = RunningSandbox(sandbox_url).connection
    return Settings(database_url, f"file://{storage}", {}, (), connection, couriers=couriers)


@dataclass
class Desk:
    """An accountant's view: the shop, files with lines, and what MoySklad shows."""

    shop: Shop
    books: Books
    sandbox: RunningSandbox
    services: Services
    clock: FrozenClock
    couriers: Path

    def orders(self, courier: str = "gorod", *, positions: int = 1) -> list[Order]:
        """Plain shipped orders of the courier that nobody has paid."""
        return [
            order
            for order in self.shop.orders
            if order.courier == courier
            and order.quirk is None
            and order.state == "Отгружен"
            and not order.payments
            and len(order.demands) == 1
            and len(order.positions) >= positions
        ]

    def mirror(self, *orders: Order) -> None:
        """Puts the orders and their demands into the snapshot."""
        states = {(state.entity, state.name): state.id for state in self.shop.states}
        organization = {"organization_id": self.shop.organization.id}
        for order in orders:
            who = organization | {"agent_id": order.agent.id}
            state = states["customerorder", order.state]
            self.books.order(order.name, order.sum, id=order.id, state_id=state, **who)
            for demand in order.demands:
                self.books.demand(
                    order.id,
                    demand.sum,
                    id=demand.id,
                    state_id=states["demand", demand.state],
                    store_id=self.shop.store.id,
                    **who,
                )

    def terms(self, courier: str, **changes: Any) -> None:
        """Changes the courier's file."""
        path = self.couriers / f"{courier}.yaml"
        kept = [
            line
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.partition(":")[0] not in changes
        ]
        added = [f"{name}: {value}" for name, value in changes.items()]
        path.write_text("\n".join([*kept, *added]) + "\n", encoding="utf-8")

    def plan(self, file_id: int) -> Planned:
        return plan(self.services, file_id)

    def settle(self, file_id: int) -> Sent:
        plan(self.services, file_id)
        approve(self.services, file_id, "policy")
        return send(self.services, file_id)

    def send(self, file_id: int) -> Sent:
        return send(self.services, file_id)

    def in_moysklad(self, file_id: int | None = None) -> dict[str, int]:
        """How many live documents of each kind Sverka has made there."""
        ours = {
            row[0]
            for row in self.books.run(
                "select sync_id::text from posting"
                + (f" where file_id = {file_id}" if file_id else "")
            )
        }
        client = self.sandbox.client()
        found = Counter(
            kind for kind in DOCUMENTS for row in client.rows(kind) if row.get("syncId") in ours
        )
        return dict(found)

    def document(self, kind: str, line: int | None = None) -> dict[str, Any]:
        """MoySklad's picture of the only document of this kind (of this line)."""
        where = f"and line_id = {line}" if line else ""
        rows = self.books.run(
            f"select moysklad_id::text from posting where kind = '{kind}' {where}"
        )
        [[moysklad_id]] = rows
        expand = [] if kind.startswith("payment") else ["positions"]
        body = self.sandbox.client().get(kind, UUID(moysklad_id), expand=expand)
        assert body is not None
        return body

    def state_of(self, entity: str, entity_id: UUID) -> str:
        body = self.sandbox.client().get(entity, entity_id, expand=["state"])
        assert body is not None
        name: str = body["state"]["name"]
        return name

    def postings(self) -> dict[str, dict[str, int]]:
        """Number of postings by kind and state."""
        found: dict[str, dict[str, int]] = {}
        for kind, state, count in self.books.run(
            "select kind, state, count(*) from posting group by 1, 2 order by 1, 2"
        ):
            found.setdefault(kind, {})[state] = count
        return found


@pytest.fixture
def desk(
    database_url: str, sandbox: RunningSandbox, shop: Shop, clock: FrozenClock, tmp_path: Path
) -> Iterator[Desk]:
    couriers = tmp_path / "couriers"
    shutil.copytree(INCLUDE / "couriers", couriers)
    settings = settings_of(database_url, sandbox.origin, couriers, tmp_path)
    client = sandbox.client()
    services = Services(
        settings=settings,
        storage=Storage(settings.storage_url, {}),
        moysklad=lambda: client,
        clock=clock,
    )
    with witnessed(database_url):
        yield Desk(shop, Books(database_url), sandbox, services, clock, couriers)


@dataclass(frozen=True)
class Noted(Services):
    """Services that tell which locks were held."""

    locks: list[str] = field(default_factory=list)

    def hold(self, lock: str) -> AbstractContextManager[None]:
        self.locks.append(lock)
        return super().hold(lock)


@pytest.fixture(scope="module")
def books(server_url: str, template_database: str) -> Iterator[Books]:
    """One for all tests of a module: each has files (or a courier) of its own."""
    for url in fresh_database(server_url, template_database):
        yield Books(url)


@pytest.fixture
def courier() -> str:
    """One that no other test has files of."""
    return f"courier {uuid4()}"


@pytest.fixture
def conn(books: Books) -> Iterator[Connection]:
    """Every statement is committed at once."""
    connection = psycopg2.connect(books.url)
    connection.autocommit = True
    yield connection
    connection.close()


@pytest.fixture
def services(books: Books, clock: FrozenClock, tmp_path: Path) -> Noted:
    """Of these books, without MoySklad: who needs it puts its own in."""
    settings = Settings(books.url, f"file://{tmp_path}", {}, (), None)
    storage = Storage(settings.storage_url, {})
    return Noted(settings, storage, lambda: pytest.fail("MoySklad was asked"), clock)
