"""Checks one file: rows that do not fit are put aside, a file that does not add up is held."""

from dataclasses import dataclass

from sverka.checking import results
from sverka.checking.aside import check_lines, check_reports
from sverka.checking.doubts import HELD, doubt
from sverka.checking.findings import Finding
from sverka.checking.results import Contents
from sverka.checking.rules import REPORTS, Rule
from sverka.checking.source import schema_of
from sverka.checking.suite import line_rules
from sverka.checking.validation import CheckCrashed
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
    rules = line_rules(schema_of(services, found.schema))
    try:
        checked, why = _check(services, found, rules)
    except CheckCrashed as crash:
        with services.connect() as conn:
            results.forget(conn, file_id)
            results.hold(conn, file_id)
        raise Refusal(_crashed(crash)) from crash
    if why:
        raise Refusal(why)
    return checked


def _check(
    services: Services, found: Contents, rules: tuple[Rule, ...]
) -> tuple[Checked, str | None]:
    """What was found, and why the file is held. All of it in one transaction, or nothing."""
    url = services.settings.database_url
    with services.connect() as conn:
        results.forget(conn, found.file_id)
        reports = check_reports(url, found, REPORTS)
        aside = check_lines(conn, url, found, rules)
        findings = (*aside.findings, *reports)
        results.keep(conn, found.file_id, findings, services.clock())
        why = doubt(aside.findings, reports, aside.lines, found)
        if why:
            results.hold(conn, found.file_id)
    return Checked(found.lines - aside.lines, aside.lines, findings), why


def _crashed(crash: CheckCrashed) -> str:
    # The rest of such a message is SQL, for the log.
    [what, *_] = str(crash).splitlines()
    return (
        f"Проверка файла не выполнилась ({what[:200]}), поэтому ему нельзя верить. {HELD}"
        "Передайте это сообщение тому, кто обслуживает Сверку."
    )
