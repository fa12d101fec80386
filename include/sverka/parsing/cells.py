"""A cell that cannot be read, told to a person; and cells that say nothing or begin with a word."""

from sverka.recognition.texts import folded


class BadCell(ValueError):
    """The cell's text is not what its column needs; `reason` is Russian, `rule` is stable."""

    def __init__(self, rule: str, reason: str) -> None:
        self.rule = rule
        self.reason = reason
        super().__init__(reason)


NOTHING = frozenset({"", "-", "–", "—", "−", "--", "нет", "н/д", "n/a", "null", "none", "nan"})
"""Texts that mean an empty cell; compared in lower case. `#Н/Д` is not one: it is a failed look-up."""


def is_nothing(text: str | None) -> bool:
    """True for an empty cell in any of its notations."""
    return text is None or text.strip().lower() in NOTHING


def begins(text: str, words: tuple[str, ...]) -> bool:
    """True when the text begins with one of the folded words, and the word ends there."""
    plain = folded(text)
    return plain.startswith(words) and any(
        plain.startswith(word) and not plain[len(word) : len(word) + 1].isalnum() for word in words
    )
