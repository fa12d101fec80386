"""Разбор одного отчёта службы доставки, от файла до документов в МоёмСкладе.

Каждый файл — отдельный запуск. Название запуска — имя файла и начало его отпечатка.

Если запуск красный, откройте красную задачу: в журнале написано по-русски, что не так и что
сделать. Файл, который нельзя принять, лежит в карантине вместе с объяснением. Если не отвечал
МойСклад, делать ничего не нужно: Сверка продолжит сама. Повторный запуск безопасен: ни один
документ не создаётся дважды.
"""

from datetime import timedelta

from airflow.sdk import Param, PartitionedAssetTimetable, chain, dag, task

from sverka_airflow.assets import SETTLEMENT_FILE
from sverka_airflow.failures import mark_stalled
from sverka_airflow.retries import PATIENTLY
from sverka_airflow.steps import claim_file, step


@dag(
    dag_display_name="Разбор отчёта",
    doc_md=__doc__,
    schedule=PartitionedAssetTimetable(assets=SETTLEMENT_FILE),
    catchup=False,
    max_active_runs=4,
    dagrun_timeout=timedelta(hours=6),
    tags=["сверка", "разбор"],
    params={"file": Param(None, type=["null", "string"], title="Файл (имя · отпечаток)")},
    default_args=PATIENTLY | {"owner": "sverka", "on_failure_callback": mark_stalled},
)
def settle_report() -> None:
    @task(task_display_name="Взять файл в работу")
    def claim(**context) -> int:  # type: ignore[no-untyped-def]
        return claim_file(context)

    file = claim().as_setup()
    finished = step("finish", "Отметить готовым", file)
    chain(
        step("recognise", "Узнать службу доставки", file),
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
