"""The human-in-the-loop task: its text and form are the question of the run's file."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk.exceptions import AirflowSkipException

from sverka_airflow.parking import BOUND, Form, ParkedQuestion, bound, file_of, looked, who
from sverka_airflow.texts import ASKED_ANEW, CONFIRM, DECLINE, ELSEWHERE, NOTHING_TO_ASK

if TYPE_CHECKING:
    from airflow.sdk import Param

    from sverka.confirming.fields import Field
    from sverka.confirming.question import Asked


class AskPerson(ParkedQuestion):
    """Asks about the file that `claim` took, when there is something to ask; parks meanwhile.

    It succeeds with the fields of `sverka.confirming.Answer`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(options=[CONFIRM, DECLINE], **kwargs)

    def form(self, context: Any) -> Form:
        from sverka import settling
        from sverka.confirming import open_question, show
        from sverka_airflow.services import task_services

        services, file_id = task_services(), file_of(context)
        asked = show(services, file_id, context["dag_run"].run_id)
        standing = open_question(services, file_id)
        if asked is None or standing is None:
            raise AirflowSkipException(NOTHING_TO_ASK)
        # The run may wait for days; until then only the report says that it does.
        settling.publish(services, file_id)
        return Form(asked.subject, asked.body, form(asked), standing.drafted_at)

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return answer(event)

    def looked_after(self, context: Any) -> dict[str, Any]:
        from sverka.confirming import Look, look_again

        look = looked(look_again, context, waits=Look.WAITS)
        if look is Look.NOBODY:
            return {"confirmed": None}
        if look is Look.KNOWN:
            return {"confirmed": True}
        raise AirflowSkipException(ASKED_ANEW if look is Look.CHANGED else ELSEWHERE)


def form(asked: "Asked") -> "dict[str, Param]":
    """The form's fields by key, the binding last."""
    return {field.key: _param(field) for field in asked.fields} | bound(asked.sha256)


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
    return {
        "confirmed": list(event.get("chosen_options") or []) == [CONFIRM],
        "shown": fields.pop(BOUND, None),
        "fields": fields,
        "by": who(event),
    }
