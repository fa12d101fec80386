"""Money from text, exactly: every notation that courier reports use, and nothing by guess."""

import re
from decimal import Decimal
from functools import lru_cache

from sverka.money import Minor, NotMoney, from_major, from_minor
from sverka.parsing.cells import BadCell, is_nothing

_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u2060\ufeff'’]+")
_MINUS = re.compile(r"[\u2010-\u2015\u2212]")
_CURRENCY = re.compile(r"(?:руб(?:лей|ля|ль)?\.?|р\.?|₽|rub|rur)$", re.IGNORECASE)
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+", re.ASCII)
_SPACE_GROUPS = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d*)?", re.ASCII)
_POINT_GROUPS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+", re.ASCII)
_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_KOPECKS = re.compile(r"(\d{1,15})(?:[.,](\d{1,2}))?", re.ASCII)
"""Most amounts; all other notations give the same number by the long way."""
AMBIGUOUS = "ambiguous_number"
"""The rule of a number that may be thousands or a fraction: other cells may decide."""
_LONGEST = 18
"""Digits of a bigint: more is not money of a shop."""


@lru_cache(maxsize=65_536)
def parse_money(
    text: str | None, *, in_kopecks: bool = False, group: str | None = None
) -> Minor | None:
    """Minor units; None for an empty cell or a dash.

    Understands `1 234,50` with any kind of space, `1,234.56`, `1.234,56`, `(1 234,56)`,
    `1234,56-`, `−5`, `1 234,50 ₽`. `group` is the sign that parts thousands, where the column
    proves one (`sverka.parsing.styles`).

    Raises:
        BadCell: not a number, ambiguous (`1,234` without a `group`), or with a fraction of a kopeck.
    """
    if text is None:
        return None
    if (plain := _KOPECKS.fullmatch(text)) and not in_kopecks:
        return Minor(int(plain[1]) * 100 + int((plain[2] or "").ljust(2, "0")))
    if is_nothing(text):
        return None
    amount = parse_number(text, group=group)
    try:
        return from_minor(amount) if in_kopecks else from_major(amount)
    except NotMoney:
        raise BadCell(
            "fraction_of_kopeck",
            f"сумма «{text.strip()}» содержит доли копейки; уточните её у курьера",
        ) from None


def parse_number(text: str, *, group: str | None = None) -> Decimal:
    """The exact number of a text in any of the notations above.

    Raises:
        BadCell: it is none of them.
    """
    negative, bare = unsigned(text)
    if " " in bare and not _SPACE_GROUPS.fullmatch(bare):
        # Two numbers in one cell must not become one big number.
        raise _not_a_number(text)
    digits = _with_point(bare.replace(" ", ""), text, group)
    if sum(map(str.isdigit, digits)) > _LONGEST:
        raise _not_a_number(text)
    return -Decimal(digits) if negative else Decimal(digits)


def unsigned(text: str) -> tuple[bool, str]:
    """Whether it is below zero, and the digits with their separators: no sign, no currency."""
    bare = _SPACES.sub(" ", _MINUS.sub("-", text)).strip()
    negative, bare = _sign(bare)
    bare = _CURRENCY.sub("", bare).strip()
    return (negative, bare) if negative else _sign(bare)


def _sign(text: str) -> tuple[bool, str]:
    """Accounting brackets, a minus before or after, a plus before: at most one of them."""
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip()
    if text.startswith("-"):
        return True, text[1:].strip()
    if text.endswith("-"):
        return True, text[:-1].strip()
    return False, text.removeprefix("+").strip()


def _with_point(bare: str, text: str, group: str | None) -> str:
    if _PLAIN.fullmatch(bare) and not is_ambiguous(bare, "."):
        return bare
    for sign in ",.":
        if not is_ambiguous(bare, sign):
            continue
        if group is not None:
            return bare.replace(sign, "" if sign == group else ".")
        raise BadCell(
            AMBIGUOUS,
            f"«{text.strip()}» можно прочитать по-разному: как тысячи или как дробь; уточните сумму",
        )
    candidates = (
        _grouped(bare, group=",", decimal="."),
        _grouped(bare, group=".", decimal=","),
    )
    for candidate in candidates:
        if candidate is not None:
            return candidate
    raise _not_a_number(text)


def is_ambiguous(bare: str, sign: str) -> bool:
    """`1,234` may be a thousand or one and a bit; `0,234` and `1,234,567` can be only one thing."""
    whole, found, fraction = bare.partition(sign)
    return bool(
        found
        and re.fullmatch(r"[1-9]\d{0,2}", whole, re.ASCII)
        and re.fullmatch(r"\d{3}", fraction, re.ASCII)
    )


def _grouped(bare: str, *, group: str, decimal: str) -> str | None:
    """The number when `group` parts thousands and `decimal` the fraction; None when it does not."""
    whole, found, fraction = bare.rpartition(decimal)
    if not found:
        whole, fraction = bare, ""
    groups = _COMMA_GROUPS if group == "," else _POINT_GROUPS
    if whole and not groups.fullmatch(whole) and not _DIGITS.fullmatch(whole):
        return None
    if fraction and not _DIGITS.fullmatch(fraction):
        return None
    if not whole and not fraction:
        return None
    return f"{whole.replace(group, '') or '0'}.{fraction or '0'}"


def _not_a_number(text: str) -> BadCell:
    shown = text.strip()
    if shown.startswith("="):
        return BadCell(
            "formula_without_value",
            "в ячейке формула без посчитанного значения; откройте файл в Excel, сохраните и положите снова",
        )
    if shown.startswith("#"):
        return BadCell(
            "error_in_cell",
            f"в ячейке ошибка Excel «{shown}» вместо суммы; исправьте формулу и положите файл снова",
        )
    return BadCell("not_a_number", f"«{shown}» — не сумма")
