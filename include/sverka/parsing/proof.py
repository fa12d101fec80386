"""A layout of nobody in particular is known by its column names only; the amounts have to confirm it."""

from collections.abc import Sequence

from sverka.errors import NeedsMapping, Refusal
from sverka.money import in_words_of_money
from sverka.nouns import NETTED_FEES, Line, Settlement
from sverka.parsing.parsed import ParsedReport
from sverka.parsing.settlement import kept_of
from sverka.recognition.recognise import Recognised
from sverka.recognition.schema import TableLayout
from sverka.recognition.tables import ASK_ENGINEER

_ENOUGH = 3
_ROUNDING = 5
"""Kopecks: couriers round each fee on its own, and a wrong column is off by far more."""


def hold_to_arithmetic(parsed: Sequence[ParsedReport], recognised: Recognised) -> None:
    """In a generic layout one settlement model has to hold for more than half of the rows with money.

    «Стоимость» may be the price of the goods and «К перечислению» a debt of last month: names alone
    prove nothing. A report without any row with money has nothing that could be wrong.

    Raises:
        NeedsMapping: no model holds; a person has to say what the columns are.
        Refusal: a blank form.
    """
    layout = recognised.schema.layout
    if not isinstance(layout, TableLayout) or not layout.generic:
        return
    _hold_to_something(parsed, recognised)
    money = [line for one in parsed for line in one.lines if line.collected or line.payout]
    best = max((_holding(money, model) for model in Settlement), default=0)
    _hold_to_taken(money, recognised)
    _hold_to_fees(money, recognised)
    if money and 2 * best <= len(money):
        table = recognised.tables[0]
        raise NeedsMapping(
            "названия колонок знакомы, а суммы их не подтверждают: ни «принято минус удержания равно "
            "перечислению», ни «перечисляют всё принятое» не выходит "
            f"больше чем в {best} из {len(money)} строк с деньгами. Значит, в какой-то колонке не то, что "
            f"говорит её название, или удержания стоят вне таблицы. {ASK_ENGINEER}",
            sheet=table.table.sheet,
            line_no=table.table.first_line + table.header,
        )


def _hold_to_something(parsed: Sequence[ParsedReport], recognised: Recognised) -> None:
    """Headers without a row, a courier, a number or a day are a blank form, not a report of nothing."""
    told = any(one.rows_read or one.report.report_no or one.report.report_date for one in parsed)
    if recognised.courier is None and not told:
        raise Refusal(
            "в таблице есть заголовки, но нет ни одной строки с деньгами, и не сказано, чей это отчёт и "
            "за какой день: это пустой бланк. Провести нечего. Если операции быть должны, скачайте отчёт "
            "у курьера ещё раз."
        )


def _hold_to_taken(money: Sequence[Line], recognised: Recognised) -> None:
    """A sum with nothing passed on and nothing kept was to be taken, and was not."""
    for line in money:
        if (
            line.collected > 0 >= line.payout
            and line.collected - kept_of(line, Settlement.NET) > _ROUNDING
        ):
            at = recognised.tables[0]
            column = at.titles.get(at.columns.get("collected", -1))
            raise NeedsMapping(
                f"принято {in_words_of_money(line.collected)}, а не перечислено и не удержано ничего: похоже, в "
                f"этой колонке назначенные суммы, а не принятые. {ASK_ENGINEER}",
                sheet=line.sheet,
                line_no=line.line_no,
                column=column,
            )


def _hold_to_fees(money: Sequence[Line], recognised: Recognised) -> None:
    """Payout and fee that changed places: the equation holds of both, only their sizes tell them."""
    paid = [line for line in money if line.collected > 0 and line.payout > 0]
    for fee in NETTED_FEES[Settlement.NET] if len(paid) >= _ENOUGH else ():
        if 10 * sum(getattr(line, fee) > line.payout for line in paid) > 9 * len(paid):
            at = recognised.tables[0]
            raise NeedsMapping(
                f"почти в каждой строке курьер удержал больше, чем перечислил ({len(paid)} стр.): похоже, колонки "
                f"услуг и перечисления подписаны наоборот. {ASK_ENGINEER}",
                sheet=at.table.sheet,
                line_no=at.table.first_line + at.header,
            )


def _holding(lines: Sequence[Line], model: Settlement) -> int:
    return sum(abs(_misfit(line, model)) <= _ROUNDING for line in lines)


def _misfit(line: Line, model: Settlement) -> int:
    return line.collected - kept_of(line, model) - line.payout
