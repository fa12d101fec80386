"""`draft`: an unknown file to a drafted schema."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sverka.couriers import Couriers
from sverka.drafting.columns import Column, columns_of
from sverka.drafting.composed import composed
from sverka.drafting.conditional import taken_conditionally
from sverka.drafting.currencies import currency_of
from sverka.drafting.draft import Draft, Question
from sverka.drafting.gate import hold_to_settlement
from sverka.drafting.missing import fill_collected, fill_payout, take_lone_sum
from sverka.drafting.money import is_beside, money_plan
from sverka.drafting.naming import Whose, code_of, title_of, whose
from sverka.drafting.places import Places, places
from sverka.drafting.plan import Known, MoneyPlan
from sverka.drafting.proving import Basis, proven
from sverka.drafting.region import Region, filled, regions
from sverka.drafting.rows import name_rows, row_questions
from sverka.drafting.shown import placed_of, unplaced_of
from sverka.drafting.spelling import spoken
from sverka.drafting.titles import head_patterns, sums_in
from sverka.drafting.units import unit_question, unit_words
from sverka.drafting.words import says, weight
from sverka.drafting.writing import Layout, schema_text
from sverka.errors import Refusal
from sverka.reading.flattened import flattened
from sverka.reading.raw import RawFile
from sverka.recognition import Schemas
from sverka.recognition.texts import folded, header_key
from sverka.recognition.vocabulary import Vocabulary

_NOTHING: Mapping[str, str] = {}
_CONFIDENT = 0.75
_NAMED = 0.8
_PAID_OUT = r"выплат|выплач|перечисл|перевед|payout|paid out|remit"
_MONEY = r"сумм|стоим|штраф|удерж|комисс|услуг|sum\b|amount|price|cost"
_FEE = 0.45
_WORDS_ONLY = re.compile(r"[\d.,:\s]+")


@dataclass(slots=True)
class _Reading:
    """One region with what was made of it."""

    region: Region
    columns: list[Column]
    placed: Places
    plan: MoneyPlan
    kopecks: bool
    vocabulary: Vocabulary
    proofs: list[str]
    questions: list[Question]
    currency: str | None = None

    @property
    def worth(self) -> tuple[int, float, int]:
        """Which table of a file is the register: the one with both sums, then the better named one."""
        both = len({"payout", "collected"} & set(self.plan.fields))
        return both, self.region.score, len(self.region.records)


def draft(
    raw: RawFile, schemas: Schemas, couriers: Couriers, *, answers: Mapping[str, str] = _NOTHING
) -> Draft:
    """Drafts a schema for a file that no schema knows.

    `raw` is the whole file; `answers` are question keys with the chosen values.

    Raises:
        Refusal: it is no settlement report; says what it looks like and what to do.
    """
    tabular = raw if raw.tree is None else replace(raw, tables=flattened(raw))
    found = [one for one in regions(tabular.tables, schemas.vocabulary) if one.columns]
    if not found:
        raise Refusal(
            "в файле нет таблицы с названиями колонок: это текст, список без заголовков или таблица "
            "на боку. Отчёт о деньгах так не прочитать. Если это отчёт курьера, попросите его в Excel "
            "или CSV, где в первой строке стоят названия колонок."
        )
    readings = [_reading(one, schemas, answers) for one in _joined(found) if one.records]
    if not readings:
        raise _empty(found, raw, schemas)
    best = max(readings, key=lambda one: one.worth)
    texts = _texts(best.region, raw)
    hold_to_settlement(
        best.region,
        best.columns,
        best.plan,
        texts,
        numbered=bool({"order", "track"} & set(best.placed.columns)),
    )
    _hold_to_addresses(best)
    _hold_other_registers(best, readings, answers)
    owner = whose(texts, raw.name, couriers, answers)
    return _drafted(best, raw, couriers, owner, answers)


def _joined(found: Sequence[Region]) -> list[Region]:
    """Tables with one header (acts, pages) are one layout: their rows prove it together."""
    joined: dict[tuple[str, ...], Region] = {}
    for region in found:
        header = tuple(f"{c.index} {header_key(c.address)}" for c in region.columns)
        first = joined.setdefault(header, region)
        if first is not region:
            first.records += region.records
            first.below += [*region.titles, *region.below]
    return list(joined.values())


def _reading(region: Region, schemas: Schemas, answers: Mapping[str, str]) -> _Reading:
    kopecks = unit_words([*region.titles, *region.below]) or answers.get("unit") == "kopecks"
    columns = columns_of(region, schemas.vocabulary, kopecks=kopecks)
    placed = places(columns, schemas.vocabulary, answers)
    known = _known(region, answers, kopecks=kopecks)
    name_rows(placed, schemas.vocabulary)
    plan = composed(columns, known) or money_plan(columns, known)
    if plan.equation is None and len({"payout", "collected"} & set(plan.fields)) == 2:
        plan = taken_conditionally(columns, placed, known) or plan
    take_lone_sum(plan, columns, known)
    proof = fill_payout(
        plan, known, paid_out=any(says(_PAID_OUT, folded(t)) for t in region.titles)
    )
    fill_collected(plan, known)
    currency, asked_currency = currency_of(region.titles, plan, answers)
    questions = [*placed.questions, *plan.questions, *asked_currency]
    questions += row_questions(region, placed, plan, answers)
    if not kopecks and (
        asked := unit_question(region.titles, plan, known, schemas.vocabulary, currency)
    ):
        questions.append(asked)
    return _Reading(
        region,
        columns,
        placed,
        plan,
        kopecks,
        schemas.vocabulary,
        [proof] if proof else [],
        questions,
        currency,
    )


def _known(region: Region, answers: Mapping[str, str], *, kopecks: bool) -> Known:
    """The sums that stand around the table; its totals row only when it says what is paid out.

    «Итого» repeats the sum of every column and so proves none of them.
    """
    totals = [" ".join(filled(row)) for _, row in region.totals]
    around = [text for text in region.below if text not in totals]
    around += [
        text for text in totals if weight("payout", spoken(_WORDS_ONLY.sub(" ", text))) >= _NAMED
    ]
    sums = sums_in([*region.titles, *around])
    if kopecks:
        sums |= {amount // 100 for amount in sums}
    return Known(frozenset(sums), answers)


def _texts(region: Region, raw: RawFile) -> list[str]:
    name = raw.name.replace("_", " ")
    return [region.table.sheet or "", *region.titles, name]


def _empty(found: Sequence[Region], raw: RawFile, schemas: Schemas) -> Refusal:
    best = max(found, key=lambda region: region.score)
    columns = columns_of(best, schemas.vocabulary)
    try:
        hold_to_settlement(best, columns, MoneyPlan(), _texts(best, raw), numbered=True)
    except Refusal as other:
        return other
    return Refusal(
        "в таблице есть заголовки, но нет ни одной строки с деньгами: это пустой бланк или отчёт без "
        "операций. Провести нечего. Если операции быть должны, скачайте отчёт у курьера ещё раз.",
        sheet=best.table.sheet,
        line_no=best.line_no,
    )


def _hold_to_addresses(best: _Reading) -> None:
    """Two columns with one name cannot be told apart in the next file either."""
    used = {*best.plan.placed(), *(id(column) for column in best.placed.columns.values())}
    for column in best.columns:
        if id(column) in used and column.address in best.region.repeated:
            raise Refusal(
                f"две колонки называются одинаково: «{column.address}», и неясно, какой верить. "
                "Переименуйте одну из них и положите файл снова, а курьера попросите назвать их по-разному.",
                sheet=best.region.table.sheet,
                line_no=best.region.line_no,
            )


def _hold_other_registers(
    best: _Reading, readings: Sequence[_Reading], answers: Mapping[str, str]
) -> None:
    """Another table with money of orders would stay unread: a person has to say that it may."""
    own = {header_key(column.address) for column in best.columns}
    for one in readings:
        if one is best or {header_key(column.address) for column in one.columns} == own:
            continue
        numbered = {"order", "track"} & set(one.placed.columns)
        sure = [n for n in ("payout", "collected") if one.plan.confidence.get(n, 0) >= _CONFIDENT]
        key = f"table:{one.region.table.sheet or one.region.line_no}"
        if answers.get(key) == "ignore":
            continue
        if (left := _sums_left(one, best)) and not (numbered and sure):
            best.questions.append(_table_question(key, one, left))
        elif numbered and sure:
            best.questions.append(
                Question(
                    key,
                    f"В файле есть ещё одна таблица с деньгами заказов: лист «{one.region.table.sheet}», "
                    f"строка {one.region.line_no}. Она останется непрочитанной. Это те же деньги?",
                    (("ignore", "да, те же деньги, её читать не нужно"),),
                )
            )


def _sums_left(one: _Reading, best: _Reading) -> list[str]:
    """The columns of money of another table that repeat no sum of the register: nobody would read them."""
    known = {abs(column.total()) for column in best.columns if column.is_money}
    return [
        column.address
        for column in one.columns
        if column.has_money
        and not is_beside(column)
        and abs(column.total()) not in known
        and (says(_MONEY, column.words) or max(column.scores.values(), default=0) >= _FEE)
        and (len({a for a in column.amounts if a}) > 2 or says(_MONEY, column.words))
    ]


def _table_question(key: str, one: _Reading, left: Sequence[str]) -> Question:
    shown = ", ".join(f"«{address}»" for address in left[:5])
    where = f"лист «{one.region.table.sheet}», " if one.region.table.sheet else ""
    return Question(
        key,
        f"В файле есть ещё одна таблица с суммами: {where}строка {one.region.line_no}, колонки {shown}. Она "
        "останется непрочитанной, и эти деньги в сверку не попадут. Так и должно быть?",
        (("ignore", "да, они уже учтены в реестре или к нему не относятся"),),
    )


def _drafted(
    best: _Reading, raw: RawFile, couriers: Couriers, owner: Whose, answers: Mapping[str, str]
) -> Draft:
    code = code_of(best.region, owner.code)
    unplaced = unplaced_of(best.columns, best.placed, best.plan)
    layout = Layout(
        code=code,
        title=title_of(best.region, _title(owner, couriers)),
        courier=owner.code,
        region=best.region,
        placed=best.placed,
        plan=best.plan,
        heads=head_patterns([best.region.table.sheet or "", *best.region.titles]),
        beside=list(dict.fromkeys([*(one.column for one in unplaced), *_other_sheets(best, raw)])),
        kopecks=best.kopecks,
        currency=best.currency,
    )
    questions = [*best.questions, *([owner.question] if owner.question else [])]
    unfinished = Draft(
        schema_text=schema_text(layout),
        code=code,
        columns=tuple(placed_of(best.placed, best.plan)),
        unplaced=tuple(unplaced),
        questions=tuple(questions),
        proofs=tuple(best.proofs),
        settlement=best.plan.settlement,
        courier=owner.code,
        courier_text=owner.text,
        sheet=best.region.table.sheet,
        line_no=best.region.line_no if raw.tree is None else None,
        certain=False,
        vocabulary=best.vocabulary,
    )
    return proven(unfinished, raw, couriers, Basis(best.plan, best.region, answers))


def _other_sheets(best: _Reading, raw: RawFile) -> list[str]:
    """The sheets that are not the register: named as known, so that nobody is asked about them again."""
    own = {header_key(column.address) for column in best.columns}
    tables = raw.tables if raw.tree is None else flattened(raw)
    others = [table for table in tables if table is not best.region.table and table.sheet]
    alike = {
        one.table.sheet
        for one in regions(others, best.vocabulary)
        if {header_key(column.address) for column in one.columns} == own
    }
    read = {best.region.table.sheet, *alike}
    return list(
        dict.fromkeys(table.sheet for table in others if table.sheet and table.sheet not in read)
    )


def _title(owner: Whose, couriers: Couriers) -> str | None:
    return couriers.get(owner.code).title if owner.code else owner.text
