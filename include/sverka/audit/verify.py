"""`sverka verify`: the chain, its published heads, and the postings, held against each other."""

from dataclasses import dataclass
from itertools import islice

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from sverka.audit.agreement import Disagreement, disagreements
from sverka.audit.chain import Broken, Head, walk
from sverka.audit.heads import disagreement, published_heads
from sverka.services import Services

SHOWN = 20
"""Postings that are named; one is enough to know that something is wrong."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found. `troubles` are Russian sentences, the first broken link first."""

    links: int
    head: Head
    heads: int
    broken: Broken | None
    rewritten: tuple[str, ...]
    postings: tuple[Disagreement, ...]

    @property
    def troubles(self) -> tuple[str, ...]:
        broken = [self.broken] if self.broken else []
        return (
            *(f"Журнал порван на записи {one.id}: {one.words}" for one in broken),
            *self.rewritten,
            *(one.words for one in self.postings),
        )


def verify(services: Services, *, first: int = 1) -> Verified:
    """Walks the chain from the link `first` and compares all that must agree with it.

    Everything is read as of one moment, so work that goes on meanwhile is no disagreement. The
    published heads are read before that moment: a head cannot be newer than the chain.
    """
    heads, spoiled = published_heads(services)
    conn = psycopg2.connect(services.settings.database_url, application_name="sverka verify")
    try:
        conn.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        walked = walk(conn, first=first, wanted=(head.id for head in heads))
        postings = tuple(islice(disagreements(conn), SHOWN))
    finally:
        conn.close()
    rewritten = [f"{path}: не читается, хотя писала его Сверка." for path in spoiled]
    for head in heads:
        # Behind a broken link nothing can be said of the chain's end.
        words = None if walked.broken else disagreement(head, walked.met, walked.head)
        rewritten += [words] if words else []
    return Verified(
        links=walked.links,
        head=walked.head,
        heads=len(heads),
        broken=walked.broken,
        rewritten=tuple(rewritten),
        postings=postings,
    )
