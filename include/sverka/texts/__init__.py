"""The words that people read: Russian where they are used, English from one catalogue.

The Russian text in the code is the key, as with gettext, so the code can be read aloud; `en.po`
beside this file holds the English of every text. A text without English stays Russian: a person
who reads the wrong language still reads the right sum.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

from sverka.clock import MONTHS, MOSCOW
from sverka.money import Minor, in_words_of_money

CATALOGUE = Path(__file__).parent / "en.po"

_WEEKDAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")


class Language(StrEnum):
    """The language of everything that people see; code, logs and docs are English anyway."""

    RUSSIAN = "ru"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Texts:
    """Says things in one language: sentences, counted nouns, money, numbers and dates.

    In templates it is `say`: `{{ say("Файлов: {n}", n=3) }}`.
    """

    language: Language = Language.RUSSIAN

    def __call__(self, russian: str, /, **values: object) -> str:
        """The sentence with its `{places}` filled; values are put in as they are."""
        text = russian if self.is_russian else (_english().get(russian) or (russian,))[0]
        return text.format(**values) if values else text

    def counted(self, number: int, one: str, few: str, many: str) -> str:
        """`1 файл`, `3 файла`, `11 файлов`: the number with the right form of its noun."""
        if self.is_russian:
            word = (one, few, many)[_russian_form(number)]
        else:
            forms = _english().get(one) or (one, many)
            word = forms[0] if abs(number) == 1 else forms[-1]
        return f"{self.number(number)}\u00a0{word}"

    def number(self, number: int) -> str:
        """`12 345` with no-break spaces; `12,345` in English."""
        sign = "−" if number < 0 else ""
        digits = f"{abs(number):,}"
        return sign + (digits.replace(",", "\u00a0") if self.is_russian else digits)

    def money(self, amount: Minor, currency: str = "RUB") -> str:
        """`1 234,50 ₽`; `₽1,234.50` in English. `amount` is minor units."""
        if self.is_russian:
            return in_words_of_money(amount, currency)
        whole, fraction = divmod(abs(amount), 100)
        symbol = "₽" if currency == "RUB" else f"{currency}\u00a0"
        return f"{'−' if amount < 0 else ''}{symbol}{whole:,}.{fraction:02d}"

    def day(self, day: date) -> str:
        """`20 ноября 2026, пятница`; `Friday, 20 November 2026` in English."""
        if self.is_russian:
            return f"{self.short_day(day)} {day.year}, {_WEEKDAYS[day.weekday()]}"
        return self._babel_day(day, "EEEE, d MMMM y")

    def short_day(self, day: date) -> str:
        """`20 ноября`; `20 November` in English."""
        if self.is_russian:
            return f"{day.day}\u00a0{MONTHS[day.month - 1]}"
        return self._babel_day(day, "d\u00a0MMMM")

    def moment(self, moment: datetime) -> str:
        """`20 ноября, 12:05` by the Moscow clock, in both languages."""
        local = moment.astimezone(MOSCOW)
        return f"{self.short_day(local.date())}, {local:%H:%M}"

    @property
    def is_russian(self) -> bool:
        """Whether the texts stay as they stand in the code."""
        return self.language is Language.RUSSIAN

    @staticmethod
    def _babel_day(day: date, pattern: str) -> str:
        from babel.dates import format_date

        return format_date(day, pattern, locale="en_GB")


def _russian_form(number: int) -> int:
    tail = abs(number) % 100
    if tail % 10 == 1 and tail != 11:
        return 0
    return 1 if tail % 10 in {2, 3, 4} and tail not in {12, 13, 14} else 2


@cache
def _english() -> dict[str, tuple[str, ...]]:
    """English by the Russian text; of a counted noun the forms, by its first one."""
    from babel.messages.pofile import read_po

    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        key, said = message.id, message.string
        if key and said and not message.fuzzy:
            first = key if isinstance(key, str) else key[0]
            found[first] = (said,) if isinstance(said, str) else tuple(said)
    return found
