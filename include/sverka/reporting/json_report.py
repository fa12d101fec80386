"""The report for machines: docs/report.md describes every key; money is integer minor units."""

import json
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from sverka.reporting.daily import Daily
from sverka.reporting.summary import by_verdict, decisions, headline, posted_by_kind
from sverka.reporting.words import VERDICTS

FORMAT = 1
"""Grows when a key changes its meaning or goes away; new keys do not change it."""


def as_json(daily: Daily) -> bytes:
    """The report as UTF-8 JSON, the same bytes for the same data."""
    report: dict[str, Any] = {
        "format": FORMAT,
        "day": daily.day,
        "as_of": daily.as_of,
        "summary": summary_of(daily),
        **{
            field.name: _plain(getattr(daily, field.name))
            for field in fields(daily)
            if field.name not in {"day", "as_of"}
        },
    }
    report["discrepancies"] = [
        {
            **asdict(one),
            "verdict_title": VERDICTS[one.verdict].title,
            "next_step": VERDICTS[one.verdict].next_step,
        }
        for one in daily.discrepancies
    ]
    text = json.dumps(report, ensure_ascii=False, indent=1, default=_scalar)
    return (text + "\n").encode()


def summary_of(daily: Daily) -> dict[str, Any]:
    """The first screen as numbers; also kept in `published_report.summary`."""
    return {
        "headline": headline(daily),
        "files": len(daily.files),
        "adds_up": daily.adds_up,
        "totals": {currency: asdict(parts) for currency, parts in daily.totals().items()},
        "posted": [
            {"kind": kind, "count": count, "money": money}
            for kind, count, money in posted_by_kind(daily)
        ],
        "discrepancies": len(daily.discrepancies),
        "discrepancies_by_verdict": [asdict(kind) for kind in by_verdict(daily)],
        "decisions": [asdict(decision) for decision in decisions(daily)],
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
