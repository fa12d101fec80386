"""Currencies by the names that people give them in headers and titles."""

import re

_NAMES = {
    code: re.compile(pattern)
    for code, pattern in {
        "USD": r"\busd\b|\$|доллар",
        "EUR": r"\beur\b|€|\bевро\b",
        "KZT": r"\bkzt\b|₸|\bтг\b|тенге",
        "BYN": r"\bbyn\b|бел\w*\.? ?руб",
        "CNY": r"\bcny\b|¥|юан",
        "AMD": r"\bamd\b|драм(?:ах|ы|ов)?\b",
        "KGS": r"\bkgs\b|\bсом(?:ах|ов|ы)?\b",
        "UZS": r"\buzs\b|\bсум(?:ах|ов|ы)\b",
    }.items()
}

FOREIGN = tuple(_NAMES)
"""ISO codes of the currencies that are told from rubles by name."""


def currency_in(folded_text: str) -> str | None:
    """The ISO code of the foreign currency that the folded text names; None for none and for rubles."""
    return next((code for code, name in _NAMES.items() if name.search(folded_text)), None)
