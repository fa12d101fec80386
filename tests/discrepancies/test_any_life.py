"""Random facts and decisions in any order: what must hold after every refresh."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import pairwise

import psycopg2
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from sverka.discrepancies import (
    Action,
    Decision,
    Discrepancy,
    Filter,
    Refreshed,
    State,
    What,
    decide,
    history,
    open_ones,
    totals,
)
from sverka.discrepancies.definition import BOOKED_SINCE, IN_QUESTION, STAKE
from tests.conftest import FrozenClock
from tests.discrepancies.facts import PERSON, Facts

FEW = 12
EXAMPLES = int(os.environ.get("SVERKA_PROPERTY_EXAMPLES", FEW))

VERDICTS = st.sampled_from(["underpaid", "overpaid", "not_shipped", "matched", "already_settled"])
RECEIVED = st.sampled_from([1, 50_000, 90_000])
FILE_STATES = st.sampled_from(["settled", "settled", "undone", "processing", "quarantined"])

# The definition told again, one line at a time: the newest live report that says anything of it.
NAIVE = f"""
    select l.line_key::text, v.verdict, {STAKE}, {IN_QUESTION} and not {BOOKED_SINCE}, f.state
      from line l join report r on r.id = l.report_id join file f on f.id = r.file_id
      join verdict v on v.line_id = l.id
     where f.state not in ('undone', 'quarantined') and v.verdict <> 'already_settled'
     order by f.received_at, f.id
"""


class Life(RuleBasedStateMachine):
    """One shop; every rule commits, as the steps of files do."""

    url = ""
    lines = Bundle("lines")

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.conn = psycopg2.connect(self.url)
        self.facts = Facts(self.conn, FrozenClock(datetime(2026, 11, 20, 9, tzinfo=UTC)))
        self.fresh = True
        self.facts.run("delete from discrepancy_event")
        self.facts.run("truncate file, discrepancy, posting cascade")

    def teardown(self) -> None:
        self.conn.rollback()
        self.conn.close()

    @rule(target=lines, key=st.sampled_from("123"), verdict=VERDICTS, received=RECEIVED)
    def arrive(self, key: str, verdict: str, received: int) -> int:
        self.fresh = False
        return self.facts.line(key=key, verdict=verdict, received=received)

    @rule(line=lines, verdict=VERDICTS, received=RECEIVED)
    def judge(self, line: int, verdict: str, received: int) -> None:
        self.fresh = False
        self.facts.judge(line, verdict, received=received)

    @rule(line=lines, state=FILE_STATES)
    def file_becomes(self, line: int, state: str) -> None:
        self.fresh = False
        self.facts.state_of_file(self.facts.file_of(line), state)

    @rule(line=lines)
    def book_elsewhere(self, line: int) -> None:
        self.fresh = False
        [(key,)] = self.facts.run("select line_key::text from line where id = %s", line)
        self.facts.book(self.facts.file(), line_key=key)

    @rule(action=st.sampled_from(list(Action)), place=st.integers(0, 2), stale=st.booleans())
    def decide(self, action: Action, place: int, stale: bool) -> None:
        found = self.facts.all()
        if place < len(found):
            self.facts.clock.advance(seconds=60)
            one = found[place]
            seen = one.updated - stale
            wanted = [Decision(one.id, seen, action, f"Потому что {one.updated}.")]
            decided = decide(self.conn, wanted, PERSON, self.facts.clock())
            assert not (stale and decided.applied)

    @rule()
    def refresh(self) -> None:
        self.facts.refresh()
        self.fresh = True

    @rule()
    def refresh_each_file(self) -> None:
        """File by file comes to the same as everything at once."""
        for (file_id,) in self.facts.run("select id from file order by id"):
            self.facts.refresh([file_id])
        assert self.facts.refresh() == Refreshed()
        self.fresh = True

    @invariant()
    def discrepancies_are_the_facts(self) -> None:
        if not self.fresh:
            return
        found = {str(one.key): one for one in self.facts.all()}
        asks = self.asking()
        for key, (verdict, stake) in asks.items():
            one = found[key]
            assert one.in_question
            assert one.state is not State.RESOLVED or one.decided_by == PERSON
            assert (one.verdict, one.stake) == (verdict, stake)
        gone = [one for key, one in found.items() if key not in asks]
        assert all(one.state is State.RESOLVED or self.in_work(one) for one in gone)
        self.sums_agree(asks, found, [one for one in gone if self.in_work(one)])

    def sums_agree(
        self,
        asks: dict[str, tuple[str, int]],
        found: dict[str, Discrepancy],
        frozen: list[Discrepancy],
    ) -> None:
        standing = sum(one.stake for one in totals(self.conn, Filter(), self.facts.clock()))
        decided = [key for key in asks if found[key].state is State.RESOLVED]
        waiting = sum(one.stake for one in frozen if one.state is not State.RESOLVED)
        asked = sum(stake for _, stake in asks.values())
        assert standing == asked - sum(asks[key][1] for key in decided) + waiting

    @invariant()
    def every_history_is_a_way_through_the_states(self) -> None:
        for one in open_ones(self.conn, Filter(states=tuple(State)), self.facts.clock()).items:
            told = history(self.conn, one.id)
            assert told[0].what is What.OPENED
            for before, after in pairwise(told):
                assert after.from_state is before.to_state
                assert (after.from_verdict, after.from_stake) == (
                    before.to_verdict,
                    before.to_stake,
                )
                assert (after.what is What.RESOLVED) == (after.to_state is State.RESOLVED)
            assert told[-1].to_state is one.state
            assert one.updated == len(told)
            reopened = [event for event in told if event.what is What.REOPENED]
            assert one.times_reopened == len(reopened)

    def asking(self) -> dict[str, tuple[str, int]]:
        newest: dict[str, tuple[str, int] | None] = {}
        for key, verdict, stake, asks, _ in self.facts.run(NAIVE):
            newest[key] = (verdict, stake) if asks else None
        return {key: told for key, told in newest.items() if told}

    def in_work(self, one: Discrepancy) -> bool:
        [(state,)] = self.facts.run("select state from file where id = %s", one.file_id)
        return state == "processing"


@contextmanager
def machine_on(url: str) -> Iterator[type[Life]]:
    yield type("LifeHere", (Life,), {"url": url})


@pytest.mark.timeout(600)
def test_any_order_of_facts_and_decisions_keeps_the_promises(database_url: str) -> None:
    with machine_on(database_url) as machine:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=20,
                deadline=None,
                derandomize=EXAMPLES == FEW,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
