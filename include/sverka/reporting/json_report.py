"""The report for machines: docs/report.md describes every key; money is integer minor units.

`report.schema.json` beside this module is its JSON Schema.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sverka.reporting.daily import Daily
from sverka.reporting.decisions import decisions
from sverka.reporting.standing import Standing
from sverka.reporting.summary import OVERCHARGED, by_verdict, headline, moved, posted_by_kind, story
from sverka.reporting.waiting import expected, goes_on
from sverka.reporting.words import question
from sverka.texts import Texts

FORMAT = 2
"""Grows when a key changes its meaning or goes away; new keys do not change it."""

SCHEMA = Path(__file__).parent / "report.schema.json"

_APART = {"day", "as_of", "titles", "stand"}


@contextmanager
def json_report(path: Path, daily: Daily, say: Texts) -> Iterator[Callable[[Standing], None]]:
    """The report as UTF-8 JSON, the same bytes for the same data; it is whole at the end.

    What it gives takes the discrepancies one by one, so they are read once for all renderings.
    """
    head = json.dumps(_head(daily, say), ensure_ascii=False, indent=1, default=_scalar)
    before = "\n  "
    with path.open("w", encoding="utf-8") as file:

        def add(one: Standing) -> None:
            nonlocal before
            file.write(before)
            file.write(json.dumps(_told(daily, one, say), ensure_ascii=False, default=_scalar))
            before = ",\n  "

        file.write(head.removesuffix("\n}") + ',\n "discrepancies": [')
        yield add
        file.write("]\n}\n")


def _told(daily: Daily, one: Standing, say: Texts) -> dict[str, Any]:
    words = question(say, one.verdict)
    return asdict(one) | {
        "courier_title": daily.title(one.courier),
        "verdict_title": words.title,
        "next_step": words.next_step,
    }


def _head(daily: Daily, say: Texts) -> dict[str, Any]:
    stand = daily.stand
    return {
        "format": FORMAT,
        "day": daily.day,
        "as_of": daily.as_of,
        "language": say.language,
        "summary": summary_of(daily, say),
        "questions": [
            asdict(one)
            | {
                "courier_title": daily.title(one.courier),
                "verdict_title": question(say, one.verdict).title,
            }
            for one in stand.questions
        ],
        "changed": [asdict(one) for one in stand.changed],
        "owed": [asdict(one) | {"courier_title": daily.title(one.courier)} for one in stand.owed],
        "expected": [asdict(one) for one in expected(daily)],
        "goes_on": list(goes_on(daily, say)),
        "since_yesterday": [asdict(one) for one in stand.change],
        "trend": [asdict(one) for one in stand.trend],
        "payouts": [asdict(one) for one in stand.payouts],
        "returns": [asdict(one) for one in stand.returns],
        "plans": [asdict(one) for one in stand.plans],
        "first": stand.first,
        **{
            field.name: _plain(getattr(daily, field.name))
            for field in fields(daily)
            if field.name not in _APART
        },
    }


def summary_of(daily: Daily, say: Texts) -> dict[str, Any]:
    """The first screen as numbers; also kept in `published_report.summary`."""
    stand = daily.stand
    count, money = stand.of(OVERCHARGED)
    return {
        "headline": headline(daily, say),
        "story": list(story(daily, say)),
        "files": len(daily.files),
        "adds_up": daily.adds_up,
        "totals": {currency: asdict(parts) for currency, parts in daily.totals().items()},
        "posted": [
            {"kind": kind, "count": count, "money": money}
            for kind, count, money in posted_by_kind(daily)
        ],
        "owed": stand.debt,
        "overdue": stand.late,
        "overcharged": {"count": count, "money": money},
        "discrepancies": stand.count,
        "stake": stand.stake,
        "discrepancies_by_verdict": [asdict(kind) for kind in by_verdict(daily)],
        "moved": [asdict(one) for one in moved(stand.changed)],
        "decisions": [asdict(decision) for decision in decisions(daily, say)],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value


def _scalar(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the report")
