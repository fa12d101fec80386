"""Whether a report agrees with its own printed totals, without a database.

`sverka parse` says with it what `sverka.checking` would say of the file as a whole, so that nobody
takes the lines of a report that does not add up for good.
"""

from collections.abc import Sequence

from sverka.money import Minor, in_words_of_money
from sverka.nouns import FEES, Purpose
from sverka.parsing.parsed import ParsedReport

_NAMES = {
    "payment_order_sum": "сумма платёжного поручения",
    "payout": "к перечислению",
    "collected": "принято с покупателей",
    "vat": "НДС",
}
_FEE = "услуги"


def doubt(parsed: Sequence[ParsedReport]) -> str | None:
    """Why the file as a whole cannot be believed, Russian; None when nothing speaks against it.

    Amounts are compared in minor units, to the kopeck. Only settlements have totals of money.
    """
    for one in parsed:
        if one.report.purpose is Purpose.SETTLEMENT and (said := _doubt(one)):
            return said
    return None


def _doubt(parsed: ParsedReport) -> str | None:
    unreadable = len({(row.sheet, row.line_no) for row in parsed.rejected})
    if 2 * unreadable > len(parsed.lines) + unreadable:
        return (
            f"Не прочитано больше половины строк: {unreadable} из {len(parsed.lines) + unreadable}. "
            f"Первая причина: {parsed.rejected[0].reason}. Такой файл откладывается целиком."
        )
    for name, printed in _printed(parsed).items():
        counted = sum(getattr(line, _field(name)) or 0 for line in parsed.lines)
        if printed != counted:
            return _unequal(parsed, name, printed, counted, unreadable)
    return None


def _printed(parsed: ParsedReport) -> dict[str, Minor]:
    paid = parsed.report.payment_order_sum
    return ({} if paid is None else {"payment_order_sum": paid}) | parsed.report.totals


def _field(name: str) -> str:
    return "payout" if name == "payment_order_sum" else name


def _unequal(parsed: ParsedReport, name: str, printed: int, counted: int, unreadable: int) -> str:
    what = _NAMES.get(name, _FEE if name in FEES else name)
    file, rows, difference = (
        in_words_of_money(Minor(amount), parsed.report.currency)
        for amount in (printed, counted, printed - counted)
    )
    missing = f" Не прочитано строк: {unreadable}." if unreadable else ""
    return (
        f"Контрольный итог не сходится: {what} — в файле указано {file}, по строкам выходит {rows}, "
        f"разница {difference}.{missing} Такой файл откладывается целиком: запросите у курьера "
        "исправленный отчёт."
    )
