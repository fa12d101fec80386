"""Whatever runs at the same time, in as many processes as it likes: each document once."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import psycopg2
import pytest

from sverka.demo.shop import Order, Shop, build_shop
from sverka.errors import TryLater
from sverka.moysklad.sandbox import seed
from sverka.moysklad.sandbox.limits import Limits
from sverka.posting.approve import approve
from tests.posting.conftest import Desk
from tests.posting.corrected import Row, edition, expected, run, superseded
from tests.posting.racing import Racer, Track, track
from tests.posting.undone import balance, undone
from tests.support.books import Books
from tests.support.sandbox import Held, RunningSandbox, running_sandbox

WORKERS = 20
LINES = 500


@dataclass
class QuickBooks(Books):
    """The books of a desk over one connection: five hundred lines in a second."""

    def __post_init__(self) -> None:
        self.conn = psycopg2.connect(self.url)

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        told = [str(value) if isinstance(value, UUID) else value for value in values]
        with self.conn, self.conn.cursor() as cursor:
            cursor.execute(statement, told or None)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=2400)


@pytest.fixture(scope="module")
def racers() -> Iterator[Track]:
    with track() as running:
        yield running


def filed(desk: Desk, orders: list[Order], courier: str = "yandex_market") -> int:
    """A file with a delivered order in each line."""
    desk.mirror(*orders)
    file_id = desk.books.file(courier)
    for order in orders:
        desk.books.line(file_id, order.name, order.sum, fee_cod=5_000, payout=order.sum - 5_000)
    return file_id


def resume(desk: Desk, file_id: int) -> None:
    for _ in range(10):
        try:
            desk.settle(file_id)
        except TryLater as later:
            desk.clock.advance(seconds=later.seconds)
        else:
            return
    pytest.fail("settling never came to an end")


def in_trouble(racers: list[Racer]) -> list[str]:
    return [one.trouble for one in racers if one.trouble]


def summed(racers: list[Racer]) -> Counter[str]:
    return sum((one.written for one in racers), Counter())


class TestTwentyWorkers:
    """On one plan, with MoySklad's limits: 45 units in three seconds, five requests at once."""

    @pytest.fixture
    def sandbox(self, empty_database_url: str, shop: Shop) -> Iterator[RunningSandbox]:
        with running_sandbox(empty_database_url, limits=Limits(weight=1)) as running:
            seed(empty_database_url, shop)
            yield running

    def test_make_every_document_of_a_plan_of_500_lines_once(
        self, desk: Desk, racers: Track
    ) -> None:
        desk = replace(desk, books=QuickBooks(desk.books.url))
        orders = desk.orders("yandex_market")[:LINES]
        assert len(orders) == LINES
        file_id = filed(desk, orders)
        desk.plan(file_id)
        approve(desk.services, file_id, "policy")
        ended = racers.race(desk, *[("sent", file_id)] * WORKERS)
        assert in_trouble(ended) == []
        chain = {"paymentin": LINES, "supply": LINES, "paymentout": LINES}
        assert desk.in_moysklad(file_id) == chain
        # Somebody sent each document, nobody sent it twice, the rest saw nothing to do.
        assert summed(ended) == Counter(chain | {"customerorder": LINES, "demand": LINES})
        idle = [one for one in ended if not one.written]
        assert len(idle) == WORKERS - 1
        assert desk.books.run("select attempts, count(*) from posting group by 1") == [
            (1, 5 * LINES)
        ]
        assert desk.sandbox.requests_seen()["by_status"].get("429", 0) == 0
        assert balance(desk)["paymentin"] == sum(order.sum for order in orders)


def test_twenty_whole_runs_of_one_file_make_each_document_once(desk: Desk, racers: Track) -> None:
    orders = desk.orders("yandex_market")[:20]
    file_id = filed(desk, orders)
    ended = racers.race(desk, *[("settled", file_id)] * WORKERS)
    assert in_trouble(ended) == []
    assert desk.in_moysklad() == {"paymentin": 20, "supply": 20, "paymentout": 20}
    assert summed(ended)["paymentin"] == 20
    assert desk.postings()["paymentin"] == {"posted": 20}


@pytest.mark.parametrize("repeat", range(3))
def test_a_lock_that_is_lost_in_the_middle_lets_another_go_on(
    desk: Desk, racers: Track, repeat: int
) -> None:
    """Its holder goes on unknowing, so two send at the same time."""
    orders = desk.orders("yandex_market")[:20]
    file_id = filed(desk, orders)
    chance = random.Random(f"lost lock {repeat}")
    cut = []

    def cutting() -> None:
        for _ in range(8):
            time.sleep(chance.uniform(0.02, 0.3))
            cut.append(_cut(desk, "sverka account"))

    ended = racers.race(desk, *[("settled", file_id)] * 8, meanwhile=cutting)
    assert sum(cut) > 0
    resume(desk, file_id)
    assert desk.in_moysklad() == {"paymentin": 20, "supply": 20, "paymentout": 20}, ended
    states = desk.books.run("select distinct state from posting")
    assert states == [("posted",)], ended


def _cut(desk: Desk, name: str) -> int:
    """Ends the connections that hold the lock with this name; how many."""
    return len(
        desk.books.run(
            "select pg_terminate_backend(a.pid) from pg_stat_activity a join pg_locks l "
            "on l.pid = a.pid and l.locktype = 'advisory' and l.granted "
            "where a.application_name = %s and a.datname = current_database()",
            name,
        )
    )


class TestAnAnswerThatComesAfterTheUndo:
    @pytest.fixture
    def held(self) -> Held:
        return Held()

    @pytest.fixture
    def sandbox(self, empty_database_url: str, shop: Shop, held: Held) -> Iterator[RunningSandbox]:
        with running_sandbox(empty_database_url, virtual_time=held) as running:
            seed(empty_database_url, shop)
            yield running

    def test_brings_nothing_back(self, desk: Desk, racers: Track, held: Held) -> None:
        """The sender has lost its lock and waits for MoySklad; meanwhile somebody undoes the file."""
        file_id = filed(desk, desk.orders("yandex_market")[:2])
        desk.plan(file_id)
        approve(desk.services, file_id, "policy")
        desk.sandbox.plan_fault("slow", method="POST", path="/entity/paymentin")

        def undoing() -> None:
            while desk.postings()["paymentin"] != {"sending": 2} or not desk.in_moysklad():
                time.sleep(0.02)
            assert _cut(desk, "sverka account") == 1
            assert undone(desk, file_id).complete
            held.go.set()

        racers.race(desk, ("sent", file_id), meanwhile=undoing)
        assert desk.in_moysklad() == {}
        assert desk.postings()["paymentin"] == {"reversed": 2}


class TestTheSameBytesAtOnce:
    def test_under_two_names_in_two_zones_are_one_file(self, desk: Desk, racers: Track) -> None:
        zones = [desk.couriers.parent / name for name in ("почта", "папка")]
        for n, zone in enumerate(zones):
            zone.mkdir()
            (zone / f"реестр {n}.csv").write_bytes(b"order;sum\n1;2\n")
            (zone / "копия реестра.csv").write_bytes(b"order;sum\n1;2\n")
        together = "|".join(map(str, zones))
        works = [str(zones[0]), str(zones[1]), together, together] * 2
        ended = racers.race(desk, *(("taken", work) for work in works))
        assert in_trouble(ended) == []
        [[key]] = desk.books.run("select partition_key from file")
        assert [offered for one in ended for offered in one.result] == [key]
        assert desk.books.run("select count(*) from sighting") == [(4,)]
        assert [list(zone.iterdir()) for zone in zones] == [[], []]

    def test_are_given_to_one_run(self, desk: Desk, racers: Track) -> None:
        inbox = desk.couriers.parent / "inbox"
        inbox.mkdir()
        (inbox / "реестр.csv").write_bytes(b"order;sum\n1;2\n")
        [key] = racers.race(desk, ("taken", str(inbox)))[0].result
        ended = racers.race(desk, *(("claimed", f"run {n}|{key}") for n in range(WORKERS)))
        assert in_trouble(ended) == []
        assert len([one for one in ended if one.result is not None]) == 1


def test_undo_beside_send_ends_with_nothing_in_the_books(desk: Desk, racers: Track) -> None:
    orders = iter(desk.orders("yandex_market"))
    for turn in range(4):
        file_id = filed(desk, [next(orders) for _ in range(5)])
        desk.plan(file_id)
        approve(desk.services, file_id, "policy")
        works = [("sent", file_id)] * 3
        works.insert(turn, ("undone", file_id))
        ended = racers.race(desk, *works, ("undone", file_id))
        assert in_trouble(ended) == []
        assert desk.in_moysklad(file_id) == {}, turn
        assert _states(desk, file_id) == {"reversed"}
    assert balance(desk) == {}


def test_supersede_beside_send_ends_in_the_corrected_balance(desk: Desk, racers: Track) -> None:
    orders = iter(desk.orders("dalli"))
    books: Counter[str] = Counter()
    for turn in range(4):
        rows = [Row(next(orders)) for _ in range(4)]
        desk.mirror(*(row.order for row in rows))
        old = edition(desk, "dalli", rows, report_no=str(turn))
        desk.plan(old)
        approve(desk.services, old, "policy")
        better = [rows[0].but(outcome="returned"), rows[1].but(fee=7_777), rows[2]]
        new = edition(desk, "dalli", better, report_no=str(turn))
        works = [("sent", old)] * 2
        works.insert(turn % 3, ("superseded", new))
        ended = racers.race(desk, *works, ("superseded", new))
        # Of two people who decide it at once one may find the plan approved by the other.
        assert {words.partition(":")[0] for words in in_trouble(ended)} <= {"PlanChanged"}
        superseded(desk, new)
        books.update(expected(better))
        assert balance(desk) == books, turn
        run(desk, old)
        run(desk, new)
        assert balance(desk) == books, turn


def test_two_files_with_the_same_order_at_once_pay_it_once(desk: Desk, racers: Track) -> None:
    orders = iter(desk.orders("yandex_market"))
    paid = 0
    for turn in range(4):
        order = next(orders)
        files = [filed(desk, [order]), desk.books.file("yandex_market")]
        desk.books.line(files[1], order.name, order.sum, fee_cod=5_000, payout=order.sum - 5_000)
        ended = racers.race(desk, *(("settled", one) for one in files * 3))
        assert in_trouble(ended) == []
        paid += order.sum
        assert balance(desk)["paymentin"] == paid, turn
        verdicts = desk.books.run(
            "select clean, count(*) from verdict v join line l on l.id = v.line_id "
            "where l.order_ref = %s group by 1 order by 1",
            order.name,
        )
        assert verdicts == [(False, 1), (True, 1)], turn


def test_approve_beside_plan_approves_only_what_was_shown(desk: Desk, racers: Track) -> None:
    """Each of them plans and approves exactly that plan: another's planning may come in between."""
    desk.terms("yandex_market", approval="nothing")
    file_id = filed(desk, desk.orders("yandex_market")[:10])
    ended = racers.race(desk, *[("planned_and_approved", file_id)] * 10)
    # A loser looked at a plan that somebody else has approved meanwhile.
    assert {words.partition(":")[0] for words in in_trouble(ended)} <= {"PlanChanged"}
    assert _states(desk, file_id) == {"approved"}
    assert desk.postings()["paymentin"] == {"approved": 10}
    approvals = desk.books.run(
        "select sync_id, count(*) from journal where kind = 'posting.approved' group by 1"
    )
    assert {count for _, count in approvals} == {1}


def _states(desk: Desk, file_id: int) -> set[str]:
    rows = desk.books.run("select distinct state from posting where file_id = %s", file_id)
    return {state for (state,) in rows}
