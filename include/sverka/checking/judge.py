"""Checks one file: rows that do not fit are put aside, a file that does not add up is held."""

from dataclasses import dataclass

from sverka.checking import results
from sverka.checking.doubts import HELD, rows_doubt, totals_doubt
from sverka.checking.results import Contents
from sverka.checking.rules import TOTALS, Rule
from sverka.checking.suite import line_rules
from sverka.checking.validation import CheckCrashed, Finding, Table, datasource, validate
from sverka.checking.views import LINE_COLUMNS, TOTAL_COLUMNS, lines_query, totals_query
from sverka.errors import Refusal
from sverka.services import Services


@dataclass(frozen=True, slots=True)
class Checked:
    """How many lines of the file go on and how many were put aside, and all that was found."""

    accepted: int
    rejected: int
    findings: tuple[Finding, ...] = ()


def check(services: Services, file_id: int) -> Checked:
    """Judges the stored lines of the file; doing it again gives the same.

    Raises:
        Refusal: the file as a whole cannot be believed; none of its lines is accepted then.
        TryLater: the database did not answer.
        Misconfigured: the courier schema's expectations cannot be understood.
    """
    with services.connect() as conn:
        found = results.contents(conn, file_id)
    if found is None:
        return Checked(0, 0)
    rules = line_rules(services.settings.courier_schemas, found.schema)
    try:
        lines, totals = _validated(services.settings.database_url, file_id, found, rules)
    except CheckCrashed as crash:
        with services.connect() as conn:
            results.forget(conn, file_id)
            results.hold(conn, file_id)
        raise Refusal(_crashed(crash)) from crash
    with services.connect() as conn:
        results.forget(conn, file_id)
        rejected = results.reject(conn, lines, found.models)
        results.keep(conn, file_id, [*lines, *totals], services.clock())
        doubt = totals_doubt(totals, found) or rows_doubt(conn, lines, rejected, found)
        if doubt:
            results.hold(conn, file_id)
    if doubt:
        raise Refusal(doubt)
    return Checked(found.lines - rejected, rejected, (*lines, *totals))


def _validated(
    url: str, file_id: int, found: Contents, rules: tuple[Rule, ...]
) -> tuple[list[Finding], list[Finding]]:
    query = lines_query(file_id, found.models)
    lines = Table("lines", query, LINE_COLUMNS, ("line_id",), found.lines)
    totals = Table("totals", totals_query(file_id), TOTAL_COLUMNS, TOTAL_COLUMNS, found.totals)
    with datasource(url) as source:
        return validate(source, lines, rules), validate(source, totals, TOTALS)


def _crashed(crash: CheckCrashed) -> str:
    return (
        f"Проверка файла не выполнилась ({crash}), поэтому ему нельзя верить. {HELD}"
        "Передайте это сообщение тому, кто обслуживает Сверку."
    )
