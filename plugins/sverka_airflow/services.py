"""Services inside a task: settings of the installation, MoySklad from its Airflow connection."""

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sverka.services import Services
    from sverka.settings import MoySkladConnection


def task_services() -> "Services":
    """The connection `moysklad` of Airflow wins over `MOYSKLAD_URL` of the environment."""
    from sverka.services import services_from
    from sverka.settings import from_environment

    settings = from_environment()
    return services_from(replace(settings, moysklad=_from_airflow() or settings.moysklad))


def _from_airflow() -> "MoySkladConnection | None":
    from airflow.sdk.exceptions import AirflowNotFoundException

    from sverka_airflow.hooks.moysklad import MoySkladHook

    try:
        return MoySkladHook().connection()
    except AirflowNotFoundException:
        return None
