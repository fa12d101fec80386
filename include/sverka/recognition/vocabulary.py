"""The words that all layouts share, from `vocabulary.yaml`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sverka.errors import Misconfigured
from sverka.nouns import Outcome, PaymentMethod, RowKind
from sverka.recognition.texts import folded, header_key
from sverka.recognition.yamls import load_yaml

_MEANINGS: dict[str, frozenset[str]] = {
    "outcomes": frozenset(Outcome),
    "payment_methods": frozenset(PaymentMethod),
    "row_kinds": frozenset(RowKind),
    "currencies": frozenset({"RUB", "BYN", "KZT", "USD", "EUR", "CNY"}),
}


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
        Misconfigured: a text is missing, or one word has two meanings.
    """
    given = load_yaml(path)
    return Vocabulary(
        headers=_headers(path, given.get("headers", {})),
        words={name: _words(path, name, given.get(name, {})) for name in _MEANINGS},
        totals=_folded(given, "totals"),
        explanations=_folded(given, "explanations"),
        not_rubles=_folded(given, "not_rubles"),
        money_words=_folded(given, "money_words"),
        no_settlement=frozenset(header_key(str(text)) for text in given.get("no_settlement", ())),
    )


def _folded(given: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(folded(str(word)) for word in given.get(name, ()))


def _headers(path: Path, given: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    owner: dict[str, str] = {}
    for column, texts in given.items():
        for text in texts:
            key = header_key(str(text))
            if owner.setdefault(key, column) != column:
                raise Misconfigured(
                    f"{path.name}: headers: {text!r} stands for both {owner[key]} and {column}"
                )
    return {
        column: tuple(dict.fromkeys(header_key(str(text)) for text in texts))
        for column, texts in given.items()
    }


def _words(path: Path, name: str, given: dict[str, Any]) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for meaning, words in given.items():
        if meaning not in _MEANINGS[name]:
            raise Misconfigured(f"{path.name}: {name}: there is no meaning {meaning!r}")
        for word in words:
            if meanings.setdefault(folded(str(word)), meaning) != meaning:
                raise Misconfigured(f"{path.name}: {name}: {word!r} has two meanings")
    return meanings
