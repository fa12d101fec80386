"""The draft read back by the very parser that will read the files: what holds, and what is certain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sverka.couriers import Couriers
from sverka.drafting.draft import Draft, Question
from sverka.drafting.plan import FEE_NAMES, FIELD_NAMES, MoneyPlan
from sverka.drafting.region import Region
from sverka.drafting.titles import sums_in
from sverka.errors import NeedsMapping
from sverka.money import Minor, in_words_of_money
from sverka.nouns import NETTED_FEES, Line, Settlement
from sverka.parsing.parsed import ParsedReport
from sverka.parsing.settlement import holds
from sverka.reading.raw import RawFile

ENOUGH_ROWS = 3
"""Rows with different amounts that make an equation a proof rather than a coincidence."""
_SHOWN = 10
_CONFIDENT = 0.7


@dataclass(frozen=True, slots=True)
class Basis:
    """What the draft was made from."""

    plan: MoneyPlan
    region: Region
    answers: Mapping[str, str]


def proven(unproven: Draft, raw: RawFile, couriers: Couriers, basis: Basis) -> Draft:
    """The draft with the sentences of what holds; `certain` only when nothing is left to doubt.

    Raises:
        Refusal: the file cannot be read as a whole (its totals contradict its rows).
    """
    try:
        reports = unproven.parsed(raw, couriers)
    except NeedsMapping as held:
        raise _contradicted(held) from held
    asked = [q for q in _unread(reports, basis.plan) if basis.answers.get(q.key) != "as_is"]
    proved = _proved(replace(unproven, questions=(*unproven.questions, *asked)), reports)
    around = _around([line for one in reports for line in one.lines], basis.region, proved.proofs)
    return replace(proved, proofs=(*proved.proofs, *around))


def _contradicted(held: NeedsMapping) -> NeedsMapping:
    """The draft reads back as a layout that has changed: names and amounts contradict each other."""
    if held.drift is None:
        return held
    said = held.drift.in_words()
    return NeedsMapping(
        f"названия колонок и суммы под ними противоречат друг другу, раскладку не предложить. {said} "
        "Сверьте названия с тем, что в колонках, или попросите у курьера исправленный отчёт.",
        sheet=held.sheet,
        line_no=held.line_no,
    )


def proven_by_rows(unproven: Draft, raw: RawFile, couriers: Couriers) -> Draft:
    """The same for a draft of which only the schema is known.

    Raises:
        Refusal: the file is not this layout, or cannot be read as a whole.
    """
    return _proved(unproven, unproven.parsed(raw, couriers))


def _proved(unproven: Draft, reports: Sequence[ParsedReport]) -> Draft:
    lines = [line for one in reports for line in one.lines]
    proofs, doubts = list(unproven.proofs), list[str]()
    _equation(lines, unproven.settlement, proofs, doubts)
    _totals(reports, proofs, doubts)
    bad = [row for one in reports for row in one.rejected]
    doubts += [f"Строка {row.line_no} не прочитана: {row.reason}." for row in bad[:_SHOWN]]
    distinct = {(line.collected, line.payout) for line in lines if line.collected or line.payout}
    confident = all(p.confidence >= _CONFIDENT for p in unproven.columns if p.field in _MONEY)
    fees = [p.field for p in unproven.columns if p.field in FEE_NAMES]
    if fees and not any(getattr(line, fee) for line in lines for fee in fees):
        doubts.append("Все услуги в файле нулевые: что именно курьер вычитает, по нему не видно.")
    sure = confident and not doubts and not unproven.questions and len(distinct) >= ENOUGH_ROWS
    return replace(unproven, proofs=(*proofs, *doubts), certain=sure)


_MONEY = frozenset({"collected", "payout", *FEE_NAMES})


def _equation(
    lines: Sequence[Line], model: Settlement | None, proofs: list[str], doubts: list[str]
) -> None:
    money = [line for line in lines if line.collected or line.payout]
    if not money:
        doubts.append("Ни в одной строке нет денег: доказать равенством нечего.")
        return
    if model is None:
        doubts.append("Какие услуги курьер вычитает из перечисления, по строкам не видно.")
        return
    misfits = [line.line_no for line in money if not holds(line, model)]
    kept = " − ".join(
        FIELD_NAMES[fee] for fee in NETTED_FEES[model] if any(getattr(line, fee) for line in money)
    )
    equation = f"к перечислению = принято с покупателя{' − ' + kept if kept else ''}"
    held = len(money) - len(misfits)
    if misfits:
        rows = ", ".join(map(str, misfits[:_SHOWN]))
        doubts.append(
            f"{equation}: сходится в {held} стр. из {len(money)}; не сходится в строках {rows}."
        )
    else:
        proofs.append(f"{equation}: сходится во всех {len(money)} стр.")


def _totals(reports: Sequence[ParsedReport], proofs: list[str], doubts: list[str]) -> None:
    for one in reports:
        for field, printed in one.report.totals.items():
            total = Minor(sum(getattr(line, field) or 0 for line in one.lines))
            name = FIELD_NAMES.get(field, field)
            if abs(total) == abs(printed):
                proofs.append(
                    f"Итого «{name}»: {in_words_of_money(printed)}, строки дают столько же."
                )
            else:
                doubts.append(
                    f"Итого «{name}»: напечатано {in_words_of_money(printed)}, а строки дают "
                    f"{in_words_of_money(total)}."
                )
        expected = one.report.payment_order_sum
        total = Minor(sum(line.payout for line in one.lines))
        if expected is None:
            continue
        if expected == total:
            proofs.append(
                f"Платёжное поручение на {in_words_of_money(expected)}: столько же к перечислению по строкам."
            )
        else:
            doubts.append(
                f"Платёжное поручение на {in_words_of_money(expected)}, а по строкам к перечислению "
                f"{in_words_of_money(total)}."
            )


def _around(lines: Sequence[Line], region: Region, proofs: Sequence[str]) -> list[str]:
    total = sum(line.payout for line in lines)
    if not total or total not in sums_in(region.titles) or any("поручение" in p for p in proofs):
        return []
    shown = in_words_of_money(Minor(total))
    return [f"Сумма над таблицей, {shown}, равна сумме к перечислению по строкам."]


def _unread(reports: Sequence[ParsedReport], plan: MoneyPlan) -> list[Question]:
    """Rows with money that the parser passes over must not be lost in silence."""
    read = sum(line.payout for one in reports for line in one.lines)
    put_aside = any(one.rejected or one.ignored for one in reports)
    wanted = sum(sign * column.total() for column, sign in plan.fields.get("payout", ()))
    if put_aside or len(reports) > 1 or abs(read) == abs(wanted):
        return []
    return [
        Question(
            "rows",
            f"По строкам прочитано {in_words_of_money(Minor(read))} к перечислению, а в колонке стоит "
            f"{in_words_of_money(Minor(wanted))}. Проверьте, все ли строки с деньгами прочитаны.",
            (("as_is", "да, прочитаны все нужные строки"),),
        )
    ]
