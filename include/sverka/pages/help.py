"""Help for people: «Что делать, когда…» and the operator's guide, and the way to a section of them.

The texts are docs/what-now.md and docs/operator.md. A section of the first is found by what it is
about, in the code's own names: `verdict.underpaid`, `refusal.cut_off`, `document.unsure`. Such a
name stands in backticks beside what it explains, so the page is the only list there is.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from sverka.nouns import FileState, PostingState
from sverka.pages.reasons import REFUSALS, UNSENT, kind_of

DOCS = Path(__file__).parents[3] / "docs"
IMAGES = DOCS / "images"
FAMILIES = (
    *("verdict", "transfer", "discrepancy", "decision", "file", "refusal", "row", "check"),
    *("document", "approval", "unsent", "reversal", "kept", "error", "upload", "notice"),
)
ANCHOR = re.compile(rf"(?:{'|'.join(FAMILIES)})\.[a-z_]+")
_NAMED = re.compile(rf"`({ANCHOR.pattern})`")
_OF_DISCREPANCY = ("verdict", "transfer", "document")


class Page(StrEnum):
    """The pages, by the names of their files."""

    WHAT_NOW = "what-now"
    GUIDE = "operator"


@cache
def anchors() -> Mapping[str, int]:
    """What «Что делать, когда…» explains, with how often it is named there."""
    found: dict[str, int] = {}
    for name in _NAMED.findall(text_of(Page.WHAT_NOW)):
        found[name] = found.get(name, 0) + 1
    return found


def text_of(page: Page) -> str:
    """The page's Markdown."""
    return (DOCS / f"{page}.md").read_text(encoding="utf-8")


def anchor(family: str, name: str | None) -> str:
    """The section about a word of the code, `""` (the whole page) where there is none.

    `/sverka/help#` and the anchor is the address; `family` is one of `FAMILIES`.
    """
    wanted = f"{family}.{name}"
    return wanted if wanted in anchors() else ""


def of_discrepancy(verdict: str) -> str:
    """The section about `Discrepancy.verdict`: a line's verdict, a transfer's or document's state."""
    found = (anchor(family, verdict) for family in _OF_DISCREPANCY)
    return next(filter(None, found), "")


def of_file(state: str, reason: str | None) -> str:
    """The section about why the file stands still, else about its state."""
    refused = kind_of(reason or "", REFUSALS) if state == FileState.QUARANTINED else None
    return anchor("refusal", refused) or anchor("file", state)


def of_document(state: str, error: str | None) -> str:
    """The section about why the document is not in the books, else about its state."""
    refused = state in {PostingState.REJECTED, PostingState.FAILED}
    unsent = kind_of(error or "", UNSENT) if refused else None
    return anchor("unsent", unsent) or anchor("document", state)
