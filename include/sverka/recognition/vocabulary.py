"""The words that all layouts share, from `vocabulary.yaml`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sverka.nouns import Outcome, PaymentMethod, RowKind
from sverka.recognition.texts import folded, header_key
from sverka.recognition.yamls import Document, document_of, text_of

MEANINGS: dict[str, frozenset[str]] = {
    "outcomes": frozenset(Outcome),
    "payment_methods": frozenset(PaymentMethod),
    "row_kinds": frozenset(RowKind),
    "currencies": frozenset({"RUB", "BYN", "KZT", "USD", "EUR", "CNY"}),
}
"""The lists of words, and what a word of each may mean."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`headers`: column → its header keys; `words`: list → folded word → meaning."""

    headers: dict[str, tuple[str, ...]]
    words: dict[str, dict[str, str]]
    totals: tuple[str, ...]
    explanations: tuple[str, ...]
    """Folded words that begin a row which only explains a total."""
    not_rubles: tuple[str, ...]
    """Folded words over a table whose sums are not rubles."""
    money_words: tuple[str, ...]
    no_settlement: frozenset[str]
    """Header keys of money that has no part in a settlement (the price of the goods)."""

    def sounds_like_money(self, header: str) -> bool:
        """True for a header that speaks of money which a settlement may contain."""
        text = folded(header)
        return header_key(header) not in self.no_settlement and any(
            word in text for word in self.money_words
        )

    @property
    def known_headers(self) -> frozenset[str]:
        """All header keys of all columns: a row of these is a header."""
        return frozenset(key for keys in self.headers.values() for key in keys)


def load_vocabulary(path: Path) -> Vocabulary:
    """Reads and checks the vocabulary.

    Raises:
        Misconfigured: one word has two meanings, or a meaning that there is not; with its line.
    """
    document = document_of(text_of(path), path.name)
    given = document.given
    return Vocabulary(
        headers=_headers(document),
        words={name: _words(document, name) for name in MEANINGS},
        totals=_folded(given, "totals"),
        explanations=_folded(given, "explanations"),
        not_rubles=_folded(given, "not_rubles"),
        money_words=_folded(given, "money_words"),
        no_settlement=frozenset(header_key(str(text)) for text in given.get("no_settlement", ())),
    )


def _folded(given: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(folded(str(word)) for word in given.get(name, ()))


def _headers(document: Document) -> dict[str, tuple[str, ...]]:
    given = document.given.get("headers", {})
    owner: dict[str, str] = {}
    for column, texts in given.items():
        for index, text in enumerate(texts):
            key = header_key(str(text))
            if owner.setdefault(key, column) != column:
                raise document.wrong(
                    ("headers", column, index),
                    f"{text!r} stands for both {owner[key]} and {column}",
                )
    return {
        column: tuple(dict.fromkeys(header_key(str(text)) for text in texts))
        for column, texts in given.items()
    }


def _words(document: Document, name: str) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for meaning, words in document.given.get(name, {}).items():
        if meaning not in MEANINGS[name]:
            known = ", ".join(sorted(MEANINGS[name]))
            raise document.wrong(
                (name, meaning), f"there is no meaning {meaning!r}; known: {known}"
            )
        for index, word in enumerate(words):
            if meanings.setdefault(folded(str(word)), meaning) != meaning:
                raise document.wrong((name, meaning, index), f"{word!r} has two meanings")
    return meanings
