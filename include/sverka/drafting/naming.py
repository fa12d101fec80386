"""Whose report it is and how its layout is called."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath

from sverka.couriers import Couriers
from sverka.drafting.draft import Question
from sverka.drafting.region import Region
from sverka.drafting.titles import courier_in, inns_in
from sverka.recognition.texts import header_key

COURIER = "courier"
"""The key of the question whose report it is."""
NEW_COURIER = "new"
"""The answer that the courier is none of those Sverka knows."""


@dataclass(frozen=True, slots=True)
class Whose:
    """`code` of a known courier, or the `text` by which the file calls an unknown one."""

    code: str | None
    text: str | None
    question: Question | None


def whose(
    texts: Sequence[str], file_name: str, couriers: Couriers, answers: Mapping[str, str]
) -> Whose:
    """The courier named around the table, by its tax number or by the file's name; else a question."""
    text = courier_in(texts)
    answer = answers.get(COURIER)
    if answer in couriers.by_code:
        return Whose(answer, text, None)
    named = couriers.named_in(texts) or couriers.named_in([_spaced(file_name)])
    if named is None:
        inns = set(inns_in(texts))
        by_inn = [courier for courier in couriers if courier.inn in inns]
        named = by_inn[0] if len(by_inn) == 1 else None
    if named is not None and answer != NEW_COURIER:
        return Whose(named.code, text or named.title, None)
    if answer == NEW_COURIER:
        return Whose(None, text, None)
    choices = (
        *((courier.code, courier.title) for courier in couriers),
        (NEW_COURIER, f"новый курьер: {text}" if text else "новый курьер"),
    )
    sentence = (
        f"В файле назван «{text}». Это чей отчёт?"
        if text
        else "Чей это отчёт? В файле курьер не назван."
    )
    return Whose(None, text, Question(COURIER, sentence, choices, NEW_COURIER if text else None))


def _spaced(file_name: str) -> str:
    return re.sub(r"[_\-.]+", " ", PurePath(file_name).stem)


def code_of(region: Region, courier: str | None) -> str:
    """A name for the layout that the same headers always get."""
    headers = "\n".join(sorted(header_key(column.address) for column in region.columns))
    return f"{courier or 'learned'}_{sha256(headers.encode()).hexdigest()[:8]}"


def title_of(region: Region, courier_title: str | None) -> str:
    """How people see the layout: whose it is and what stands over its table."""
    over = next((title for title in region.titles if len(title) > 3), "таблица")
    plain = " ".join(over.split())
    return f"{courier_title or 'Новый курьер'}: {plain[:80]}"
