"""The tasks of `undo_report`: who asks is the person who started the run."""

import logging
from collections.abc import Mapping
from typing import Any

log = logging.getLogger(__name__)

ACTIONS = {
    "undo": "Отменить всё, что провёл этот файл",
    "show": "Только показать, что было бы отменено",
    "supersede": "Заменить старый отчёт этим",
    "separate": "Это отдельный отчёт, провести как обычно",
    "ask": "Спросить ещё раз о том, что решили не проводить",
}
"""What the form offers."""

SOMEBODY = "Airflow"
"""Who asked when the run does not say, such as one started through the API."""


def find(params: Mapping[str, Any]) -> int:
    """The file's id; a wrong name ends the run at once, with words."""
    from airflow.sdk.exceptions import AirflowFailException

    from sverka.posting.undoing_files import NoSuchFile, file_named
    from sverka_airflow.services import task_services

    with task_services().connect() as conn:
        try:
            return file_named(conn, str(params["file"]))
        except NoSuchFile as error:
            raise AirflowFailException(str(error)) from error


def act(params: Mapping[str, Any], file_id: int, dag_run: Any) -> str:
    """Does what the form says; returns what came of it, in Russian."""
    from sverka.posting import supersede, undo
    from sverka.posting.deciding import ask_again
    from sverka_airflow.services import task_services

    services = task_services()
    by = getattr(dag_run, "triggering_user_name", None) or SOMEBODY
    match params["action"]:
        case "undo":
            text = undo.undo(services, file_id, by, reason=params.get("reason")).text
        case "show":
            text = undo.preview(services, file_id).text
        case "supersede":
            text = supersede.supersede(services, file_id, by).text
        case "separate":
            sent = supersede.separate(services, file_id, by)
            text = f"Это отдельный отчёт. Документов в МоёмСкладе: {sent.posted}"
        case "ask":
            text = f"Сверка спросит ещё раз. Документов: {ask_again(services, file_id, by)}"
        case other:
            raise ValueError(f"unknown action {other!r}")
    for line in text.splitlines():
        log.info("%s", line)
    return text


def renew_report(file_id: int) -> dict[str, Any]:
    """Renews the report of the day the file came in."""
    from sverka import settling
    from sverka_airflow.services import task_services

    return settling.publish(task_services(), file_id)
