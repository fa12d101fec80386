"""Runs Great Expectations on PostgreSQL, where the rows lie, and tells what it found plainly.

Four habits of Great Expectations 1.24 shape this module. A missing column does not raise, it
leaves a traceback in `exception_info`. On SQL the list of failed rows is cut at
`partial_unexpected_count` (20 unless told otherwise), also in COMPLETE format. The index query that
a result can carry is for reading: it quotes values as Python does, so it is no SQL to run. And a
datasource keeps two connection pools, one of its own and one of its execution engine.
"""

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from psycopg2.extensions import parse_dsn

from sverka.checking.rules import COLUMNS, Rule
from sverka.errors import Misconfigured, SverkaError, TryLater


class CheckCrashed(SverkaError):
    """A check gave no answer; its data may be good or bad."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rule said of the whole table, without the rows it refuses.

    `observed` is what a check of the table as a whole found; `by_row` tells such a check from one
    that looks at every row.
    """

    rule: Rule
    passed: bool
    by_row: bool
    observed: Any = None


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


_SET_WISE = frozenset({"column_values_to_be_unique", "compound_columns_to_be_unique"})


def needs_all_rows(rule: Rule) -> bool:
    """True for a check that compares rows with each other: a part of the table tells nothing."""
    return rule.expect in _SET_WISE


def judge(source: Any, table: Table, rules: Sequence[Rule]) -> list[Answer]:
    """Whether the table satisfies each rule, in one pass over it; refused rows are not named.

    Raises:
        CheckCrashed: a check gave no answer.
        TryLater: the database was not reachable for it.
        Misconfigured: a rule names a check that does not exist or does not take its arguments.
    """
    if not table.rows:
        return [Answer(rule, passed=True, by_row=True) for rule in rules]
    checks = {rule.code: _expectation(rule) for rule in rules}
    by_row = {code: _looks_at_rows(check) for code, check in checks.items()}
    present = Rule(COLUMNS, "table_columns_to_match_set", {"column_set": list(table.columns)}, "")
    rowwise = [check for code, check in checks.items() if by_row[code]]
    whole = [check for code, check in checks.items() if not by_row[code]]
    results = _run(
        source, table, [_expectation(present), *rowwise], {"result_format": "BOOLEAN_ONLY"}
    )
    if not results[COLUMNS].success:
        raise CheckCrashed(f"{table.name}: its columns are not {', '.join(table.columns)}")
    if whole:
        results |= _run(source, table, whole, {"result_format": "BASIC"})
    return [
        Answer(
            rule,
            passed=bool(results[rule.code].success),
            by_row=by_row[rule.code],
            observed=results[rule.code].result.get("observed_value"),
        )
        for rule in rules
    ]


def refused(source: Any, table: Table, rules: Sequence[Rule]) -> dict[str, list[dict[str, Any]]]:
    """Every row of the table that a rule refuses, by the rule's code: index columns and value.

    All of them are held in memory, so a large table is asked for in parts.

    Raises:
        CheckCrashed: a check gave no answer or an incomplete one.
        TryLater: the database was not reachable for it.
    """
    found = _with_rows(source, table, rules, "COMPLETE", table.rows)
    return {rule.code: _named(rule, found[rule.code]) for rule in rules}


def sampled(
    source: Any, table: Table, rules: Sequence[Rule], size: int
) -> dict[str, tuple[int, list[dict[str, Any]]]]:
    """How many rows each rule refuses, and `size` of them, by the rule's code.

    Raises:
        CheckCrashed: a check gave no answer.
        TryLater: the database was not reachable for it.
    """
    found = _with_rows(source, table, rules, "SUMMARY", size)
    return {
        code: (
            int(result["unexpected_count"]),
            list(result.get("partial_unexpected_index_list") or ()),
        )
        for code, result in found.items()
    }


def _with_rows(
    source: Any, table: Table, rules: Sequence[Rule], result_format: str, size: int
) -> dict[str, Any]:
    """The rules' results by code, each with up to `size` of the rows that it refuses."""
    if not rules:
        return {}
    wanted = {
        "result_format": result_format,
        "unexpected_index_column_names": list(table.index),
        "partial_unexpected_count": size,
        # Otherwise every result carries the text of one more query.
        "return_unexpected_index_query": False,
    }
    results = _run(source, table, [_expectation(rule) for rule in rules], wanted)
    return {rule.code: results[rule.code].result for rule in rules}


def _run(
    source: Any, table: Table, checks: Sequence[Any], wanted: dict[str, Any]
) -> dict[str, Any]:
    import great_expectations as gx

    with _told_apart():
        # Asking twice under one name would look at the first query again.
        asset = source.add_query_asset(f"{table.name} {len(source.assets)}", query=table.query)
        batch = asset.add_batch_definition_whole_table("whole").get_batch()
    suite = gx.ExpectationSuite(table.name, expectations=checks)
    with _columns_without_rows(source.get_execution_engine().engine, table.query):
        answer = batch.validate(suite, result_format=wanted)
    results = {result.expectation_config.meta["rule"]: result for result in answer.results}
    for result in results.values():
        _raise_if_crashed(result)
    return results


@contextmanager
def _columns_without_rows(engine: Any, query: str) -> Iterator[None]:
    """To see the columns of a query Great Expectations runs all of it and takes every row home.

    For a million lines that is 700 MB; the columns of no row are the same.
    """
    from sqlalchemy import event

    def nothing(_c: Any, _u: Any, statement: str, given: Any, _x: Any, _m: Any) -> tuple[str, Any]:
        if statement.strip() == query.strip():
            statement = f"select * from ({query}) looked_at limit 0"  # noqa: S608 - our own query
        return statement, given

    event.listen(engine, "before_cursor_execute", nothing, retval=True)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", nothing)


def _expectation(rule: Rule) -> Any:
    import great_expectations.expectations as gxe

    name = "Expect" + "".join(word.capitalize() for word in rule.expect.split("_"))
    known = getattr(gxe, name, None)
    if known is None:
        close = ", ".join(get_close_matches(rule.expect, _known_checks(), n=5, cutoff=0.5))
        raise Misconfigured(
            f"rule {rule.code!r}: Great Expectations has no check {rule.expect!r}; "
            f"close to it: {close or 'nothing'}"
        )
    try:
        return known(
            **rule.kwargs,
            severity=rule.severity,
            description=rule.sentence,
            meta={"rule": rule.code},
        )
    except ValueError as error:
        raise Misconfigured(f"rule {rule.code!r}: {rule.expect}: {error}") from error


def _known_checks() -> list[str]:
    import great_expectations.expectations as gxe

    names = (name.removeprefix("Expect") for name in dir(gxe) if name.startswith("Expect"))
    snake = ("".join(f"_{c.lower()}" if c.isupper() else c for c in name) for name in names)
    return [name.lstrip("_") for name in snake if name]


def _looks_at_rows(check: Any) -> bool:
    from great_expectations.expectations.expectation import (
        ColumnMapExpectation,
        ColumnPairMapExpectation,
        MulticolumnMapExpectation,
    )

    return isinstance(
        check, ColumnMapExpectation | ColumnPairMapExpectation | MulticolumnMapExpectation
    )


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


def _named(rule: Rule, result: dict[str, Any]) -> list[dict[str, Any]]:
    rows = list(result.get("unexpected_index_list") or ())
    if len(rows) != result["unexpected_count"]:
        raise CheckCrashed(
            f"{rule.code}: {result['unexpected_count']} rows refused, {len(rows)} of them named"
        )
    return rows
