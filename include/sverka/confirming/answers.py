"""What a person answered, and the courier that it names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sverka.confirming.fields import COUNTERPARTY, COURIER, NEW_COURIER, POST_NOW, TITLE
from sverka.couriers import Courier, Couriers
from sverka.errors import Refusal
from sverka.nouns import Settlement
from sverka.schemes import Schemes

NOTHING_LEARNED = "Ничего не запомнено и не проведено."

_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to the question with the digest `shown`; `confirmed` is None when nobody answered.

    `fields` are the form's values by key; `by` is who answered.
    """

    confirmed: bool | None
    shown: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""

    def text(self, key: str) -> str:
        """A field as text, "" when it was left empty."""
        value = self.fields.get(key)
        return str(value).strip() if value is not None else ""


def named_courier(answer: Answer, couriers: Couriers) -> Courier:
    """The courier that the form names; a new one has no posting scheme yet (see `on_terms`).

    Raises:
        Refusal: it names none, or a new one without what a new one needs.
    """
    code = answer.text(COURIER)
    if code in couriers.by_code:
        return couriers.by_code[code]
    if code != NEW_COURIER:
        raise Refusal(
            f"не сказано, чей это отчёт. {NOTHING_LEARNED} Положите файл ещё раз и выберите службу "
            "доставки в вопросе."
        )
    title = " ".join(answer.text(TITLE).split())
    counterparty = " ".join(answer.text(COUNTERPARTY).split())
    if len(re.sub(r"\W", "", title)) < 3 or not counterparty:
        raise Refusal(
            "для новой службы доставки нужны название (хотя бы три буквы) и контрагент в МоёмСкладе. "
            f"{NOTHING_LEARNED} Положите файл ещё раз и заполните оба поля."
        )
    if taken := couriers.named_in([title]):
        raise Refusal(
            f"служба доставки «{title}» уже известна как «{taken.title}». {NOTHING_LEARNED} Положите "
            "файл ещё раз и выберите её в списке."
        )
    return Courier(
        code=_free_code(title, couriers),
        title=title,
        names=(title,),
        counterparty=counterparty,
        posting_scheme="",
        dry_run=answer.fields.get(POST_NOW) is not True,
    )


def on_terms(courier: Courier, settlement: Settlement | None, schemes: Schemes) -> str:
    """The posting scheme for a new courier whose reports settle in this way.

    Raises:
        Refusal: the way is unknown, or nothing books it.
    """
    usual = schemes.usual(settlement) if settlement else None
    if usual:
        return usual.name
    raise Refusal(
        f"из строк не видно, какие услуги удерживает «{courier.title}», поэтому неизвестно, как "
        f"проводить её отчёты. {NOTHING_LEARNED} Передайте файл тому, кто обслуживает Сверку: условия "
        "договора описываются файлом в include/couriers."
    )


def _free_code(title: str, couriers: Couriers) -> str:
    """A short Latin code made of the title, that nobody has."""
    latin = "".join(_LATIN.get(letter, letter) for letter in title.casefold())
    base = re.sub(r"[^a-z0-9]+", "_", latin).strip("_")[:40] or "courier"
    if not base[0].isalpha():
        base = f"courier_{base}"
    code, number = base, 2
    while code in couriers.by_code:
        code, number = f"{base}_{number}", number + 1
    return code
