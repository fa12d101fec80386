"""`parse`: recognised raw tables and trees to canonical reports."""

from collections.abc import Iterable, Sequence
from typing import Any

from sverka.errors import Refusal
from sverka.money import Minor
from sverka.nouns import Report
from sverka.parsing.cells import BadCell
from sverka.parsing.heads import HeadFacts, HeadSource, head_facts
from sverka.parsing.identity import identify
from sverka.parsing.numbers import parse_money
from sverka.parsing.parsed import ParsedReport
from sverka.parsing.rows import MISSING, RowReader, Taken
from sverka.parsing.settlement import settlement_of
from sverka.parsing.tables import records_of
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
        Refusal: the head cannot be read, or operations go on under the totals row.
    """
    parsed = [_of_table(table, recognised, sha256) for table in recognised.tables]
    parsed += [_of_node(report, recognised, sha256) for report in recognised.reports]
    return parsed or [_of_node(LocatedReport({}, []), recognised, sha256)]


def _of_table(located: LocatedTable, recognised: Recognised, sha256: str) -> ParsedReport:
    schema = recognised.schema
    found = records_of(located, schema)
    columns = {
        head.column: [cells[list(schema.columns).index(head.column)] for _, cells in found.records]
        for head in schema.head.values()
        if head.column
    }
    facts = head_facts(schema, HeadSource({}, title_texts(located), columns, located.table.sheet))
    titles = [
        located.titles.get(located.columns.get(name, -1), column.headers[0])
        for name, column in schema.columns.items()
    ]
    reader = RowReader(schema, titles, located.table.sheet)
    taken = _taken(reader, found.records, facts)
    taken.rejected += found.rejected
    taken.rows_read += found.notes + len({bad.line_no for bad in found.rejected})
    if found.notes:
        taken.ignore(NOTES, rows=found.notes)
    return _parsed(recognised, facts, taken, found.totals, sha256)


def _of_node(report: LocatedReport, recognised: Recognised, sha256: str) -> ParsedReport:
    schema = recognised.schema
    columns = list(schema.columns.values())
    required = frozenset(group[0] for group in schema.layout.require if len(group) == 1)
    facts = head_facts(schema, HeadSource(report.node, (), {}, None))
    reader = RowReader(schema, [column.headers[0].lstrip("@") for column in columns], None)
    records = (
        (ordinal, _values(record, columns, required))
        for ordinal, record in enumerate(report.records, 1)
    )
    taken = _taken(reader, records, facts)
    return _parsed(recognised, facts, taken, _printed_totals(schema, report.node), sha256)


def _values(record: Any, columns: Sequence[Column], required: frozenset[str]) -> list[Any]:
    """The record's values by column; a required one that is absent must not pass for zero."""
    fields = record if isinstance(record, dict) else {}
    values = []
    for column in columns:
        value = next((fields[key] for key in column.headers if key in fields), None)
        values.append(MISSING if value is None and column.name in required else value)
    return values


def _taken(
    reader: RowReader, records: Iterable[tuple[int, Sequence[Any]]], facts: HeadFacts
) -> Taken:
    same = identify(reader.schema, reader.place, facts.report_no, facts.report_date)
    return reader.read(records, same)


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


def _parsed(
    recognised: Recognised,
    facts: HeadFacts,
    taken: Taken,
    totals: dict[str, Minor],
    sha256: str,
) -> ParsedReport:
    schema = recognised.schema
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
        totals=totals,
        file_sha256=sha256,
    )
    return ParsedReport(
        report, taken.lines, taken.rejected, list(taken.ignored.values()), taken.rows_read
    )
