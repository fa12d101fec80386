"""`parse`: recognised raw tables and trees to canonical reports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sverka.errors import Refusal
from sverka.money import Minor
from sverka.nouns import Report
from sverka.parsing.below import totals_below
from sverka.parsing.cells import BadCell
from sverka.parsing.conversion import Conversion
from sverka.parsing.heads import HeadFacts, HeadSource, head_facts
from sverka.parsing.identity import identify
from sverka.parsing.numbers import parse_money
from sverka.parsing.parsed import ParsedReport
from sverka.parsing.proof import hold_to_arithmetic
from sverka.parsing.reasons import MISSING, Reasons
from sverka.parsing.rows import RowReader, Taken
from sverka.parsing.settlement import settlement_of
from sverka.parsing.statement import parse_statement
from sverka.parsing.tables import TableRecords, records_of
from sverka.parsing.totals import totals_of
from sverka.reading.raw import RawFile
from sverka.recognition.recognise import Recognised, title_texts
from sverka.recognition.schema import Column, Schema
from sverka.recognition.tables import LocatedTable
from sverka.recognition.trees import LocatedReport

NOTES = "названия групп, подписи и примечания: денег заказов в них нет"


def parse(raw: RawFile, recognised: Recognised, sha256: str) -> list[ParsedReport]:  # noqa: ARG001 - the same arguments as the other steps
    """The reports of the file in its order; at least one, without lines when there are no operations.

    `recognised` already holds the places in `raw`.

    Raises:
        NeedsMapping: the columns were found by their names only, and the amounts do not confirm them.
        Refusal: the head cannot be read, or operations go on under the totals row.
    """
    schema = recognised.schema
    reports = recognised.reports
    if not recognised.tables and not reports:
        reports = (LocatedReport({}, []),)
    if schema.movement is not None:
        return parse_statement(schema, schema.movement, reports, sha256)
    parsed = [_of_table(table, recognised, sha256) for table in recognised.tables]
    parsed += [_of_node(report, recognised, sha256) for report in reports]
    hold_to_arithmetic(parsed, recognised)
    return parsed


def _of_table(located: LocatedTable, recognised: Recognised, sha256: str) -> ParsedReport:
    schema, sheet = recognised.schema, located.table.sheet
    found = records_of(located, schema)
    place = _places(schema)
    columns = {
        head.column: list(found.records.column(place[head.column]))
        for head in schema.head.values()
        if head.column
    }
    facts = head_facts(schema, HeadSource({}, title_texts(located), columns, sheet))
    titles = [
        located.titles.get(located.columns.get(name, -1), column.headers[0])
        for name, column in schema.columns.items()
    ]
    conversion = Conversion(list(schema.columns.values()), found.records.column)
    reasons = Reasons(titles, place, sheet)
    totals = _totals(found, schema, conversion, reasons, sheet) | totals_below(located, schema)
    taken = _reader(schema, facts, conversion, reasons).read(found.records)
    taken.rejected += found.rejected
    taken.rows_read += len({bad.line_no for bad in found.rejected})
    if found.notes:
        taken.ignore(NOTES, rows=found.notes)
    return _parsed(recognised, _Read(facts, taken, totals, found.warnings), sha256)


def _totals(
    found: TableRecords, schema: Schema, conversion: Conversion, reasons: Reasons, sheet: str | None
) -> dict[str, Minor]:
    """The printed totals; a cell that cannot be read is one more rejected row."""

    def unread(line_no: int, column: int, text: str, bad: BadCell) -> None:
        named = BadCell(bad.rule, f"строка «Итого»: {bad.reason}")
        found.rejected.append(reasons.bad_cell(line_no, column, text, named))

    try:
        return totals_of(found.totals, found.records, schema, conversion, unread)
    except Refusal as refusal:
        raise Refusal(refusal.reason, sheet=sheet, line_no=refusal.line_no) from refusal


def _of_node(report: LocatedReport, recognised: Recognised, sha256: str) -> ParsedReport:
    schema = recognised.schema
    records = _Records(report.records, schema)
    facts = head_facts(schema, HeadSource(report.node, (), {}, None))
    titles = [column.headers[0].lstrip("@") for column in schema.columns.values()]
    conversion = Conversion(
        list(schema.columns.values()), lambda index: (values[index] for _, values in records)
    )
    reasons = Reasons(titles, _places(schema), None)
    taken = _reader(schema, facts, conversion, reasons).read(records)
    totals = _printed_totals(schema, report.node)
    return _parsed(recognised, _Read(facts, taken, totals, []), sha256)


class _Records:
    """The records of a node with their ordinals, as values by column; can be gone over again."""

    def __init__(self, records: Sequence[Any], schema: Schema) -> None:
        self._records = records
        self._columns = tuple(schema.columns.values())
        self._required = {group[0] for group in schema.layout.require if len(group) == 1}

    def __iter__(self) -> Iterator[tuple[int, list[Any]]]:
        for ordinal, record in enumerate(self._records, 1):
            fields = record if isinstance(record, dict) else {}
            yield ordinal, [self._value(fields, column) for column in self._columns]

    def _value(self, fields: dict[str, Any], column: Column) -> Any:
        """A required field that is absent must not pass for zero."""
        for key in column.headers:
            if key in fields:
                value = fields[key]
                return MISSING if value is None and column.name in self._required else value
        return MISSING if column.name in self._required else None


def _places(schema: Schema) -> dict[str, int]:
    return {name: index for index, name in enumerate(schema.columns)}


def _reader(
    schema: Schema, facts: HeadFacts, conversion: Conversion, reasons: Reasons
) -> RowReader:
    identities = [
        identify(schema, part.name, facts.report_no, facts.report_date) for part in schema.parts
    ]
    return RowReader(schema, conversion, reasons, identities)


def _printed_totals(schema: Schema, node: dict[str, Any]) -> dict[str, Minor]:
    totals = {}
    for field, key in schema.totals.items():
        value = node.get(key)
        try:
            total = parse_money(value, in_kopecks=schema.in_kopecks)
        except BadCell as bad:
            raise Refusal(
                f"общая сумма отчёта не читается: {bad.reason}. Проверить по ней строки нельзя; попросите "
                "у курьера исправленный отчёт.",
                column=key.lstrip("@"),
            ) from bad
        if total is not None:
            totals[field] = total
    return totals


@dataclass(frozen=True, slots=True)
class _Read:
    """All that a report was read into."""

    facts: HeadFacts
    taken: Taken
    totals: dict[str, Minor]
    warnings: list[str]


def _parsed(recognised: Recognised, read: _Read, sha256: str) -> ParsedReport:
    schema, facts, taken = recognised.schema, read.facts, read.taken
    report = Report(
        courier=recognised.courier.code if recognised.courier else None,
        schema=schema.code,
        schema_version=schema.version,
        report_no=facts.report_no,
        report_date=facts.report_date,
        period_from=facts.period_from,
        period_to=facts.period_to,
        payment_order_no=facts.payment_order_no,
        payment_order_date=facts.payment_order_date,
        payment_order_sum=facts.payment_order_sum,
        currency=schema.currency,
        settlement=settlement_of(taken.lines, schema.settlement),
        totals=read.totals,
        file_sha256=sha256,
        purpose=schema.purpose,
    )
    return ParsedReport(
        report,
        taken.lines,
        taken.rejected,
        list(taken.ignored.values()),
        taken.rows_read,
        warnings=[*read.warnings, *recognised.notes],
    )
