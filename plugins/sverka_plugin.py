"""The plugin that Airflow finds in this folder: Sverka's pages in the UI."""

from airflow.plugins_manager import AirflowPlugin

from sverka_airflow.pages import app
from sverka_airflow.preload import preload

preload()


class SverkaPlugin(AirflowPlugin):
    """Reports under `/sverka`, a place in the side bar, a tab on every run."""

    name = "sverka"
    fastapi_apps = [{"app": app, "url_prefix": "/sverka", "name": "sverka"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012 - Airflow's base class declares plain lists
        {
            "name": "Расхождения",
            # Without a leading slash, so that an installation under a sub-path works.
            "href": "sverka/report/latest/otchet.html",
            "destination": "nav",
            "nav_top_level": True,
            "url_route": "discrepancies",
        },
        {
            "name": "Отчёты по дням",
            "href": "sverka/days",
            "destination": "nav",
            "category": "browse",
            "url_route": "discrepancies-by-day",
        },
        {
            "name": "Отчёт",
            "href": "sverka/run?run_id={RUN_ID}",
            "destination": "dag_run",
            "url_route": "discrepancies-of-run",
        },
        {
            "name": "Проверка",
            "href": "sverka/checks?run_id={RUN_ID}",
            "destination": "dag_run",
            "url_route": "checks-of-run",
        },
    ]
