"""Files by state, how long they have been in it, and the questions that wait for a person."""

from collections.abc import Iterator

from prometheus_client import Metric

from sverka.monitoring.families import age, every, gauge
from sverka.monitoring.looking import Look
from sverka.nouns import FileState
from sverka.posting.questions import all_waiting

UNFINISHED = (FileState.REGISTERED, FileState.PROCESSING, FileState.WAITING, FileState.STALLED)
HELD = (FileState.PROCESSING, FileState.WAITING)
"""States of files that a run has."""
APPROVAL = "approval"
KINDS = ("layout", "courier", APPROVAL)
"""What a file may ask: how it is read, whose it is, whether it is booked."""


def files(look: Look) -> Iterator[Metric]:
    """How many files are in every state, how old they are, and whether their runs are alive."""
    with look.conn.cursor() as cursor:
        cursor.execute(
            "select state, count(*), min(received_at), min(claimed_at) from file group by state"
        )
        rows = cursor.fetchall()
    yield gauge(
        "sverka_files",
        "Files by state.",
        ("state",),
        every(FileState, {state: count for state, count, _, _ in rows}),
    )
    yield gauge(
        "sverka_files_oldest_age_seconds",
        "Since the oldest file of an unfinished state was received.",
        ("state",),
        every(UNFINISHED, {state: age(look.now, oldest) for state, _, oldest, _ in rows}),
    )
    yield gauge(
        "sverka_files_silent_seconds",
        "Since the run of a file that a run has last gave a sign of life.",
        ("state",),
        every(HELD, {state: age(look.now, sign) for state, _, _, sign in rows}),
    )


def questions(look: Look) -> Iterator[Metric]:
    """Runs that wait for an answer of a person."""
    approvals = all_waiting(look.conn)
    with look.conn.cursor() as cursor:
        cursor.execute(_DRAFTS)
        found = {kind: (count, oldest) for kind, count, oldest in cursor.fetchall()}
    if approvals:
        found[APPROVAL] = (len(approvals), approvals[0].since)
    counts = {kind: count for kind, (count, _) in found.items()}
    ages = {kind: age(look.now, oldest) for kind, (_, oldest) in found.items()}
    stakes: dict[str, int] = {}
    for one in approvals:
        stakes[one.currency] = stakes.get(one.currency, 0) + one.stake
    yield gauge("sverka_questions", "Open questions to people.", ("kind",), every(KINDS, counts))
    yield gauge(
        "sverka_questions_oldest_age_seconds",
        "Since the oldest open question was asked.",
        ("kind",),
        every(KINDS, ages),
    )
    yield gauge(
        "sverka_approvals_stake_minor_units",
        "Money of the plans that wait for an approval.",
        ("currency",),
        sorted(stakes.items()),
    )


# A draft stays when it is answered; the file may then wait for an approval.
_DRAFTS = """
    select d.asks, count(*), min(d.drafted_at)
      from draft d join file f on f.id = d.file_id
     where f.state = 'waiting'
       and not exists (select from plan_question q where q.file_id = f.id and q.answer is null)
     group by d.asks
"""
