"""The tables of approvals: which plans wait for a person, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sverka.audit.journal import Event, Kind, Subject, notes
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.posting.policy import Why

POST, REFUSE, VOID = "post", "refuse", "void"
BY_SVERKA = "plan"
"""Who voids a question when no person did: planning."""
UNDONE = "undo"
"""Who voids it when the file is undone: what is booked of it later waits anew."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a question is about: the plan's seal, how much it is, and why it is asked."""

    seal: str
    documents: int
    stake: Minor
    reasons: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A stored question. `answer` is None while nobody answered; then nothing of it is posted.

    `since` is when the file began to wait, `asked_in` the run whose form shows it.
    """

    file_id: int
    seal: str
    documents: int
    stake: Minor
    since: datetime
    asked_at: datetime
    asked_in: str | None
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    comment: str | None

    @property
    def waits_on(self) -> bool:
        """Whether the file has waited ever since: nobody answered, or to another plan."""
        return self.answer is None or (self.answer == VOID and self.answered_by != UNDONE)


_COLUMNS = (
    "file_id, seal, documents, stake, since, asked_at, asked_in, answer, answered_by, answered_at, "
    "comment"
)


def questions_of(conn: Connection, file_id: int) -> list[Question]:
    """All questions about the file's plans, the open one first, then the newest."""
    with conn.cursor() as cursor:
        cursor.execute(
            f"select {_COLUMNS} from plan_question where file_id = %s "  # noqa: S608 - a constant
            "order by answer is null desc, asked_at desc, seal",
            (file_id,),
        )
        return [Question(*row) for row in cursor.fetchall()]


def open_question(conn: Connection, file_id: int) -> Question | None:
    """The question that nobody has answered yet."""
    return next((one for one in questions_of(conn, file_id) if one.answer is None), None)


def question(conn: Connection, file_id: int, seal: str) -> Question | None:
    """What was asked about exactly this plan."""
    return next((one for one in questions_of(conn, file_id) if one.seal == seal), None)


def ask(conn: Connection, file_id: int, shown: Shown, run_id: str | None, now: datetime) -> None:
    """Writes the question down; another one about the file that is open becomes void.

    Asking the same again changes nothing but the run. Without `run_id` no form shows it (yet). A
    plan that was void and is the same again is asked anew; one that a person answered about and
    that waits all the same, too.
    """
    void_others(conn, file_id, shown.seal, by=BY_SVERKA, now=now)
    newest = next(iter(questions_of(conn, file_id)), None)
    values = {
        "file": file_id,
        "seal": shown.seal,
        "documents": shown.documents,
        "stake": shown.stake,
        "reasons": [why.value for why in shown.reasons],
        "since": newest.since if newest and newest.waits_on else now,
        "run": run_id,
        "now": now,
    }
    with conn.cursor() as cursor:
        cursor.execute(_ASK, values)
    if newest is None or newest.answer is not None:
        detail = {"seal": shown.seal, "documents": shown.documents, "stake": shown.stake}
        detail |= {"reasons": values["reasons"]}
        _note(conn, Kind.PLAN_ASKED, file_id, detail, by="policy", now=now)


_ASK = """
    insert into plan_question as q
           (file_id, seal, documents, stake, reasons, since, asked_at, asked_in)
    values (%(file)s, %(seal)s, %(documents)s, %(stake)s, %(reasons)s, %(since)s, %(now)s, %(run)s)
        on conflict (file_id, seal) do update
       set asked_in = coalesce(excluded.asked_in, q.asked_in),
           reasons = excluded.reasons,
           since = case when q.answer is null then q.since else excluded.since end,
           asked_at = case when q.answer is null
                            and coalesce(q.asked_in, excluded.asked_in) = excluded.asked_in
                           then q.asked_at else excluded.asked_at end,
           answer = null, answered_by = null, answered_at = null, comment = null
"""


@dataclass(frozen=True, slots=True)
class Said:
    """What became of a question, who said so, and when."""

    answer: str
    by: str
    at: datetime
    comment: str | None = None


_KINDS = {POST: Kind.PLAN_APPROVED, REFUSE: Kind.PLAN_REFUSED, VOID: Kind.PLAN_VOID}


def answered(conn: Connection, file_id: int, seal: str, said: Said) -> bool:
    """Writes down what became of a question; False when it has an answer already, which stands."""
    with conn.cursor() as cursor:
        cursor.execute(
            "update plan_question set answer = %s, answered_by = %s, answered_at = %s, comment = %s "
            "where file_id = %s and seal = %s and answer is null",
            (said.answer, said.by, said.at, said.comment, file_id, seal),
        )
        if not cursor.rowcount:
            return False
    detail = {"seal": seal} | ({"comment": said.comment} if said.comment else {})
    _note(conn, _KINDS[said.answer], file_id, detail, by=said.by, now=said.at)
    return True


def void_others(conn: Connection, file_id: int, seal: str, *, by: str, now: datetime) -> None:
    """The file's plan is this one now (empty: nothing is planned): no other may be answered."""
    standing = open_question(conn, file_id)
    if standing is not None and standing.seal != seal:
        answered(conn, file_id, standing.seal, Said(VOID, by, now))


def note_late(conn: Connection, file_id: int, seal: str, said: Said) -> None:
    """Notes that somebody answered to a plan that is another one by now; nothing follows from it."""
    detail = {"seal": seal} | ({"comment": said.comment} if said.comment else {})
    _note(conn, Kind.PLAN_VOID, file_id, detail, by=said.by, now=said.at)


def refuse_planned(conn: Connection, file_id: int, seal: str) -> None:
    """Remembers the file's planned documents as refused; planning leaves them out from now on."""
    with conn.cursor() as cursor:
        cursor.execute(
            "insert into refused_posting (sync_id, fingerprint, file_id, seal) "
            "select sync_id, fingerprint, file_id, %s from posting "
            "where file_id = %s and state = 'planned' and not dry_run "
            "on conflict (sync_id, fingerprint) do nothing",
            (seal, file_id),
        )


def forget_refusals(conn: Connection, file_id: int, by: str, now: datetime) -> int:
    """Lets the file's refused documents be planned, and asked about, again; how many."""
    with conn.cursor() as cursor:
        cursor.execute("delete from refused_posting where file_id = %s", (file_id,))
        number = cursor.rowcount
    if number:
        _note(conn, Kind.PLAN_REOPENED, file_id, {"documents": number}, by=by, now=now)
    return number


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who refused a document, when and with what words."""

    by: str
    at: datetime
    comment: str | None


def refusals(conn: Connection, sync_ids: Sequence[str]) -> dict[tuple[str, str], Refusal]:
    """By syncId and fingerprint: which of these documents a person refused."""
    with conn.cursor() as cursor:
        cursor.execute(
            """select x.sync_id::text, x.fingerprint, q.answered_by, q.answered_at, q.comment
                 from refused_posting x join plan_question q using (file_id, seal)
                where x.sync_id = any(%s::uuid[])""",
            (list(sync_ids),),
        )
        return {(sync_id, print_): Refusal(*words) for sync_id, print_, *words in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file with a plan that waits for a person; `couriers` are codes."""

    file_id: int
    file: str
    couriers: tuple[str, ...]
    seal: str
    documents: int
    stake: Minor
    currency: str
    since: datetime


def all_waiting(conn: Connection) -> list[Waiting]:
    """Every open question, the one that waits longest first."""
    with conn.cursor() as cursor:
        cursor.execute(_WAITING)
        return [
            Waiting(file_id, file, tuple(couriers), seal, documents, Minor(stake), currency, since)
            for file_id, file, couriers, seal, documents, stake, currency, since in cursor.fetchall()
        ]


_WAITING = """
    select q.file_id, f.name,
           array(select distinct p.courier from posting p
                  where p.file_id = q.file_id and p.state = 'planned' order by 1),
           q.seal, q.documents, q.stake, coalesce((select currency from account), 'RUB'), q.since
      from plan_question q
      join file f on f.id = q.file_id
     where q.answer is null and f.state not in ('undone', 'quarantined')
       and exists (select from posting p
                    where p.file_id = q.file_id and p.state = 'planned' and not p.dry_run)
     order by q.since, q.file_id
"""


def _note(  # noqa: PLR0913 - one event
    conn: Connection, kind: Kind, file_id: int, detail: dict[str, Any], *, by: str, now: datetime
) -> None:
    notes(conn, [Event(kind, Subject(file_id), by, detail, now)])
