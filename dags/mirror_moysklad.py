"""Обновляет копию заказов и отгрузок из МоегоСклада.

Каждые 15 минут читает всё, что изменилось. Раз в сутки сверяет копию целиком: так находятся документы,
удалённые без следа. В МойСклад ничего не записывает. Первый запуск читает все заказы целиком и может
идти несколько минут.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, task

from sverka_airflow.notifiers import TOLD
from sverka_airflow.retries import PATIENTLY


@dag(
    dag_display_name="Копия МоегоСклада",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("*/15 * * * *", timezone="Europe/Moscow"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    tags=["сверка", "мойсклад"],
    default_args=PATIENTLY | TOLD | {"owner": "sverka", "execution_timeout": timedelta(hours=2)},
)
def mirror_moysklad() -> None:
    @task(task_display_name="Прочитать изменения")
    def mirror() -> dict:
        from sverka_airflow.mirroring import read_changes

        return read_changes()

    @task(task_display_name="Раз в сутки сверить всё")
    def compare() -> dict | None:
        from dataclasses import asdict

        from sverka.snapshot import compare_if_due
        from sverka_airflow.services import task_services

        compared = compare_if_due(task_services())
        return asdict(compared) if compared else None

    @task(task_display_name="Пересчитать экономику заказов")
    def economics() -> int:
        from sverka.economics import catch_up
        from sverka_airflow.services import task_services

        return catch_up(task_services())

    mirror() >> compare() >> economics()


mirror_moysklad()
