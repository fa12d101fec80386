"""The plugin as Airflow loads it from the folder."""

import subprocess
import sys

from tests.support.airflow_home import ROOT


def test_airflow_loads_the_plugin_once_and_the_package_not_as_plugins() -> None:
    from airflow import plugins_manager

    plugins, errors = plugins_manager._get_plugins()
    ours = [plugin for plugin in plugins if plugin.name == "sverka"]
    assert errors == {}
    assert len(ours) == 1
    assert [name for name in sys.modules if name.startswith("sverka_plugin")] != []
    assert not [name for name in sys.modules if name in {"triggers", "pages", "steps", "zones"}]


def test_pages_have_places_in_the_ui() -> None:
    from airflow import plugins_manager

    plugins, _ = plugins_manager._get_plugins()
    [plugin] = [plugin for plugin in plugins if plugin.name == "sverka"]
    [mounted] = plugin.fastapi_apps
    assert mounted["url_prefix"] == "/sverka"
    views = {view["name"]: view for view in plugin.external_views}
    assert views["Расхождения"]["destination"] == "nav"
    assert views["Расхождения"]["nav_top_level"]
    assert views["Отчёт"]["destination"] == "dag_run"
    paths = {route.path.partition("{")[0].split("/")[1] for route in mounted["app"].routes}
    for view in views.values():
        prefix, page = view["href"].split("?")[0].split("/")[:2]
        assert (prefix, page in paths) == ("sverka", True)


def test_only_the_scheduler_pays_for_heavy_imports() -> None:
    program = (
        "import sys; from sverka_airflow.preload import preload;"
        "preload(['airflow', {component!r}]);"
        "print('openpyxl' in sys.modules, 'great_expectations' in sys.modules)"
    )

    def heavy(component: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", program.format(component=component)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    assert heavy("api-server") == "False False"
    assert heavy("scheduler") == "True True"
