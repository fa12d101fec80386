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
_LONGEST = 18
"""Digits of a bigint: more is not money of a shop."""


@lru_cache(maxsize=65_536)
def parse_money(text: str | None, *, in_kopecks: bool = False) -> Minor | None:
    """Minor units; None for an empty cell or a dash.

    Understands `1 234,50` with any kind of space, `1,234.56`, `1.234,56`, `(1 234,56)`,
    `1234,56-`, `−5`, `1 234,50 ₽`.

    Raises:
        BadCell: not a number, ambiguous (`1,234`), or with a fraction of a kopeck.
    """
    if text is None or is_nothing(text):
        return None
    amount = parse_number(text)
    try:
        return from_minor(amount) if in_kopecks else from_major(amount)
    except NotMoney:
        raise BadCell(
            "fraction_of_kopeck",
            f"сумма «{text.strip()}» содержит доли копейки; уточните её у курьера",
        ) from None


def parse_number(text: str) -> Decimal:
    """The exact number of a text in any of the notations above.

    Raises:
        BadCell: it is none of them.
    """
    bare = _SPACES.sub(" ", _MINUS.sub("-", text)).strip()
    negative, bare = _sign(bare)
    bare = _CURRENCY.sub("", bare).strip()
    if not negative:
        negative, bare = _sign(bare)
    if " " in bare and not _SPACE_GROUPS.fullmatch(bare):
        # Two numbers in one cell must not become one big number.
        raise _not_a_number(text)
    digits = _with_point(bare.replace(" ", ""), text)
    if sum(map(str.isdigit, digits)) > _LONGEST:
        raise _not_a_number(text)
    return -Decimal(digits) if negative else Decimal(digits)


def _sign(text: str) -> tuple[bool, str]:
    """Accounting brackets, a minus before or after, a plus before: at most one of them."""
    if text.startswith("(") and text.endswith(")"):
        return True, text[1:-1].strip()
    if text.startswith("-"):
        return True, text[1:].strip()
    if text.endswith("-"):
        return True, text[:-1].strip()
    return False, text.removeprefix("+").strip()


def _with_point(bare: str, text: str) -> str:
    if _PLAIN.fullmatch(bare) and not _is_ambiguous(bare, "."):
        return bare
    if _is_ambiguous(bare, ",") or _is_ambiguous(bare, "."):
        raise BadCell(
            "ambiguous_number",
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


def _is_ambiguous(bare: str, sign: str) -> bool:
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
