"""The plugin that Airflow finds in this folder: Sverka's pages in the UI."""

import os

from airflow.plugins_manager import AirflowPlugin

from sverka.settings import language_of
from sverka.texts import Texts
from sverka_airflow.pages import app
from sverka_airflow.preload import preload

preload()

say = Texts(language_of(os.environ))


class SverkaPlugin(AirflowPlugin):
    """Reports under `/sverka`, a place in the side bar, a tab on every run."""

    name = "sverka"
    fastapi_apps = [{"app": app, "url_prefix": "/sverka", "name": "sverka"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012 - Airflow's base class declares plain lists
        {
            "name": say("Сверка"),
            "href": "sverka/",
            "destination": "nav",
            "nav_top_level": True,
            "url_route": "sverka",
        },
        {
            "name": say("Расхождения"),
            # Without a leading slash, so that an installation under a sub-path works.
            "href": "sverka/report/latest/otchet.html",
            "destination": "nav",
            "nav_top_level": True,
            "url_route": "discrepancies",
        },
        {
            "name": say("Отчёты по дням"),
            "href": "sverka/days",
            "destination": "nav",
            "category": "browse",
            "url_route": "discrepancies-by-day",
        },
        {
            "name": say("Файл"),
            "href": "sverka/file?run_id={RUN_ID}",
            "destination": "dag_run",
            "url_route": "file-of-run",
        },
        {
            "name": say("Отчёт"),
            "href": "sverka/run?run_id={RUN_ID}",
            "destination": "dag_run",
            "url_route": "discrepancies-of-run",
        },
        {
            "name": say("Проверка"),
            "href": "sverka/checks?run_id={RUN_ID}",
            "destination": "dag_run",
            "url_route": "checks-of-run",
        },
    ]
