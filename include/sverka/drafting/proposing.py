"""`propose`: what a held file is asked about: a known layout that changed, or a layout drafted anew."""

from collections.abc import Mapping
from dataclasses import replace

from sverka.couriers import Couriers
from sverka.drafting.draft import Draft, Question
from sverka.drafting.drafting import draft
from sverka.drafting.naming import COURIER, NEW_COURIER
from sverka.drafting.patched import patched
from sverka.errors import NeedsMapping, Refusal
from sverka.reading.raw import RawFile
from sverka.recognition import Drift, Schemas
from sverka.recognition.asking import AnotherCourier

_NOTHING: Mapping[str, str] = {}


def propose(
    raw: RawFile,
    schemas: Schemas,
    couriers: Couriers,
    refusal: NeedsMapping,
    *,
    answers: Mapping[str, str] = _NOTHING,
) -> Draft:
    """The draft for a file that was held: a patched known schema when it drifted, else a new one.

    The columns of one courier's layout in a file that names another are drafted anew for the
    courier that a person names; only under its own courier is the layout the changed one.

    Raises:
        Refusal: it is no settlement report, or with these answers the patch does not read it.
    """
    drift = refusal.drift
    if isinstance(refusal, AnotherCourier):
        if answers.get(COURIER) not in {*couriers.by_code, NEW_COURIER}:
            return _asking_whose(_anew(raw, schemas, couriers, refusal, answers), refusal, couriers)
        if answers[COURIER] != refusal.schema.courier:
            drift = None
    if drift is not None and (known := _patched(raw, schemas, couriers, drift)):
        return patched(raw, schemas, couriers, drift, answers) if answers else known
    return draft(raw, schemas, couriers, answers=answers)


def _patched(raw: RawFile, schemas: Schemas, couriers: Couriers, drift: Drift) -> Draft | None:
    """The patch as it is proposed; None when it would not read the file. Answers do not decide this:
    they belong to the draft that was shown."""
    if not drift.patches:
        return None
    try:
        return patched(raw, schemas, couriers, drift)
    except NeedsMapping:
        return None


def _anew(
    raw: RawFile,
    schemas: Schemas,
    couriers: Couriers,
    refusal: AnotherCourier,
    answers: Mapping[str, str],
) -> Draft:
    """Words that nothing can be drafted from are still known columns: the file is no other thing."""
    try:
        return draft(raw, schemas, couriers, answers=answers)
    except Refusal:
        raise refusal from None


def _asking_whose(drafted: Draft, refusal: AnotherCourier, couriers: Couriers) -> Draft:
    said = refusal.in_words()
    choices = (
        *((courier.code, courier.title) for courier in couriers),
        (NEW_COURIER, "новый курьер"),
    )
    asked = Question(COURIER, f"{said[:1].upper()}{said[1:]} Чей это отчёт?", choices)
    others = [question for question in drafted.questions if question.key != COURIER]
    return replace(
        drafted,
        courier=None,
        courier_text=refusal.named.title,
        questions=(asked, *others),
        certain=False,
    )
