"""The table of mutations: each spoils a book in one way and says what it did.

A mutation returns None when it cannot be applied. `unseen` are the fields of a line that may
differ without anybody being able to notice; for most mutations there are none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from fuzz.books import Book
from sverka.nouns import Settlement


@dataclass(frozen=True, slots=True)
class Did:
    """What a mutation did, in English, with the column or row it did it to."""

    what: str
    unseen: frozenset[str] = frozenset()


Mutate = Callable[[Book, Random, Settlement | None], Did | None]
MUTATIONS: dict[str, Mutate] = {}


def mutation(mutate: Mutate) -> Mutate:
    """Enters a mutation into the table under its own name."""
    MUTATIONS[mutate.__name__] = mutate
    return mutate
