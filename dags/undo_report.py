"""Отмена проведённого отчёта.

Запустите вручную и укажите файл: его имя из отчёта за день или номер. Сверка удалит в корзину
МоегоСклада документы, которые создала по этому файлу, и вернёт прежние статусы заказов и отгрузок.
То, что после неё кто-то изменил или к чему привязал свои документы, останется; что и почему,
написано в журнале задачи «Выполнить». Когда причина устранена, запустите отмену ещё раз.

Здесь же отвечают на вопрос об исправленном отчёте: заменить старый отчёт новым или провести новый
как отдельный. Повторный запуск безопасен: ничего не отменяется и не проводится дважды.
"""

from datetime import timedelta

from airflow.sdk import Param, dag, task

from sverka_airflow import undoing
from sverka_airflow.notifiers import TOLD
from sverka_airflow.retries import PATIENTLY


@dag(
    dag_display_name="Отмена отчёта",
    doc_md=__doc__,
    schedule=None,
    catchup=False,
    max_active_runs=4,
    dagrun_timeout=timedelta(hours=8),
    tags=["сверка", "отмена"],
    params={
        "file": Param(type="string", minLength=1, title="Файл: имя или номер"),
        "action": Param(
            "undo",
            type="string",
            enum=list(undoing.ACTIONS),
            values_display=undoing.ACTIONS,
            title="Что сделать",
        ),
        "reason": Param(None, type=["null", "string"], title="Причина"),
    },
    default_args=PATIENTLY | TOLD | {"owner": "sverka"},
)
def undo_report() -> None:
    @task(task_display_name="Найти файл")
    def find(*, params: dict) -> int:
        return undoing.find(params)

    @task(task_display_name="Выполнить", execution_timeout=timedelta(hours=2))
    def act(file_id: int, *, params: dict, dag_run=None) -> str:  # type: ignore[no-untyped-def]
        return undoing.act(params, file_id, dag_run)

    @task(task_display_name="Обновить отчёт")
    def publish(file_id: int) -> dict:
        return undoing.renew_report(file_id)

    file = find()
    act(file) >> publish(file)


undo_report()
