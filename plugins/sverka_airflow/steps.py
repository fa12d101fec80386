"""The steps of `settle_report` as Airflow tasks."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk import task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from sverka_airflow.texts import ASKED_ANEW, ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow.sdk import XComArg

    from sverka.services import Services

log = logging.getLogger(__name__)

ASKED_OR_NOT = "none_failed_min_one_success"


def claim_step(title: str) -> Any:
    """The first task: whose id every step gets."""
    return task(task_id="claim", task_display_name=title)(claim)()


def step(name: str, title: str, file_id: "XComArg", **options: Any) -> "XComArg":
    """A task that does the step of this name in `sverka.settling`; `title` is for people."""
    return task(task_id=name, task_display_name=title, **options)(run)(name, file_id)


def learn_step(title: str) -> "XComArg":
    """The step `learn`: it runs whether a person was asked or not, but not for a skipped run.

    The file's id is pulled and no argument: what follows a setup must wait for all its successes.
    """
    return task(task_id="learn", task_display_name=title, trigger_rule=ASKED_OR_NOT)(learn)()


def decide_step(title: str, file_id: "XComArg", **options: Any) -> "XComArg":
    """The step `decide`: it runs only when a person answered whether to post."""
    return task(task_id="decide", task_display_name=title, **options)(decide)(file_id)


def finish_step(title: str) -> "XComArg":
    """The step `finish`: like `learn`, whether a person was asked or not."""
    return task(task_id="finish", task_display_name=title, trigger_rule=ASKED_OR_NOT)(finish)()


def claim(**context: Any) -> int:
    """The id of the run's file; a run without one is skipped."""
    return claim_file(context)


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


def run(name: str, file_id: int, *, dag_run: Any = None) -> dict[str, Any]:
    """Does one step; a refusal puts the file into quarantine and ends the run at once."""
    from sverka import settling

    return _done(name, file_id, dag_run, getattr(settling, name))


def learn(*, dag_run: Any = None, ti: Any = None) -> dict[str, Any]:
    """Applies the answer that the task `ask` got; without a question there is nothing to do."""
    from sverka import settling
    from sverka.confirming import Answer

    file_id = ti.xcom_pull(task_ids="claim")
    given = ti.xcom_pull(task_ids="ask")
    answer = Answer(**given) if given else None

    def apply(services: "Services", file_id: int) -> dict[str, Any]:
        return settling.learn(services, file_id, answer)

    learned = _done("learn", file_id, dag_run, apply)
    if learned["again"]:
        raise AirflowSkipException(ASKED_ANEW)
    return learned


def decide(file_id: int, *, dag_run: Any = None, ti: Any = None) -> dict[str, Any]:
    """Applies the answer that the task `ask_to_post` got."""
    from sverka import settling
    from sverka.posting.deciding import Answer

    answer = Answer(**ti.xcom_pull(task_ids="ask_to_post"))

    def apply(services: "Services", file_id: int) -> dict[str, Any]:
        return settling.decide(services, file_id, answer)

    decided = _done("decide", file_id, dag_run, apply)
    if decided["again"]:
        raise AirflowSkipException(ASKED_ANEW)
    return decided


def finish(*, dag_run: Any = None, ti: Any = None) -> dict[str, Any]:
    """The last step of a file that was not given away meanwhile."""
    return run("finish", ti.xcom_pull(task_ids="claim"), dag_run=dag_run)


def _done(
    name: str, file_id: int, dag_run: Any, work: "Callable[[Services, int], dict[str, Any]]"
) -> dict[str, Any]:
    from sverka import settling
    from sverka.errors import Refusal
    from sverka_airflow.services import task_services

    services = task_services()
    if name != "publish" and not settling.still_claimed(services, file_id, dag_run.run_id):
        raise AirflowSkipException(ELSEWHERE)
    try:
        counts = work(services, file_id)
    except Refusal as refusal:
        settling.refuse(services, file_id, refusal)
        raise AirflowFailException(refusal.where_and_why()) from refusal
    log.info("file %s: %s: %s", file_id, name, counts)
    if counts.get("seal"):
        from sverka.posting.preview_told import plan_in_short

        log.info("%s", plan_in_short(services, file_id))
    return counts
