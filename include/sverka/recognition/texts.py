"""Texts of people made comparable: headers, statuses, sheet names."""

import html
import re
import unicodedata
from functools import lru_cache

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_CURRENCY = re.compile(r"[,(\s]*(?:в\s+)?(?:\bруб(?:лях|лей|\.|\b)|₽|\brub\b|\bр\.)\)?\s*$")
_NUMBER_WORD = re.compile(r"№|\bn\b(?!\w)")
_EDGE = " .,:;*-"


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Without case, ё/е, kinds of dashes and extra spaces: for statuses and other words."""
    plain = unicodedata.normalize("NFKC", text.replace("№", " номер ")).translate(_DASHES)
    return " ".join(plain.casefold().replace("ё", "е").split())


@lru_cache(maxsize=20_000)
def header_key(text: str) -> str:
    """A header's comparable form: also without the currency, `№`/`N`/`Номер`, HTML entities, edges.

    `«№  заказа»` → `номер заказа`; `«К перечислению,⏎руб.»` → `к перечислению`.
    """
    plain = folded(html.unescape(text))
    plain = _NUMBER_WORD.sub(" номер ", plain)
    plain = " ".join(_CURRENCY.sub("", plain).split())
    return plain.strip(_EDGE)
