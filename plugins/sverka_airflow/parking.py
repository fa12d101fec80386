"""What every question to a person in Airflow shares: it parks, is bound to what was shown, survives.

A parked task holds no slot. Airflow keeps a task instance's first form through retries and
clearing, so only the form itself can say what a person saw: a field carries its digest back.
"""

import logging
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk.exceptions import TaskAwaitingInput

from sverka_airflow.texts import BINDING, BINDING_HINT

if TYPE_CHECKING:
    from airflow.sdk import Param

    from sverka.services import Services

L = TypeVar("L")

LOOK_AGAIN = timedelta(minutes=15)
"""A waiting run looks after its file this often: what happened elsewhere may be enough."""
BOUND = "question"
"""The field that carries the question's digest back."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Form:
    """A question as Airflow shows it: `params` are the fields by key, the binding last.

    An answer that an earlier try got counts when it is not older than `since`.
    """

    subject: str
    body: str
    params: "dict[str, Param]"
    since: datetime


class ParkedQuestion(HITLOperator):
    """A question that parks until it is answered; looks after its file every `LOOK_AGAIN`."""

    def __init__(self, *, options: list[str], **kwargs: Any) -> None:
        super().__init__(subject="Файл", options=options, response_timeout=LOOK_AGAIN, **kwargs)

    @abstractmethod
    def form(self, context: Any) -> Form:
        """What to show; skips the task when there is nothing to ask."""

    @abstractmethod
    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """What the task hands on, from Airflow's event."""

    @abstractmethod
    def looked_after(self, context: Any) -> dict[str, Any]:
        """`LOOK_AGAIN` has passed without an answer: parks again, goes on or skips."""

    def execute(self, context: Any) -> dict[str, Any]:
        from airflow.sdk.execution_time.hitl import upsert_hitl_detail

        form = self.form(context)
        if context["ti"].try_number > 1 and (given := given_since(context, form.since)):
            return self.answer(given)
        upsert_hitl_detail(
            ti_id=context["ti"].id,
            options=self.options,
            subject=form.subject,
            body=form.body,
            params={key: param.serialize() for key, param in form.params.items()},
        )
        log.info("waiting for an answer about %s", form.subject)
        raise parked()

    def execute_complete(self, context: Any, event: dict[str, Any]) -> dict[str, Any]:
        """With an answer it does nothing that could fail: a retry would wipe the answer out."""
        if "error" not in event:
            return self.answer(event)
        return self.looked_after(context)


def parked() -> TaskAwaitingInput:
    """What a task raises to wait for a person without a slot."""
    return TaskAwaitingInput(method_name="execute_complete", timeout=LOOK_AGAIN)


def looked(look_again: "Callable[[Services, int, str], L]", context: Any, *, waits: L) -> L:
    """What a look after the run's file found.

    Raises:
        TaskAwaitingInput: it `waits` for the answer, or nobody can look now: the question stands.
    """
    from psycopg2 import OperationalError

    from sverka.errors import SverkaError
    from sverka_airflow.services import task_services

    try:
        look = look_again(task_services(), file_of(context), context["dag_run"].run_id)
    except (SverkaError, OperationalError, OSError):
        log.exception("cannot look after the file now; the question stands")
        look = waits
    if look is waits:
        raise parked()
    return look


def file_of(context: Mapping[str, Any]) -> int:
    """The file that `claim` took."""
    return int(context["ti"].xcom_pull(task_ids="claim"))


def bound(digest: str) -> "dict[str, Param]":
    """The form's last field: what the person has seen."""
    from airflow.sdk import Param

    field = Param(digest, BINDING_HINT, type="string", enum=[digest], title=BINDING, source="task")
    return {BOUND: field}


def who(event: Mapping[str, Any]) -> str:
    """The Airflow user who answered; empty when the event does not say."""
    user = event.get("responded_by_user") or {}
    return str(user.get("name") or user.get("id") or "")


def given_since(context: Mapping[str, Any], since: datetime) -> dict[str, Any] | None:
    """The answer that an earlier try got to this question and did not live to pass on.

    Airflow 3.3.2 may fail a task that is answered within a second or two of parking, and asking
    anew would wipe the answer out. What is asked anew has a later `since`.
    """
    from airflow.sdk.execution_time.hitl import get_hitl_detail_content_detail

    given = get_hitl_detail_content_detail(ti_id=context["ti"].id)
    if not given.response_received or given.responded_at is None or given.responded_at < since:
        return None
    user = given.responded_by_user
    return {
        "chosen_options": given.chosen_options,
        "params_input": given.params_input,
        "responded_by_user": {"id": user.id, "name": user.name} if user else None,
    }
