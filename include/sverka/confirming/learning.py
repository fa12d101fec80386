"""From an answer to knowledge: tried on this very file first, then stored, then used."""

from dataclasses import dataclass, replace

from sverka.confirming import store
from sverka.confirming.answers import NOTHING_LEARNED, Answer, named_courier, on_terms
from sverka.confirming.fields import COURIER
from sverka.confirming.recognising import Nameless, as_said, known_layout, raw_of
from sverka.confirming.store import Said, Waiting
from sverka.confirming.trial import settlement_in, tried
from sverka.confirming.waiting import wait
from sverka.couriers import Courier
from sverka.drafting import Draft, propose
from sverka.errors import Misconfigured, NeedsMapping, Refusal
from sverka.intake import ledger
from sverka.intake.ledger import FileRow
from sverka.nouns import Settlement
from sverka.parsing import parse
from sverka.reading.raw import RawFile
from sverka.recognition import Recognised, recognise
from sverka.recognition.asking import AnotherCourier
from sverka.recognition.known import Knowledge, knowledge
from sverka.schemes import Schemes
from sverka.services import Services

ANSWER_EACH = "Положите файл ещё раз и ответьте на каждый."
NOBODY = (
    "за семь дней никто не ответил, как читать этот файл. Ничего не запомнено и не проведено. Положите "
    "файл ещё раз, когда будет кому ответить."
)


@dataclass(frozen=True, slots=True)
class Learned:
    """What an answer led to; `again` says that the question changed and is asked anew."""

    schema: str | None = None
    version: int | None = None
    courier: str | None = None
    again: bool = False


def learn(services: Services, file_id: int, answer: Answer | None) -> Learned:
    """Applies the answer to the file's open question; without either nothing happens.

    After a kill it may be done again: what was stored makes the layout known, and a known layout
    needs no answer.

    Raises:
        Refusal: declined, or the answers do not read this file; nothing is learned then.
        TryLater: MoySklad is away.
    """
    with services.connect() as conn:
        open_ = store.waiting(conn, file_id)
        row = ledger.file_of(conn, file_id)
    if open_ is None or answer is None:
        return Learned()
    try:
        return _answered(services, row, open_, answer)
    except Refusal:
        with services.connect() as conn:
            store.keep_answers(conn, file_id, {})
        raise


def _answered(services: Services, row: FileRow, open_: Waiting, answer: Answer) -> Learned:
    if answer.confirmed is None:
        raise Refusal(NOBODY)
    if not answer.confirmed:
        raise Refusal(
            f"раскладку отклонили, ответил {answer.by or 'неизвестно кто'}. {NOTHING_LEARNED} Если это "
            "ошибка, положите файл ещё раз, и вопрос появится снова."
        )
    # One at a time: the second of two files of one layout finds it known.
    with services.hold("learn"):
        return _learn(services, row, open_, answer)


def _learn(services: Services, row: FileRow, open_: Waiting, answer: Answer) -> Learned:
    known = knowledge(services)
    try:
        found = known_layout(services, row, known)
    except Nameless as nameless:
        if open_.asks == "courier" and answer.shown == open_.sha256:
            return _learn_courier(services, row, nameless, answer, known)
        return _ask_again(services, row, nameless)
    except NeedsMapping as refusal:
        if open_.asks == "layout" and answer.shown == open_.sha256:
            return _learn_layout(services, row, refusal, answer, known)
        return _ask_again(services, row, refusal)
    return _go_on(services, row, found)


def _go_on(services: Services, row: FileRow, found: Recognised) -> Learned:
    courier = found.courier.code if found.courier else None
    with services.connect() as conn:
        ledger.recognised(
            conn,
            row.id,
            courier=courier,
            schema=found.schema.code,
            schema_version=found.schema.version,
        )
        ledger.answered(conn, row.id)
    return Learned(found.schema.code, found.schema.version, courier)


def _ask_again(services: Services, row: FileRow, refusal: NeedsMapping) -> Learned:
    """The answer was to another question than the one that stands now."""
    wait(services, row.id, refusal)
    with services.connect() as conn:
        ledger.released(conn, row.id)
    return Learned(again=True)


def _learn_courier(
    services: Services, row: FileRow, nameless: Nameless, answer: Answer, known: Knowledge
) -> Learned:
    """Whose this one file is; the layout stays everybody's."""
    courier = named_courier(answer, known.couriers)
    new = not courier.posting_scheme
    if new:
        raw = raw_of(services, row)
        found = recognise(raw, known.schemas, known.couriers)
        lines = [line for one in parse(raw, found, row.sha256) for line in one.lines]
        courier = _able_to_book(services, courier, settlement_in(lines, found.schema.settlement))
    said = Said(answer.by, services.clock(), row.id)
    with services.connect() as conn:
        if new:
            store.confirm_courier(conn, courier, said)
        store.say_courier(conn, row.id, courier.code, said)
    return _go_on(services, row, replace(nameless.found, courier=courier))


def _learn_layout(
    services: Services, row: FileRow, refusal: NeedsMapping, answer: Answer, known: Knowledge
) -> Learned:
    raw = raw_of(services, row)
    with services.connect() as conn:
        before = store.answers_so_far(conn, row.id)
    plain = propose(raw, known.schemas, known.couriers, refusal, answers=before)
    if plain.sha256 != answer.shown:
        return _ask_again(services, row, refusal)
    courier = known.couriers.by_code.get(plain.courier or "")
    courier = courier or named_courier(answer, known.couriers)
    if isinstance(refusal, AnotherCourier):
        if refusal.drift is None and courier.code == refusal.schema.courier:
            return _its_own_after_all(services, row, courier, known, answer)
        if courier.posting_scheme:  # a new one is known only once it is kept
            before = before | {COURIER: courier.code}
    asked = [question.key for question in plain.questions if question.key != COURIER]
    answers = before | {key: answer.text(key) for key in asked}
    given = answers | {COURIER: courier.code}
    draft = propose(raw, known.schemas, known.couriers.plus([courier]), refusal, answers=given)
    if still := open_after(plain, draft):
        raise Refusal(f"не на все вопросы есть ответ: {still}. {NOTHING_LEARNED} {ANSWER_EACH}")
    if draft.questions:
        with services.connect() as conn:
            store.keep_answers(conn, row.id, answers)
        return _ask_again(services, row, refusal)
    with_courier = replace(known, couriers=known.couriers.plus([courier]))
    said = courier if isinstance(refusal, AnotherCourier) else None
    basis = Basis(answer.by, row.sha256, row.id, courier, said)
    found = keep(services, raw, draft, with_courier, basis)
    if said or found.schema.courier is None:
        with services.connect() as conn:
            store.say_courier(conn, row.id, courier.code, Said(answer.by, services.clock(), row.id))
    return _go_on(services, row, found)


def _its_own_after_all(
    services: Services, row: FileRow, courier: Courier, known: Knowledge, answer: Answer
) -> Learned:
    """The file names another, but it is the layout's own courier's: so it is for this file alone.

    Raises:
        Refusal: even so the layout does not read the file.
    """
    with services.connect() as conn:
        store.say_courier(conn, row.id, courier.code, Said(answer.by, services.clock(), row.id))
    return _go_on(services, row, known_layout(services, row, known))


@dataclass(frozen=True, slots=True)
class Basis:
    """Who confirms a draft, on which file (its hash; its id when it is registered), whose it is.

    `said` is the courier that a person named against the name in the file.
    """

    by: str
    sha256: str
    file_id: int | None
    courier: Courier
    said: Courier | None = None


def keep(
    services: Services, raw: RawFile, draft: Draft, known: Knowledge, basis: Basis
) -> Recognised:
    """Tries the draft on its file among all that is known and keeps it, with a new courier if it has one.

    A courier without a posting scheme is a new one; it gets the scheme that its file settles by.

    Raises:
        Refusal: the file is not read by it, or the new courier cannot be booked.
        TryLater: MoySklad is away.
    """
    with services.connect() as conn:
        numbered = store.numbered(conn, draft.code, draft.schema().version, draft.schema_text)
    schemas, couriers = as_said(known.schemas, known.couriers, basis.said)
    trial = tried(raw, numbered, schemas, couriers, basis.sha256)
    courier, new = basis.courier, not basis.courier.posting_scheme
    if new:
        courier = _able_to_book(services, courier, trial.settlement)
    said = Said(basis.by, services.clock(), basis.file_id)
    with services.connect() as conn:
        if new:
            store.confirm_courier(conn, courier, said)
        store.confirm_schema(conn, numbered, said)
    return replace(trial.found, courier=courier)


def open_after(before: Draft, after: Draft) -> str:
    """The questions that were asked and have no answer still; new ones may come of an answer."""
    asked = {question.key for question in before.questions}
    return "; ".join(question.text for question in after.questions if question.key in asked)


def _able_to_book(services: Services, courier: Courier, settlement: Settlement | None) -> Courier:
    """A new courier with its posting scheme and a counterparty that MoySklad has.

    Raises:
        Refusal: no scheme books it, or there is no such counterparty.
        TryLater: MoySklad is away.
    """
    schemes = Schemes.load(services.settings.posting_schemes)
    scheme = on_terms(courier, settlement, schemes)
    try:
        services.moysklad().find_one("counterparty", courier.counterparty)
    except Misconfigured as error:
        raise Refusal(
            f"контрагент «{courier.counterparty}» в МоёмСкладе не найден или их несколько. "
            f"{NOTHING_LEARNED} Заведите его или впишите точное имя и положите файл ещё раз."
        ) from error
    return replace(courier, posting_scheme=scheme)
