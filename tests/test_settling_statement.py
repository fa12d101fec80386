"""Files that settle nothing: a statement, statuses and returns are stored, and that is all."""

from pathlib import Path

import pytest

from sverka import settling
from sverka.errors import Refusal
from sverka.nouns import FileState
from sverka.services import Services
from tests.conftest import FrozenClock
from tests.parsing import samples_banks, samples_couriers
from tests.parsing.samples import SAMPLES
from tests.support.sandbox import sandbox
from tests.support.settling import services, shop
from tests.test_settling import books, dropped, state_of

__all__ = ["sandbox", "services", "shop"]

LAYOUTS = ["bank_1c_statement.txt", "bank_camt053.xml", "cdek_orders.xlsx", "dalli_return_act.xml"]


def counts(services: Services) -> dict[str, int]:
    found = {}
    with services.connect() as conn, conn.cursor() as cursor:
        for table in ("bank_movement", "verdict", "posting", "line"):
            cursor.execute(f"select count(*) from {table}")
            row = cursor.fetchone()
            assert row is not None
            found[table] = int(row[0])
    return found


@pytest.mark.parametrize("name", LAYOUTS)
def test_it_is_stored_and_nothing_else_happens(
    services: Services,
    tmp_path: Path,
    clock: FrozenClock,
    name: str,
) -> None:
    before = books(services)
    file_id = dropped(services, tmp_path, clock, name, SAMPLES[name][0]())

    done = settling.settle(services, file_id)

    assert state_of(services, file_id) == (FileState.SETTLED, None)
    assert done["recognise"]["schema"] == SAMPLES[name][1]
    found = counts(services)
    assert (found["verdict"], found["posting"]) == (0, 0)
    assert bool(found["bank_movement"]) is name.startswith("bank")
    assert bool(found["line"]) is not name.startswith("bank")
    assert books(services) == before
    assert services.storage.exists("reports/2026-11-20/otchet.html")


def test_the_same_statement_twice_adds_no_money(
    services: Services,
    tmp_path: Path,
    clock: FrozenClock,
) -> None:
    for name, build in (("a.txt", samples_banks.one_c), ("b.txt", samples_banks.one_c_utf8)):
        settling.settle(services, dropped(services, tmp_path, clock, name, build()))
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute("select count(*), sum(amount) from known_movement where direction = 'in'")
        assert cursor.fetchone() == (3, 500100)


def test_a_statement_that_does_not_come_out_goes_to_quarantine(
    services: Services,
    tmp_path: Path,
    clock: FrozenClock,
) -> None:
    data = samples_banks.one_c().replace(b"=88952.00", b"=88953.00")
    file_id = dropped(services, tmp_path, clock, "kl_to_1c.txt", data)
    with pytest.raises(Refusal, match="не сходится"):
        settling.settle(services, file_id)
    state, reason = state_of(services, file_id)
    assert state is FileState.QUARANTINED
    assert samples_banks.OURS in str(reason)


def test_a_gateway_is_in_trial_mode(
    services: Services,
    tmp_path: Path,
    clock: FrozenClock,
) -> None:
    """Its lines get verdicts; nothing is sent until somebody has proven the layout."""
    before = books(services)
    file_id = dropped(
        services, tmp_path, clock, "registry.csv", samples_couriers.yookassa_payments()
    )
    done = settling.settle(services, file_id)
    assert state_of(services, file_id) == (FileState.SETTLED, None)
    assert done["check"] == {"accepted": 2, "rejected": 0}
    assert books(services) == before
