"""Разбор одного отчёта службы доставки, от файла до документов в МоёмСкладе.

Каждый файл — отдельный запуск. Название запуска — имя файла и начало его отпечатка.

Запуск ждёт ответа: такой отчёт Сверка видит впервые, или часть документов не проводит без человека.
Запуск красный: в журнале красной задачи написано, что не так и что сделать. Файл, который нельзя
принять, лежит в карантине с объяснением. Повторный запуск безопасен: дважды ничего не создаётся.
"""

from datetime import timedelta

from airflow.sdk import Param, PartitionedAssetTimetable, chain, dag

from sverka_airflow.approving import AskToPost
from sverka_airflow.asking import AskPerson
from sverka_airflow.assets import SETTLEMENT_FILE
from sverka_airflow.failures import mark_stalled
from sverka_airflow.retries import PATIENTLY
from sverka_airflow.steps import claim_step, decide_step, finish_step, learn_step, step


@dag(
    dag_display_name="Разбор отчёта",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=SETTLEMENT_FILE),
    catchup=False,
    max_active_runs=500,  # a run that waits for a person holds no slot and must stop nobody
    dagrun_timeout=timedelta(days=16),  # a person has seven days for each of two answers
    tags=["сверка", "разбор"],
    params={"file": Param(None, type=["null", "string"], title="Файл (имя · отпечаток)")},
    default_args=PATIENTLY
    | {"owner": "sverka", "on_failure_callback": mark_stalled, "weight_rule": "upstream"},
)
def settle_report() -> None:
    file = claim_step("Взять файл в работу").as_setup()
    recognised = step("recognise", "Узнать службу доставки", file)
    asked = AskPerson(task_id="ask", task_display_name="Спросить человека")
    recognised >> asked
    sent = step("send", "Провести в МоёмСкладе", file, execution_timeout=timedelta(hours=2))
    finished = finish_step("Отметить готовым")
    chain(
        [recognised, asked],
        learn_step("Учесть ответ"),
        step("parse", "Прочитать строки", file),
        step("check", "Проверить суммы", file),
        step("refresh_snapshot", "Обновить данные МоегоСклада", file),
        step("reconcile", "Сверить с заказами", file),
        step("plan", "Подготовить документы", file),
        step("approve", "Одобрить документы", file),
        sent,
        AskToPost(task_id="ask_to_post", task_display_name="Спросить, проводить ли"),
        decide_step("Провести одобренное", file, execution_timeout=timedelta(hours=2)),
        finished,
    )
    # A teardown: the report is renewed after a refusal as well, and the run stays red.
    sent >> finished >> step("publish", "Обновить отчёт", file).as_teardown(setups=file)


settle_report()
