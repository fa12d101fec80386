"""Intended documents before they are stored: what `posting` gets, one row each."""

from dataclasses import dataclass
from uuid import UUID

from sverka.money import Minor
from sverka.moysklad.documents import Document
from sverka.nouns import PostingKind
from sverka.posting.bookable import Bookable


@dataclass(frozen=True, slots=True)
class Draft:
    """One document to be. `lines` are the lines it stands for: one, or many of a report.

    `depends_on` is the syncId of a document that must be in the books first; `state_now` is the
    state that the line was judged in, for a change of state.
    """

    kind: PostingKind
    document: Document
    amount: Minor
    lines: tuple[Bookable, ...]
    per_report: bool = False
    depends_on: UUID | None = None
    demand_id: UUID | None = None
    state_now: UUID | None = None

    @property
    def sync_id(self) -> UUID:
        return self.document.sync_id

    @property
    def first(self) -> Bookable:
        return self.lines[0]
