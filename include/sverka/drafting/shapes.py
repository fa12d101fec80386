"""What values look like: numbers of parcels with their check digits, dates, money, words."""

import re
from functools import lru_cache

from sverka.parsing.cells import BadCell
from sverka.parsing.dates import parse_date
from sverka.parsing.numbers import parse_money

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")


def is_postal(text: str) -> bool:
    """The 14 digits of a domestic item of Почта России with a right check digit."""
    if not re.fullmatch(r"\d{14}", text):
        return False
    digits = [int(sign) for sign in text]
    return (10 - (3 * sum(digits[0:13:2]) + sum(digits[1:13:2])) % 10) % 10 == digits[13]


def is_s10(text: str) -> bool:
    """`RA123456785RU` of the Universal Postal Union with a right check digit."""
    if not re.fullmatch(r"[A-Z]{2}\d{9}[A-Z]{2}", text):
        return False
    digits = [int(sign) for sign in text[2:11]]
    check = 11 - sum(w * d for w, d in zip(_S10_WEIGHTS, digits, strict=False)) % 11
    return {10: 0, 11: 5}.get(check, check) == digits[8]


def is_ean13(text: str) -> bool:
    """13 digits with the check digit of EAN (IML labels parcels so; goods have it too)."""
    if not re.fullmatch(r"\d{13}", text):
        return False
    digits = [int(sign) for sign in text]
    return (10 - (sum(digits[0:12:2]) + 3 * sum(digits[1:12:2])) % 10) % 10 == digits[12]


_CARRIERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("СДЭК", re.compile(r"1\d{9,10}")),
    ("Boxberry", re.compile(r"[A-Z]{3}\d{8}")),
    ("Dalli", re.compile(r"[A-Z]\d{7}")),
    ("Ozon", re.compile(r"\d{5,}-\d{4}-\d+")),
    ("UUID", re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")),
)


@lru_cache(maxsize=20_000)
def tracked_by(text: str) -> str | None:
    """Whose parcel number the text looks like; None when it looks like nobody's."""
    plain = text.strip().upper().removesuffix(".0")
    if is_postal(plain):
        return "Почта России"
    if is_s10(plain):
        return "почтовый S10"
    if is_ean13(plain):
        return "EAN-13"
    return next((name for name, shape in _CARRIERS if shape.fullmatch(plain)), None)


@lru_cache(maxsize=65_536)
def money(text: str) -> int | None:
    """Hundredths of the number; None when it is none. A third decimal counts as no money."""
    try:
        return parse_money(text)
    except BadCell:
        return None


@lru_cache(maxsize=20_000)
def is_date(text: str) -> bool:
    """A date in any notation; a bare number is none, though Excel may have meant one."""
    if _SERIAL.fullmatch(text.strip()) or text.strip().isdigit():
        return False
    try:
        return parse_date(text) is not None
    except BadCell:
        return False


def is_serial_day(text: str) -> bool:
    """A day as Excel counts it, 2010 to 2060; only the header can tell it from an amount."""
    whole = text.strip().partition(".")[0]
    return bool(_SERIAL.fullmatch(text.strip())) and 40179 <= int(whole) <= 58440


_E_NOTATION = re.compile(r"\d(?:[.,]\d+)?[eEеЕ]\+\d{1,3}")
_NUMBER = re.compile(r"(?=.*\d)[0-9A-Za-zА-Яа-яЁё#№_/\-. ]{1,64}")


@lru_cache(maxsize=20_000)
def is_number_of_something(text: str) -> bool:
    """Could be the number of an order: has a digit, few words, is no date."""
    if _E_NOTATION.fullmatch(text.strip()):
        # Digits are lost, and reading it says so; another column must not take its place in silence.
        return True
    return bool(_NUMBER.fullmatch(text.strip())) and len(text.split()) <= 3 and not is_date(text)
