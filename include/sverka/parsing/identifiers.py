"""Numbers of orders and parcels from text: what a spreadsheet did to them is undone, or refused."""

import re
import unicodedata

from sverka.parsing.cells import BadCell, is_nothing

_PLAIN = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_-]*", re.ASCII)
_NUMBER = re.compile(r"(?=.*[0-9]\Z)[A-ZА-ЯЁ0-9/_-]{1,64}")
"""Most numbers: nothing to clean, and no word for an empty cell."""
_EXCEL_ERROR = re.compile(r"#(?:N/A|Н/Д|[A-ZА-Я]+(?:/0)?[!?])", re.IGNORECASE)
_POINT_ZERO = re.compile(r"(\d{4,}(?=[.,]0+$)|\d+(?=[.,]00?$))[.,]0+", re.ASCII)
"""A number that Excel made of a number; `1.000` may be a thousand and stays as it is."""
_E_NOTATION = re.compile(r"\d(?:[.,]\d+)?[eEеЕ]\+?\d{1,3}", re.ASCII)
_E_WITH_PLUS = re.compile(r"\d+(?:[.,]\d+)?[eEеЕ]\+\d{1,3}", re.ASCII)
_SEVERAL = re.compile(
    r"\d\S*\s*;\s*\S*\d|\d\S*,\s+\S*\d|\d\S*\s*\n\s*\S*\d|\d\s*\+\s*\S*\d|\d\s+и\s+\S*\d"
)
"""Two numbers in one cell: one sum for two orders."""
_LONGEST = 255


def parse_id(text: str | None) -> str | None:
    """The cleaned number, or None for an empty cell.

    `59564845443.0` → `59564845443`, `'00042` → `00042`, inner spaces collapse to one.

    Raises:
        BadCell: E-notation (`8,00931E+13`: digits are lost for good), an Excel error, or garbage.
    """
    if text is None:
        return None
    if _NUMBER.fullmatch(text):
        return text
    if is_nothing(text):
        return None
    cleaned = text if _PLAIN.fullmatch(text) else _cleaned(text)
    if cleaned is not text and _SEVERAL.search(text):
        raise BadCell(
            "several_numbers",
            f"в одной ячейке несколько номеров: «{cleaned[:60]}», а сумма одна: сколько из неё чьё, по файлу "
            "не видно. Попросите у курьера отчёт, где у каждого заказа своя строка",
        )
    if len(cleaned) > _LONGEST:
        raise BadCell("id_too_long", f"номер слишком длинный: {len(cleaned)} знаков")
    return cleaned or None


def _cleaned(text: str) -> str:
    if any(unicodedata.category(sign) in {"Cs", "Co", "Cn"} or sign == "\0" for sign in text):
        raise BadCell("garbage", "в номере нечитаемые знаки")
    visible = "".join(
        sign for sign in text if unicodedata.category(sign) not in {"Cf", "Cc"} or sign.isspace()
    )
    bare = " ".join(visible.split()).lstrip("'`‘’ ")
    if is_nothing(bare):
        return ""
    if bare.startswith("=") or _EXCEL_ERROR.fullmatch(bare):
        raise BadCell(
            "error_in_cell",
            f"в ячейке «{bare[:40]}» вместо номера; исправьте её и положите файл снова",
        )
    compact = bare.replace(" ", "")
    if _E_WITH_PLUS.fullmatch(compact) or (
        _E_NOTATION.fullmatch(compact) and ("," in compact or "." in compact)
    ):
        raise BadCell(
            "id_lost_digits",
            f"номер «{bare}» записан в виде степени, последние цифры потеряны. "
            "Сделайте колонку текстовой и выгрузите отчёт ещё раз",
        )
    whole = _POINT_ZERO.fullmatch(compact)
    return whole[1] if whole else bare
