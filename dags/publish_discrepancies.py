"""Отчёт о расхождениях за день.

Каждое утро в семь часов по Москве публикует отчёт за вчерашний день. Чтобы получить отчёт за
другой день, запустите вручную и укажите дату. Отчёт открывается в разделе «Расхождения» и, если
настроены оповещения, приходит по почте и в Telegram. Если к восьми его нет, об этом тоже сообщается.
"""

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, Param, dag, task

from sverka_airflow.notifiers import TOLD, within_an_hour
from sverka_airflow.retries import PATIENTLY


@dag(
    dag_display_name="Отчёт о расхождениях",
    doc_md=__doc__,
    schedule=CronTriggerTimetable("0 7 * * *", timezone="Europe/Moscow"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    deadline=within_an_hour("Утренний отчёт"),
    tags=["сверка", "отчёт"],
    params={
        "day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="День",
            description_md="Пусто — вчерашний день по Москве.",
        )
    },
    default_args=PATIENTLY | TOLD | {"owner": "sverka"},
)
def publish_discrepancies() -> None:
    @task(task_display_name="Опубликовать отчёт")
    def publish(*, params: dict) -> dict:
        from sverka_airflow.publishing import publish_day

        return publish_day(params["day"])

    @task(task_display_name="Оповестить")
    def notify(published: dict) -> dict:
        from sverka_airflow.telling import tell_of_report

        return tell_of_report(published["day"])

    notify(publish())


publish_discrepancies()
