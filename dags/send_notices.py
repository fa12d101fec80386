"""Оповещения по почте и в Telegram.

Каждые пять минут смотрит, о чём стоит сообщить: отчёт не принят, стоит или ждёт ответа, в нём есть
расхождения, утром не вышел отчёт за день. Каждое сообщение уходит один раз; что не ушло, пробует
отправить снова. Если никому ничего не настроено, не запускается и ничего не отправляет.
"""

from datetime import timedelta

from airflow.sdk import dag, task

from sverka_airflow.retries import PATIENTLY
from sverka_airflow.telling import every_few_minutes


@dag(
    dag_display_name="Оповещения",
    doc_md=__doc__,
    schedule=every_few_minutes(),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    tags=["сверка", "оповещения"],
    default_args=PATIENTLY | {"owner": "sverka", "retries": 2},
)
def send_notices() -> None:
    @task(task_display_name="Оповестить")
    def notify() -> dict:
        from sverka_airflow.telling import tell

        return tell()

    notify()


send_notices()
