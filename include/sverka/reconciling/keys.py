"""Numbers of orders and parcels made comparable: one key on the report's and the books' side.

Only what cannot tell two orders apart is dropped: letter case, spaces, look-alike letters and
words such as «Заказ №». Leading zeros, dashes and place suffixes stay: `00042` and `42` may be
two orders. What a courier is known to add (`sverka.reconciling.affixes`) is a lower rung of the
ladder, and everything else only a suggestion (docs/matching.md).
"""

import re
import unicodedata
from functools import lru_cache

_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЈЅЁ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "‐‑‒–—―−⁃",
    "ABEKMHOPCTYXIJSE" + "ABEZHIKMNOPTYX" + "-" * 8,
)
"""Cyrillic and Greek capitals that nobody can tell from Latin ones on the screen (Ё is written as
Е), and the dashes that Excel and Word put in place of a hyphen. Digits and letters stay apart:
О is not 0, З is not 3."""

_SEPARATOR = r"[\s№#:]"
_ORDER_WORDS = re.compile(
    rf"^(?:(?:НОМЕР|ЗАКАЗА?|ЗАК\.|ИНТЕРНЕТ-ЗАКАЗ|ORDER|NUMBER)(?={_SEPARATOR}){_SEPARATOR}*|[№#])+"
)
_TRACK_WORDS = re.compile(
    rf"^(?:(?:НОМЕР|ТРЕК(?:-НОМЕР)?|НАКЛАДНАЯ|НАКЛАДНОЙ|ОТПРАВЛЕНИ[ЕЯ]|ШПИ|РПО|TRACK|TRACKING|AWB)"
    rf"(?={_SEPARATOR}){_SEPARATOR}*|[№#])+"
)
_PLAIN = re.compile(r"[0-9A-Za-z/_.-]+", re.ASCII)
"""Nothing to drop in most numbers: the short way for 100,000 of them."""
_CYRILLIC = re.compile(r"([A-Za-zА-Яа-яЁё/_.-]*)([0-9/_.-]*)([0-9A-Za-zА-Яа-яЁё/_.-]*)")
"""Numbers with Cyrillic letters and no spaces, letters first: only look-alikes to exchange."""
_ALNUM = re.compile(r"[^\W_]")
_DIGIT = re.compile(r"[0-9]")
_NOISE = re.compile(r"[\s№#]+")


def order_key(text: str) -> str:
    """The comparable form of a shop's order number: `«Заказ № w-42/1 »` → `W-42/1`.

    Applying it twice changes nothing. Empty when the text holds no letter and no digit.
    """
    key = _key(text, _ORDER_WORDS)
    return key if _ALNUM.search(key) else ""


def track_key(text: str) -> str:
    """The comparable form of a carrier's number: `«ШПИ 8009 3053 6249 92»` → `80093053624992`.

    Applying it twice changes nothing. Empty when the text holds no digit: «-» and «самовывоз»
    stand in many orders, and no carrier's number is without digits.
    """
    key = _key(text, _TRACK_WORDS)
    return key if _DIGIT.search(key) or any(sign.isdigit() for sign in key) else ""


@lru_cache(maxsize=4096)
def _exchanged(text: str) -> str:
    return text.upper().translate(_LOOK_ALIKES)


def _key(text: str, words: re.Pattern[str]) -> str:
    if _PLAIN.fullmatch(text):
        return text.upper()
    if text and (parts := _CYRILLIC.fullmatch(text)):
        letters, digits, rest = parts.groups()
        # A shop has few prefixes.
        return _exchanged(letters) + digits + (_exchanged(rest) if rest else "")
    # NFKC would turn «№» into the letters «No», so it is kept out of its reach.
    folded = unicodedata.normalize("NFKC", text.replace("№", "#")).upper()
    folded = unicodedata.normalize("NFKC", folded)
    visible = "".join(
        sign for sign in folded if unicodedata.category(sign)[0] != "C" or sign.isspace()
    )
    bare = words.sub("", visible.strip().lstrip("'").strip()) or visible
    # Without spaces a letter and a combining mark may have met: fold once more, or the key of a key
    # would differ.
    return unicodedata.normalize("NFKC", _NOISE.sub("", bare)).translate(_LOOK_ALIKES)
