"""What every DAG of this repository must be."""

import ast
import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from tests.support.airflow_home import ROOT

FILES = sorted((ROOT / "dags").glob("*.py"))
NAMES = {
    "watch_inbox",
    "settle_report",
    "mirror_moysklad",
    "publish_discrepancies",
    "undo_report",
    "send_notices",
}
HEAVY = {
    *("fsspec", "great_expectations", "lxml", "openpyxl", "pandas", "psycopg2", "python_calamine"),
    *("requests", "xlsxwriter"),
}
ABANDON_MARGIN = timedelta(days=1)
RUSSIAN = re.compile("[а-яё]", re.IGNORECASE)


def tasks(bag: Any) -> list[Any]:
    return [task for dag in bag.dags.values() for task in dag.tasks]


def test_these_are_the_dags(bag: Any) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) == NAMES


def test_there_is_one_dag_per_file_and_it_is_named_after_it() -> None:
    assert {path.stem for path in FILES} == NAMES


def test_dags_are_imported_without_settings(parse: Any) -> None:
    bag = parse()
    assert bag.import_errors == {}
    assert set(bag.dags) == NAMES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_is_short(path: Any) -> None:
    assert len(path.read_text().splitlines()) <= 60


def test_dag_files_bring_in_nothing_heavy() -> None:
    """Airflow reads them again and again; what does the work is imported where it is done."""
    program = (
        "import runpy, sys, airflow.sdk; before = set(sys.modules);"
        "[runpy.run_path(path) for path in sys.argv[1:]];"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    brought = subprocess.run(
        [sys.executable, "-c", program, *map(str, FILES)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert "sverka_airflow" in brought
    assert HEAVY.isdisjoint(brought)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_person_understands_the_dag(bag: Any, name: str) -> None:
    dag = bag.dags[name]
    assert RUSSIAN.search(dag.dag_display_name)
    assert RUSSIAN.search(dag.doc_md)
    assert len(dag.doc_md) > 100
    assert "сверка" in dag.tags
    for task in dag.tasks:
        assert RUSSIAN.search(task.task_display_name), task.task_id
        assert re.fullmatch("[a-z_]+", task.task_id)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_nothing_runs_for_ever_or_piles_up(bag: Any, name: str) -> None:
    dag = bag.dags[name]
    assert dag.dagrun_timeout is not None
    # A run of settle_report may wait for a person, and must not keep the others waiting.
    assert dag.max_active_runs == 500 if name == "settle_report" else dag.max_active_runs <= 4
    assert not dag.catchup
    for task in dag.tasks:
        assert task.owner == "sverka"
        assert task.execution_timeout is not None
        assert task.execution_timeout < dag.dagrun_timeout


def test_every_task_is_tried_again_when_something_outside_is_away(bag: Any) -> None:
    only_tells = {"check_zones"}
    assert tasks(bag)
    for task in tasks(bag):
        if task.task_id in only_tells:
            assert task.retries == 0
        else:
            assert task.retries >= 2, task.task_id
            assert type(task.retry_policy).__name__ == "AsTheErrorSays"


def test_a_step_speaks_up_before_its_claim_is_void(bag: Any) -> None:
    from sverka.intake.ledger import ABANDONED_AFTER

    for task in bag.dags["settle_report"].tasks:
        assert task.execution_timeout + task.max_retry_delay < ABANDONED_AFTER / 2


def test_a_waiting_run_is_looked_after_long_before_it_counts_as_gone(bag: Any) -> None:
    from sverka.confirming import waiting
    from sverka.intake.ledger import UNATTENDED_AFTER
    from sverka.posting import deciding

    dag = bag.dags["settle_report"]
    for name in ("ask", "ask_to_post"):
        assert 4 * dag.get_task(name).response_timeout < UNATTENDED_AFTER
    both = waiting.PATIENCE + deciding.PATIENCE
    assert dag.dagrun_timeout > both + ABANDON_MARGIN


def test_a_person_is_asked_between_recognising_and_learning(bag: Any) -> None:
    dag = bag.dags["settle_report"]
    assert dag.get_task("ask").upstream_task_ids == {"recognise"}
    learn = dag.get_task("learn")
    assert learn.upstream_task_ids == {"recognise", "ask"}
    assert learn.trigger_rule == "none_failed_min_one_success"
    assert dag.get_task("ask").options == ["Подтвердить", "Отклонить"]


def test_a_person_is_asked_about_the_rest_when_what_goes_by_itself_is_sent(bag: Any) -> None:
    dag = bag.dags["settle_report"]
    ask = dag.get_task("ask_to_post")
    assert ask.upstream_task_ids == {"send"}
    assert ask.options == ["Провести", "Не проводить"]
    assert ask.defaults is None
    # A question that is skipped skips its answer, too, and the file is finished all the same.
    assert dag.get_task("decide").upstream_task_ids == {"claim", "ask_to_post"}
    assert dag.get_task("decide").trigger_rule == "all_success"
    finish = dag.get_task("finish")
    assert finish.upstream_task_ids == {"send", "decide"}
    assert finish.trigger_rule == "none_failed_min_one_success"


def test_files_in_work_are_finished_before_new_ones_are_begun(bag: Any) -> None:
    dag = bag.dags["settle_report"]
    weights = [
        dag.get_task(name).weight_rule for name in ("claim", "recognise", "parse", "send", "finish")
    ]
    assert {str(getattr(rule, "value", rule)) for rule in weights} == {"upstream"}


def test_the_steps_of_a_file_stand_in_order(bag: Any) -> None:
    from sverka import settling

    dag = bag.dags["settle_report"]
    order = [step.__name__ for step in settling.STEPS]
    assert order[0] == "recognise"
    for before, after in zip(["claim", *order[:-1]], order, strict=True):
        assert before in dag.get_task(after).upstream_task_ids
    assert dag.get_task("claim").upstream_task_ids == set()


def test_the_report_is_renewed_after_a_refusal_too_and_the_run_stays_red(bag: Any) -> None:
    dag = bag.dags["settle_report"]
    assert dag.get_task("publish").is_teardown
    assert dag.get_task("claim").is_setup
    leaves = {task.task_id for task in dag.tasks if not task.downstream_list}
    assert leaves == {"publish"}


def test_every_step_of_a_file_says_so_when_it_gives_up(bag: Any) -> None:
    from sverka_airflow.failures import mark_stalled

    for task in bag.dags["settle_report"].tasks:
        assert task.on_failure_callback in (mark_stalled, [mark_stalled])


def test_any_doorbell_wakes_the_intake_and_so_does_the_clock(bag: Any, parse: Any) -> None:
    timetable = bag.dags["watch_inbox"].timetable
    assert {asset.name for asset in timetable.asset_condition.objects} == {
        "inbox_папка",
        "inbox_bucket",
    }
    assert type(timetable.asset_condition).__name__ == "AssetAny"
    assert timetable.timetable.expression == "*/5 * * * *"
    assert parse().dags["watch_inbox"].timetable.expression == "*/5 * * * *"


def test_the_intake_asks_for_runs_of_settle_report(bag: Any) -> None:
    [outlet] = bag.dags["watch_inbox"].get_task("take_files").outlets
    assert outlet.name == bag.dags["settle_report"].timetable.asset_condition.name


def test_people_are_told_when_the_report_is_out_and_when_it_is_not(bag: Any) -> None:
    from sverka.notices.daily import LATE_AFTER, PUBLISHED_AT

    dag = bag.dags["publish_discrepancies"]
    assert dag.get_task("notify").upstream_task_ids == {"publish"}
    assert dag.timetable.expression == f"{PUBLISHED_AT.minute} {PUBLISHED_AT.hour} * * *"
    [deadline] = dag.deadline
    assert deadline.interval == LATE_AFTER
    assert deadline.reference.reference_name == "DagRunLogicalDateDeadline"
    assert deadline.callback.path == "sverka_airflow.notifiers.TellOfAbsence"


@pytest.mark.parametrize(
    "name", ["publish_discrepancies", "mirror_moysklad", "watch_inbox", "undo_report"]
)
def test_a_task_that_belongs_to_no_file_says_so_when_it_gives_up(bag: Any, name: str) -> None:
    for task in bag.dags[name].tasks:
        [told] = task.on_failure_callback
        assert type(told).__name__ == "TellOfTask"


def test_notices_have_a_clock_only_where_somebody_is_told(bag: Any, parse: Any) -> None:
    assert bag.dags["send_notices"].timetable.can_be_scheduled is False
    channel = '[{"name": "o", "by": "email", "connection": "c", "to": ["o@shop.example"]}]'
    timetable = parse(SVERKA_NOTICES=channel).dags["send_notices"].timetable
    assert timetable.expression == "*/5 * * * *"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dag_file_imports_nothing_heavy_and_nothing_of_the_domain_at_its_top(path: Any) -> None:
    tops = [
        node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    modules = {getattr(node, "module", None) or node.names[0].name for node in tops}
    assert modules
    assert all(
        module.split(".")[0] in {"airflow", "datetime", "sverka_airflow"} for module in modules
    )
