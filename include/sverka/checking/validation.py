"""Runs Great Expectations on PostgreSQL, where the rows lie, and tells what it found plainly.

Three habits of Great Expectations 1.24 shape this module. A missing column does not raise, it
leaves a traceback in `exception_info`. On SQL the list of failed rows is cut at
`partial_unexpected_count` (20 unless told otherwise), also in COMPLETE format. And a datasource
keeps two connection pools, one of its own and one of its execution engine.
"""

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from psycopg2.extensions import parse_dsn

from sverka.checking.rules import COLUMNS, Rule
from sverka.errors import Misconfigured, SverkaError, TryLater


class CheckCrashed(SverkaError):
    """A check gave no answer; its data may be good or bad."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule said: how many rows it looked at and which it refused.

    `rows` are the refused rows' index columns and the checked value.
    """

    rule: Rule
    checked: int
    rows: tuple[dict[str, Any], ...]

    @property
    def passed(self) -> bool:
        """No row was refused."""
        return not self.rows


@contextmanager
def datasource(url: str) -> Iterator[Any]:
    """A Great Expectations datasource on the libpq URL; its connections are closed at the end.

    Raises:
        TryLater: the database does not answer.
    """
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    # Its progress bars would fill the task log.
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    with _told_apart(), warnings.catch_warnings():
        # It would rather have its PostgresDatasource, which cannot reach a server by its socket.
        warnings.simplefilter("ignore")
        source = context.data_sources.add_sql("sverka", connection_string=sqlalchemy_url(url))
    try:
        yield source
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()


def sqlalchemy_url(url: str) -> str:
    """The same database as the libpq URL or DSN names, as SQLAlchemy spells it."""
    from sqlalchemy import URL

    parts: dict[str, Any] = parse_dsn(url)
    return URL.create(
        "postgresql+psycopg2",
        username=parts.pop("user", None),
        password=parts.pop("password", None),
        database=parts.pop("dbname", None),
        query={**parts, "application_name": "sverka checking"},
    ).render_as_string(hide_password=False)


@dataclass(frozen=True, slots=True)
class Table:
    """One query to check: its columns, and which of them lead back to a row."""

    name: str
    query: str
    columns: Sequence[str]
    index: Sequence[str]
    rows: int


def validate(source: Any, table: Table, rules: Sequence[Rule]) -> list[Finding]:
    """Checks the table with the rules, one finding per rule in their order.

    Raises:
        CheckCrashed: a check gave no answer or an incomplete one.
        TryLater: the database was not reachable for it.
        Misconfigured: a rule names a check that does not exist.
    """
    if not table.rows:
        return [Finding(rule, 0, ()) for rule in rules]
    import great_expectations as gx

    present = Rule(COLUMNS, "table_columns_to_match_set", {"column_set": list(table.columns)}, "")
    suite = gx.ExpectationSuite(
        table.name, expectations=[_expectation(rule) for rule in (present, *rules)]
    )
    with _told_apart():
        asset = source.add_query_asset(table.name, query=table.query)
        batch = asset.add_batch_definition_whole_table("whole").get_batch()
    answer = batch.validate(suite, result_format=_result_format(table))
    results = {result.expectation_config.meta["rule"]: result for result in answer.results}
    for result in results.values():
        _raise_if_crashed(result)
    if not results[COLUMNS].success:
        raise CheckCrashed(f"{table.name}: columns differ: {results[COLUMNS].result}")
    return [_finding(rule, results[rule.code].result, table) for rule in rules]


def _expectation(rule: Rule) -> Any:
    import great_expectations.expectations as gxe

    name = "Expect" + "".join(word.capitalize() for word in rule.expect.split("_"))
    known = getattr(gxe, name, None)
    if known is None:
        raise Misconfigured(f"rule {rule.code!r}: Great Expectations has no {name}")
    return known(
        **rule.kwargs, severity=rule.severity, description=rule.sentence, meta={"rule": rule.code}
    )


def _result_format(table: Table) -> dict[str, Any]:
    return {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": list(table.index),
        "partial_unexpected_count": table.rows,
        # Otherwise every result carries one string that names all refused rows.
        "return_unexpected_index_query": False,
    }


def _raise_if_crashed(result: Any) -> None:
    info = result.exception_info or {}
    # One crash is reported as {metric: {...}}, none as {"raised_exception": False, ...}.
    crashes = [info] if "raised_exception" in info else list(info.values())
    for crash in crashes:
        if not crash["raised_exception"]:
            continue
        message = f"{result.expectation_config.meta['rule']}: {crash['exception_message']}"
        _raise(message, evidence=crash["exception_traceback"] or "")


@contextmanager
def _told_apart() -> Iterator[None]:
    """Great Expectations wraps a lost connection and a wrong query in the same error."""
    from great_expectations.datasource.fluent.interfaces import TestConnectionError

    try:
        yield
    except TestConnectionError as error:
        _raise(str(error), evidence=str(error))


def _raise(message: str, *, evidence: str) -> NoReturn:
    # psycopg2's class for a server that is away, shutting down or out of time.
    if "OperationalError" in evidence:
        raise TryLater(f"the database did not answer a check: {message}", seconds=60)
    raise CheckCrashed(message)


def _finding(rule: Rule, result: dict[str, Any], table: Table) -> Finding:
    rows = tuple(result.get("unexpected_index_list") or ())
    if len(rows) != result["unexpected_count"]:
        raise CheckCrashed(
            f"{rule.code}: {result['unexpected_count']} rows refused, {len(rows)} of them named"
        )
    return Finding(rule, table.rows, rows)
