"""The page of checks as one self-contained file in the look of the daily report."""

from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sverka.nouns import FileState
from sverka.reporting import words
from sverka.reporting.checks import sentences
from sverka.reporting.checks.facts import CheckedFile
from sverka.texts import Texts

_HERE = Path(__file__).parent

_PAGE = Environment(
    loader=FileSystemLoader([_HERE, _HERE.parent]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_html(file: CheckedFile, say: Texts) -> bytes:
    """The page as UTF-8; the same bytes for the same data."""
    template = _PAGE.get_template("page.html.j2")
    return template.render(file=file, verdict=sentences.verdict(file, say), **_told(say)).encode()


@cache
def _told(say: Texts) -> dict[str, Any]:
    return {
        "say": say,
        "consequence": partial(sentences.consequence, say=say),
        "counted": partial(sentences.counted, say=say),
        "file_states": words.file_states(say),
        "models": sentences.models(say),
        "purposes": words.purposes(say),
        "quarantined": FileState.QUARANTINED,
        "sentence": sentences.sentence,
        "total_amount": partial(sentences.total_amount, say=say),
        "total_name": sentences.total_name,
    }
