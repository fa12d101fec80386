"""A plan that waits for a person: it is asked about, looked after, and answered.

The truth is the table `plan_question` and not the form: an answer holds for exactly the plan whose
seal it carries, silence posts nothing (docs/approvals.md).
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.errors import SverkaError
from sverka.intake import ledger
from sverka.money import Minor
from sverka.posting import questions
from sverka.posting.approve import Approval, approve_in, live
from sverka.posting.intents import split_of
from sverka.posting.ledger import planned
from sverka.posting.plan import plan
from sverka.posting.questions import BY_SVERKA, POST, REFUSE, VOID, Question, Said, Shown
from sverka.recognition.known import known_couriers
from sverka.services import Services
from sverka.snapshot import mirror

PATIENCE = timedelta(days=7)
"""A question that nobody answers for so long is asked anew about a fresh plan, by a fresh run."""

WAITS = (
    "Ждёт решения: часть документов Сверка по условиям курьера без человека не проводит. Откройте запуск "
    "файла в Airflow, посмотрите план и нажмите «Провести» или «Не проводить»."
)


class Look(StrEnum):
    """What a run finds when it asks about its file, or looks after its question."""

    WAITS = "waits"
    NOTHING = "nothing"
    """Nothing waits for a person."""
    CHANGED = "changed"
    """Another question has to be shown, by another run; the file is released."""
    LEFT = "left"
    """The file is not this run's any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's answer to the plan with the seal `shown`; without either it answers nothing."""

    approved: bool | None
    shown: str | None = None
    by: str = ""
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What holds now: the answer (`post`, `refuse`, `void`), and whose it is."""

    answer: str
    by: str


class AlreadyDecided(SverkaError):
    """Somebody else has answered already, and otherwise; that answer stands."""

    def __init__(self, question: Question) -> None:
        self.decided = Decided(str(question.answer), str(question.answered_by))
        done = "провести" if question.answer == POST else "не проводить"
        super().__init__(f"Это уже решено: {done} ({question.answered_by}). Ничего не изменено.")


def note_question(services: Services, file_id: int, *, anew: bool = False) -> int:
    """Notes what of the file's plan waits for a person; how many documents.

    With `anew` a part of the plan has just been approved: the rest is planned again first, so that
    later plannings give the plan that was shown.
    """
    with services.connect() as conn:
        waits = _shown(conn, known_couriers(services), file_id)
    if waits and anew:
        plan(services, file_id)
    with services.connect() as conn:
        shown = _shown(conn, known_couriers(services), file_id)
        if shown is not None:
            questions.ask(conn, file_id, shown, None, services.clock())
            return shown.documents
        if standing := questions.open_question(conn, file_id):
            said = Said(VOID, BY_SVERKA, services.clock())
            questions.answered(conn, file_id, standing.seal, said)
    return 0


def wait(services: Services, file_id: int, run_id: str) -> Question | Look:
    """The question for the form of this run; or why it shows none.

    Airflow 3.3 keeps a task instance's first form through retries and clearing. So a run that has
    shown another question cannot show this one, and the file is released to a new run.
    """
    with services.connect() as conn:
        shown = _shown(conn, known_couriers(services), file_id)
        if shown is None:
            return Look.NOTHING
        before = questions.questions_of(conn, file_id)
        if any(one.asked_in == run_id and one.seal != shown.seal for one in before):
            ledger.released(conn, file_id)
            return Look.CHANGED
        questions.ask(conn, file_id, shown, run_id, services.clock())
        ledger.waiting(conn, file_id, WAITS)
        return questions.question(conn, file_id, shown.seal) or Look.NOTHING


def look_again(services: Services, file_id: int, run_id: str) -> Look:
    """Looks after a waiting file on behalf of its run."""
    now = services.clock()
    with services.connect() as conn:
        if not ledger.still_claimed(conn, file_id, run_id, now):
            return Look.LEFT
        if not _sums(conn, known_couriers(services), file_id):
            ledger.answered(conn, file_id)
            return Look.NOTHING
        asked = questions.question(conn, file_id, planned(conn, file_id).seal)
        if (
            asked is None
            or asked.answer is not None
            or asked.asked_in != run_id
            or now - asked.asked_at >= PATIENCE
        ):
            ledger.released(conn, file_id)
            return Look.CHANGED
    return Look.WAITS


def decide(services: Services, file_id: int, answer: Answer) -> Decided:
    """Applies a person's answer; approved documents are not sent yet.

    The books are read and the plan is made again first: an answer to what holds no more is void,
    and what holds now is asked about. Repeated after a kill, or by a second person who says the
    same, it changes nothing; the first answer stands.

    Raises:
        AlreadyDecided: somebody has answered otherwise.
        TryLater: MoySklad is away.
    """
    with services.connect() as conn:
        current = planned(conn, file_id).seal
        earlier = questions.question(conn, file_id, answer.shown) if answer.shown else None
    if earlier is not None and earlier.answer in {POST, REFUSE}:
        return _stands(services, file_id, earlier, answer)
    if answer.approved is None or not answer.shown or current != answer.shown:
        return _void(services, file_id, answer)
    mirror(services)
    plan(services, file_id)
    if _recorded(services, file_id, answer, answer.shown):
        if not answer.approved:
            plan(services, file_id)
        return Decided(POST if answer.approved else REFUSE, answer.by)
    with services.connect() as conn:
        meanwhile = questions.question(conn, file_id, answer.shown)
    if meanwhile is not None and meanwhile.answer in {POST, REFUSE}:
        return _stands(services, file_id, meanwhile, answer)
    return _void(services, file_id, answer)


def ask_again(services: Services, file_id: int, by: str) -> int:
    """Takes back that documents of the file were refused; how many. A new run asks about them.

    The file must be settled: one in work is its run's.
    """
    with services.hold("account"), services.connect() as conn:
        number = questions.forget_refusals(conn, file_id, by, services.clock())
        if number:
            ledger.reopened(conn, file_id, by, services.clock())
        return number


def _recorded(services: Services, file_id: int, answer: Answer, seal: str) -> bool:
    """One transaction: the answer and what follows from it; False when the plan is another one."""
    couriers = known_couriers(services)
    now = services.clock()
    with services.hold("account"), services.connect() as conn:
        shown = _shown(conn, couriers, file_id)
        if shown is None or shown.seal != seal:
            return False
        if questions.question(conn, file_id, seal) is None:
            questions.ask(conn, file_id, shown, None, now)
        said = Said(POST if answer.approved else REFUSE, answer.by, now, answer.comment)
        if not questions.answered(conn, file_id, seal, said):
            return False
        if answer.approved:
            approve_in(conn, couriers, file_id, Approval(answer.by, now, seal))
        else:
            questions.refuse_planned(conn, file_id, seal)
    return True


def _stands(services: Services, file_id: int, earlier: Question, answer: Answer) -> Decided:
    if (earlier.answer == POST) != answer.approved:
        raise AlreadyDecided(earlier)
    if earlier.answer == REFUSE:
        # Perhaps a kill came between the answer and the planning that leaves its documents out.
        with services.connect() as conn:
            left_over = planned(conn, file_id).seal == earlier.seal
        if left_over:
            plan(services, file_id)
    return Decided(str(earlier.answer), str(earlier.answered_by))


def _void(services: Services, file_id: int, answer: Answer) -> Decided:
    """Nothing is done; what waits now is asked about anew."""
    with services.connect() as conn:
        if answer.shown and questions.question(conn, file_id, answer.shown):
            said = Said(VOID, answer.by or BY_SVERKA, services.clock(), answer.comment)
            questions.note_late(conn, file_id, answer.shown, said)
    note_question(services, file_id)
    return Decided(VOID, answer.by)


def _shown(conn: Connection, couriers: Couriers, file_id: int) -> Shown | None:
    """What of the file's plan waits for a person; None when nothing does."""
    sums = _sums(conn, couriers, file_id)
    if not sums:
        return None
    return Shown(
        planned(conn, file_id).seal,
        sum(count for count, _ in sums),
        max(money for _, money in sums),
        split_of(conn, file_id, couriers).reasons,
    )


def _sums(conn: Connection, couriers: Couriers, file_id: int) -> list[tuple[int, Minor]]:
    """By kind: how many documents wait, and their money."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select count(*), sum(abs(amount))::bigint from posting where file_id = %s "
            "and state = 'planned' and not dry_run and courier = any(%s) group by kind",
            (file_id, live(couriers)),
        )
        return [(count, Minor(money)) for count, money in cursor.fetchall()]
