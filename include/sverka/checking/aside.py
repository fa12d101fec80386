"""Goes through a file with its rules and puts aside every line that a critical one refuses.

One pass tells which rules fail. Only then are rows named, in parts of the file, so that a file of a
million lines of which half are refused needs no more memory than a small one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sverka.checking import results
from sverka.checking.findings import SAMPLE, Finding, Tally
from sverka.checking.results import Contents
from sverka.checking.rules import NOT_NULL, TOTALS, Rule
from sverka.checking.validation import (
    Answer,
    CheckCrashed,
    Table,
    datasource,
    judge,
    needs_all_rows,
    refused,
    sampled,
)
from sverka.checking.views import LINE_COLUMNS, REPORT_COLUMNS, lines_query, reports_query
from sverka.checking.words import Row, rejected_as
from sverka.database.connection import Connection

PART = 20_000
"""Lines whose refused rows are named at once."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What was found of the lines, and how many of them were put aside."""

    findings: tuple[Finding, ...]
    lines: int


def check_lines(conn: Connection, url: str, found: Contents, rules: Sequence[Rule]) -> Aside:
    """Checks the lines and rejects those that a critical rule refuses.

    Raises:
        CheckCrashed: a check gave no answer.
        TryLater: the database was not reachable for it.
        Misconfigured: a rule of the schema is no check of Great Expectations.
    """
    table = _lines(found)
    with datasource(url) as source:
        answers = judge(source, table, rules)
        wrong = [a.rule for a in answers if a.by_row and not a.passed]
        warnings = [rule for rule in wrong if not rule.critical]
        shown = sampled(source, table, warnings, SAMPLE)
    tallies = {rule.code: Tally() for rule in wrong}
    number = _reject(conn, url, found, [rule for rule in wrong if rule.critical], tallies)
    for code, (count, rows) in shown.items():
        rule = next(rule for rule in warnings if rule.code == code)
        tallies[code] = Tally(count, _described(conn, found, rule, rows))
    asked = _asked(conn, table, answers)
    return Aside(
        tuple(_finding(a, tallies, asked.get(a.rule.code, found.lines)) for a in answers), number
    )


def check_reports(url: str, found: Contents, rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """Checks the heads and the printed totals of the file's reports.

    Raises:
        CheckCrashed: a check gave no answer.
        TryLater: the database was not reachable for it.
    """
    query = reports_query(found.file_id, found.models, found.received)
    size = found.totals + found.reports
    table = Table("reports", query, REPORT_COLUMNS, REPORT_COLUMNS, size)
    with datasource(url) as source:
        answers = judge(source, table, rules)
        rows = refused(source, table, [a.rule for a in answers if not a.passed])
    tallies = {code: Tally(len(named), named) for code, named in rows.items()}
    return tuple(
        _finding(answer, tallies, found.totals if answer.rule in TOTALS else found.reports)
        for answer in answers
    )


def _lines(found: Contents, ids: tuple[int, int] | None = None) -> Table:
    query = lines_query(found.file_id, found.models, found.received, ids)
    return Table("lines", query, LINE_COLUMNS, ("line_id",), found.lines)


def _reject(
    conn: Connection,
    url: str,
    found: Contents,
    rules: Sequence[Rule],
    tallies: dict[str, Tally],
) -> int:
    by_part = [rule for rule in rules if not needs_all_rows(rule)]
    at_once = [rule for rule in rules if needs_all_rows(rule)]
    number = 0
    for ids in results.spans(conn, found.file_id, PART) if by_part else ():
        named = _named(url, _lines(found, ids), by_part)
        number += _reject_part(conn, found, named, rules, tallies)
    number += _reject_part(conn, found, _named(url, _lines(found), at_once), rules, tallies)
    for rule in rules:
        if not tallies[rule.code].refused:
            raise CheckCrashed(f"{rule.code}: the file fails, but no row of it does")
    return number


def _named(url: str, table: Table, rules: Sequence[Rule]) -> dict[str, list[dict[str, Any]]]:
    """In a datasource of its own: Great Expectations keeps every batch it has seen."""
    if not rules:
        return {}
    with datasource(url) as source:
        return refused(source, table, rules)


def _reject_part(
    conn: Connection,
    found: Contents,
    named: dict[str, list[dict[str, Any]]],
    rules: Sequence[Rule],
    tallies: dict[str, Tally],
) -> int:
    ids = sorted({row["line_id"] for rows in named.values() for row in rows})
    if not ids:
        return 0
    known = results.rows(conn, ids, found.models)
    reasons = []
    for rule in rules:
        lines = [known[row["line_id"]] for row in named.get(rule.code, ())]
        told = [(line, rejected_as(rule, line)) for line in sorted(lines, key=_by_id)]
        tallies[rule.code].add([line.told(reason) for line, reason in told])
        reasons += told
    return results.reject(conn, reasons)


def _by_id(line: Row) -> int:
    return line.line_id


def _described(
    conn: Connection, found: Contents, rule: Rule, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    known = results.rows(conn, [row["line_id"] for row in rows], found.models)
    lines = (known[line_id] for line_id in sorted(known))
    return [line.told(rejected_as(rule, line)) for line in lines]


def _asked(conn: Connection, table: Table, answers: Sequence[Answer]) -> dict[str, int]:
    """How many lines each rule spoke of: a check of nulls or of several columns, of all."""
    if not table.rows:
        return {}
    rules = [answer.rule for answer in answers if answer.by_row]
    columns = {r.code: r.column for r in rules if r.column and r.expect != NOT_NULL}
    counts = results.asked(conn, table.query, sorted(set(columns.values())))
    return {rule.code: counts.get(columns.get(rule.code, ""), table.rows) for rule in rules}


def _finding(answer: Answer, tallies: dict[str, Tally], checked: int) -> Finding:
    tally = tallies.get(answer.rule.code, Tally())
    return Finding(
        answer.rule,
        answer.passed,
        checked,
        tally.refused,
        tuple(tally.sample),
        answer.observed,
    )
