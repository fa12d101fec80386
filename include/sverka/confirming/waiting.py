"""A file waits for a person: the question is stored, shown by a run, and looked after."""

from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from sverka.confirming import store
from sverka.confirming.question import Asked, about_courier, about_layout
from sverka.confirming.recognising import Nameless, known_layout, raw_of
from sverka.confirming.store import Drafted, Waiting
from sverka.drafting import propose
from sverka.errors import NeedsMapping, Refusal
from sverka.intake import ledger
from sverka.intake.ledger import FileRow
from sverka.parsing import parse
from sverka.recognition import recognise
from sverka.recognition.asking import AnotherCourier
from sverka.recognition.known import Knowledge, knowledge
from sverka.services import Services

PATIENCE = timedelta(days=7)
"""A question that nobody answers for so long ends in quarantine."""

REASONS = {
    "layout": (
        "Ждёт ответа: какой раскладкой читать. Откройте запуск файла в Airflow, посмотрите, как Сверка "
        "поняла колонки, и нажмите «Подтвердить» или «Отклонить»."
    ),
    "courier": (
        "Ждёт ответа: чей это отчёт. Откройте запуск файла в Airflow, выберите службу доставки и "
        "нажмите «Подтвердить»."
    ),
}


class Look(StrEnum):
    """What a run finds when it looks after its waiting file."""

    WAITS = "waits"
    """The question stands as it was shown."""
    KNOWN = "known"
    """Meanwhile the layout is known; nothing has to be asked any more."""
    CHANGED = "changed"
    """Another question has to be shown, by another run; the file is released."""
    LEFT = "left"
    """The file is not this run's any more."""
    NOBODY = "nobody"
    """Nobody answered in time."""


def wait(services: Services, file_id: int, refusal: NeedsMapping) -> Asked:
    """Works the question out over the whole file and lets the file wait for its answer.

    Raises:
        Refusal: there is nothing to ask: it is no settlement report.
    """
    known = knowledge(services)
    with services.connect() as conn:
        row = ledger.file_of(conn, file_id)
    drafted = question_about(services, row, refusal, known)
    with services.connect() as conn:
        store.ask(conn, file_id, drafted, services.clock())
        ledger.waiting(conn, file_id, REASONS[drafted.asked.asks])
    return drafted.asked


def question_about(
    services: Services, row: FileRow, refusal: NeedsMapping, known: Knowledge
) -> Drafted:
    """The question about a file that is not known.

    Raises:
        Refusal: as `wait`.
    """
    raw = raw_of(services, row)
    if isinstance(refusal, Nameless):
        found = recognise(raw, known.schemas, known.couriers)
        schema = found.schema
        digest = sha256(f"{schema.code} {schema.version} {schema.text}".encode()).hexdigest()
        parsed = parse(raw, found, row.sha256)
        asked = about_courier(row.name, schema, digest, parsed, known.couriers)
        return Drafted(asked, schema.text, known.mark)
    with services.connect() as conn:
        answers = store.answers_so_far(conn, row.id)
    draft = propose(raw, known.schemas, known.couriers, refusal, answers=answers)
    parsed = draft.parsed(raw, known.couriers, row.sha256)
    asked = about_layout(row.name, draft, parsed, known.couriers, known_as=_known_as(refusal))
    return Drafted(asked, draft.schema_text, known.mark)


def _known_as(refusal: NeedsMapping) -> str | None:
    """What is known of the layout already: how it changed, or whose it was."""
    if isinstance(refusal, AnotherCourier):
        return refusal.where_and_why()
    if refusal.drift is None:
        return None
    return (
        f"Известная раскладка «{refusal.drift.schema.title}» изменилась. {refusal.drift.in_words()}"
    )


def open_question(services: Services, file_id: int) -> Waiting | None:
    """What the file waits for; None when nothing is asked."""
    with services.connect() as conn:
        return store.waiting(conn, file_id)


def show(services: Services, file_id: int, run_id: str) -> Asked | None:
    """The question for the form of this run; None when there is none, or it must be another run's.

    Airflow 3.3 keeps a task instance's first form through retries and clearing. So a run that has
    shown another question cannot show this one, and the file is released to a new run.
    """
    with services.connect() as conn:
        open_ = store.waiting(conn, file_id)
        if open_ is None:
            return None
        if open_.asked_in == run_id and open_.asked_sha256 != open_.sha256:
            ledger.released(conn, file_id)
            return None
        store.shown(conn, file_id, run_id)
        return open_.asked


def look_again(services: Services, file_id: int, run_id: str) -> Look:
    """Looks after a waiting file on behalf of its run. Never raises a refusal."""
    now = services.clock()
    with services.connect() as conn:
        if not ledger.still_claimed(conn, file_id, run_id, now):
            return Look.LEFT
        open_ = store.waiting(conn, file_id)
        row = ledger.file_of(conn, file_id)
    if open_ is None:
        return Look.LEFT
    known = knowledge(services)
    if known.mark != open_.knowledge:
        return _asked_anew(services, row, open_, known)
    return Look.NOBODY if now - open_.drafted_at >= PATIENCE else Look.WAITS


def _asked_anew(services: Services, row: FileRow, open_: Waiting, known: Knowledge) -> Look:
    """Something was confirmed or withdrawn since: does the question still stand?"""
    try:
        known_layout(services, row, known)
    except NeedsMapping as refusal:
        stands = _asks_the_same(services, row, open_, refusal, known)
    except Refusal:
        stands = False
    else:
        return Look.KNOWN
    with services.connect() as conn:
        if stands:
            store.still_unknown(conn, row.id, known.mark)
            return Look.WAITS
        ledger.released(conn, row.id)
    return Look.CHANGED


def _asks_the_same(
    services: Services, row: FileRow, open_: Waiting, refusal: NeedsMapping, known: Knowledge
) -> bool:
    try:
        return question_about(services, row, refusal, known).asked == open_.asked
    except Refusal:
        return False
