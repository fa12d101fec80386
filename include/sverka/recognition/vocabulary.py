"""The words that all layouts share, from `vocabulary.yaml`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sverka.errors import Misconfigured
from sverka.nouns import Outcome, PaymentMethod, RowKind
from sverka.recognition.texts import folded, header_key
from sverka.recognition.yamls import load_yaml

_LISTS: dict[str, type[Outcome] | type[PaymentMethod] | type[RowKind]] = {
    "outcomes": Outcome,
    "payment_methods": PaymentMethod,
    "row_kinds": RowKind,
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`headers`: column → its header keys; `words`: list → folded word → meaning."""

    headers: dict[str, tuple[str, ...]]
    words: dict[str, dict[str, str]]
    totals: tuple[str, ...]

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
        words={name: _words(path, name, given.get(name, {})) for name in _LISTS},
        totals=tuple(folded(word) for word in given.get("totals", ())),
    )


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
        if meaning not in set(_LISTS[name]):
            raise Misconfigured(f"{path.name}: {name}: there is no meaning {meaning!r}")
        for word in words:
            if meanings.setdefault(folded(str(word)), meaning) != meaning:
                raise Misconfigured(f"{path.name}: {name}: {word!r} has two meanings")
    return meanings
