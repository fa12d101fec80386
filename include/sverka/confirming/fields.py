"""The fields of the form: the draft's questions, and whose report it is."""

from dataclasses import dataclass
from typing import Literal

from sverka.couriers import Couriers
from sverka.drafting import Draft

NEW_COURIER = "new"
"""The choice of a courier that is not known yet."""

COURIER, TITLE, COUNTERPARTY, POST_NOW = "courier", "courier_title", "counterparty", "post_now"

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form. A `choice` has `choices` of (value, Russian label)."""

    key: str
    kind: Literal["choice", "text", "switch"]
    title: str
    choices: tuple[Choice, ...] = ()
    proposed: str | None = None
    hint: str = ""


def draft_fields(draft: Draft) -> list[Field]:
    """What only a person can say about the columns."""
    return [
        Field(question.key, "choice", question.text, question.choices, question.proposed)
        for question in draft.questions
        if question.key != COURIER
    ]


def courier_fields(draft: Draft | None, couriers: Couriers) -> list[Field]:
    """Whose report it is: a known courier, or a new one with its counterparty.

    A name that the file gives proposes a new courier, unless the draft has a reason not to; without
    one nothing is proposed, so that nobody confirms a courier by not looking.
    """
    asked = next((one for one in draft.questions if one.key == COURIER), None) if draft else None
    named = draft.courier_text if draft and asked and asked.proposed else None
    known = tuple((courier.code, courier.title) for courier in couriers)
    return [
        Field(
            COURIER,
            "choice",
            "Чей это отчёт",
            (*known, (NEW_COURIER, "Новая служба доставки")),
            NEW_COURIER if named else None,
        ),
        Field(
            TITLE,
            "text",
            "Название новой службы доставки",
            proposed=named,
            hint="Как её называют отчёты. Для известной службы оставьте как есть.",
        ),
        Field(
            COUNTERPARTY,
            "text",
            "Контрагент в МоёмСкладе",
            proposed=named,
            hint="Точное имя контрагента новой службы: на него запишутся её услуги.",
        ),
        Field(
            POST_NOW,
            "switch",
            "Проводить документы сразу",
            hint="Выключено: документы новой службы только планируются и видны в отчёте за день.",
        ),
    ]
