"""Many writers, killed writers, any order of commits: the chain has every event and no gap."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections import Counter

import psycopg2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sverka.audit.journal import notes
from sverka.database.connection import Connection, connect
from tests.audit.conftest import Ledger, event

WRITERS, TRANSACTIONS, EVENTS = 20, 15, 3


def test_twenty_writers_make_one_chain(ledger: Ledger) -> None:
    start = threading.Barrier(WRITERS)

    def work(writer: int) -> None:
        start.wait()
        for transaction in range(TRANSACTIONS):
            number = writer * 1000 + transaction
            ledger.write(*(event(number, detail={"place": place}) for place in range(EVENTS)))

    threads = [threading.Thread(target=work, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    walked = ledger.walked()
    assert walked.broken is None
    assert walked.links == WRITERS * TRANSACTIONS * EVENTS
    rows = ledger.rows("file_id, (detail ->> 'place')::int")
    assert len(set(rows)) == len(rows)
    together = [rows[at : at + EVENTS] for at in range(0, len(rows), EVENTS)]
    # A transaction's events stand together and in their order.
    assert all({file_id for file_id, _ in some} == {some[0][0]} for some in together)
    assert all([place for _, place in some] == [0, 1, 2] for some in together)


ACTIONS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["note", "many", "commit", "rollback", "drop"])),
    max_size=25,
)


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(actions=ACTIONS)
def test_any_interleaving_of_transactions_verifies(
    ledger: Ledger, actions: list[tuple[int, str]]
) -> None:
    """Four sessions note, commit, roll back and lose their connections in any order."""
    committed = Counter(file_id for (file_id,) in ledger.rows("file_id"))
    sessions: dict[int, Connection] = {}
    pending: dict[int, list[int]] = {}
    for number, (who, action) in enumerate(actions, 1):
        conn = sessions.setdefault(who, psycopg2.connect(ledger.url))
        waiting = pending.setdefault(who, [])
        if action in {"note", "many"}:
            numbers = [number] * (5 if action == "many" else 1)
            notes(conn, [event(one) for one in numbers])
            waiting += numbers
            continue
        if action == "commit":
            conn.commit()
            committed.update(waiting)
        elif action == "rollback":
            conn.rollback()
        else:
            sessions.pop(who).close()
        pending[who] = []
    for conn in sessions.values():
        conn.close()
    assert ledger.walked().broken is None
    assert Counter(file_id for (file_id,) in ledger.rows("file_id")) == committed


DYING = """
    import os, signal, sys
    from sverka.audit.journal import notes
    from sverka.database.connection import connect
    from tests.audit.conftest import event

    url, moment = sys.argv[1:]
    with connect(url) as conn, conn.cursor() as cursor:
        cursor.execute("insert into account values (gen_random_uuid(), 'RUB')")
        notes(conn, [event(n) for n in range(2, 500)])
        if moment == "noted":
            os.kill(os.getpid(), signal.SIGKILL)
        cursor.execute("set constraints all immediate")  # chained, not committed
        if moment == "chained":
            os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("moment", "kept"), [("noted", 0), ("chained", 0), ("committed", 498)])
def test_a_killed_process_leaves_both_the_change_and_its_events_or_neither(
    ledger: Ledger, moment: str, kept: int
) -> None:
    ledger.fill(1)
    script = textwrap.dedent(DYING)
    done = subprocess.run(
        [sys.executable, "-c", script, ledger.url, moment], env=os.environ, check=False
    )
    assert done.returncode == -signal.SIGKILL
    ledger.fill(1, start=1000)
    walked = ledger.walked()
    assert walked.broken is None
    assert walked.links == kept + 2
    with connect(ledger.url) as conn, conn.cursor() as cursor:
        cursor.execute("select count(*) from account")
        assert cursor.fetchone() == (1 if kept else 0,)


def test_a_killed_writer_keeps_nobody_waiting(ledger: Ledger) -> None:
    """PostgreSQL frees the chain's lock with the connection that died holding it."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(DYING), ledger.url, "chained"],
        env=os.environ,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    with connect(ledger.url) as conn, conn.cursor() as cursor:
        cursor.execute("set local statement_timeout = '60s'")
        notes(conn, [event(1)])
        cursor.execute("set constraints all immediate")
    assert ledger.walked().links == 1
