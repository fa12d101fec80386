"""The sentences of the page of checks."""

from functools import cache

from sverka.checking.rules import HEADS, TOTALS
from sverka.checking.words import FIELDS, amount
from sverka.nouns import Purpose, Settlement
from sverka.reporting.checks.facts import CheckedFile, Part, Rule
from sverka.texts import Texts

_OF_TOTALS = frozenset(rule.code for rule in TOTALS)
_OF_REPORTS = frozenset(rule.code for rule in HEADS)


@cache
def models(say: Texts) -> dict[Settlement, tuple[str, str]]:
    """Name (docs/glossary.md) and equation of each settlement model."""
    return {
        Settlement.NET: (
            say("за вычетом всех услуг"),
            say("принято − все услуги = к перечислению"),
        ),
        Settlement.AGENT_FEE_NETTED: (
            say("за вычетом агентского вознаграждения"),
            say("принято − агентское вознаграждение = к перечислению"),
        ),
        Settlement.GROSS: (say("без вычетов"), say("принято = к перечислению")),
    }


def verdict(file: CheckedFile, say: Texts) -> str:
    """The page in one sentence."""
    lines = sum(file.rows(part) for part in ("accepted", "aside", "held"))
    if file.held:
        return say("Файл отложен целиком: ни одна его строка дальше не пошла.")
    if not lines and not file.unread_rows:
        return say("Операций в файле нет: проверять нечего.")
    stopped = file.rows("aside") + file.unread_rows
    if not stopped:
        return f"{_all(file.rows('accepted'), say)}{_money(file, 'accepted', say)}."
    taken = say(
        "Принято {some} из {rows}",
        some=say.number(file.rows("accepted")),
        rows=say.counted(lines + file.unread_rows, "строки", "строк", "строк"),
    )
    aside = say.counted(stopped, "строка отложена", "строки отложено", "строк отложено")
    return f"{taken}{_money(file, 'accepted', say)}; {aside}{_money(file, 'aside', say)}."


def counted(rule: Rule, say: Texts) -> str:
    """How many rows, totals or reports a rule spoke of, and how many it refused."""
    if rule.passed:
        return _things(rule, say)
    if not rule.refused:
        return say("весь файл")
    return say("{some} из {all}", some=say.number(rule.refused), all=_of_things(rule, say))


def _things(rule: Rule, say: Texts) -> str:
    if rule.code in _OF_TOTALS:
        return say.counted(rule.checked, "итог", "итога", "итогов")
    if rule.code in _OF_REPORTS:
        return say.counted(rule.checked, "отчёт", "отчёта", "отчётов")
    return say.counted(rule.checked, "строка", "строки", "строк")


def _of_things(rule: Rule, say: Texts) -> str:
    """«1 из 21 строки», «5 из 9 строк»."""
    if rule.code in _OF_TOTALS:
        return say.counted(rule.checked, "итога", "итогов", "итогов")
    if rule.code in _OF_REPORTS:
        return say.counted(rule.checked, "отчёта", "отчётов", "отчётов")
    return say.counted(rule.checked, "строки", "строк", "строк")


def consequence(rule: Rule, say: Texts) -> str:
    """What a failure of the rule does."""
    if rule.severity == "warning":
        return say("замечание")
    return say("строки отложены") if rule.rows else say("файл отложен")


def sentence(text: str) -> str:
    """The text with a capital letter and nothing else changed."""
    return text[:1].upper() + text[1:]


def total_name(field: str) -> str:
    """A total's name with a capital letter."""
    return sentence(FIELDS.get(field, f"«{field}»"))


def total_amount(field: str, value: int, currency: str, say: Texts) -> str:
    """A total in words: money or a number of rows."""
    return say.number(value) if field == "rows" else amount(field, value, currency)


def _all(lines: int, say: Texts) -> str:
    if lines == 1:
        return say("Единственная строка принята")
    return say("Все строки приняты: {rows}", rows=say.counted(lines, "строка", "строки", "строк"))


def _money(file: CheckedFile, part: str, say: Texts) -> str:
    parts: tuple[Part, ...] = file.parts.get(part, ())
    sums = say(" и ").join(say.money(one.collected, one.currency) for one in parts)
    if file.purpose is not Purpose.SETTLEMENT or not sums:
        return ""
    if part == "accepted":
        return say(", с покупателей принято {money}", money=sums)
    return say(" на {money}", money=sums)
