"""A confirmed schema is tried on its own file before it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from sverka.confirming.answers import NOTHING_LEARNED
from sverka.confirming.store import Numbered
from sverka.couriers import Couriers
from sverka.errors import Misconfigured, Refusal
from sverka.nouns import Line, Purpose, Settlement
from sverka.parsing import parse
from sverka.parsing.parsed import ParsedReport
from sverka.parsing.settlement import holds
from sverka.reading.raw import RawFile
from sverka.recognition import Recognised, Schemas, recognise
from sverka.recognition.loading import load_schema_text


@dataclass(frozen=True, slots=True)
class Trial:
    """The file as the new schema reads it."""

    found: Recognised
    settlement: Settlement | None


def tried(raw: RawFile, new: Numbered, schemas: Schemas, couriers: Couriers, sha256: str) -> Trial:
    """Reads the very file with the schema among all others, and holds it to its arithmetic.

    `schemas` and `couriers` are what the file may be: see `recognising.as_said`.

    Raises:
        Refusal: the schema does not load, another one fits as well, the file is not read by it,
            or payout = collected − fees for half of the money rows or less.
    """
    try:
        schema = load_schema_text(new.text, f"{new.code}.yaml", schemas.vocabulary)
        found = recognise(raw, schemas.plus([schema]), couriers)
        parsed = parse(raw, found, sha256)
    except (Misconfigured, Refusal) as error:
        raise Refusal(f"с этими ответами файл не читается: {error}. {NOTHING_LEARNED}") from error
    if found.schema.code != schema.code or found.schema.version != schema.version:
        raise Refusal(
            f"файл подходит под другую раскладку, «{found.schema.title}». {NOTHING_LEARNED} Положите "
            "файл ещё раз."
        )
    lines = [line for one in parsed for line in one.lines]
    if schema.purpose is Purpose.SETTLEMENT:
        _hold_to_arithmetic(lines, parsed, schema.settlement)
    return Trial(found, settlement_in(lines, schema.settlement))


def settlement_in(lines: Sequence[Line], declared: Settlement | None) -> Settlement | None:
    """The model that binds most rows with money; the declared one when it is as good."""
    if not any(line.collected or line.payout for line in lines):
        return declared
    models = ([declared] if declared else []) + list(Settlement)
    return max(models, key=lambda model: _bound(lines, model))


def _bound(lines: Sequence[Line], model: Settlement) -> int:
    return sum(holds(line, model) for line in lines if line.collected or line.payout)


def _hold_to_arithmetic(
    lines: Sequence[Line], parsed: Sequence[ParsedReport], declared: Settlement | None
) -> None:
    """Rows that were not read count as rows that do not hold."""
    money = sum(bool(line.collected or line.payout) for line in lines)
    unread = sum(len({(row.sheet, row.line_no) for row in one.rejected}) for one in parsed)
    if not money:
        raise Refusal(
            f"с этими ответами в файле нет ни одной строки с деньгами, проверить их не на чем. "
            f"{NOTHING_LEARNED} Положите файл ещё раз и ответьте иначе."
        )
    model = settlement_in(lines, declared)
    good = _bound(lines, model) if model else 0
    if good * 2 <= money + unread:
        raise Refusal(
            f"с этими ответами «к перечислению = принято − услуги» верно только в {good} из "
            f"{money + unread} строк с деньгами. {NOTHING_LEARNED} Положите файл ещё раз и ответьте "
            "иначе или попросите у курьера пояснить колонки."
        )
