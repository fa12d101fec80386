"""The head of a report: number, dates, payment order, from keys, title rows or agreeing columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sverka.errors import Refusal
from sverka.money import Minor
from sverka.parsing.cells import BadCell
from sverka.parsing.dates import parse_date
from sverka.parsing.identifiers import parse_id
from sverka.parsing.numbers import parse_money
from sverka.parsing.styles import date_order
from sverka.recognition.schema import Head, Schema

_NAMES = {
    "report_no": "номер отчёта",
    "report_date": "дата отчёта",
    "period_from": "начало периода",
    "period_to": "конец периода",
    "payment_order_no": "номер платёжного поручения",
    "payment_order_date": "дата платёжного поручения",
    "payment_order_sum": "сумма платёжного поручения",
}
"""As people read them (docs/glossary.md)."""


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """What a report's head says; None where it says nothing."""

    report_no: str | None
    report_date: date | None
    period_from: date | None
    period_to: date | None
    payment_order_no: str | None
    payment_order_date: date | None
    payment_order_sum: Minor | None


@dataclass(frozen=True, slots=True)
class HeadSource:
    """Where the facts are looked for: the report's node, the title rows, all values of columns."""

    node: Mapping[str, Any]
    titles: Sequence[str]
    columns: Mapping[str, Sequence[str | None]]
    sheet: str | None


def head_facts(schema: Schema, source: HeadSource) -> HeadFacts:
    """Reads the head by the schema.

    Raises:
        Refusal: a fact is there but cannot be read; without it the money cannot be told apart.
    """
    return HeadFacts(
        report_no=_read(schema, source, "report_no", parse_id),
        report_date=_read(schema, source, "report_date", parse_date),
        period_from=_read(schema, source, "period_from", parse_date),
        period_to=_read(schema, source, "period_to", parse_date),
        payment_order_no=_read(schema, source, "payment_order_no", parse_id),
        payment_order_date=_read(schema, source, "payment_order_date", parse_date),
        payment_order_sum=_read(
            schema,
            source,
            "payment_order_sum",
            lambda text: parse_money(text, in_kopecks=schema.in_kopecks),
        ),
    )


def _read(schema: Schema, source: HeadSource, name: str, parse: Any) -> Any:
    head = schema.head.get(name)
    text = _text(head, source) if head else None
    if head is None or text is None:
        return None
    if parse is parse_date and head.column:
        order = date_order(source.columns.get(head.column, ()))
        parse = partial(parse_date, order=order)
    try:
        return parse(text)
    except BadCell as bad:
        raise Refusal(
            f"{_NAMES[name]} в шапке отчёта не читается: {bad.reason}. Без шапки деньги разных отчётов не "
            "отличить. Попросите у курьера исправленный отчёт.",
            sheet=source.sheet,
        ) from bad


def _text(head: Head, source: HeadSource) -> str | None:
    if head.key is not None:
        value = source.node.get(head.key)
        return value if isinstance(value, str) else None
    if head.column is not None:
        filled = {value.strip() for value in source.columns.get(head.column, ()) if value}
        return filled.pop() if len(filled) == 1 else None
    for pattern in head.title:
        for title in source.titles:
            if found := pattern.search(" ".join(title.split())):
                return found["value"].rstrip(".,;")
    return None
