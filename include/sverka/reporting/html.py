"""The report as one self-contained page: no script, no external file, print and phone included.

The Airflow UI shows it in a sandboxed frame without pop-ups and printing (Airflow docs,
«External views»), so nothing on the page needs either.
"""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sverka.nouns import FileState, PostingState
from sverka.reporting import summary, words
from sverka.reporting.daily import Daily

SHOWN_DISCREPANCIES = 500
SHOWN_ROWS = 200
"""Longer lists are cut on the page, with a word about the rest; the workbook has all."""

_PAGE = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGE.globals.update(
    {
        "amount": words.amount_in_words,
        "day_in_words": words.day_in_words,
        "document_kinds": words.POSTING_KINDS,
        "document_states": words.POSTING_STATES,
        "file_states": words.FILE_STATES,
        "in_money": summary.in_money,
        "moment": words.moment_in_words,
        "number": words.number_in_words,
        "plural": words.plural,
        "short_day": words.short_day,
        "verdicts": words.VERDICTS,
    }
)


def as_html(daily: Daily) -> bytes:
    """The page as UTF-8; the same bytes for the same data."""
    page = _PAGE.get_template("report.html.j2").render(
        daily=daily,
        headline=summary.headline(daily),
        totals=daily.totals(),
        stake=summary.stake(daily),
        posted=summary.posted_by_kind(daily),
        kinds=summary.by_verdict(daily),
        decisions=summary.decisions(daily),
        waiting=summary.waiting(daily),
        received=len(daily.files),
        quarantined=daily.files_in(FileState.QUARANTINED),
        unsure=PostingState.UNSURE,
        shown_discrepancies=SHOWN_DISCREPANCIES,
        shown_rows=SHOWN_ROWS,
    )
    return page.encode()
