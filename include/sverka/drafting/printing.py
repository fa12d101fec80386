"""A draft as plain JSON values, and as a few Russian lines for the terminal."""

from collections.abc import Sequence
from typing import Any

from sverka.drafting.draft import Draft
from sverka.drafting.plan import FIELD_NAMES
from sverka.errors import NeedsMapping
from sverka.money import Minor, in_words_of_money
from sverka.recognition.drift import Drift

_FIRST_LINES = 3


def as_proposal(draft: Draft, refusal: NeedsMapping) -> dict[str, Any]:
    """What a person is asked to confirm.

    `proposed_mapping`: canonical field → `column` (several columns of a sum are joined with + or −),
    `confidence` from 0 to 1, `why`. `certain`: every equation holds and no question is open.
    """
    return {
        "proposed_mapping": {
            placed.field: {
                "column": placed.column,
                "confidence": placed.confidence,
                "why": placed.why,
            }
            for placed in draft.columns
        },
        "unplaced": [
            {"column": one.column, "why": one.why, "money": one.money} for one in draft.unplaced
        ],
        "questions": [
            {
                "key": question.key,
                "text": question.text,
                "choices": [{"value": v, "label": label} for v, label in question.choices],
                "proposed": question.proposed,
            }
            for question in draft.questions
        ],
        "proofs": list(draft.proofs),
        "certain": draft.certain,
        "drift": _drift(refusal.drift),
        "courier": draft.courier,
        "courier_text": draft.courier_text,
        "settlement": draft.settlement,
        "place": {"sheet": draft.sheet, "line_no": draft.line_no},
        "schema_draft": draft.schema_text,
    }


def _drift(drift: Drift | None) -> dict[str, Any] | None:
    if drift is None:
        return None
    return {
        "schema": drift.schema.code,
        "schema_version": drift.schema.version,
        "in_words": drift.in_words(),
        "renamed": [{"old": old, "new": new, "why": why} for old, new, why in drift.renamed],
        "moved": list(drift.moved),
        "inserted": [one.title for one in drift.inserted],
        "removed": [one.title for one in drift.removed],
        "unit_changed": [one.title for one in drift.unit_changed],
    }


def in_words_of_draft(printed: dict[str, Any]) -> list[str]:
    """The draft in a printed answer: a small table, what is asked, first lines, what to do next."""
    texts = ["", "Как Сверка поняла эту таблицу:"]
    texts += _table(printed["proposed_mapping"])
    if left := [one for one in printed["unplaced"] if one["money"]]:
        texts.append("")
        texts += [f"Не взята колонка с суммами «{one['column']}»: {one['why']}." for one in left]
    texts += [f"• {proof}" for proof in printed["proofs"]]
    texts += _questions(printed["questions"])
    texts += _lines(printed)
    texts += [
        "",
        "Пока раскладку никто не подтвердил, по файлу ничего не проведено. Что дальше: положите файл в "
        "папку и подтвердите раскладку в запуске файла в Airflow, или выполните "
        "`sverka schema draft ФАЙЛ`.",
    ]
    return texts


def _table(mapping: dict[str, dict[str, Any]]) -> list[str]:
    rows = [
        (
            FIELD_NAMES.get(field, field),
            f"«{one['column']}»",
            f"{one['confidence']:.0%}",
            one["why"],
        )
        for field, one in mapping.items()
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(3)] if rows else []
    return [
        f"  {name:<{widths[0]}} ← {column:<{widths[1]}} {sure:>{widths[2]}}  {why}"
        for name, column, sure, why in rows
    ]


def _questions(questions: Sequence[dict[str, Any]]) -> list[str]:
    texts = ["", "Что скажет только человек:"] if questions else []
    for question in questions:
        labels = "; ".join(choice["label"] for choice in question["choices"])
        texts.append(f"  ? {question['text']} ({labels})")
    return texts


def _lines(printed: dict[str, Any]) -> list[str]:
    texts = ["", f"Первые строки из {len(printed['lines'])}:"] if printed["lines"] else []
    for line in printed["lines"][:_FIRST_LINES]:
        number = line["order_ref"] or line["track_ref"] or "без номера"
        money = ", ".join(
            f"{FIELD_NAMES[field]} {in_words_of_money(Minor(line[field]), line['currency'])}"
            for field in FIELD_NAMES
            if isinstance(line.get(field), int) and line[field]
        )
        texts.append(f"  строка {line['line_no']}: {number}: {money or 'денег нет'}")
    return texts
