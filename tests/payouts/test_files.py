"""The whole way with files: an act and a 1C statement in either order, killed on the way."""

from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from sverka import settling
from sverka.demo.layouts import DalliAct, DalliOrder, dalli_act
from sverka.demo.registers import payable
from sverka.money import Minor, to_major
from sverka.nouns import FileState
from sverka.payouts import note_statement
from tests.parsing.samples_banks import HEAD, OURS, incoming, section
from tests.parsing.writers_banks import exchange
from tests.payouts.conftest import Shop
from tests.support.installed import Installed

DAY = date(2026, 11, 19)
FEE = Minor(25_000)
BOTH = {"paymentin": 2, "supply": 2, "paymentout": 2}


@pytest.fixture
def installed(waiting: Shop, tmp_path: Path) -> Installed:
    return Installed(waiting.services, waiting.desk.clock, tmp_path / "inbox")


def act(waiting: Shop) -> tuple[bytes, Minor]:
    """Dalli's act about two orders, and what Dalli transfers for it."""
    orders = list(islice(payable(waiting.desk.shop.orders), 2))
    told = [
        DalliOrder(
            track=f"D{place:07}",
            number=order.name,
            delivered=DAY,
            price=to_major(order.sum),
            service=to_major(FEE),
            transfer=to_major(Minor(order.sum - FEE)),
        )
        for place, order in enumerate(orders)
    ]
    paid = Minor(sum(order.sum - FEE for order in orders))
    return dalli_act([DalliAct("7", DAY, DAY, to_major(paid), "78", told)]), paid


def statement(paid: Minor) -> bytes:
    """A 1C statement of the day after with the courier's payment order № 78."""
    rubles = f"{to_major(paid)}"
    payer = {"ПлательщикИНН": "7700000003", "Дата": "19.11.2026", "ДатаПоступило": "20.11.2026"}
    document = incoming("78", rubles, **payer)
    return exchange(
        HEAD,
        [section(OURS, "20.11.2026", "0.00", rubles, "0.00", rubles)],
        [document],
        accounts=[OURS],
    )


def test_the_act_waits_for_the_statement_and_is_booked_by_itself(
    waiting: Shop, installed: Installed
) -> None:
    data, paid = act(waiting)
    file_id = installed.dropped("Dalli акт 7.xml", data)
    settling.settle(waiting.services, file_id)
    assert installed.row(file_id).state is FileState.SETTLED
    assert waiting.desk.in_moysklad() == {}

    bank = installed.dropped("kl_to_1c.txt", statement(paid))
    done = settling.settle(waiting.services, bank)
    assert done["finish"] == {"paid": 1}
    [key] = installed.offered()
    assert settling.claim(waiting.services, key, "run 2") == file_id
    settling.settle(waiting.services, file_id)
    assert waiting.desk.in_moysklad() == BOTH
    assert waiting.days(file_id) == [("2026-11-20", "78"), ("2026-11-20", None)]
    assert installed.offered() == []


def test_killed_around_the_match_and_repeated_it_ends_the_same(
    waiting: Shop, installed: Installed
) -> None:
    """The statement's run dies between the match and its end, the act's after planning."""
    data, paid = act(waiting)
    bank = installed.dropped("kl_to_1c.txt", statement(paid))
    file_id = installed.dropped("Dalli акт 7.xml", data)
    for step in settling.STEPS[:-1]:
        step(waiting.services, bank)
    note_statement(waiting.services, bank)
    for step in settling.STEPS[: settling.STEPS.index(settling.plan) + 1]:
        step(waiting.services, file_id)
    for one in (bank, file_id):
        settling.settle(waiting.services, one)
    assert waiting.desk.in_moysklad() == BOTH
    assert waiting.events() == [("payout.matched", file_id)]
    assert installed.offered() == []
