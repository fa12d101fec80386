"""Забирает новые отчёты служб доставки.

Стоит положить файл в папку для отчётов, и этот процесс замечает его за несколько секунд, ждёт,
пока файл догрузится, убирает в архив и запускает «Разбор отчёта» — отдельно для каждого файла.
Один и тот же файл дважды не обрабатывается, даже если его переименовать.

Красная задача «Проверить папки» значит, что какая-то папка или файл недоступны; что именно,
написано в её журнале. Остальные файлы при этом обработаны.
"""

from datetime import timedelta

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from sverka_airflow.assets import SETTLEMENT_FILE, sweep_and_doorbells
from sverka_airflow.notifiers import TOLD
from sverka_airflow.retries import PATIENTLY


@dag(
    dag_display_name="Приём отчётов",
    doc_md=__doc__,
    schedule=sweep_and_doorbells("*/5 * * * *"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=30),
    tags=["сверка", "приём"],
    default_args=PATIENTLY
    | TOLD
    | {"owner": "sverka", "retries": 2, "execution_timeout": timedelta(minutes=10)},
)
def watch_inbox() -> None:
    @task(task_display_name="Забрать файлы", outlets=[SETTLEMENT_FILE])
    def take_files(*, outlet_events, ti) -> None:  # type: ignore[no-untyped-def]
        from sverka_airflow.inbox import look_round

        found = look_round()
        ti.xcom_push(key="troubles", value=found.troubles)
        if not found.keys:
            raise AirflowSkipException("Новых файлов нет.")
        outlet_events[SETTLEMENT_FILE].add_partitions(found.keys)

    @task(task_display_name="Проверить папки", trigger_rule="none_failed", retries=0)
    def check_zones(*, ti) -> None:  # type: ignore[no-untyped-def]
        troubles = ti.xcom_pull(task_ids="take_files", key="troubles")
        if troubles:
            raise AirflowFailException("\n".join(troubles))

    take_files() >> check_zones()


watch_inbox()
