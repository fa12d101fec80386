"""The page of checks as one self-contained file in the look of the daily report."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sverka.nouns import FileState
from sverka.reporting import words
from sverka.reporting.checks import sentences
from sverka.reporting.checks.facts import CheckedFile

_HERE = Path(__file__).parent

_PAGE = Environment(
    loader=FileSystemLoader([_HERE, _HERE.parent]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGE.globals.update(
    {
        "amount": words.amount_in_words,
        "consequence": sentences.consequence,
        "counted": sentences.counted,
        "file_states": words.FILE_STATES,
        "models": sentences.MODELS,
        "moment": words.moment_in_words,
        "number": words.number_in_words,
        "plural": words.plural,
        "purposes": words.PURPOSES,
        "quarantined": FileState.QUARANTINED,
        "sentence": sentences.sentence,
        "short_day": words.short_day,
        "total_amount": sentences.total_amount,
        "total_name": sentences.total_name,
    }
)


def as_html(file: CheckedFile) -> bytes:
    """The page as UTF-8; the same bytes for the same data."""
    template = _PAGE.get_template("page.html.j2")
    return template.render(file=file, verdict=sentences.verdict(file)).encode()
