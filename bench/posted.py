"""How fast documents get into MoySklad: a file's plan → approval → sending against the sandbox.

The sandbox is a server in a process of its own with the documented limits: 45 units per three
seconds, the weight of the day, five requests at once.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import requests

from bench.apart import create_database
from local.state import free_port
from sverka import settling
from sverka.database.connection import connect
from sverka.database.migrate import migrate
from sverka.demo.registers import payable, settled_register
from sverka.demo.shop import Order, Shop, build_shop
from sverka.intake.intake import take
from sverka.intake.zones import Zone
from sverka.moysklad.sandbox import seed
from sverka.moysklad.sandbox.limits import WINDOW_SECONDS, Limits, weight_on
from sverka.services import Services, services_from
from sverka.settings import MoySkladConnection, Settings

TOKEN = "bench"
BEFORE = ("recognise", "parse", "check", "reconcile")
POSTING: tuple[tuple[str, Callable[[Services, int], object]], ...] = (
    ("plan", settling.plan),
    ("approve", settling.approve),
    ("send", settling.send),
)
_PAYABLE_OF_ALL = 3
"""More than one order in three of the demo shop is shipped and not paid."""


@dataclass
class Posted:
    """What posting one file took, as the sandbox counted it."""

    documents: int
    """Documents and changes of state that stand in the sandbox."""
    seconds: dict[str, float] = field(default_factory=dict)
    """By step."""
    writes: int = 0
    look_ups: int = 0
    refused_429: int = 0
    units_of_request: int = 1

    @property
    def requests(self) -> int:
        """All of them."""
        return self.writes + self.look_ups

    @property
    def share_of_rate(self) -> float:
        """Units that were used of those that the time of sending allowed."""
        rate = Limits().rate or 1
        allowed = rate * sum(self.seconds.values()) / WINDOW_SECONDS
        return self.requests * self.units_of_request / allowed


def post(server_url: str, folder: Path, documents: int) -> Posted:
    """Posts a register with so many orders; see `Posted`.

    Raises:
        RuntimeError: a payment is missing in the sandbox, or there more than once.
    """
    shop, orders = _shop(documents)
    sandbox_url = create_database(server_url, "posting_sandbox")
    sverka_url = create_database(server_url, "posting_sverka")
    migrate(sverka_url)
    with _sandbox(sandbox_url) as origin:
        seed(sandbox_url, shop)
        services = _services(sverka_url, folder, origin)
        file_id = _reconciled(services, folder, orders)
        requests.delete(f"{origin}/sandbox/requests", timeout=10).raise_for_status()
        seconds = {}
        for step, call in POSTING:
            began = time.perf_counter()
            call(services, file_id)
            seconds[step] = time.perf_counter() - began
        seen = _seen(origin)
        _hold_paid(origin, {order.name for order in orders}, before=_payments(shop))
        routes: dict[str, int] = seen["by_route"]
        writes = sum(count for route, count in routes.items() if route.startswith(("POST", "PUT")))
        return Posted(
            documents=_posted(services),
            seconds=seconds,
            writes=writes,
            look_ups=sum(routes.values()) - writes,
            refused_429=seen["by_status"].get("429", 0),
            units_of_request=weight_on(datetime.now(UTC)),
        )


def _shop(documents: int) -> tuple[Shop, list[Order]]:
    shop = build_shop(orders=max(200, _PAYABLE_OF_ALL * documents))
    orders = list(islice(payable(shop.orders), documents))
    if len(orders) < documents:
        raise RuntimeError(f"the demo shop has only {len(orders)} payable orders")
    return shop, orders


@contextmanager
def _sandbox(database_url: str) -> Iterator[str]:
    """Its origin, as soon as it answers."""
    port = free_port(8191)
    command = [sys.executable, "-m", "sverka.moysklad.sandbox", "--port", str(port)]
    command += ["--database-url", database_url, "--token", TOKEN]
    process = subprocess.Popen(command)
    origin = f"http://127.0.0.1:{port}"
    try:
        _wait_for(origin, process)
        yield origin
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(origin: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            _seen(origin)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the sandbox did not start")


def _services(database_url: str, folder: Path, origin: str) -> Services:
    connection = MoySkladConnection(url=f"{origin}/api/remap/1.2", token=TOKEN)
    storage = (folder / "posting").as_uri()
    return services_from(Settings(database_url, storage, {}, (), connection, settle_seconds=0))


def _reconciled(services: Services, folder: Path, orders: list[Order]) -> int:
    """The id of a file with these orders, as far as the verdicts."""
    (folder / "posting-inbox").mkdir()
    inbox = Zone("bench", (folder / "posting-inbox").as_uri(), {})
    inbox.drop("register.xlsx", settled_register("B-1", orders))
    [key] = take(services, [inbox], wait=lambda _: None)
    file_id = settling.claim(services, key, "bench")
    if file_id is None:
        raise RuntimeError("the register was not taken")
    settling.refresh_snapshot(services, file_id)
    for step in BEFORE:
        getattr(settling, step)(services, file_id)
    return file_id


def _seen(origin: str) -> dict[str, Any]:
    return dict(requests.get(f"{origin}/sandbox/requests", timeout=10).json())


def _payments(shop: Shop) -> int:
    return sum(len(order.payments) for order in shop.orders)


def _hold_paid(origin: str, orders: set[str], *, before: int) -> None:
    answer = requests.get(
        f"{origin}/api/remap/1.2/entity/paymentin",
        params={"limit": 1},
        headers={"Authorization": f"Bearer {TOKEN}", "Accept-Encoding": "gzip"},
        timeout=60,
    )
    answer.raise_for_status()
    found = answer.json()["meta"]["size"] - before
    if found != len(orders):
        raise RuntimeError(f"{found} new payments in the sandbox, not {len(orders)}")


def _posted(services: Services) -> int:
    with connect(services.settings.database_url) as conn, conn.cursor() as cursor:
        cursor.execute("select count(*), count(*) filter (where state = 'posted') from posting")
        [(planned, posted)] = cursor.fetchall()
    if planned != posted:
        raise RuntimeError(f"only {posted} of {planned} documents were posted")
    return int(posted)
