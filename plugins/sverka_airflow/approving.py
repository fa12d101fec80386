"""The human-in-the-loop task of approvals: whether to post what the courier's policy asks about."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk import Param
from airflow.sdk.exceptions import AirflowSkipException

from sverka_airflow.parking import BOUND, Form, ParkedQuestion, bound, file_of, looked, who
from sverka_airflow.texts import (
    ASKED_ANEW,
    COMMENT,
    COMMENT_HINT,
    DO_NOT_POST,
    ELSEWHERE,
    NOTHING_TO_APPROVE,
    POST,
)

if TYPE_CHECKING:
    from sverka.posting.deciding import Look

CHOSEN = {POST: True, DO_NOT_POST: False}


class AskToPost(ParkedQuestion):
    """Asks about the part of the file's plan that waits for a person; without one it is skipped.

    It succeeds with the fields of `sverka.posting.deciding.Answer`. Who may answer is Airflow's:
    the right to edit the DAG's required actions.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(options=[POST, DO_NOT_POST], **kwargs)

    def form(self, context: Any) -> Form:
        from sverka import settling
        from sverka.posting.asked import asked, body, subject
        from sverka.posting.deciding import Look, wait
        from sverka.texts import Texts
        from sverka_airflow.services import task_services

        services, file_id = task_services(), file_of(context)
        question = wait(services, file_id, context["dag_run"].run_id)
        if isinstance(question, Look):
            raise AirflowSkipException(_words(question))
        settling.publish(services, file_id)
        say, shown = Texts(services.settings.language), asked(services, file_id)
        comment = Param(
            None, COMMENT_HINT, type=["null", "string"], maxLength=500, title=COMMENT, source="task"
        )
        params = {"comment": comment} | bound(question.seal)
        return Form(subject(shown, say), body(shown, say), params, question.asked_at)

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return answer(event)

    def looked_after(self, context: Any) -> dict[str, Any]:
        from sverka.posting.deciding import Look, look_again

        look = looked(look_again, context, waits=Look.WAITS)
        raise AirflowSkipException(_words(look))


def _words(look: "Look") -> str:
    return {"nothing": NOTHING_TO_APPROVE, "changed": ASKED_ANEW, "left": ELSEWHERE}[look.value]


def answer(event: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `sverka.posting.deciding.Answer` from Airflow's event.

    Only one plain option answers; anything else leaves the documents unposted.
    """
    fields = dict(event.get("params_input") or {})
    chosen = list(event.get("chosen_options") or [])
    return {
        "approved": CHOSEN.get(chosen[0]) if len(chosen) == 1 else None,
        "shown": fields.get(BOUND),
        "by": who(event),
        "comment": " ".join(str(fields.get("comment") or "").split()) or None,
    }
