"""The question about one file: what a person reads and what the form asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sverka.confirming.fields import Field, courier_fields, draft_fields
from sverka.confirming.markdown import LONGEST_ANSWERED, plain, section, table
from sverka.couriers import Couriers
from sverka.drafting import Draft
from sverka.drafting.plan import FIELD_NAMES
from sverka.money import Minor, in_words_of_money
from sverka.nouns import FEES, Line, Outcome, Settlement
from sverka.parsing.parsed import ParsedReport
from sverka.recognition.schema import Schema

FIRST_ROWS = 5

OUTCOMES = {
    Outcome.DELIVERED: "вручён",
    Outcome.PARTIALLY_DELIVERED: "выкуплен частично",
    Outcome.REFUSED: "отказ",
    Outcome.RETURNED: "возврат",
    Outcome.LOST: "утерян курьером",
    Outcome.DESTROYED: "уничтожен",
}
"""As docs/glossary.md calls them."""

SETTLEMENTS = {
    Settlement.NET: "за вычетом всех услуг: к перечислению = принято − все услуги",
    Settlement.AGENT_FEE_NETTED: (
        "за вычетом агентского вознаграждения: к перечислению = принято − вознаграждение, "
        "доставка по отдельному счёту"
    ),
    Settlement.GROSS: "без вычетов: к перечислению = принято, все услуги по отдельному счёту",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it is stored and shown; an answer is bound to `sha256`.

    `asks` is `layout` or `courier`. `body` is Markdown. Without `fields` one click answers.
    """

    asks: str
    sha256: str
    subject: str
    body: str
    fields: tuple[Field, ...]

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Asked":
        """From the JSON of the table `draft`."""
        fields = tuple(
            Field(**(field | {"choices": tuple((v, label) for v, label in field["choices"])}))
            for field in stored["fields"]
        )
        return cls(**{**stored, "fields": fields})


def about_layout(
    name: str,
    draft: Draft,
    parsed: Sequence[ParsedReport],
    couriers: Couriers,
    *,
    known_as: str | None,
) -> Asked:
    """The question how to read a file of an unknown or changed layout.

    `parsed` is the file under the draft, `known_as` says what is known of such columns: how the
    layout changed, or whose it was.
    """
    parts = [
        _found(draft, known_as),
        section("Колонки", _columns(draft)),
        section("Не удалось разместить", _unplaced(draft)),
        section(
            "Что сходится",
            "\n".join(f"- {plain(proof, LONGEST_ANSWERED)}" for proof in draft.proofs),
        ),
        section("Первые строки, как их прочтёт Сверка", _rows(parsed)),
        section("Что значит ответ", _meaning(draft, couriers)),
    ]
    fields = [*draft_fields(draft), *([] if draft.courier else courier_fields(draft, couriers))]
    body = "\n\n".join(part for part in parts if part)
    return Asked("layout", draft.sha256, name, body, tuple(fields))


def about_courier(
    name: str, schema: Schema, sha256: str, parsed: Sequence[ParsedReport], couriers: Couriers
) -> Asked:
    """The question whose report it is, when the layout is known and names nobody."""
    parts = [
        f"Раскладка известна: **{plain(schema.title)}**. Но ни над таблицей, ни в имени файла не "
        "написано, чей это отчёт, а от этого зависит, как его проводить.",
        section("Первые строки, как их прочла Сверка", _rows(parsed)),
        section(
            "Что значит ответ",
            "- **Подтвердить**: этот файл будет сверен и проведён как отчёт выбранной службы "
            "доставки. Ответ относится только к этому файлу: такие таблицы присылают разные службы.\n"
            "- **Отклонить**: файл ляжет в карантин, по нему ничего не проведётся.\n"
            "- Чтобы не отвечать каждый раз, пишите название службы доставки в имени файла.",
        ),
    ]
    body = "\n\n".join(part for part in parts if part)
    return Asked("courier", sha256, name, body, tuple(courier_fields(None, couriers)))


def _found(draft: Draft, known_as: str | None) -> str:
    place = f"лист «{plain(draft.sheet)}», " if draft.sheet else ""
    row = f"строка заголовка {draft.line_no}. " if draft.line_no is not None else ""
    whose = plain(draft.courier_text or draft.courier or "") or "в файле не названа"
    model = SETTLEMENTS[draft.settlement] if draft.settlement else "из строк не видна"
    if known_as:
        first = plain(known_as, LONGEST_ANSWERED)
    elif draft.certain:
        first = (
            "Такой отчёт Сверка видит впервые. Всё сходится, вопросов нет: проверьте и подтвердите."
        )
    else:
        first = "Такой отчёт Сверка видит впервые. Без вашего ответа по нему ничего не проведётся."
    return f"{first}\n\nГде: {place}{row}Служба доставки: {whose}. Модель расчётов: {model}."


def _columns(draft: Draft) -> str:
    rows = [
        (
            FIELD_NAMES.get(placed.field, placed.field),
            placed.column,
            f"{round(placed.confidence * 100)} %",
            placed.why,
        )
        for placed in draft.columns
    ]
    return table(("Поле", "Колонка", "Уверенность", "Почему"), rows)


def _unplaced(draft: Draft) -> str:
    rows = [
        (column.column, "деньги" if column.money else "не деньги", column.why)
        for column in draft.unplaced
    ]
    return table(("Колонка", "Что в ней", "Почему"), rows)


def _rows(parsed: Sequence[ParsedReport]) -> str:
    lines = [line for one in parsed for line in one.lines]
    rejected = sum(len(one.rejected) for one in parsed)
    shown = table(
        ("Строка", "Заказ", "Трек", "Исход", "Принято", "Услуги", "К перечислению"),
        [_row(line) for line in lines[:FIRST_ROWS]],
    )
    collected = sum(line.collected for line in lines)
    payout = sum(line.payout for line in lines)
    currency = lines[0].currency if lines else "RUB"
    total = (
        f"Всего строк: {len(lines)}, не прочитано: {rejected}. Принято "
        f"{in_words_of_money(Minor(collected), currency)}, к перечислению "
        f"{in_words_of_money(Minor(payout), currency)}."
    )
    return "\n\n".join(part for part in (shown, total) if part)


def _row(line: Line) -> tuple[str, ...]:
    fees = sum(getattr(line, fee) for fee in FEES)
    return (
        str(line.line_no),
        line.order_ref or "",
        line.track_ref or "",
        OUTCOMES[line.outcome] if line.outcome else "",
        in_words_of_money(line.collected, line.currency),
        in_words_of_money(Minor(fees), line.currency),
        in_words_of_money(line.payout, line.currency),
    )


def _meaning(draft: Draft, couriers: Couriers) -> str:
    courier = couriers.by_code.get(draft.courier or "")
    if courier is None or courier.dry_run:
        then = (
            "Документы по нему будут запланированы и показаны в отчёте, но в МойСклад не уйдут, пока "
            "для этой службы доставки не включено проведение."
        )
    else:
        then = "Строки, которые сойдутся с заказами, будут проведены в МоёмСкладе."
    return (
        f"- **Подтвердить**: файл будет прочитан именно так и сверен с заказами. {then} Раскладка "
        "запомнится: следующий такой файл пройдёт без вопроса.\n"
        "- **Отклонить**: файл ляжет в карантин, по нему ничего не проведётся и ничего не запомнится.\n"
        "- Если за семь дней никто не ответит, файл ляжет в карантин."
    )
