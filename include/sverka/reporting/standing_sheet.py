"""The sheet of all discrepancies: where people filter, and write what they decide.

«Решение», «Комментарий» and the hidden key are `sverka.discrepancies.workbook`'s, which reads the
sheet when it is dropped into the inbox.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from sverka.discrepancies import workbook
from sverka.discrepancies.words import state_in_words
from sverka.money import Minor, to_major
from sverka.reporting.book import MOST_ROWS, Book, Link, Sheet, Value, major
from sverka.reporting.daily import Daily
from sverka.reporting.sheets import Column, moment
from sverka.reporting.standing import Document, Standing, StandingSums
from sverka.reporting.words import posting_kinds, question
from sverka.texts import Texts

ROOM = MOST_ROWS - 2
"""Rows below the sums and the headings."""


def columns(say: Texts) -> tuple[Column, ...]:
    """What the sheet has, from left to right; the key is the last and hidden."""
    decide = workbook.columns(say)
    return (
        Column(say("Курьер"), 22),
        Column(say("Расхождение"), 24),
        Column(say("Заказ"), 16),
        Column(say("Под вопросом"), 15, "money", adds_up=True),
        Column(say("Валюта"), 9),
        Column(say("Что случилось"), 60, "wrap"),
        Column(say("Что сделать"), 44, "wrap"),
        Column(decide.decision, 18),
        Column(decide.comment, 36, "wrap"),
        Column(say("Возраст, дней"), 10, "count"),
        Column(say("Открыто"), 12, "day"),
        Column(say("Состояние"), 12),
        Column(say("Открывалось снова"), 12, "count"),
        Column(say("Сказано раньше"), 30, "wrap"),
        Column(say("Файл"), 34),
        Column(say("Лист"), 16),
        Column(say("Строка"), 9, "count"),
        Column(say("Трек"), 20),
        Column(say("Должно быть"), 15, "money", adds_up=True),
        Column(say("Получено"), 15, "money", adds_up=True),
        Column(say("Разница"), 15, "money", adds_up=True),
        Column(say("Правило"), 24),
        Column(say("Документы в МоёмСкладе"), 40, "wrap"),
        Column(say("Подсказки"), 50, "wrap"),
        Column(say("Заказ в МоёмСкладе"), 18),
        Column(say("Заказ в Сверке"), 16),
        Column(say("Строка в Сверке"), 16),
        Column(decide.key, 24),
    )


DECISION, KEY = 7, 27
"""Places of the columns above."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the rows are told with."""

    daily: Daily
    say: Texts
    linked: bool
    """Whether links to Sverka's pages have an address of their own; a workbook has no server."""


def write(
    book: Book, every: Iterable[Standing], sums: Sequence[StandingSums], words: Words
) -> None:
    """Writes the sheet; `sums` are those of `every`, by currency."""
    say = words.say
    shown = columns(say)
    sheet = book.sheet(say("Расхождения"), shown)
    count = min(sum(one.count for one in sums), ROOM)
    first, last = sheet.frame(shown, count, frozen=3)
    total = (
        say("Итого видимых: выберите одну валюту") if len(sums) > 1 else say("Итого видимых строк")
    )
    sheet.sums(shown, _added(shown, sums), first, last, total)
    sheet.head(shown)
    _let_decide(sheet, first, last, say)
    kinds = [column.kind for column in shown]
    for row in islice(_rows(every, words), ROOM):
        sheet.line(*zip(row, kinds, strict=True))


def _added(shown: Sequence[Column], sums: Sequence[StandingSums]) -> list[Decimal]:
    """The columns' sums in their places; money of several currencies as the formula adds it up."""
    names = iter(("stake", "expected", "received", "difference"))
    return [
        to_major(Minor(sum(getattr(one, name) for one in sums)))
        if column.adds_up and (name := next(names))
        else Decimal(0)
        for column in shown
    ]


def _let_decide(sheet: Sheet, first: int, last: int, say: Texts) -> None:
    """A list of the allowed words beside every discrepancy; the key is out of sight."""
    actions = workbook.columns(say).actions
    sheet.sheet.data_validation(
        first - 1,
        DECISION,
        last - 1,
        DECISION,
        {
            "validate": "list",
            "source": list(actions),
            "error_title": say("Такого решения нет"),
            "error_message": say("Выберите из списка: {words}.", words=", ".join(actions)),
        },
    )
    sheet.sheet.set_column(KEY, KEY, 24, None, {"hidden": True})


def _rows(every: Iterable[Standing], words: Words) -> Iterator[Sequence[Value]]:
    daily, say = words.daily, words.say
    unknown = say("служба доставки неизвестна")
    for one in every:
        about = question(say, one.verdict)
        yield (
            daily.title(one.courier) or unknown,
            about.title,
            one.order,
            major(one.stake),
            one.currency,
            one.sentence,
            about.next_step,
            None,
            None,
            one.age,
            moment(one.opened_at),
            state_in_words(say, one.state),
            one.times_reopened,
            one.comment,
            one.file,
            one.sheet,
            one.line_no,
            one.track_ref,
            major(one.expected),
            major(one.received),
            major(one.difference),
            one.rule,
            "; ".join(_document(say, document, one.currency) for document in one.documents),
            "; ".join(suggestion.words for suggestion in one.suggestions),
            _link(one.order_link, say),
            _link(one.order_page, say) if words.linked else None,
            _link(one.row_page, say) if words.linked else None,
            one.key,
        )


def _document(say: Texts, document: Document, currency: str) -> str:
    number = f" № {document.name}" if document.name else ""
    money = say.money(document.amount, currency)
    return f"{posting_kinds(say)[document.kind]}{number}, {money}"


def _link(address: str | None, say: Texts) -> Link | None:
    return Link(address, say("открыть")) if address else None
