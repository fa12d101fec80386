"""The steps of one file, in order, for the DAG and for the command line.

Each step may be repeated after a kill at any point, and returns a small dict of counts. A step
raises `Refusal` when the file cannot be taken as it is (then `refuse` it), `TryLater` when another
service is not ready; everything else is an error of this installation.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import TYPE_CHECKING, Any

from sverka.clock import moscow_day
from sverka.errors import NeedsMapping, Refusal
from sverka.intake import ledger
from sverka.intake.quarantine import quarantine
from sverka.nouns import FileState, Purpose
from sverka.posting.ledger import started
from sverka.services import Services

if TYPE_CHECKING:
    from sverka.confirming import Answer
    from sverka.posting.deciding import Answer as PlanAnswer

Counts = dict[str, Any]

DECISIONS = "sverka_decisions"
"""The layout of Sverka's own workbook in which people wrote what they decided."""


def claim(services: Services, partition_key: str, run_id: str) -> int | None:
    """The id of the file that this run works on; None when there is nothing to do for it."""
    with services.connect() as conn:
        return ledger.claim(conn, partition_key, run_id, services.clock())


def still_claimed(services: Services, file_id: int, run_id: str) -> bool:
    """Whether the file is still this run's; every try of a step asks, so a live run is known."""
    with services.connect() as conn:
        return ledger.still_claimed(conn, file_id, run_id, services.clock())


def recognise(services: Services, file_id: int) -> Counts:
    """Finds out whose report it is and in which layout, or stores what a person has to be asked.

    A file with approved or sent documents stays what it was: refused now, it would lie in
    quarantine with half of it in the books.

    Raises:
        Refusal: the file is empty, no table, or nothing that could be a settlement report.
    """
    from sverka.confirming import known_layout, wait
    from sverka.confirming.recognising import head_of
    from sverka.discrepancies.workbook import holds_decisions
    from sverka.recognition.known import knowledge

    with services.connect() as conn:
        row = ledger.file_of(conn, file_id)
        if started(conn, file_id):
            return {"courier": row.courier, "schema": row.schema, "kept": True}
    head = head_of(services, row)
    if head is not None and holds_decisions(head):
        return _recognised(services, file_id, None, DECISIONS, 1)
    try:
        found = known_layout(services, row, knowledge(services), head)
    except NeedsMapping as refusal:
        return {"asks": wait(services, file_id, refusal).asks}
    courier = found.courier.code if found.courier else None
    return _recognised(services, file_id, courier, found.schema.code, found.schema.version)


def _recognised(
    services: Services, file_id: int, courier: str | None, schema: str, version: int
) -> Counts:
    with services.connect() as conn:
        ledger.recognised(conn, file_id, courier=courier, schema=schema, schema_version=version)
        ledger.answered(conn, file_id)
    return {"courier": courier, "schema": schema}


def learn(services: Services, file_id: int, answer: "Answer | None" = None) -> Counts:
    """Applies a person's answer to the question of a waiting file; otherwise does nothing.

    Raises:
        Refusal: it was declined, nobody answered, or the answers do not read this file.
        TryLater: MoySklad is away.
    """
    from sverka.confirming import learn as learn_answer

    return asdict(learn_answer(services, file_id, answer))


def parse(services: Services, file_id: int) -> Counts:
    """Reads all rows into canonical lines and stores them; see `recognise` for a started file.

    Of a workbook with decisions the decisions are applied.

    Raises:
        Refusal: the file cannot be read to its end.
    """
    from sverka.confirming import pinned_layout
    from sverka.confirming.recognising import raw_of
    from sverka.discrepancies.answer import answer
    from sverka.discrepancies.door import take
    from sverka.parsing import parse as parse_rows
    from sverka.parsing.store import store, stored
    from sverka.recognition.known import knowledge

    with services.connect() as conn:
        row = ledger.file_of(conn, file_id)
        if started(conn, file_id):
            return asdict(stored(conn, file_id))
    raw = raw_of(services, row)
    if row.schema == DECISIONS:
        with services.connect() as conn:
            taken = take(conn, file_id, row.partition_key, raw, services.clock())
        answer(services, row)
        return asdict(taken)
    found = pinned_layout(services, row, raw, knowledge(services))
    with services.connect() as conn:
        return asdict(store(conn, file_id, parse_rows(raw, found, row.sha256)))


def check(services: Services, file_id: int) -> Counts:
    """Puts aside the lines that do not fit; see `recognise` for a started file.

    Raises:
        Refusal: the file as a whole does not add up.
    """
    from sverka.checking import check as check_lines
    from sverka.checking.results import counted

    if purposes_of(services, file_id) == {Purpose.DECISIONS}:
        return {"noted": [Purpose.DECISIONS.value]}
    with services.connect() as conn:
        if started(conn, file_id):
            accepted, rejected = counted(conn, file_id)
            return {"accepted": accepted, "rejected": rejected}
    checked = check_lines(services, file_id)
    return {"accepted": checked.accepted, "rejected": checked.rejected}


def only_settlements(step: Callable[[Services, int], Counts]) -> Callable[[Services, int], Counts]:
    """A step that a file takes only when it settles money; other reports are noted and checked."""

    @wraps(step)
    def of_settlement(services: Services, file_id: int) -> Counts:
        purposes = purposes_of(services, file_id)
        if purposes and Purpose.SETTLEMENT not in purposes:
            return {"noted": sorted(purposes)}
        return step(services, file_id)

    return of_settlement


def purposes_of(services: Services, file_id: int) -> set[str]:
    """What the file's reports are for (`Purpose`)."""
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute("select distinct purpose from report where file_id = %s", (file_id,))
        return {purpose for (purpose,) in cursor.fetchall()}


@only_settlements
def refresh_snapshot(services: Services, _file_id: int) -> Counts:
    """Brings the mirror of MoySklad up to now.

    Raises:
        TryLater: MoySklad is away.
    """
    from sverka.snapshot import mirror

    return asdict(mirror(services))


@only_settlements
def reconcile(services: Services, file_id: int) -> Counts:
    """Gives every line its verdict; the counts are by verdict."""
    from sverka.pages.counting import count
    from sverka.reconciling import reconcile as compare

    found = dict(compare(services, file_id))
    with services.connect() as conn:
        count(conn, file_id, services.clock())
    return found


@only_settlements
def plan(services: Services, file_id: int) -> Counts:
    """Works out the documents to be; sends nothing.

    A corrected report is held until it is decided what becomes of the older one's documents.

    Raises:
        TryLater: MoySklad is away, or something of an older report has to be looked up first.
    """
    from sverka.posting.plan import plan as plan_documents
    from sverka.posting.supersede import before_planning

    if question := before_planning(services, file_id):
        return {"held": question}
    return asdict(plan_documents(services, file_id))


@only_settlements
def approve(services: Services, file_id: int) -> Counts:
    """Approves what the courier's policy lets go by itself, and notes what waits for a person."""
    from sverka.posting.approve import POLICY
    from sverka.posting.approve import approve as approve_documents
    from sverka.posting.deciding import note_question

    approved = approve_documents(services, file_id, POLICY)
    return {"approved": approved, "asks": note_question(services, file_id, anew=approved > 0)}


@only_settlements
def send(services: Services, file_id: int) -> Counts:
    """Creates the approved documents in MoySklad.

    Raises:
        TryLater: MoySklad is away, or something has to be looked up before it goes on.
    """
    from sverka.posting.send import send as send_documents

    return asdict(send_documents(services, file_id))


def decide(services: Services, file_id: int, answer: "PlanAnswer | None" = None) -> Counts:
    """Applies a person's answer to the plan that waits, and sends what was approved by it.

    `again` says that the plan is another one by now: nothing was done, another run asks anew.

    Raises:
        TryLater: MoySklad is away.
    """
    from sverka.posting.deciding import AlreadyDecided
    from sverka.posting.deciding import decide as decide_plan
    from sverka.posting.questions import POST, VOID

    if answer is None:
        return {"again": False}
    try:
        decided = decide_plan(services, file_id, answer)
    except AlreadyDecided as earlier:
        decided = earlier.decided
    with services.connect() as conn:
        ledger.answered(conn, file_id)
        if decided.answer == VOID:
            ledger.released(conn, file_id)
    sent = send(services, file_id) if decided.answer == POST else {}
    return {"again": decided.answer == VOID, "answer": decided.answer, "by": decided.by, **sent}


def finish(services: Services, file_id: int) -> Counts:
    """Notes that everything is done for this file; a statement's money pays for reports now."""
    from sverka.payouts import note_statement

    paid = {}
    if Purpose.STATEMENT in purposes_of(services, file_id):
        paid = {"paid": note_statement(services, file_id)}
    with services.connect() as conn:
        ledger.settled(conn, file_id, services.clock())
    return paid


def publish(services: Services, file_id: int) -> Counts:
    """Renews the discrepancies, the report of the day the file came in and the page of its checks.

    The last step after every end of a file, also after a refusal and an undo.
    """
    from sverka.discrepancies import refresh as refresh_discrepancies
    from sverka.pages.counting import count
    from sverka.recognition.known import known_couriers
    from sverka.reporting import publish as publish_day
    from sverka.reporting.checks import publish_page
    from sverka.watching import refresh as look_again

    couriers = known_couriers(services)
    with services.connect() as conn:
        look_again(conn, couriers, [file_id])
        refresh_discrepancies(conn, services.clock(), [file_id])
    with services.connect() as conn:
        count(conn, file_id, services.clock())
    publish_page(services, file_id)
    with services.connect() as conn:
        received_at = ledger.file_of(conn, file_id).received_at
    published = publish_day(
        services, moscow_day(received_at), not_before=services.clock(), renewed=True
    )
    return {"day": published.day.isoformat()}


def refuse(services: Services, file_id: int, refusal: Refusal) -> None:
    """Puts the file into quarantine with the refusal's words."""
    quarantine(services, file_id, refusal.where_and_why())


STEPS: tuple[Callable[[Services, int], Counts], ...] = (
    recognise,
    learn,
    parse,
    check,
    refresh_snapshot,
    reconcile,
    plan,
    approve,
    send,
    finish,
)


def settle(services: Services, file_id: int, answer: "Answer | None" = None) -> dict[str, Counts]:
    """All steps of a claimed file; counts by step. The day's report is renewed in any case.

    A file that has to be asked about stops after `recognise` unless `answer` answers it.

    Raises:
        Refusal: the file is in quarantine now.
        TryLater: another service is not ready; settling it again continues.
    """
    done: dict[str, Counts] = {}
    try:
        for step in STEPS:
            done[step.__name__] = (
                learn(services, file_id, answer) if step is learn else step(services, file_id)
            )
            if step is learn and not in_work(services, file_id):
                break
    except Refusal as refusal:
        refuse(services, file_id, refusal)
        raise
    finally:
        done["publish"] = publish(services, file_id)
    return done


def in_work(services: Services, file_id: int) -> bool:
    """Whether nothing is asked about the file and nobody gave it away."""
    with services.connect() as conn:
        return ledger.file_of(conn, file_id).state not in {
            FileState.WAITING,
            FileState.REGISTERED,
        }
