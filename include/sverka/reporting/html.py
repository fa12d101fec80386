"""The report as one self-contained page: no script, no external file, print and phone included.

The Airflow UI shows it in a sandboxed frame without pop-ups and printing (Airflow docs,
«External views»), so nothing on the page needs either.
"""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sverka.clock import moscow_day
from sverka.discrepancies.words import state_in_words
from sverka.nouns import FileState
from sverka.reporting import words
from sverka.reporting.charts import charts
from sverka.reporting.daily import Daily
from sverka.reporting.decisions import decisions
from sverka.reporting.summary import (
    OVERCHARGED,
    by_verdict,
    debt_moves,
    in_money,
    moved,
    posted_by_kind,
    story,
)
from sverka.reporting.waiting import expected, goes_on, waited_for
from sverka.texts import Texts
from sverka.watching import AGES

SHOWN_ROWS = 100
"""Longer lists are cut on the page, with a word about the rest; the workbook has all."""

HERE = Path(__file__).parent

PAGES = Environment(
    loader=FileSystemLoader([HERE / "page", HERE]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_html(daily: Daily, say: Texts) -> bytes:
    """The page as UTF-8; the same bytes for the same data."""
    given: dict[str, Any] = {
        "daily": daily,
        "stand": daily.stand,
        "totals": daily.totals(),
        "story": story(daily, say),
        "posted": posted_by_kind(daily),
        "overcharged": daily.stand.of(OVERCHARGED),
        "kinds": by_verdict(daily),
        "decisions": decisions(daily, say),
        "moved": moved(daily.stand.changed),
        "debt_moves": debt_moves(daily.stand),
        "charts": charts(daily, say),
        "expected": expected(daily),
        "waited_for": waited_for(daily),
        "goes_on": goes_on(daily, say),
        "quarantined": FileState.QUARANTINED,
        "shown_rows": SHOWN_ROWS,
    }
    page = PAGES.get_template("report.html.j2").render(**given, **told(say))
    return page.encode()


@cache
def told(say: Texts) -> dict[str, Any]:
    """The words that templates use, in one language."""
    return {
        "say": say,
        "capital": lambda text: text[:1].upper() + text[1:],
        "moscow_day": moscow_day,
        "age_words": [age.code.replace("-", "–") for age in AGES],
        "move_words": {
            "opened": say("Открыто"),
            "reopened": say("Открыто снова"),
            "changed": say("Изменились суммы"),
            "resolved": say("Решено"),
        },
        "in_money": lambda money: in_money(money, say),
        "question": lambda verdict: words.question(say, verdict),
        "state_words": lambda state: state_in_words(say, state),
        "document_kinds": words.posting_kinds(say),
        "document_states": words.posting_states(say),
        "file_states": words.file_states(say),
    }
