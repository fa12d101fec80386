"""What the cells of a column look like, without knowing the column: amounts, dates, numbers of orders."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from sverka.recognition.texts import folded, header_key
from sverka.recognition.vocabulary import Vocabulary

_NOTHING = frozenset({"", "-", "–", "—", "−", "--", "нет", "н/д", "n/a", "null", "none", "nan"})
_SPACES = re.compile(r"[\s\u200b\u2060\ufeff'’]+")
_CURRENCY = re.compile(r"(?:руб(?:лей|ля|ль)?\.?|р\.?|₽|rub|rur)$", re.IGNORECASE)
_SIGNS = "()+-‐‑‒–—―−"
_PLAIN_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?", re.ASCII)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*[.,]?|[.,]\d+", re.ASCII)
_DATE = re.compile(
    r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2}))(?:[T\s].*)?|"
    r"«?\d{1,2}»?\s+[а-яё]{3,}\s+\d{4}.*",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"[.,]0*[1-9]\d*\D*$")
_CODE = re.compile(r"0\d+|\d{9,}", re.ASCII)
_LATIN_MONEY = re.compile(
    r"sum|amount|discount|price|cost|fee|commission|pay(?:ment|out)|charge|total|transfer|tariff|penalt|"
    r"refund|compensat|money|deduct|withh|insur"
)
_MEASURE = re.compile(
    r"кол-во|количеств|\bшт\b|\bмест[оа]?\b|\bвес\b|масса|\bкг\b|\bгр?\b|объем|габарит|длина|ширина|"
    r"высота|номер|\bкод\b|\bid\b|_id\b|\bид\b|\bинн\b|\bкпп\b|\bбик\b|\bинн?декс|индекс|телефон|"
    r"артикул|\bsku\b|штрих|\bшк\b|баркод|barcode|\bдата\b|время|период|месяц|\bгод\b|\bсрок\b|дней|"
    r"процент|%|ставка|\bзона\b|расстоян|рейтинг|\bр/с\b|(?<![a-z])count|qty|quantity|\bdate|_date|weight|"
    r"phone|\binn\b|_rate\b|\brate\b|percent|number|_no\b|code|type"
)


def filled(cell: str | None) -> bool:
    """True for a cell that says something: not empty and no dash."""
    return cell is not None and cell.strip().lower() not in _NOTHING


def is_number(cell: str) -> bool:
    """True for a number in any of the notations of courier reports; a date is none."""
    if _PLAIN_NUMBER.fullmatch(cell):
        return True
    bare = _SPACES.sub("", cell.strip()).strip(_SIGNS)
    return bool(_NUMBER.fullmatch(_CURRENCY.sub("", bare).strip(_SIGNS))) and not is_date(cell)


def is_date(cell: str) -> bool:
    """True for a calendar date in one of the styles couriers use; a serial number is none."""
    return bool(_DATE.fullmatch(cell.strip()))


def is_fraction(cell: str) -> bool:
    """True for a number with kopecks: no order is numbered so."""
    return bool(_FRACTION.search(cell.strip())) and is_number(cell)


def is_code(cell: str) -> bool:
    """True for digits that no amount is written with: a leading zero, or nine of them and more."""
    return bool(_CODE.fullmatch(cell.strip()))


def times_of(cells: Iterable[str]) -> Counter[str]:
    """How often each text stands among the cells; what is counted already stays as it is."""
    return cells if isinstance(cells, Counter) else Counter(cells)


def most(cells: Iterable[str], test: Callable[[str], object]) -> bool:
    """True when more than half of the cells pass the test; never for no cells.

    A `Counter` of cells saves counting them again for another test.
    """
    counted = times_of(cells)
    half = counted.total() / 2
    passed = failed = 0
    for cell, times in counted.items():
        if test(cell):
            passed += times
        else:
            failed += times
        # In a million rows the other half is not looked at.
        if passed > half or failed >= half:
            break
    return passed > half


def sounds_like_money(title: str, vocabulary: Vocabulary) -> bool:
    """True for a title that speaks of money, Russian or as a field of an API."""
    if header_key(title) in vocabulary.no_settlement:
        return False
    return vocabulary.sounds_like_money(title) or bool(_LATIN_MONEY.search(folded(title)))


def holds_amounts(title: str, cells: Iterable[str | None], vocabulary: Vocabulary) -> bool:
    """True when money may stand in this column: better asked once too often than missed.

    A title that speaks of money needs one number that is not zero. Without such a title numbers
    count unless the title or they themselves say that they are quantities, codes or row numbers.
    """
    key = header_key(title)
    if key in vocabulary.no_settlement:
        return False
    texts = [cell.strip() for cell in cells if cell is not None and filled(cell)]
    numbers = [text for text in texts if is_number(text)]
    if not any(re.search(r"[1-9]", text) for text in numbers):
        return False
    if sounds_like_money(title, vocabulary):
        return True
    if _MEASURE.search(folded(title)) or 2 * len(numbers) <= len(texts):
        return False
    return not all(is_code(text) for text in numbers) and not counts_rows(numbers)


def counts_rows(numbers: Sequence[str]) -> bool:
    """True for `1 2 3 …`; one or two numbers prove nothing."""
    return len(numbers) > 2 and all(number == str(place) for place, number in enumerate(numbers, 1))


def is_numbering(row: Sequence[str | None]) -> bool:
    """`1 2 3 …`: the numbers of the columns under a header."""
    texts = [cell.strip() for cell in row if cell and cell.strip()]
    return counts_rows(texts)
