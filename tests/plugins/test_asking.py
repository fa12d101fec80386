"""The question in Airflow: the form is the file's, an answer survives, a wait holds no slot."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowSkipException, TaskAwaitingInput
from airflow.sdk.execution_time import hitl

from sverka import settling
from sverka.confirming import Look, store
from sverka.confirming.fields import Field
from sverka.confirming.question import Asked
from sverka.confirming.store import Drafted
from sverka.database.connection import connect
from sverka.intake import ledger
from sverka.intake.register import Arrival, register
from sverka.intake.zones import Entry
from sverka_airflow.asking import AskPerson, answer, form
from sverka_airflow.parking import BOUND, LOOK_AGAIN
from sverka_airflow.texts import CONFIRM, DECLINE

CHOICE = Field("column:Сбор", "choice", "Что это?", (("fee_other", "прочее"), ("ignore", "не то")))
TEXT = Field("courier_title", "text", "Название", proposed="Нева", hint="как в файле")
SWITCH = Field("post_now", "switch", "Проводить сразу")
ASKED = Asked("layout", "c0ffee", "реестр.csv", "**Что найдено**", (CHOICE, TEXT, SWITCH))


def test_the_form_says_what_each_field_may_be() -> None:
    fields = {key: param.serialize() for key, param in form(ASKED).items()}
    assert list(fields) == ["column:Сбор", "courier_title", "post_now", BOUND]
    choice = fields["column:Сбор"]
    assert choice["value"] is None
    assert choice["schema"]["enum"] == ["fee_other", "ignore"]
    assert choice["schema"]["values_display"] == {"fee_other": "прочее", "ignore": "не то"}
    assert fields["courier_title"]["value"] == "Нева"
    assert "null" in fields["courier_title"]["schema"]["type"]
    assert fields["post_now"]["value"] is False
    assert (fields[BOUND]["value"], fields[BOUND]["schema"]["enum"]) == ("c0ffee", ["c0ffee"])


@pytest.mark.parametrize(
    ("chosen", "confirmed"),
    [([CONFIRM], True), ([DECLINE], False), ([], False), ([CONFIRM, DECLINE], False)],
)
def test_only_the_plain_option_confirms(chosen: list[str], confirmed: bool) -> None:
    given = answer(
        {
            "chosen_options": chosen,
            "params_input": {BOUND: "c0ffee", "courier_title": "Нева"},
            "responded_by_user": {"id": "1", "name": "Бухгалтер"},
        }
    )
    assert given == {
        "confirmed": confirmed,
        "shown": "c0ffee",
        "fields": {"courier_title": "Нева"},
        "by": "Бухгалтер",
    }


def test_an_answer_without_the_form_is_bound_to_nothing() -> None:
    given = answer({"chosen_options": [CONFIRM], "params_input": None, "responded_by_user": None})
    assert (given["shown"], given["fields"], given["by"]) == (None, {}, "")


@pytest.fixture
def ask() -> AskPerson:
    with DAG("d", schedule=None):
        return AskPerson(task_id="ask")


@pytest.fixture
def renewed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The files that the report was renewed for."""
    files: list[int] = []
    monkeypatch.setattr(settling, "publish", lambda _, file_id: files.append(file_id))
    return files


@pytest.fixture
def waiting(database_url: str, monkeypatch: pytest.MonkeyPatch, renewed: list[int]) -> int:
    monkeypatch.setenv("SVERKA_DATABASE_URL", database_url)
    monkeypatch.setenv("SVERKA_STORAGE_URL", "/nonexistent")
    monkeypatch.setenv("AIRFLOW_CONN_MOYSKLAD", '{"conn_type": "moysklad", "host": "http://x"}')
    from sverka.clock import system_clock

    now = system_clock()
    with connect(database_url) as conn:
        file_id = register(conn, Arrival("z", Entry("a.csv", 1, "1"), "a" * 64, 1), now)
        assert ledger.claim(conn, "a.csv · aaaaaaaaaaaa", "run 1", now) == file_id
        store.ask(conn, file_id, Drafted(ASKED, "schema: x", "mark"), now)
        ledger.waiting(conn, file_id, "Ждёт ответа")
    return file_id


def context(file_id: int, try_number: int = 1) -> dict[str, Any]:
    ti = SimpleNamespace(id="ti", try_number=try_number, xcom_pull=lambda task_ids: file_id)
    return {"ti": ti, "dag_run": SimpleNamespace(run_id="run 1")}


def test_the_question_of_the_runs_file_is_shown_and_the_task_parks(
    ask: AskPerson, waiting: int, renewed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(hitl, "upsert_hitl_detail", lambda **given: shown.append(given))
    with pytest.raises(TaskAwaitingInput) as parked:
        ask.execute(context(waiting))
    assert parked.value.timeout == LOOK_AGAIN
    [given] = shown
    assert (given["subject"], given["body"]) == (ASKED.subject, ASKED.body)
    assert given["options"] == [CONFIRM, DECLINE]
    assert given["params"][BOUND]["value"] == "c0ffee"
    assert renewed == [waiting], "the run may wait for days; the report says so today"


@pytest.mark.parametrize(("hours", "taken"), [(1, True), (-1, False), (None, False)])
def test_a_retry_passes_on_the_answer_that_was_given_to_this_question(
    ask: AskPerson,
    waiting: int,
    monkeypatch: pytest.MonkeyPatch,
    hours: int | None,
    taken: bool,
) -> None:
    """An answer before the draft was to an earlier question; the person is asked again."""
    from sverka.clock import system_clock

    responded_at = None if hours is None else system_clock() + timedelta(hours=hours)
    before = SimpleNamespace(
        response_received=hours is not None,
        responded_at=responded_at,
        chosen_options=[CONFIRM],
        params_input={BOUND: "c0ffee"},
        responded_by_user=SimpleNamespace(id="1", name="Бухгалтер"),
    )
    monkeypatch.setattr(hitl, "get_hitl_detail_content_detail", lambda **_: before)
    monkeypatch.setattr(hitl, "upsert_hitl_detail", lambda **_: None)
    if taken:
        given = ask.execute(context(waiting, try_number=2))
        assert (given["confirmed"], given["by"]) == (True, "Бухгалтер")
    else:
        with pytest.raises(TaskAwaitingInput):
            ask.execute(context(waiting, try_number=2))


def test_without_a_question_it_is_skipped(ask: AskPerson, waiting: int, database_url: str) -> None:
    with connect(database_url) as conn:
        ledger.answered(conn, waiting)
    with pytest.raises(AirflowSkipException):
        ask.execute(context(waiting))


def test_an_answer_is_passed_on_without_touching_anything(ask: AskPerson) -> None:
    event = {"chosen_options": [CONFIRM], "params_input": {BOUND: "x"}, "responded_by_user": None}
    assert ask.execute_complete({}, event)["confirmed"] is True


TIMEOUT = {"error": "…", "error_type": "timeout"}


@pytest.mark.parametrize(
    ("look", "given"), [(Look.KNOWN, {"confirmed": True}), (Look.NOBODY, {"confirmed": None})]
)
def test_what_looking_after_the_file_found_is_an_answer_too(
    ask: AskPerson,
    waiting: int,
    monkeypatch: pytest.MonkeyPatch,
    look: Look,
    given: dict[str, Any],
) -> None:
    monkeypatch.setattr("sverka.confirming.look_again", lambda *_: look)
    assert ask.execute_complete(context(waiting), TIMEOUT) == given


@pytest.mark.parametrize("look", [Look.CHANGED, Look.LEFT])
def test_a_question_that_is_none_any_more_ends_the_wait(
    ask: AskPerson, waiting: int, monkeypatch: pytest.MonkeyPatch, look: Look
) -> None:
    monkeypatch.setattr("sverka.confirming.look_again", lambda *_: look)
    with pytest.raises(AirflowSkipException):
        ask.execute_complete(context(waiting), TIMEOUT)


def test_it_waits_on_when_nothing_changed_and_when_it_cannot_look(
    ask: AskPerson, waiting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sverka.confirming.look_again", lambda *_: Look.WAITS)
    with pytest.raises(TaskAwaitingInput):
        ask.execute_complete(context(waiting), TIMEOUT)

    def away(*_: object) -> None:
        raise OSError("storage is away")

    monkeypatch.setattr("sverka.confirming.look_again", away)
    with pytest.raises(TaskAwaitingInput):
        ask.execute_complete(context(waiting), TIMEOUT)
    assert LOOK_AGAIN * 4 < ledger.UNATTENDED_AFTER
