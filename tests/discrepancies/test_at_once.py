"""Several processes at once, a kill in between, and what the database needs to be quick."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest

from sverka.database.connection import Connection, connect
from sverka.discrepancies import Action, Decided, Decision, Filter, decide, open_ones, refresh
from sverka.discrepancies.definition import IN_QUESTION
from tests.discrepancies.facts import PERSON, Facts


@pytest.fixture
def conn(database_url: str) -> Iterator[Connection]:
    conn = psycopg2.connect(database_url)
    yield conn
    conn.close()


def test_calls_at_once_open_each_discrepancy_once(facts: Facts, database_url: str) -> None:
    for key in "1234":
        facts.line(key=key)
    facts.conn.commit()

    def call(_: int) -> int:
        with connect(database_url) as conn:
            return refresh(conn, facts.clock()).opened

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(call, range(4))) == [0, 0, 0, 4]
    assert facts.run("select count(*), count(distinct discrepancy_id) from discrepancy_event") == [
        (4, 4)
    ]


def test_of_two_decisions_at_once_the_second_is_told_that_it_is_late(
    facts: Facts, database_url: str
) -> None:
    facts.line()
    facts.refresh()
    facts.conn.commit()
    only = facts.only()

    def say(action: Action) -> Decided:
        with connect(database_url) as conn:
            return decide(conn, [Decision(only.id, 1, action, action.value)], PERSON, facts.clock())

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(say, [Action.RESOLVE, Action.ACCEPT_LOSS])
    assert first.applied + second.applied == 1
    assert first.refusals + second.refusals == 1


def test_a_kill_in_between_leaves_nothing_and_the_next_call_does_it(
    facts: Facts, database_url: str
) -> None:
    facts.line()
    facts.conn.commit()
    with closing(psycopg2.connect(database_url)) as killed:
        assert refresh(killed, facts.clock()).opened == 1
    assert facts.all() == ()
    assert facts.refresh().opened == 1
    facts.conn.commit()
    assert facts.run("select count(*) from journal where kind = 'discrepancy.opened'") == [(1,)]


def test_the_journal_has_every_step_when_it_is_committed(facts: Facts) -> None:
    line_id = facts.line()
    facts.refresh()
    facts.decide(Action.EXPLAIN, "Ждём.")
    facts.judge(line_id, "matched")
    facts.refresh()
    facts.conn.commit()
    told = facts.run("select kind, by, detail ->> 'words' from journal order by id")
    assert told == [
        ("discrepancy.opened", "discrepancies", None),
        ("discrepancy.explained", PERSON, "Ждём."),
        ("discrepancy.resolved", "discrepancies", None),
    ]


def plan_of(facts: Facts, query: str) -> str:
    facts.run("set local enable_seqscan = off")
    return "\n".join(line for (line,) in facts.run(f"explain {query}"))


def test_the_few_lines_in_question_are_found_without_reading_all(facts: Facts) -> None:
    plan = plan_of(facts, f"select v.line_id from verdict v where {IN_QUESTION}")
    assert "verdict_in_question" in plan


@pytest.mark.parametrize(
    ("where", "order", "index"),
    [
        ("d.state <> 'resolved'", "-d.stake, d.id", "discrepancy_standing"),
        ("d.state in ('open')", "-d.stake, d.id", "discrepancy_state"),
        ("d.courier = 'gorod'", "-d.stake, d.id", "discrepancy_courier"),
        ("d.state <> 'resolved'", "d.opened_at, d.id", "discrepancy_opened"),
    ],
)
def test_a_page_is_a_range_of_an_index(facts: Facts, where: str, order: str, index: str) -> None:
    plan = plan_of(facts, f"select id from discrepancy d where {where} order by {order} limit 10")
    assert index in plan
    assert "Sort" not in plan


def test_a_page_that_nothing_is_on_is_empty(facts: Facts) -> None:
    page = open_ones(facts.conn, Filter(), facts.clock())
    assert (page.items, page.after) == ((), None)
