"""Разбор одного отчёта службы доставки, от файла до документов в МоёмСкладе.

Каждый файл — отдельный запуск. Название запуска — имя файла и начало его отпечатка.

Если запуск ждёт ответа, откройте задачу «Спросить человека»: такой отчёт Сверка видит впервые.
Если запуск красный, откройте красную задачу: в журнале написано по-русски, что не так и что
сделать. Файл, который нельзя принять, лежит в карантине с объяснением. Если не отвечал МойСклад,
делать ничего не нужно. Повторный запуск безопасен: ни один документ не создаётся дважды.
"""

from datetime import timedelta

from airflow.sdk import Param, PartitionedAssetTimetable, chain, dag, task

from sverka_airflow.asking import AskPerson
from sverka_airflow.assets import SETTLEMENT_FILE
from sverka_airflow.failures import mark_stalled
from sverka_airflow.retries import PATIENTLY
from sverka_airflow.steps import claim_file, learn_step, step


@dag(
    dag_display_name="Разбор отчёта",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=SETTLEMENT_FILE),
    catchup=False,
    max_active_runs=500,  # a run that waits for a person holds no slot and must stop nobody
    dagrun_timeout=timedelta(days=9),  # a person has seven days to answer
    tags=["сверка", "разбор"],
    params={"file": Param(None, type=["null", "string"], title="Файл (имя · отпечаток)")},
    default_args=PATIENTLY
    | {"owner": "sverka", "on_failure_callback": mark_stalled, "weight_rule": "upstream"},
)
def settle_report() -> None:
    @task(task_display_name="Взять файл в работу")
    def claim(**context) -> int:  # type: ignore[no-untyped-def]
        return claim_file(context)

    file = claim().as_setup()
    recognised = step("recognise", "Узнать службу доставки", file)
    asked = AskPerson(task_id="ask", task_display_name="Спросить человека")
    finished = step("finish", "Отметить готовым", file)
    recognised >> asked
    chain(
        [recognised, asked],
        learn_step("Учесть ответ"),
        step("parse", "Прочитать строки", file),
        step("check", "Проверить суммы", file),
        step("refresh_snapshot", "Обновить данные МоегоСклада", file),
        step("reconcile", "Сверить с заказами", file),
        step("plan", "Подготовить документы", file),
        step("approve", "Одобрить документы", file),
        step("send", "Провести в МоёмСкладе", file, execution_timeout=timedelta(hours=2)),
        finished,
    )
    # A teardown: the report is renewed after a refusal as well, and the run stays red.
    finished >> step("publish", "Обновить отчёт", file).as_teardown(setups=file)


settle_report()
