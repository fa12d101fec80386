"""A whole run of Sverka for the wire: shop, reports with their expected books, and every step.

Files are read and checked once; that part never speaks to MoySklad. Each run begins with a copy of
that database and the shop as it was, and takes the files through all steps that do.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import requests

from sverka import settling
from sverka.demo.layouts import DalliAct, DalliOrder, dalli_act
from sverka.demo.registers import GOROD_COD, GOROD_DELIVERY, payable, settled_register
from sverka.demo.reports import demo_reports
from sverka.demo.reports import expected as demo_expected
from sverka.demo.shop import LAST_DAY, build_shop
from sverka.demo.things import Order, Shop
from sverka.errors import Refusal, TryLater
from sverka.intake.intake import take
from sverka.intake.zones import Zone
from sverka.money import Minor, to_major
from sverka.moysklad.client import MoySklad
from sverka.moysklad.errors import Terminal
from sverka.posting.supersede import supersede
from sverka.posting.undo import undo
from sverka.services import Services, services_from
from sverka.settings import MoySkladConnection, Settings
from sverka.snapshot.mirror import compare, mirror

Json = dict[str, Any]
Result = TypeVar("Result")

WHO = "бухгалтер"
CREATED = ("paymentin", "supply", "paymentout", "salesreturn")
SMALL = 600
BIG, UNDONE = "Городской курьер реестр 900.xlsx", "Городской курьер реестр 901.xlsx"
ACT, CORRECTED = "Dalli акт 7001.xml", "Dalli акт 7001 исправленный.xml"
ROWS_UNDONE, ROWS_CORRECTED = 30, 12
FEE = 31_500
TRIES = 60


class VirtualTime:
    """Moscow's calendar and a stop-watch in one: both move only when somebody waits."""

    def __init__(self, now: datetime) -> None:
        self._began = now
        self._passed = 0.0
        self._lock = Lock()

    def __call__(self) -> datetime:
        return self._began + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._passed += seconds


@dataclass(frozen=True)
class Books:
    """What must stand in MoySklad when all is settled: documents and sums by kind."""

    counts: Counter[str]
    sums: Counter[str]


@dataclass(frozen=True)
class Work:
    """A shop, the files of its couriers in their order, and the books that must come of them."""

    shop: Shop
    files: dict[str, bytes]
    books: Books


def work(*, lines: int) -> Work:
    """All demo reports, a register of so many rows, one to be undone, and an act with its correction.

    The rows beside the demo's are of orders that no demo report knows.
    """
    small = build_shop(orders=SMALL)
    orders = _others(small, ("gorod", lines + ROWS_UNDONE), ("dalli", ROWS_CORRECTED))
    big, undone = orders["gorod"][:lines], orders["gorod"][lines:]
    act = orders["dalli"]
    all_orders = (*small.orders, *orders["gorod"], *act)
    buyers = {order.agent.id: order.agent for order in all_orders}
    shop = replace(small, orders=all_orders, buyers=tuple(buyers.values()))
    files = {
        **demo_reports(small),
        BIG: settled_register("900", big),
        UNDONE: settled_register("901", undone),
        ACT: _act([(order, FEE) for order in act]),
        CORRECTED: _act(_corrected(act)),
    }
    return Work(shop, files, _books(small, big, _corrected(act)))


def _others(small: Shop, *wanted: tuple[str, int]) -> dict[str, list[Order]]:
    """Plain orders of couriers that the small shop has not."""
    known = {order.name for order in small.orders} | {order.id for order in small.orders}
    found: dict[str, list[Order]] = {}
    size = SMALL + 6 * max(number for _, number in wanted) + 200
    stock = [o for o in payable(build_shop(orders=size).orders) if not {o.name, o.id} & known]
    for courier, number in wanted:
        found[courier] = [order for order in stock if order.courier == courier][:number]
        assert len(found[courier]) == number, "a larger shop is needed"
    return found


def _corrected(act: Sequence[Order]) -> list[tuple[Order, int]]:
    """One row has another fee, one is left out, the rest says the same."""
    return [(act[0], FEE + 777), *((order, FEE) for order in act[2:])]


def _act(rows: Sequence[tuple[Order, int]]) -> bytes:
    day = (LAST_DAY - timedelta(days=1)).date() if isinstance(LAST_DAY, datetime) else LAST_DAY
    paid = sum(order.sum - fee for order, fee in rows)
    return dalli_act(
        [
            DalliAct(
                number="7001",
                day=day,
                paid=day,
                paid_sum=to_major(Minor(paid)),
                pay_no="97001",
                orders=[_act_row(order, fee, day) for order, fee in rows],
            )
        ]
    )


def _act_row(order: Order, fee: int, day: date) -> DalliOrder:
    return DalliOrder(
        track=order.parcel or "",
        number=order.name,
        delivered=day - timedelta(days=1),
        price=to_major(order.sum),
        service=to_major(Minor(fee)),
        transfer=to_major(Minor(order.sum - fee)),
    )


def _books(small: Shop, big: Sequence[Order], corrected: Sequence[tuple[Order, int]]) -> Books:
    """Counted from the reports' own numbers: nothing of Sverka's tables or of its code."""
    truth = demo_expected(small)
    sums: Counter[str] = Counter()
    for of_courier in truth.sums().values():
        sums.update({kind.value: amount for kind, amount in of_courier.items()})
    sums["paymentin"] += sum(order.sum for order in big) + sum(order.sum for order, _ in corrected)
    sums["supply"] += len(big) * (GOROD_DELIVERY + GOROD_COD) + sum(fee for _, fee in corrected)
    sums["paymentout"] += sum(fee for _, fee in corrected)
    clean = [line for line in truth.lines if line.clean]
    counts = Counter(
        paymentin=sum(line.collected > 0 for line in clean) + len(big) + len(corrected),
        salesreturn=sum(line.returned > 0 for line in clean),
    )
    return Books(counts, Counter({kind: total for kind, total in sums.items() if total}))


# ---------------------------------------------------------------------------------------------
# Steps


def services(
    database: str, folder: Path, url: str, now: VirtualTime, *, answer_seconds: int = 300
) -> Services:
    """Sverka with virtual time, speaking to MoySklad at this address."""
    connection = MoySkladConnection(url=url, token="sandbox", answer_seconds=answer_seconds)
    settings = Settings(
        database_url=database,
        storage_url=str(folder / "storage"),
        storage_options={},
        zones=(),
        moysklad=connection,
        settle_seconds=0,
    )
    client = MoySklad(connection, clock=now, sleep=now.sleep, monotonic=now.monotonic)
    return replace(services_from(settings, now), moysklad=lambda: client)


SPEAKING = settling.STEPS[settling.STEPS.index(settling.refresh_snapshot) :]


def read_files(services: Services, folder: Path, files: dict[str, bytes]) -> dict[str, int]:
    """Takes, reads and checks the files; the ids of those that can be settled, in their order."""
    inbox = folder / "inbox"
    inbox.mkdir()
    found: dict[str, int] = {}
    for name, data in files.items():
        (inbox / name).write_bytes(data)
        for key in take(services, [Zone("inbox", str(inbox), {})], wait=time.sleep):
            file_id = settling.claim(services, key, "run")
            assert file_id is not None
            try:
                for step in settling.STEPS[: -len(SPEAKING)]:
                    step(services, file_id)
            except Refusal as refusal:
                settling.refuse(services, file_id, refusal)
            else:
                found[name] = file_id
    return found


def settle_all(services: Services, now: VirtualTime, ids: dict[str, int]) -> None:
    """Everything that Sverka does with MoySklad, in the order of the files."""
    for name, file_id in ids.items():
        for step in SPEAKING:
            insisted(now, lambda: step(services, file_id))  # noqa: B023 - called at once
        if name == UNDONE:
            insisted(now, lambda: undo(services, file_id, WHO))  # noqa: B023 - called at once
        if name == CORRECTED:
            insisted(now, lambda: supersede(services, file_id, WHO))  # noqa: B023 - called at once
    insisted(now, lambda: mirror(services))
    insisted(now, lambda: compare(services))


def insisted(now: VirtualTime, step: Callable[[], Result]) -> Result:
    """The step's result, tried again as Airflow and people would: later, or after a correction."""
    for _ in range(TRIES):
        try:
            return step()
        except TryLater as later:
            now.sleep(later.seconds)
        except Terminal as refused:
            if refused.status != 308:
                raise
            now.sleep(60)
    raise AssertionError("it never came to an end")


# ---------------------------------------------------------------------------------------------
# What stands in the sandbox, read without Sverka


def listed(origin: str, entity: str) -> Iterator[Json]:
    """All live documents, as the sandbox shows them to anybody."""
    headers = {"Authorization": "Bearer sandbox", "Accept-Encoding": "gzip"}
    offset = 0
    while True:
        answer = requests.get(
            f"{origin}/api/remap/1.2/entity/{entity}",
            params={"limit": "1000", "offset": str(offset)},
            headers=headers,
            timeout=30,
        )
        rows = answer.json()["rows"]
        yield from rows
        if len(rows) < 1000:
            return
        offset += 1000


def standing(origin: str, before: frozenset[str]) -> tuple[Books, dict[str, list[Json]]]:
    """The documents that were not there before: counted, summed, and themselves."""
    found: dict[str, list[Json]] = defaultdict(list)
    for entity in CREATED:
        found[entity] = [row for row in listed(origin, entity) if row["id"] not in before]
    sums: Counter[str] = Counter()
    for entity, rows in found.items():
        sums[entity] = sum(round(row["sum"]) for row in rows)
    counts = Counter({entity: len(rows) for entity, rows in found.items() if rows})
    return Books(counts, Counter({k: v for k, v in sums.items() if v})), found


def present(origin: str) -> frozenset[str]:
    """The ids of all documents there are."""
    return frozenset(row["id"] for entity in CREATED for row in listed(origin, entity))
