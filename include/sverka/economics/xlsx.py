"""Orders and returns as workbooks: real numbers, sums that follow the filter, one row in memory."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from sverka.database.connection import Connection
from sverka.economics import returns as came_back
from sverka.economics.orders import MOST_IN_A_BOOK, Filter, OrderEconomics, every_order
from sverka.economics.returns import Cut, Returned
from sverka.economics.sums import Totals, totals
from sverka.economics.texts import Words, fee_titles, key_words, outcome_words, unknown
from sverka.nouns import FEES
from sverka.reporting.book import Book, Sum, Value, major, nothing
from sverka.reporting.sheets import Column
from sverka.texts import Texts

HEAD_ROWS = 2
"""The sums and the headings."""


def write_orders(
    conn: Connection, chosen: Filter, words: Words, path: Path, moment: datetime
) -> None:
    """Writes all orders of the filter, currency by sheet; as of the transaction's moment.

    The connection must see one moment (`sverka.pages.reading.look`): the sums stand above the rows.
    Ask for at most `MOST_IN_A_BOOK`.
    """
    book = Book(path, moment)
    say = words.say
    _about(book, say("Экономика заказов"), _of_orders(say), say)
    for whole in totals(conn, chosen):
        _orders(book, whole, every_order(conn, chosen, whole.currency), words)
    book.close()


def write_returns(
    conn: Connection, chosen: Filter, words: Words, path: Path, moment: datetime
) -> None:
    """Writes what came back in the period, by courier, reason, region and month."""
    book = Book(path, moment)
    say = words.say
    _about(book, say("Возвраты"), _of_returns(say), say)
    found = came_back.returns(conn, chosen.period, chosen.courier)
    one_currency = len({row.currency for row in found}) <= 1
    total = (
        say("Итого видимых строк") if one_currency else say("Итого видимых: выберите одну валюту")
    )
    for cut, title, group in (
        (Cut.COURIER, say("Курьеры"), say("Курьер")),
        (Cut.REASON, say("Причины"), say("Причина")),
        (Cut.REGION, say("Регионы"), say("Регион")),
        (Cut.MONTH, say("Месяцы"), say("Месяц")),
    ):
        columns = _return_columns(say, cut, group)
        rows = came_back.of_cut(found, cut)[:MOST_IN_A_BOOK]
        values = [_return(row, words, place) for place, row in enumerate(rows, HEAD_ROWS + 1)]
        book.sheet(title, columns).table(columns, values, total)
    book.close()


def _orders(book: Book, whole: Totals, rows: Iterator[OrderEconomics], words: Words) -> None:
    columns = _order_columns(words.say)
    sheet = book.sheet(words.say("Заказы, {currency}", currency=whole.currency), columns)
    first, last = sheet.frame(columns, whole.orders, frozen=1)
    sheet.sums(columns, _added(columns, whole), first, last, words.say("Итого видимых строк"))
    sheet.head(columns)
    kinds = [column.kind for column in columns]
    for place, row in enumerate(rows, start=first):
        sheet.line(*zip(_order(row, words, place), kinds, strict=True))


def _added(columns: Sequence[Column], whole: Totals) -> list[Decimal]:
    """The sums of the columns that add up, in their order, nothing at the others."""
    sums = iter(
        (
            *(whole.shipped, whole.returned, whole.collected),
            *(getattr(whole, fee) for fee in FEES),
            *(whole.fees, whole.remainder),
        )
    )
    return [major(next(sums)) or nothing() if one.adds_up else nothing() for one in columns]


def _order_columns(say: Texts) -> list[Column]:
    fees = [Column(title, 14, "money", adds_up=True) for title in fee_titles(say).values()]
    return [
        Column(say("Заказ"), 20),
        Column(say("Курьер"), 22),
        Column(say("Исход"), 18),
        Column(say("Причина"), 24),
        Column(say("Регион"), 24),
        Column(say("Отгружен"), 12, "day"),
        Column(say("Вручён"), 12, "day"),
        Column(say("Вернулся"), 12, "day"),
        Column(say("Оплата проведена"), 12, "day"),
        Column(say("Деньги в банке"), 12, "day"),
        Column(say("Последний документ"), 12, "day"),
        Column(say("Отгружено"), 15, "money", adds_up=True),
        Column(say("Вернулось"), 15, "money", adds_up=True),
        Column(say("Принято курьером"), 15, "money", adds_up=True),
        *fees,
        Column(say("Услуги всего"), 15, "money", adds_up=True),
        Column(say("Осталось до себестоимости"), 16, "money", adds_up=True),
        Column(say("Доля услуг"), 10, "share"),
        Column(say("Доставка съела больше, чем осталось"), 18),
    ]


SHIPPED, RETURNED, FIRST_FEE, LAST_FEE, ALL_FEES = "L", "M", "O", "T", "U"
"""Letters of the columns above that formulas name."""


def _order(row: OrderEconomics, words: Words, place: int) -> Sequence[Value]:
    fees, left = major(row.fees) or nothing(), major(row.remainder) or nothing()
    share = Sum(f"={ALL_FEES}{place}/{SHIPPED}{place}", _ratio(row.fees, row.shipped))
    return (
        row.name,
        words.courier(row.courier),
        outcome_words(words.say, row.outcome),
        row.reason,
        row.region or unknown(words.say, Cut.REGION),
        *map(_midnight, (row.shipped_on, row.delivered_on, row.returned_on)),
        *map(_midnight, (row.paid_on, row.banked_on, row.day)),
        *map(major, (row.shipped, row.returned, row.collected)),
        *(major(getattr(row, fee)) for fee in FEES),
        Sum(f"=SUM({FIRST_FEE}{place}:{LAST_FEE}{place})", fees),
        Sum(f"={SHIPPED}{place}-{RETURNED}{place}-{ALL_FEES}{place}", left),
        None if row.share is None else share,
        words.say("да") if row.lost else None,
    )


def _return_columns(say: Texts, cut: Cut, group: str) -> list[Column]:
    """Nobody says why an order was delivered: of reasons there is no rate."""
    ended = [Column(say("Завершено заказов"), 12, "count", adds_up=True)]
    rate = [Column(say("Доля возвратов"), 12, "share")]
    return [
        Column(group, 30),
        Column(say("Валюта"), 9),
        Column(say("Вернулись целиком"), 12, "count", adds_up=True),
        Column(say("Вернулись частично"), 12, "count", adds_up=True),
        *([] if cut is Cut.REASON else ended + rate),
        Column(say("Отгружено"), 16, "money", adds_up=True),
        Column(say("Вернулось товара"), 16, "money", adds_up=True),
        Column(say("Услуги возврата"), 16, "money", adds_up=True),
        Column(say("Все услуги по вернувшимся целиком"), 18, "money", adds_up=True),
        Column(say("Дней до возврата в среднем"), 12, "count"),
    ]


def _return(row: Returned, words: Words, place: int) -> Sequence[Value]:
    rate = Sum(f"=(C{place}+D{place})/E{place}", _ratio(row.came_back, row.ended))
    return (
        key_words(row, words),
        row.currency,
        row.whole,
        row.partial,
        *(() if row.cut is Cut.REASON else (row.ended, rate)),
        *map(major, (row.shipped, row.returned, row.fee_return, row.cost)),
        row.average_days,
    )


def _ratio(part: int, whole: int) -> Decimal:
    return Decimal(part) / Decimal(whole) if whole else Decimal(0)


def _midnight(day: date | None) -> datetime | None:
    """A spreadsheet's day: the moment it begins."""
    return None if day is None else datetime.combine(day, time())


def _about(book: Book, title: str, sentences: Sequence[str], say: Texts) -> None:
    sheet = book.sheet(say("Как считаем"), [Column("", 110)])
    sheet.line((title, "title"))
    for sentence in sentences:
        sheet.line((sentence, "wrap"))


def _of_orders(say: Texts) -> Sequence[str]:
    return (
        say("Учтено только то, что Сверка провела в МойСклад; планы сюда не входят."),
        say(
            "Осталось = отгружено − вернулось − услуги курьеров. Себестоимость товара Сверка не "
            "знает: это остаток до неё."
        ),
        say("Заказ относится к дню своего последнего документа."),
    )


def _of_returns(say: Texts) -> Sequence[str]:
    return (
        say("Учтено только то, что Сверка провела в МойСклад; планы сюда не входят."),
        say("Завершено: вручено или вернулось. Доля возвратов считается от завершённых заказов."),
        say("Заказ относится к дню своего последнего документа."),
    )
