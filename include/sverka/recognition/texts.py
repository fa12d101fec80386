"""Texts of people made comparable: headers, statuses, sheet names."""

import html
import re
import unicodedata
from functools import lru_cache

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_CURRENCY = re.compile(r"[,(\s]*(?:в\s+)?(?:\bруб(?:лях|лей|\.|\b)|₽|\brub\b|\bр\.)\)?\s*$")
_NUMBER_WORD = re.compile(r"№|\bn\b(?!\w)")
_EDGE = " .,:;*-"
_ORDINAL = frozenset({"№", "N"})
"""Alone it counts the rows; «Номер» beside it is a number of something."""
_MIXED = re.compile(r"[A-Za-zА-Яа-яЁё]*(?:[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z])[A-Za-zА-Яа-яЁё]*")
_LONELY = re.compile(r"(?<![^\s(])[KkCcBO](?=\s+[А-Яа-яЁё])")
"""«K перечислению», «c покупателя» with a Latin letter for the preposition."""
_LATIN_LOOKS = str.maketrans("ABCEHKMOPTXYaceopxy", "АВСЕНКМОРТХУасеорху")
_ONE_ALPHABET = re.compile(r"[А-Яа-яЁё0-9./_-]+")
"""Cyrillic numbers and words: nothing in them has another notation but case and «ё»."""
_CYRILLIC_LOOKS = str.maketrans("АВСЕНКМОРТХУасеорху", "ABCEHKMOPTXYaceopxy")


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Without case, ё/е, kinds of dashes and extra spaces: for statuses and other words."""
    # Most cells of a million rows; the long way gives the same.
    if text.isascii():
        return " ".join(text.lower().split())
    if _ONE_ALPHABET.fullmatch(text):
        return text.lower().replace("ё", "е")
    plain = unicodedata.normalize("NFKC", text.replace("№", " номер ")).translate(_DASHES)
    plain = _LONELY.sub(lambda found: found[0].upper().translate(_LATIN_LOOKS), plain)
    plain = _MIXED.sub(_of_one_alphabet, plain)
    return " ".join(plain.casefold().replace("ё", "е").split())


def _of_one_alphabet(found: re.Match[str]) -> str:
    """«Дoставка» with a Latin «o»: a word is of the alphabet in which all its letters can be written."""
    word = found[0]
    for looks in (_LATIN_LOOKS, _CYRILLIC_LOOKS):
        if not _MIXED.search(one := word.translate(looks)):
            return one
    return word


@lru_cache(maxsize=20_000)
def header_key(text: str) -> str:
    """A header's comparable form: also without the currency, `№`/`N`/`Номер`, HTML entities, edges.

    `«№  заказа»` → `номер заказа`; `«К перечислению,⏎руб.»` → `к перечислению`.
    """
    unescaped = html.unescape(text)
    if unescaped.strip(_EDGE) in _ORDINAL:
        return "№"
    plain = folded(unescaped)
    plain = _NUMBER_WORD.sub(" номер ", plain)
    plain = " ".join(_CURRENCY.sub("", plain).split())
    return plain.strip(_EDGE)


def group_key(text: str) -> str:
    """The comparable form of `группа/колонка`: the keys of its parts."""
    return "/".join(header_key(part) for part in text.split("/"))
