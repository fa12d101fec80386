"""The question whether to post, in Airflow: bound to the plan, parked without a slot, survives."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import DAG
from airflow.sdk.exceptions import AirflowSkipException, TaskAwaitingInput
from airflow.sdk.execution_time import hitl

from sverka import settling
from sverka.posting import deciding
from sverka.posting.deciding import Look
from sverka_airflow import services as airflow_services
from sverka_airflow import steps
from sverka_airflow.approving import AskToPost, answer
from sverka_airflow.parking import BOUND, LOOK_AGAIN
from sverka_airflow.texts import DO_NOT_POST, POST
from tests.posting.conftest import Desk, desk, sandbox, shop
from tests.posting.undone import Booked, delivered

__all__ = ["desk", "sandbox", "shop"]

RUN = "run 1"
TIMEOUT = {"error": "…", "error_type": "timeout"}


@pytest.fixture
def ask() -> AskToPost:
    with DAG("d", schedule=None):
        return AskToPost(task_id="ask_to_post")


@pytest.fixture
def waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Booked:
    """A claimed file with a plan that a person has to approve."""
    monkeypatch.setattr(airflow_services, "task_services", lambda: desk.services)
    monkeypatch.setattr(settling, "publish", lambda *_: {})
    monkeypatch.setattr(deciding, "mirror", lambda _: None)
    desk.terms("dalli", approval="nothing")
    file = delivered(desk, desk.orders("dalli")[:1])
    desk.books.run("update file set claimed_by = %s, claimed_at = now()", RUN)
    settling.plan(desk.services, file.file_id)
    settling.approve(desk.services, file.file_id)
    return file


@pytest.fixture
def forms(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What was given to Airflow to show."""
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(hitl, "upsert_hitl_detail", lambda **given: shown.append(given))
    return shown  # type: ignore[return-value]


def context(file: Booked, given: Any = None, try_number: int = 1) -> dict[str, Any]:
    pulled = {"claim": file.file_id, "ask_to_post": given}
    ti = SimpleNamespace(
        id="ti", try_number=try_number, xcom_pull=lambda task_ids: pulled[task_ids]
    )
    return {"ti": ti, "dag_run": SimpleNamespace(run_id=RUN)}


def event(*chosen: str, **fields: Any) -> dict[str, Any]:
    user = {"id": "7", "name": "Мария"}
    return {"chosen_options": list(chosen), "params_input": fields, "responded_by_user": user}


def test_the_form_is_bound_to_the_plan_and_the_task_parks(
    ask: AskToPost, waiting: Booked, forms: list[dict[str, Any]], desk: Desk
) -> None:
    with pytest.raises(TaskAwaitingInput) as parked:
        ask.execute(context(waiting))
    assert parked.value.timeout == LOOK_AGAIN
    [form] = forms
    [[seal]] = desk.books.run("select seal from plan_question")
    assert form["options"] == [POST, DO_NOT_POST]
    assert (form["params"][BOUND]["value"], form["params"][BOUND]["schema"]["enum"]) == (
        seal,
        [seal],
    )
    assert "null" in form["params"]["comment"]["schema"]["type"], "a comment is optional"
    assert f"/sverka/files/{waiting.file_id}/plan" in form["body"]
    assert "defaults" not in form, "silence chooses nothing"


def test_a_file_with_nothing_to_ask_is_skipped_at_once(
    ask: AskToPost, waiting: Booked, forms: list[dict[str, Any]], desk: Desk
) -> None:
    desk.terms("dalli", approval="clean_lines")
    settling.approve(desk.services, waiting.file_id)
    with pytest.raises(AirflowSkipException, match="Решать нечего"):
        ask.execute(context(waiting))
    assert forms == []


@pytest.mark.parametrize(
    ("chosen", "approved"),
    [
        ([POST], True),
        ([DO_NOT_POST], False),
        ([], None),
        ([POST, DO_NOT_POST], None),
        (["?"], None),
    ],
)
def test_only_one_plain_option_answers(chosen: list[str], approved: bool | None) -> None:
    given = answer(event(*chosen, **{BOUND: "seal", "comment": "  так\n надо "}))
    assert given == {"approved": approved, "shown": "seal", "by": "Мария", "comment": "так надо"}


def test_an_answer_without_the_form_is_bound_to_nothing() -> None:
    given = answer({"chosen_options": [POST], "params_input": None, "responded_by_user": None})
    assert (given["shown"], given["by"], given["comment"]) == (None, "", None)


def test_an_answer_is_passed_on_without_touching_anything(ask: AskToPost) -> None:
    assert ask.execute_complete({}, event(POST, **{BOUND: "seal"}))["approved"] is True


@pytest.mark.parametrize(("hours", "taken"), [(1, True), (-1, False), (None, False)])
def test_a_retry_passes_on_the_answer_to_this_question(
    ask: AskToPost,
    waiting: Booked,
    forms: list[dict[str, Any]],
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    hours: int | None,
    taken: bool,
) -> None:
    at = None if hours is None else desk.clock.now + timedelta(hours=hours)
    earlier = SimpleNamespace(
        response_received=hours is not None,
        responded_at=at,
        chosen_options=[POST],
        params_input={BOUND: "seal"},
        responded_by_user=SimpleNamespace(id="7", name="Мария"),
    )
    monkeypatch.setattr(hitl, "get_hitl_detail_content_detail", lambda **_: earlier)
    if taken:
        given = ask.execute(context(waiting, try_number=2))
        assert (given["approved"], given["by"], forms) == (True, "Мария", [])
    else:
        with pytest.raises(TaskAwaitingInput):
            ask.execute(context(waiting, try_number=2))


def test_a_cleared_task_shows_the_same_question(
    ask: AskToPost, waiting: Booked, forms: list[dict[str, Any]]
) -> None:
    for _ in range(2):
        with pytest.raises(TaskAwaitingInput):
            ask.execute(context(waiting))
    assert forms[0] == forms[1]


def test_a_run_that_has_shown_another_plan_gives_the_file_to_a_new_one(
    ask: AskToPost, waiting: Booked, forms: list[dict[str, Any]], desk: Desk
) -> None:
    with pytest.raises(TaskAwaitingInput):
        ask.execute(context(waiting))
    desk.books.run("update line set fee_delivery = 1, payout = payout + fee_delivery - 1")
    desk.plan(waiting.file_id)
    with pytest.raises(AirflowSkipException, match="заново"):
        ask.execute(context(waiting))
    assert len(forms) == 1
    assert desk.books.run("select state from file") == [("registered",)]


@pytest.mark.parametrize(
    ("look", "words"), [(Look.NOTHING, "нечего"), (Look.CHANGED, "заново"), (Look.LEFT, "другой")]
)
def test_a_question_that_is_none_any_more_ends_the_wait(
    ask: AskToPost, waiting: Booked, monkeypatch: pytest.MonkeyPatch, look: Look, words: str
) -> None:
    monkeypatch.setattr(deciding, "look_again", lambda *_: look)
    with pytest.raises(AirflowSkipException, match=words):
        ask.execute_complete(context(waiting), TIMEOUT)


def test_it_waits_on_when_nothing_changed_and_when_it_cannot_look(
    ask: AskToPost, waiting: Booked, forms: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TaskAwaitingInput):
        ask.execute(context(waiting))
    with pytest.raises(TaskAwaitingInput):
        ask.execute_complete(context(waiting), TIMEOUT)

    def away(*_: object) -> None:
        raise OSError("the database is away")

    monkeypatch.setattr(deciding, "look_again", away)
    with pytest.raises(TaskAwaitingInput):
        ask.execute_complete(context(waiting), TIMEOUT)


def decided(desk: Desk, file: Booked, *chosen: str, seal: str | None = None) -> dict[str, Any]:
    [[standing]] = desk.books.run("select seal from plan_question where answer is null")
    given = answer(event(*chosen, **{BOUND: seal or standing}))
    told = context(file, given)
    return steps.decide(file.file_id, dag_run=told["dag_run"], ti=told["ti"])


def test_the_answer_is_applied_in_the_name_of_the_airflow_user(
    ask: AskToPost, waiting: Booked, forms: list[dict[str, Any]], desk: Desk
) -> None:
    with pytest.raises(TaskAwaitingInput):
        ask.execute(context(waiting))
    assert decided(desk, waiting, POST)["answer"] == "post"
    rows = desk.books.run("select distinct state, approved_by from posting")
    assert rows == [("posted", "Мария")]
    told = context(waiting)
    steps.finish(dag_run=told["dag_run"], ti=told["ti"])
    assert desk.books.run("select state from file") == [("settled",)]


def test_a_void_answer_gives_the_file_to_a_new_run(
    ask: AskToPost, waiting: Booked, forms: list[dict[str, Any]], desk: Desk
) -> None:
    with pytest.raises(TaskAwaitingInput):
        ask.execute(context(waiting))
    with pytest.raises(AirflowSkipException, match="заново"):
        decided(desk, waiting, POST, seal="0" * 64)
    assert desk.books.run("select state, claimed_by from file") == [("registered", None)]
    assert desk.in_moysklad() == {}
    told = context(waiting)
    with pytest.raises(AirflowSkipException):
        steps.finish(dag_run=told["dag_run"], ti=told["ti"])


@pytest.mark.parametrize(("role", "may"), [("viewer", False), ("user", True), ("op", True)])
def test_who_may_answer_is_airflows_own_permission(role: str, may: bool) -> None:
    from airflow.api_fastapi.auth.managers.models.resource_details import (
        DagAccessEntity,
        DagDetails,
    )
    from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from airflow.api_fastapi.core_api.routes.public.hitl import task_instances_hitl_router

    [patch] = [route for route in task_instances_hitl_router.routes if "PATCH" in route.methods]
    assert "requires_access_dag" in repr([d.call for d in patch.dependant.dependencies])
    user: Any = SimpleAuthManagerUser(username="Мария", role=role)
    allowed = SimpleAuthManager().is_authorized_dag(
        method="PUT",
        access_entity=DagAccessEntity.HITL_DETAIL,
        details=DagDetails(id="settle_report"),
        user=user,
    )
    assert allowed is may
