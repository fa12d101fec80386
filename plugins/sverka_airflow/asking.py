"""The human-in-the-loop task: its text and form are the question of the run's file."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk.exceptions import AirflowSkipException, TaskAwaitingInput

from sverka_airflow.texts import (
    ASKED_ANEW,
    BINDING,
    BINDING_HINT,
    CONFIRM,
    DECLINE,
    ELSEWHERE,
    NOTHING_TO_ASK,
)

if TYPE_CHECKING:
    from airflow.sdk import Param

    from sverka.confirming.fields import Field
    from sverka.confirming.question import Asked

LOOK_AGAIN = timedelta(minutes=15)
"""A waiting run looks after its file this often: what another file has taught may be enough."""
BOUND = "question"
"""The field that carries the question's digest back: Airflow keeps a task instance's first form
through retries and clearing, so only the form itself can say what a person saw."""

log = logging.getLogger(__name__)


class AskPerson(HITLOperator):
    """Asks about the file that `claim` took, when there is something to ask; parks meanwhile.

    A parked task holds no slot. It succeeds with the fields of `sverka.confirming.Answer`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            subject="Файл", options=[CONFIRM, DECLINE], response_timeout=LOOK_AGAIN, **kwargs
        )

    def execute(self, context: Any) -> dict[str, Any]:
        from airflow.sdk.execution_time.hitl import upsert_hitl_detail

        from sverka.confirming import open_question, show
        from sverka_airflow.services import task_services

        services, file_id = task_services(), _file(context)
        asked = show(services, file_id, context["dag_run"].run_id)
        standing = open_question(services, file_id)
        if asked is None or standing is None:
            raise AirflowSkipException(NOTHING_TO_ASK)
        if context["ti"].try_number > 1 and (given := given_since(context, standing.drafted_at)):
            return given
        upsert_hitl_detail(
            ti_id=context["ti"].id,
            options=self.options,
            subject=asked.subject,
            body=asked.body,
            params={key: param.serialize() for key, param in form(asked).items()},
        )
        log.info("waiting for an answer about %s", asked.subject)
        raise parked()

    def execute_complete(self, context: Any, event: dict[str, Any]) -> dict[str, Any]:
        """With an answer it does nothing that could fail: a retry would wipe the answer out."""
        if "error" not in event:
            return answer(event)
        return self._looked_after(context)

    def _looked_after(self, context: Any) -> dict[str, Any]:
        """`LOOK_AGAIN` has passed without an answer."""
        from psycopg2 import OperationalError

        from sverka.confirming import Look, look_again
        from sverka.errors import SverkaError
        from sverka_airflow.services import task_services

        try:
            look = look_again(task_services(), _file(context), context["dag_run"].run_id)
        except (SverkaError, OperationalError, OSError):
            log.exception("cannot look after the file now; the question stands")
            look = Look.WAITS
        if look is Look.WAITS:
            raise parked()
        if look is Look.NOBODY:
            return {"confirmed": None}
        if look is Look.KNOWN:
            return {"confirmed": True}
        raise AirflowSkipException(ASKED_ANEW if look is Look.CHANGED else ELSEWHERE)


def parked() -> TaskAwaitingInput:
    """What a task raises to wait for a person without a slot."""
    return TaskAwaitingInput(method_name="execute_complete", timeout=LOOK_AGAIN)


def _file(context: Mapping[str, Any]) -> int:
    return int(context["ti"].xcom_pull(task_ids="claim"))


def given_since(context: Mapping[str, Any], drafted_at: datetime) -> dict[str, Any] | None:
    """The answer that an earlier try got to this question and did not live to pass on.

    Airflow 3.3.2 may fail a task that is answered within a second or two of parking, and asking
    anew would wipe the answer out. A cleared run drafts anew, so its old answer is too old.
    """
    from airflow.sdk.execution_time.hitl import get_hitl_detail_content_detail

    given = get_hitl_detail_content_detail(ti_id=context["ti"].id)
    if not given.response_received or given.responded_at is None or given.responded_at < drafted_at:
        return None
    user = given.responded_by_user
    return answer(
        {
            "chosen_options": given.chosen_options,
            "params_input": given.params_input,
            "responded_by_user": {"id": user.id, "name": user.name} if user else None,
        }
    )


def form(asked: "Asked") -> "dict[str, Param]":
    """The form's fields by key, the binding last."""
    from airflow.sdk import Param

    bound = Param(
        asked.sha256, BINDING_HINT, type="string", enum=[asked.sha256], title=BINDING, source="task"
    )
    return {field.key: _param(field) for field in asked.fields} | {BOUND: bound}


def _param(field: "Field") -> "Param":
    from airflow.sdk import Param

    hint = field.hint or None
    if field.kind == "switch":
        return Param(False, hint, type="boolean", title=field.title, source="task")  # noqa: FBT003 - the default of the switch
    if field.kind == "text":
        return Param(
            field.proposed, hint, type=["null", "string"], title=field.title, source="task"
        )
    return Param(
        field.proposed,
        hint,
        type="string",
        enum=[value for value, _ in field.choices],
        values_display=dict(field.choices),
        title=field.title,
        source="task",
    )


def answer(event: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `sverka.confirming.Answer` from Airflow's event."""
    fields = dict(event.get("params_input") or {})
    chosen = list(event.get("chosen_options") or [])
    user = event.get("responded_by_user") or {}
    return {
        "confirmed": chosen == [CONFIRM],
        "shown": fields.pop(BOUND, None),
        "fields": fields,
        "by": str(user.get("name") or user.get("id") or ""),
    }
