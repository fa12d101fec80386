"""Rows that a good layout still reads wrong: sums repeated, given back, of orders not yet handed over."""

import re
from collections.abc import Iterator, Mapping, Sequence

from sverka.drafting.draft import Question
from sverka.drafting.places import Places
from sverka.drafting.plan import MoneyPlan
from sverka.drafting.region import Region
from sverka.drafting.statuses import UNKNOWN, meaning
from sverka.recognition.vocabulary import Vocabulary

_AS_IS = "as_is"
_BACK = frozenset({"return", "returned", "refused", "lost", "destroyed"})
_DIGIT = re.compile(r"\d")
_MOSTLY = 0.8
_FEW = 3


def row_questions(
    region: Region, placed: Places, plan: MoneyPlan, answers: Mapping[str, str]
) -> list[Question]:
    """What a person has to say about single rows."""
    if not {"collected", "payout"} <= set(plan.fields):
        return []
    found = [
        _total_row(region, plan),
        _repeated(region, placed, plan),
        _given_back(region, placed, plan),
        _not_final(region, placed, plan),
        _aside(region, placed, plan),
    ]
    return [q for q in found if q is not None and answers.get(q.key) != _AS_IS]


def name_rows(placed: Places, vocabulary: Vocabulary) -> None:
    """«Сторно прошлого периода» among the numbers of orders says what its row is."""
    column = placed.columns.get("order") or placed.columns.get("track")
    if column is None or "operation" in placed.columns:
        return
    values = [text for text in column.values if text]
    numbers = [text for text in values if _DIGIT.search(text)]
    if len(numbers) < _MOSTLY * len(values):
        return
    for text in values:
        kind = None if _DIGIT.search(text) else meaning("row_kind", text, vocabulary)
        if kind not in (None, UNKNOWN):
            placed.named_rows[" ".join(text.split())] = str(kind)


def _amount(plan: MoneyPlan, name: str, row: int) -> int:
    return sum(sign * (column.amounts[row] or 0) for column, sign in plan.fields[name])


def _number(placed: Places, row: int) -> str | None:
    return next(
        (
            text
            for n in ("order", "track")
            if n in placed.columns and (text := placed.columns[n].values[row])
        ),
        None,
    )


def _repeated(region: Region, placed: Places, plan: MoneyPlan) -> Question | None:
    """An order's sum on each of its goods, or a row that came twice: it would be paid twice."""
    seen: dict[tuple[str, int, int], int] = {}
    again = []
    for row, (line_no, _) in enumerate(region.records):
        number, taken = _number(placed, row), _amount(plan, "collected", row)
        if number is None or not taken:
            continue
        key = (number, taken, _amount(plan, "payout", row))
        if key in seen:
            again.append((number, seen[key], line_no))
        seen.setdefault(key, line_no)
    if not again:
        return None
    number, first, last = again[0]
    where = f"строки {first} и {last}" if first < last else f"на разных листах, строка {last}"
    more = f" Всего таких строк {len(again)}." if len(again) > 1 else ""
    return Question(
        "repeated",
        f"Заказ «{number}» стоит дважды с одними и теми же суммами ({where}).{more} Это разные "
        "деньги? Если сумма заказа повторена (на каждом товаре, на втором листе), такой файл читать нельзя: "
        "попросите отчёт, где у заказа одна строка.",
        ((_AS_IS, "да, деньги разные, складывать"),),
    )


def _total_row(region: Region, plan: MoneyPlan) -> Question | None:
    """A total that no word names: with a number beside it, it would be read as one more order."""
    rows = range(len(region.records))
    sums = [[_amount(plan, name, row) for row in rows] for name in ("collected", "payout")]
    totals = [sum(amounts) for amounts in sums]
    for row in rows if len(rows) > _FEW else ():
        if all(2 * amounts[row] == total != 0 for amounts, total in zip(sums, totals, strict=True)):
            return Question(
                "total_row",
                f"Строка {region.records[row][0]} равна сумме всех остальных. Это ещё один заказ, а не итог? Если "
                "итог, подпишите строку словом «Итого» и положите файл снова.",
                ((_AS_IS, "да, это заказ"),),
            )
    return None


def _given_back(region: Region, placed: Places, plan: MoneyPlan) -> Question | None:
    """A return on which money was taken and is paid out: rather the sign is in its word."""
    if plan.taken_when is not None:
        return None
    rows = [
        (line_no, word)
        for row, line_no, word, meant in _words(region, placed)
        if meant in _BACK
        and _amount(plan, "collected", row) > 0
        and _amount(plan, "payout", row) > 0
    ]
    if not rows:
        return None
    line_no, word = rows[0]
    return Question(
        "given_back",
        f"В строке {line_no} стоит «{word}», а суммы без минуса (таких строк {len(rows)}). Курьер и вправду "
        "принял и перечисляет эти деньги? Если он вернул их покупателю, попросите отчёт, где возвраты с минусом.",
        ((_AS_IS, "да, деньги приняты и перечислены"),),
    )


def _not_final(region: Region, placed: Places, plan: MoneyPlan) -> Question | None:
    """Money of an order that is still on its way, in a column that tells the delivered ones."""
    status = placed.words.get("outcome", {})
    if plan.taken_when is not None or "delivered" not in status.values():
        return None
    rows = [
        (line_no, word)
        for row, line_no, word, meant in _words(region, placed, ("outcome",))
        if meant is None and _amount(plan, "collected", row) > 0
    ]
    if not rows:
        return None
    line_no, word = rows[0]
    return Question(
        "not_final",
        f"В строке {line_no} статус «{word}», а деньги по ней уже приняты и перечисляются (таких строк "
        f"{len(rows)}). Это деньги этого отчёта, а не план?",
        ((_AS_IS, "да, деньги приняты"),),
    )


def _aside(region: Region, placed: Places, plan: MoneyPlan) -> Question | None:
    """A deduction without an order whose sign its sums do not show."""
    column = placed.columns.get("order") or placed.columns.get("track")
    if column is None or not placed.named_rows:
        return None
    for row, (line_no, _) in enumerate(region.records):
        word = " ".join((column.values[row] or "").split())
        paid, taken = _amount(plan, "payout", row), _amount(plan, "collected", row)
        if placed.named_rows.get(word) in _KEPT and paid > 0 and not taken:
            return Question(
                "aside",
                f"В строке {line_no} «{word}» в колонке «к перечислению» стоит сумма без минуса. Её прибавить? "
                "Если это удержание, попросите у курьера отчёт, где оно с минусом.",
                ((_AS_IS, "да, прибавить к перечислению"),),
            )
    return None


_KEPT = frozenset({"fine", "service", "pickup", "hold"})


def _words(
    region: Region, placed: Places, fields: Sequence[str] = ("outcome", "row_kind")
) -> Iterator[tuple[int, int, str, str | None]]:
    """Row, its line number, the word of a column and its meaning; words nobody knows are left out."""
    for field in fields:
        meanings = placed.words.get(field)
        column = placed.columns.get({"outcome": "status", "row_kind": "operation"}[field])
        if meanings is None or column is None:
            continue
        for row, (line_no, _) in enumerate(region.records):
            word = " ".join((column.values[row] or "").split())
            if word in meanings:
                yield row, line_no, word, meanings[word]
