"""Killed anywhere between the inbox and the day's report, a file ends as if nothing had been.

A run is killed at the first recovery point, the next one at the second, and so on to the last: each
goes on from what the dead ones have left. With `SVERKA_KILL_ALL=1` every moment besides kills a
file's only run.
"""

from collections.abc import Callable, Collection, Iterator

import pytest

from sverka.demo.registers import payable, settled_register
from sverka.demo.shop import Order, Shop, build_shop
from tests.posting.conftest import Desk
from tests.posting.killing import ALL, HEAVY, REPEATS, Executioner, executioner, name_of, names
from tests.posting.recovery_points import OF_A_FILE, OF_A_REFUSAL, OF_POSTING

Drop = Callable[[], None]

PER_FILE = 2


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=2000)


@pytest.fixture(scope="module")
def killer() -> Iterator[Executioner]:
    with executioner(*HEAVY) as running:
        yield running


def inbox(desk: Desk, orders: list[Order]) -> Drop:
    """Drops a new register of two delivered orders with every call."""
    folder = desk.couriers.parent / "inbox"
    folder.mkdir()
    numbers = iter(range(len(orders) // PER_FILE))

    def drop() -> None:
        number = next(numbers)
        some = orders[PER_FILE * number : PER_FILE * (number + 1)]
        path = folder / f"Городской курьер реестр {number}.xlsx"
        path.write_bytes(settled_register(str(number), some))

    return drop


def in_the_books(desk: Desk) -> None:
    """The last file is settled, each of its documents is there once, and the day's report tells."""
    [[file_id, state, name]] = desk.books.run(
        "select id, state, name from file order by id desc limit 1"
    )
    assert state == "settled"
    assert desk.in_moysklad(file_id) == {"paymentin": PER_FILE, "supply": 1}
    assert desk.books.run("select distinct state from posting") == [("posted",)]
    assert desk.books.run("select count(*) from line") == desk.books.run(
        f"select {PER_FILE} * count(*) from file"
    )
    published = desk.services.storage.read("reports/2026-11-20/report.json").decode()
    assert name in published
    assert list((desk.couriers.parent / "inbox").iterdir()) == []


@pytest.mark.timeout(900)
def test_a_file_whose_every_run_is_killed_is_booked_once(desk: Desk, killer: Executioner) -> None:
    orders = [order for order in payable(desk.shop.orders) if order.courier == "gorod"]
    drop = inbox(desk, orders)
    drop()
    rehearsal = killer.lives(desk, "the_whole_way")
    in_the_books(desk)
    assert names(rehearsal) == OF_A_FILE
    for repeat in range(REPEATS):
        drop()
        # What comes after the approval is killed thrice for itself in `test_kill`.
        for point in _points(rehearsal, but=OF_POSTING if repeat else ()):
            killer.dies(desk, "the_whole_way", f"{point} #1")
        killer.lives(desk, "the_whole_way")
        in_the_books(desk)


@pytest.mark.skipif(not ALL, reason="SVERKA_KILL_ALL=1 kills at every moment")
@pytest.mark.timeout(1800)
def test_a_kill_at_any_moment_ends_with_the_file_booked_once(
    desk: Desk, killer: Executioner
) -> None:
    orders = [order for order in payable(desk.shop.orders) if order.courier == "gorod"]
    drop = inbox(desk, orders)
    drop()
    killer.lives(desk, "the_whole_way")
    drop()
    for moment in killer.lives(desk, "the_whole_way"):
        drop()
        killer.dies(desk, "the_whole_way", moment)
        killer.lives(desk, "the_whole_way")
        in_the_books(desk)


def test_a_file_whose_every_run_is_killed_is_refused_once(desk: Desk, killer: Executioner) -> None:
    folder = desk.couriers.parent / "inbox"
    folder.mkdir()
    (folder / "пусто.csv").write_bytes(b"")
    rehearsal = killer.lives(desk, "the_whole_way")
    assert names(rehearsal) == OF_A_REFUSAL
    for number in range(REPEATS):
        whole = settled_register(str(number), [])
        (folder / f"обрывок {number}.xlsx").write_bytes(whole[: len(whole) // 2])
        for point in _points(rehearsal, but={"debts noted"}):  # once a day, while they stand
            killer.dies(desk, "the_whole_way", f"{point} #1")
        killer.lives(desk, "the_whole_way")
    files = desk.books.run("select state, count(*) from file group by 1")
    assert files == [("quarantined", 1 + REPEATS)]
    kept = desk.services.storage.list("quarantine")
    assert len(kept) == 2 * (1 + REPEATS), "the copy and the reason of each"
    assert desk.books.run("select count(*) from posting") == [(0,)]


def _points(rehearsal: list[str], *, but: Collection[str] = ()) -> list[str]:
    """The names in the order in which a run meets them first."""
    met = dict.fromkeys(map(name_of, rehearsal))
    return [name for name in met if not name.startswith("before ") and name not in but]
