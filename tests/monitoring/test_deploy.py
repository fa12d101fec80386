"""What Prometheus and Grafana are given: nothing in it names a figure or a section that is not there."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sverka.monitoring.__main__ import PORT
from sverka.monitoring.looking import PATIENCE_SECONDS
from sverka.pages.help import anchors
from tests.monitoring.conftest import Scrape

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "monitoring"
NAME = re.compile(r"\b(?:sverka|airflow)_[a-z_]+\b")
ROWS = ("Деньги", "Файлы", "Документы", "МойСклад", "Airflow", "Хозяйство")


def loaded(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


ALERTS = [rule for group in loaded("alerts.yml")["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
MAPPINGS = loaded("statsd-mapping.yml")["mappings"]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def ours(figures: Scrape) -> set[str]:
    """Every name that a query may use: a counter's ends in `_total`."""
    return {
        f"{name}_total" if family.type == "counter" else name
        for name, family in figures.families.items()
    }


def airflows() -> set[str]:
    """The names that Airflow's metrics get; a histogram has three."""
    names = {mapping["name"] for mapping in MAPPINGS if mapping.get("action") != "drop"}
    return names | {f"{name}_{part}" for name in names for part in ("bucket", "sum", "count")}


def queries() -> Iterator[tuple[str, str]]:
    for rule in ALERTS:
        yield rule["alert"], rule["expr"]
        for told in rule["annotations"].values():
            yield rule["alert"], " ".join(re.findall(r"{{.*?}}", told, re.DOTALL))
    for panel in PANELS:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]
    for variable in DASHBOARD["templating"]["list"]:
        yield variable["name"], variable.get("definition", "")


def test_every_query_asks_for_figures_that_exist(scrape: Callable[[], Scrape]) -> None:
    known = ours(scrape()) | airflows()
    asked = [(where, name) for where, query in queries() for name in NAME.findall(query)]
    assert len(asked) > 50
    assert [(where, name) for where, name in asked if name not in known] == []


def test_every_figure_of_ours_is_on_the_dashboard(scrape: Callable[[], Scrape]) -> None:
    shown = {name for _, query in queries() for name in NAME.findall(query)}
    assert ours(scrape()) - shown == set()


def test_labels_of_queries_are_labels_of_figures() -> None:
    states = {"registered", "processing", "waiting", "stalled", "settled", "undone"}
    states |= {"sending", "unsure", "posted", "reversed", "failed"}
    for where, query in queries():
        for word in re.findall(r"state!?=~?[\"']([a-z|]+)[\"']", query):
            assert set(word.split("|")) <= states, where


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_what_happened_what_it_means_and_what_to_do(rule: dict[str, Any]) -> None:
    assert set(rule["annotations"]) == {"summary", "description", "next_step", "help"}
    for words in ("summary", "description", "next_step"):
        assert re.search("[а-я]{3}", rule["annotations"][words])
    assert rule["annotations"]["next_step"].endswith(".")
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert rule["labels"]["who"] in {"engineer", "accountant", "operator"}


def expanded(rule: dict[str, Any]) -> Iterator[str]:
    """The addresses of an alert's help, for every state that its expression names."""
    told = rule["annotations"]["help"]
    if "{{" not in told:
        yield told
        return
    named = re.findall(r"state=~?\"([a-z|]+)\"", rule["expr"])
    for state in "|".join(named).split("|"):
        yield told.replace("{{ $labels.state }}", state)


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: str(rule["alert"]))
def test_the_help_of_an_alert_is_there(rule: dict[str, Any]) -> None:
    for address in expanded(rule):
        page, _, section = address.partition("#")
        if page == "/sverka/help":
            assert section in anchors()
        else:
            text = (ROOT / page).read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
            assert section in {heading.lower().replace(" ", "-") for heading in headings}


def test_an_alert_has_a_name_of_its_own() -> None:
    names = [rule["alert"] for rule in ALERTS]
    assert len(names) == len(set(names)) > 15


def test_every_alert_is_tested_silent_and_firing() -> None:
    quiet, *others = loaded("alerts.test.yml")["tests"]
    names = {rule["alert"] for rule in ALERTS}
    assert {one["alertname"] for one in quiet["alert_rule_test"]} == names
    firing = {
        one["alertname"]
        for test in others
        for one in test.get("alert_rule_test", [])
        if one.get("exp_alerts")
    }
    asked = [
        pattern
        for test in others
        for one in test.get("promql_expr_test", [])
        if one["exp_samples"]
        for pattern in re.findall(r'alertname=~?"([^"]+)"', one["expr"])
    ]
    firing |= {name for name in names for pattern in asked if re.fullmatch(pattern, name)}
    assert firing == names


@pytest.mark.parametrize(
    "command",
    [
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "alerts.yml"),
        ("test", "rules", "alerts.test.yml"),
    ],
    ids=" ".join,
)
def test_promtool_agrees(command: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not on PATH (Debian: prometheus)")
    done = subprocess.run(
        [promtool, *command], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_waits_longer_than_we_look_and_asks_the_port_we_serve() -> None:
    config = loaded("prometheus.yml")
    assert int(config["global"]["scrape_timeout"].rstrip("s")) >= 2 * PATIENCE_SECONDS
    targets = {
        job["job_name"]: job["static_configs"][0]["targets"] for job in config["scrape_configs"]
    }
    assert targets == {"sverka": [f"metrics:{PORT}"], "airflow": ["statsd-exporter:9102"]}


def test_the_last_mapping_drops_what_nobody_asked_for() -> None:
    assert (MAPPINGS[-1]["match"], MAPPINGS[-1]["action"]) == (".", "drop")
    assert [one for one in MAPPINGS[:-1] if not one["match"].startswith("airflow.")] == []


def test_gauges_of_a_process_that_is_gone_do_not_stay() -> None:
    counters_and_times = re.compile(r"_(total|seconds)$")
    lasting = [one for one in MAPPINGS[:-1] if not counters_and_times.search(one["name"])]
    assert [one["name"] for one in lasting if "ttl" not in one] == []
    # A counter that vanishes and comes back would look like one that never moved.
    others = [one for one in MAPPINGS[:-1] if counters_and_times.search(one["name"])]
    assert [one["name"] for one in others if "ttl" in one] == []


def test_airflow_sends_what_is_mapped() -> None:
    """By the names in Airflow's own registry; a variable part of a name is a star in ours."""
    from airflow._shared.observability.metrics import metrics_registry

    template = Path(metrics_registry.__file__).with_name("metrics_template.yaml")
    known = yaml.safe_load(template.read_text(encoding="utf-8"))["metrics"]
    sent = {one["name"] for one in known}
    sent |= {re.sub(r"{[a-z_]+}", "*", one["legacy_name"]) for one in known}
    sent |= {"dagrun.duration.*.*"}  # of both states
    assert [
        one["match"] for one in MAPPINGS[:-1] if one["match"].removeprefix("airflow.") not in sent
    ] == []


def test_the_dashboard_is_russian_importable_and_bound_to_no_source() -> None:
    titles = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    assert tuple(titles) == ROWS
    assert "id" not in DASHBOARD
    for panel in PANELS:
        assert re.search("[а-я]{3}", panel["title"])
        assert panel["description"].endswith(".")
        sources = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
        assert {one["uid"] for one in sources} == {"${datasource}"}
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))


def test_the_page_explains_every_figure_and_no_other(scrape: Callable[[], Scrape]) -> None:
    text = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(sverka_[a-z_]+)`", text, re.MULTILINE))
    assert explained == ours(scrape())
    airflow = set(re.findall(r"`(airflow_[a-z_]+)`", text))
    assert airflow == {one["name"] for one in MAPPINGS[:-1]}


def test_the_page_names_every_alert() -> None:
    text = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([A-Z][A-Za-z]+)`", text, re.MULTILINE))
    assert named == {rule["alert"] for rule in ALERTS}
