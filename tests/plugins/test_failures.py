"""Retries as the error says, and words for a file whose run gave up."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from airflow.sdk.definitions.retry_policy import RetryAction

from sverka.clock import system_clock
from sverka.database.connection import connect
from sverka.errors import Misconfigured, TryLater
from sverka.intake import ledger
from sverka.intake.register import Arrival, register
from sverka.intake.zones import Entry
from sverka.moysklad.errors import Transient
from sverka.nouns import FileState
from sverka_airflow import failures
from sverka_airflow.retries import AsTheErrorSays


@pytest.mark.parametrize(
    ("error", "action", "delay"),
    [
        (TryLater("away", seconds=300), RetryAction.RETRY, timedelta(seconds=300)),
        (Transient("429", seconds=3), RetryAction.RETRY, timedelta(seconds=3)),
        (Misconfigured("no scheme"), RetryAction.FAIL, None),
        (RuntimeError("a bug"), RetryAction.DEFAULT, None),
        (ConnectionError("database"), RetryAction.DEFAULT, None),
    ],
)
def test_the_error_says_when_to_try_again(
    error: Exception, action: RetryAction, delay: timedelta | None
) -> None:
    decision = AsTheErrorSays().evaluate(error, 1, 6)
    assert (decision.action, decision.retry_delay) == (action, delay)


def test_the_policy_can_be_stored_with_the_dag() -> None:
    assert AsTheErrorSays().serialize() == {"__type": "sverka_airflow.retries.AsTheErrorSays"}


@pytest.mark.parametrize(
    ("error", "begins"),
    [
        (TryLater("away", seconds=1), failures.AWAY),
        (Misconfigured("no scheme"), failures.LACKING),
        (RuntimeError("a\nbug"), failures.BROKEN),
        (None, failures.BROKEN),
    ],
)
def test_a_person_reads_what_it_means_and_what_to_do(error: Exception | None, begins: str) -> None:
    text = failures.words(error)
    assert text.startswith(begins)
    assert re.search("Сверк", text)
    assert "\n" not in text


@pytest.fixture
def claimed(database_url: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("SVERKA_DATABASE_URL", database_url)
    monkeypatch.setenv("SVERKA_STORAGE_URL", "/nonexistent")
    now = system_clock()
    with connect(database_url) as conn:
        file_id = register(conn, Arrival("z", Entry("a.csv", 1, "1"), "a" * 64, 1), now)
        assert ledger.claim(conn, "a.csv · aaaaaaaaaaaa", "run 1", now) == file_id
    return file_id


def context(run_id: str, error: Exception | None) -> dict[str, object]:
    return {"dag_run": SimpleNamespace(run_id=run_id), "exception": error}


def state(database_url: str, file_id: int) -> tuple[FileState, str | None]:
    with connect(database_url) as conn:
        row = ledger.file_of(conn, file_id)
    return row.state, row.reason


def test_the_runs_file_is_stalled(database_url: str, claimed: int) -> None:
    failures.mark_stalled(context("run 1", TryLater("away", seconds=1)))
    found, reason = state(database_url, claimed)
    assert found is FileState.STALLED
    assert reason is not None
    assert reason.startswith(failures.AWAY)


def test_another_runs_failure_leaves_it_alone(database_url: str, claimed: int) -> None:
    failures.mark_stalled(context("run 2", RuntimeError()))
    assert state(database_url, claimed) == (FileState.PROCESSING, None)


def test_a_quarantined_file_keeps_its_reason(database_url: str, claimed: int) -> None:
    with connect(database_url) as conn:
        ledger.quarantined(conn, claimed, "нет колонки «Сумма»", system_clock())
    failures.mark_stalled(context("run 1", RuntimeError()))
    assert state(database_url, claimed) == (FileState.QUARANTINED, "нет колонки «Сумма»")
