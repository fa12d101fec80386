"""One budget for all processes of a user: real processes, real Postgres, the sandbox's real limits."""

import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from typing import Any

import psycopg2
import pytest

from sverka.demo.shop import build_shop
from sverka.moysklad.budget import Budget, key_of
from sverka.moysklad.client import MoySklad
from sverka.moysklad.errors import Transient
from sverka.moysklad.rate import TooBusy
from sverka.moysklad.sandbox import seed
from sverka.moysklad.sandbox.limits import Limits
from sverka.settings import MoySkladConnection
from tests.support.faulty import Faulty, answers
from tests.support.sandbox import RunningSandbox, running_sandbox
from tests.support.waiting import until

UNLIMITED = {"X-Lognex-Reset": "0"}
LOCKS = (
    "select count(*) from pg_locks where locktype = 'advisory'"
    " and database = (select oid from pg_database where datname = current_database())"
)
"""Those that somebody has and those that somebody waits for."""


def headers(left: int, reset: int) -> dict[str, str]:
    return {"X-RateLimit-Remaining": str(left), "X-Lognex-Reset": str(reset)}


def budget(database_url: str, weight: int = 1) -> Budget:
    return Budget(database_url, "user", lambda: weight)


def pass_through(mine: Budget, answer: dict[str, str] = UNLIMITED, longest: float = 10) -> None:
    with mine.place(longest) as place:
        place.headers = answer


def ask(database_url: str, statement: str) -> Any:
    conn = psycopg2.connect(database_url)
    try:
        with conn, conn.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        conn.close()


def leave(mine: Budget, database_url: str) -> None:
    """Closes the idle connection; its statistics are counted when the server has let it go."""
    conn = mine._idle.pop()
    gone = f"select not exists (select from pg_stat_activity where pid = {conn.info.backend_pid})"
    conn.close()
    until(lambda: ask(database_url, gone))


# ---------------------------------------------------------------------------------------------
# Processes


def start(database_url: str, url: str, how_many: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.moysklad.posting_at_once", database_url, url, how_many],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def post_at_once(database_url: str, sandbox: RunningSandbox, how_many: int) -> list[int]:
    processes = [start(database_url, sandbox.connection.url, str(how_many)) for _ in range(4)]
    try:
        assert [line_of(one) for one in processes] == ["ready"] * 4
        for one in processes:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        return [int(line_of(one)) for one in processes]
    finally:
        for one in processes:
            one.kill()
            one.communicate()


@pytest.mark.parametrize("weight", [4, 3])
def test_four_processes_that_post_at_once_never_provoke_the_limits(
    database_url: str, empty_database_url: str, weight: int
) -> None:
    with running_sandbox(empty_database_url, limits=Limits(weight=weight)) as sandbox:
        seed(empty_database_url, build_shop(orders=200))
        assert post_at_once(database_url, sandbox, 6) == [6] * 4
        assert sandbox.requests_seen()["by_status"] == {"200": 24}


def test_a_killed_process_gives_its_place_back(database_url: str) -> None:
    url = "http://127.0.0.1:9/api/remap/1.2"
    key = key_of(MoySkladConnection(url=url, token="sandbox"))
    mine = Budget(database_url, key, lambda: 1)
    processes = [start(database_url, url, "hang") for _ in range(5)]
    try:
        assert [line_of(one) for one in processes] == ["in flight"] * 5
        with pytest.raises(TooBusy), mine.place(0.2):
            pytest.fail("a sixth request was let through")
        processes[2].kill()
        pass_through(mine, longest=60)
    finally:
        for one in processes:
            one.kill()
            one.communicate()
    # The dead ones' requests may have been counted: their units are gone, their places are not.
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(mine.place(60))
    assert ask(database_url, "select flying from moysklad_budget") == 0
    assert ask(database_url, "select units from moysklad_budget") <= 45 - 5 - 5


def test_a_process_killed_in_the_queue_does_not_stop_it(database_url: str) -> None:
    mine = budget(database_url)
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(mine.place(60))
        waiter = psycopg2.connect(database_url)
        waiter.autocommit = True
        with waiter.cursor() as cursor:
            lock = mine._names["lock"]
            cursor.execute("select pg_advisory_lock(%s, 0)", (lock,))
        with pytest.raises(TooBusy), mine.place(0.2):
            pytest.fail("it jumped the queue")
        waiter.close()
    pass_through(mine)


# ---------------------------------------------------------------------------------------------
# Waiting


def test_clients_of_one_user_share_one_bucket(database_url: str) -> None:
    one, other = budget(database_url), budget(database_url)
    began = time.monotonic()
    pass_through(one, headers(left=0, reset=400))
    # To wait longer than that it would refuse.
    pass_through(other, longest=2)
    assert time.monotonic() - began > 0.3


def test_another_user_has_a_bucket_of_his_own(database_url: str) -> None:
    pass_through(budget(database_url), headers(left=0, reset=60_000))
    pass_through(Budget(database_url, "somebody else", lambda: 4), longest=0.5)


def test_a_refusal_for_the_rate_stops_everybody_for_its_time(database_url: str) -> None:
    one, other = budget(database_url), budget(database_url)
    began = time.monotonic()
    with one.place(1) as place:
        place.refused_for = 0.5
    pass_through(other)
    assert time.monotonic() - began > 0.4


def test_who_cannot_wait_so_long_is_told_to_come_later(database_url: str) -> None:
    mine = budget(database_url)
    pass_through(mine, headers(left=0, reset=60_000))
    with pytest.raises(TooBusy) as caught, mine.place(0.5):
        pytest.fail("it was let through")
    assert caught.value.seconds > 30


def test_a_freed_place_is_told_and_taken_in_turn(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Who only looked now and then would look once in this test's whole life.
    monkeypatch.setattr("sverka.moysklad.budget.LOOK_SECONDS", 60)
    mine, order, over = budget(database_url), [], threading.Event()

    def wait_for_a_place(name: int) -> None:
        with mine.place(600) as place:
            place.headers = UNLIMITED
            order.append(name)
            over.wait(60)

    held = [ExitStack() for _ in range(5)]
    for one in held:
        one.enter_context(mine.place(60))
    threads = [threading.Thread(target=wait_for_a_place, args=(one,)) for one in range(4)]
    for waiting, thread in enumerate(threads, start=1):
        thread.start()
        # Five places, the turn, and who waits for the turn.
        until(lambda: ask(database_url, LOCKS) == 5 + waiting)  # noqa: B023 - used at once
    freed = time.monotonic()
    for number, one in enumerate(held):
        one.close()
        until(lambda: len(order) == min(number + 1, 4))  # noqa: B023 - used at once
    assert time.monotonic() - freed < 30
    over.set()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3]


def test_waiting_asks_the_database_a_few_times_a_second_at_most(database_url: str) -> None:
    mine = budget(database_url)
    pass_through(mine, headers(left=0, reset=1_500))
    written = "select n_tup_upd from pg_stat_user_tables where relname = 'moysklad_budget'"
    before = ask(database_url, written)
    pass_through(mine)
    leave(mine, database_url)
    assert ask(database_url, written) - before <= 12


# ---------------------------------------------------------------------------------------------
# Trouble with the database


def cut_connections(database_url: str) -> None:
    ask(
        database_url,
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
        " where application_name = 'sverka moysklad' and datname = current_database()",
    )


def test_a_connection_that_died_idle_is_replaced(database_url: str) -> None:
    mine = budget(database_url)
    pass_through(mine)
    cut_connections(database_url)
    pass_through(mine)


def test_an_answer_in_hand_is_not_lost_when_the_database_is(
    database_url: str, faulty: Faulty
) -> None:
    def answer_and_cut(handler: Any) -> None:
        cut_connections(database_url)
        answers(200, {"states": []})(handler)

    faulty.script = [answer_and_cut]
    connection = MoySkladConnection(url=faulty.url, token="secret")
    client = MoySklad(connection, pace=budget(database_url))
    assert client.states("demand") == {}
    assert client.states("demand") == {}


def test_without_the_database_nothing_is_sent(faulty: Faulty) -> None:
    connection = MoySkladConnection(url=faulty.url, token="secret")
    client = MoySklad(connection, pace=budget("postgresql://127.0.0.1:9/none"))
    with pytest.raises(Transient):
        client.save("demand", [{}])
    assert faulty.seen == []


def test_a_row_that_a_crash_emptied_comes_back(database_url: str) -> None:
    mine = budget(database_url)
    pass_through(mine)
    ask(database_url, "truncate moysklad_budget")
    pass_through(mine)


def test_threads_of_one_process_stay_below_six(database_url: str) -> None:
    mine, lock = budget(database_url), threading.Lock()
    inside = most = 0

    def request() -> None:
        nonlocal inside, most
        for _ in range(5):
            with mine.place(20) as place:
                place.headers = UNLIMITED
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.01)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=request) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 2 <= most <= 5


# ---------------------------------------------------------------------------------------------
# Its name and its price


def test_the_key_tells_users_apart_and_gives_no_token_away() -> None:
    def key(**who: str) -> str:
        return key_of(MoySkladConnection(url="https://api.moysklad.ru/api/remap/1.2/", **who))

    keys = {key(token="one"), key(token="two"), key(login="a@b", password="one")}
    assert len(keys) == 3
    assert key(token="one/") != key(token="one")
    assert key(login="a@b", password="one") == key(login="a@b", password="two")
    assert not any("one" in one for one in keys)


def test_a_request_writes_the_budget_twice(database_url: str) -> None:
    mine = budget(database_url)
    pass_through(mine)
    written = "select n_tup_upd from pg_stat_user_tables where relname = 'moysklad_budget'"
    leave(mine, database_url)
    before = ask(database_url, written)
    for _ in range(20):
        pass_through(mine)
    leave(mine, database_url)
    assert ask(database_url, written) - before == 40
