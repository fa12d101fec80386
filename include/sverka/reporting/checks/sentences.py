"""The sentences of the page of checks."""

from sverka.checking.rules import HEADS, TOTALS
from sverka.checking.words import FIELDS, amount
from sverka.money import Minor
from sverka.nouns import Purpose, Settlement
from sverka.reporting.checks.facts import CheckedFile, Part, Rule
from sverka.reporting.words import amount_in_words, number_in_words, plural

MODELS = {
    Settlement.NET: ("за вычетом всех услуг", "принято − все услуги = к перечислению"),
    Settlement.AGENT_FEE_NETTED: (
        "за вычетом агентского вознаграждения",
        "принято − агентское вознаграждение = к перечислению",
    ),
    Settlement.GROSS: ("без вычетов", "принято = к перечислению"),
}
"""Name (docs/glossary.md) and equation of each settlement model."""

_OF_TOTALS = frozenset(rule.code for rule in TOTALS)
_OF_REPORTS = frozenset(rule.code for rule in HEADS)


def verdict(file: CheckedFile) -> str:
    """The page in one sentence."""
    lines = sum(file.rows(part) for part in ("accepted", "aside", "held"))
    if file.held:
        return "Файл отложен целиком: ни одна его строка дальше не пошла."
    if not lines and not file.unread_rows:
        return "Операций в файле нет: проверять нечего."
    stopped = file.rows("aside") + file.unread_rows
    if not stopped:
        return f"{_all(file.rows('accepted'))}{_money(file, 'accepted')}."
    return (
        f"Принято {number_in_words(file.rows('accepted'))} из "
        f"{plural(lines + file.unread_rows, 'строки', 'строк', 'строк')}{_money(file, 'accepted')}; "
        f"{'отложена' if stopped % 10 == 1 and stopped % 100 != 11 else 'отложено'} "
        f"{plural(stopped, 'строка', 'строки', 'строк')}{_money(file, 'aside')}."
    )


def counted(rule: Rule) -> str:
    """How many rows, totals or reports a rule spoke of, and how many it refused."""
    if rule.code in _OF_TOTALS:
        forms = ("итог", "итога", "итогов")
    elif rule.code in _OF_REPORTS:
        forms = ("отчёт", "отчёта", "отчётов")
    else:
        forms = ("строка", "строки", "строк")
    if rule.passed:
        return plural(rule.checked, *forms)
    if not rule.refused:
        return "весь файл"
    # «1 из 21 строки», «5 из 9 строк»
    of = (forms[1], forms[2], forms[2])
    return f"{number_in_words(rule.refused)} из {plural(rule.checked, *of)}"


def consequence(rule: Rule) -> str:
    """What a failure of the rule does."""
    if rule.severity == "warning":
        return "замечание"
    return "строки отложены" if rule.rows else "файл отложен"


def sentence(text: str) -> str:
    """The text with a capital letter and nothing else changed."""
    return text[:1].upper() + text[1:]


def total_name(field: str) -> str:
    """A total's name with a capital letter."""
    return sentence(FIELDS.get(field, f"«{field}»"))


def total_amount(field: str, value: int, currency: str) -> str:
    """A total in words: money or a number of rows."""
    return number_in_words(value) if field == "rows" else amount(field, value, currency)


def _all(lines: int) -> str:
    if lines == 1:
        return "Единственная строка принята"
    return f"Все строки приняты: {plural(lines, 'строка', 'строки', 'строк')}"


def _money(file: CheckedFile, part: str) -> str:
    parts: tuple[Part, ...] = file.parts.get(part, ())
    sums = " и ".join(amount_in_words(Minor(one.collected), one.currency) for one in parts)
    if file.purpose is not Purpose.SETTLEMENT or not sums:
        return ""
    return f", с покупателей принято {sums}" if part == "accepted" else f" на {sums}"
