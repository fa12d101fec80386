"""What `sverka schema draft` does: the same draft, trial and store as behind the form in Airflow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from sverka.confirming.answers import Answer, named_courier
from sverka.confirming.fields import COUNTERPARTY, COURIER, NEW_COURIER, POST_NOW, TITLE
from sverka.confirming.learning import Basis, keep
from sverka.couriers import Courier, Couriers
from sverka.drafting import Draft, propose
from sverka.drafting.plan import FIELD_NAMES
from sverka.errors import Misconfigured, NeedsMapping, Refusal
from sverka.parsing import parse
from sverka.reading import read
from sverka.reading.raw import RawFile
from sverka.recognition import Schemas, recognise
from sverka.recognition.asking import AnotherCourier
from sverka.recognition.known import Knowledge, knowledge
from sverka.services import Services
from sverka.settings import INCLUDE


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line says about the file; `by` is who confirms it, None for a draft alone."""

    courier: str | None = None
    new_courier: str | None = None
    counterparty: str | None = None
    post_now: bool = False
    answers: Mapping[str, str] | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A readable draft, its YAML ("" when the layout is known), and whether something is asked."""

    words: str
    text: str = ""
    asks: bool = False


def drafted(name: str, data: bytes, wish: Wish, services: Callable[[], Services]) -> Outcome:
    """The draft of a file under these answers; kept when the wish says who confirms it.

    Raises:
        Refusal: it is no settlement report, or the confirmed draft does not read it.
        Misconfigured: the wish names what does not exist, or confirming lacks a setting.
    """
    known = knowledge(services()) if wish.by else _as_far_as_known(services)
    raw = read(data, name)
    try:
        found = recognise(raw, known.schemas, known.couriers)
        parse(raw, found, "")
    except NeedsMapping as held:
        refusal = held
    else:
        return Outcome(
            f"Раскладка уже известна: {found.schema.code}, версия {found.schema.version}."
        )
    courier = _courier(wish, known.couriers)
    if courier and isinstance(refusal, AnotherCourier) and refusal.drift is None:
        _hold_to_another(refusal, courier)
    if courier:
        known = replace(known, couriers=known.couriers.plus([courier]))
    answers = dict(wish.answers or {}) | ({COURIER: courier.code} if courier else {})
    draft = propose(raw, known.schemas, known.couriers, refusal, answers=answers)
    if draft.questions or not wish.by:
        return Outcome(in_words(draft), draft.schema_text, asks=bool(draft.questions))
    owner = known.couriers.get(draft.courier or "")
    said = owner if isinstance(refusal, AnotherCourier) else None
    basis = Basis(wish.by, sha256(data).hexdigest(), None, owner, said)
    return _confirmed(services(), raw, draft, known, basis)


def _hold_to_another(refusal: AnotherCourier, courier: Courier) -> None:
    """Under the layout's own courier there is nothing to draft; whose one file is, is said in its run."""
    if courier.code == refusal.schema.courier:
        raise Refusal(
            f"{refusal.in_words()} Для курьера «{courier.title}» эта раскладка уже известна, запоминать "
            "нечего. Положите файл в папку и ответьте в его запуске, чей он."
        )


def _confirmed(
    services: Services, raw: RawFile, draft: Draft, known: Knowledge, basis: Basis
) -> Outcome:
    with services.hold("learn"):
        found = keep(services, raw, draft, known, basis)
    stored = (
        f"Запомнено: {found.schema.code}, версия {found.schema.version}. Подтвердил {basis.by}."
    )
    return Outcome(f"{in_words(draft)}\n\n{stored}", found.schema.text)


def _as_far_as_known(services: Callable[[], Services]) -> Knowledge:
    """With the database where there is one; a draft alone needs none."""
    try:
        return knowledge(services())
    except Misconfigured:
        schemas = Schemas.load(INCLUDE / "courier_schemas")
        return Knowledge(schemas, Couriers.load(INCLUDE / "couriers"), (), frozenset())


def _courier(wish: Wish, couriers: Couriers) -> Courier | None:
    if wish.courier:
        return couriers.get(wish.courier)
    if not wish.new_courier:
        return None
    form = {
        COURIER: NEW_COURIER,
        TITLE: wish.new_courier,
        COUNTERPARTY: wish.counterparty or wish.new_courier,
        POST_NOW: wish.post_now,
    }
    return named_courier(Answer(confirmed=True, fields=form), couriers)


def in_words(draft: Draft) -> str:
    """The draft for a terminal, in Russian."""
    lines = [f"Черновик раскладки {draft.code}. Служба доставки: {_whose(draft)}.", ""]
    lines += [
        f"  {FIELD_NAMES.get(placed.field, placed.field)} ← «{placed.column}», "
        f"{round(placed.confidence * 100)} %: {placed.why}"
        for placed in draft.columns
    ]
    lines += [f"  не размещена «{column.column}»: {column.why}" for column in draft.unplaced]
    lines += ["", *draft.proofs]
    for question in draft.questions:
        lines += ["", f"Вопрос: {question.text}"]
        lines += [f"  {_option(question.key, value)}  {label}" for value, label in question.choices]
    return "\n".join(lines)


def _option(key: str, value: str) -> str:
    """How the command line says this answer."""
    if key != COURIER:
        return f'--answer "{key}={value}"'
    if value == NEW_COURIER:
        return '--new-courier "НАЗВАНИЕ" --counterparty "КОНТРАГЕНТ В МОЁМСКЛАДЕ"'
    return f"--courier {value}"


def _whose(draft: Draft) -> str:
    return draft.courier or draft.courier_text or "в файле не названа"
