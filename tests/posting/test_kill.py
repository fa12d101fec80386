"""The promise: whatever is killed, and wherever, resuming ends in one document of each kind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sverka.demo.shop import Shop, build_shop
from sverka.errors import TryLater
from tests.posting.conftest import Desk

ROOT = Path(__file__).parents[2]
CHAIN = {"paymentin": 1, "supply": 2, "paymentout": 1, "salesreturn": 1}
"""A delivered order of a netting courier, and a returned one whose service is invoiced later."""


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=600)


def killed(desk: Desk, file_id: int, moment: int) -> bool:
    """Settles the file in a process that dies at this moment; False when it lived through."""
    arguments = [
        desk.books.url,
        desk.sandbox.origin,
        str(desk.couriers),
        desk.clock.now.isoformat(),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.posting.dying", *arguments, str(file_id), str(moment)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'include'}:{ROOT}"},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode != 0


def resume(desk: Desk, file_id: int) -> None:
    for _ in range(10):
        try:
            desk.settle(file_id)
        except TryLater as later:
            desk.clock.advance(seconds=later.seconds)
        else:
            return
    pytest.fail("settling never came to an end")


@pytest.mark.timeout(600)
def test_a_kill_at_any_moment_ends_in_one_document_each(desk: Desk) -> None:
    orders = iter(desk.orders("yandex_market"))
    moment = 0
    alive = False
    while not alive:
        moment += 1
        delivered, returned = next(orders), next(orders)
        desk.mirror(delivered, returned)
        file_id = desk.books.file("yandex_market")
        desk.books.line(
            file_id, delivered.name, delivered.sum, fee_cod=5_000, payout=delivered.sum - 5_000
        )
        desk.books.line(file_id, returned.name, 0, outcome="returned", fee_return=9_000)
        alive = not killed(desk, file_id, moment)
        resume(desk, file_id)
        assert desk.in_moysklad(file_id) == CHAIN, moment
        states = desk.books.run("select distinct state from posting where file_id = %s", file_id)
        assert states == [("posted",)], moment
        assert desk.state_of("customerorder", delivered.id) == "Выполнен"
        assert desk.state_of("demand", returned.demands[0].id) == "Возвращен"
    # Plan and approval are one commit each; each of six kinds is marked, written and settled.
    assert moment - 1 == 2 * 2 + 6 * 3 * 2
