"""The steps of `settle_report` as Airflow tasks."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

if TYPE_CHECKING:
    from airflow.sdk import XComArg

log = logging.getLogger(__name__)


def step(name: str, title: str, file_id: "XComArg", **options: Any) -> "XComArg":
    """A task that does the step of this name in `sverka.settling`; `title` is for people."""
    return task(task_id=name, task_display_name=title, **options)(run)(name, file_id)


def claim_file(context: Mapping[str, Any]) -> int:
    """The id of the file whose partition this run is.

    A run by hand names the file by its partition key, or by the param `file`.
    """
    from sverka import settling
    from sverka_airflow.services import task_services

    run = context["dag_run"]
    key = run.partition_key or context["params"].get("file")
    if not key:
        raise AirflowFailException("Не указано, какой файл обработать.")
    file_id = settling.claim(task_services(), key, run.run_id)
    if file_id is None:
        raise AirflowSkipException(f"«{key}»: файл уже обработан или обрабатывается.")
    return file_id


def run(name: str, file_id: int) -> dict[str, Any]:
    """Does one step; a refusal puts the file into quarantine and ends the run at once."""
    from sverka import settling
    from sverka.errors import Refusal
    from sverka_airflow.services import task_services

    services = task_services()
    try:
        counts: dict[str, Any] = getattr(settling, name)(services, file_id)
    except Refusal as refusal:
        settling.refuse(services, file_id, refusal)
        raise AirflowFailException(refusal.where_and_why()) from refusal
    log.info("file %s: %s: %s", file_id, name, counts)
    return counts
