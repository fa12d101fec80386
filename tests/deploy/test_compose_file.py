"""docker-compose.yaml as data: what must hold for every service, whoever edits it."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yaml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
EXAMPLE = (ROOT / ".env.example").read_text()
LINES = [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")]
KNOWN: dict[str, str] = dict(line.split("=", 1) for line in LINES)  # type: ignore[misc]
ONCE = {"init"}
"""Ends well and is not started again."""

every = pytest.mark.parametrize("name", sorted(SERVICES))


@every
def test_a_service_has_limits_a_restart_policy_and_logs_that_rotate(name: str) -> None:
    service = SERVICES[name]
    assert service["restart"] == ("no" if name in ONCE else "unless-stopped")
    assert service["mem_limit"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


@every
def test_every_image_is_pinned_to_a_version(name: str) -> None:
    image = SERVICES[name]["image"]
    assert ":" in image
    assert not image.endswith(":latest")


@every
def test_what_is_ours_says_which_component_it_is_so_that_its_health_is_checked(name: str) -> None:
    service = SERVICES[name]
    if service["image"].startswith("sverka:") and name not in ONCE:
        from deploy.healthy import CHECKS

        assert service["environment"]["SVERKA_COMPONENT"] == name
        assert name in CHECKS
    elif not service.get("profiles"):
        assert service["healthcheck"]


@every
def test_ports_are_on_loopback_unless_somebody_opens_them(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        [(variable, default)] = re.findall(r"\$\{(\w+):-([^}]+)\}", port)
        assert KNOWN[variable] == default
        assert default.startswith("127.0.0.1:") or variable == "SFTP_BIND"


def test_every_setting_of_the_compose_file_is_explained_in_the_example() -> None:
    used = set(re.findall(r"\$\{(\w+)", TEXT)) - {"SVERKA_VERSION", "BUILD_NETWORK"}
    assert used <= set(KNOWN)
    assert set(KNOWN) - used <= {"COMPOSE_PROJECT_NAME", "COMPOSE_PROFILES"}


def test_no_secret_has_a_default() -> None:
    for name in re.findall(r"\$\{(\w*(?:PASSWORD|SECRET|TOKEN|FERNET|_KEY)\w*):-", TEXT):
        assert name in {"OPERATOR_PASSWORD", "VIEWER_PASSWORD"}, "those may be left out"
    for name, value in KNOWN.items():
        if re.search("PASSWORD|SECRET|TOKEN|FERNET|_KEY", name):
            assert value == "", name


def test_defaults_of_the_compose_file_are_those_of_the_example() -> None:
    for name, default in re.findall(r"\$\{(\w+):-([^}]*)\}", TEXT):
        if name in KNOWN:
            assert default in {KNOWN[name], "300" if name == "MOYSKLAD_ANSWER_SECONDS" else ""}


def test_nothing_starts_before_what_it_needs() -> None:
    for name, service in SERVICES.items():
        if service["image"].startswith("sverka:") and name not in {*ONCE, "sandbox"}:
            needs = service["depends_on"]
            assert needs["init"]["condition"] == "service_completed_successfully"
            for part in ("postgres", "redis", "storage"):
                assert needs[part]["condition"] == "service_healthy"


def test_no_secret_can_slip_into_the_image_or_the_repository() -> None:
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    assert allowed[1] == "*", "everything is left out but what is named"
    assert not [line for line in allowed if line.startswith("!") and "env" in line]
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {".env", "deploy/secrets/", "backups/"} <= set(ignored)


def test_the_image_is_built_from_the_lock_and_runs_as_nobody_in_particular() -> None:
    lines = (ROOT / "Dockerfile").read_text()
    assert "--require-hashes -r requirements.txt" in lines
    assert re.search(r"^USER sverka$", lines, re.MULTILINE)
    assert "HEALTHCHECK" in lines


def test_a_clone_of_a_strict_umask_makes_an_image_that_everybody_can_read() -> None:
    build, _ = (ROOT / "Dockerfile").read_text().split("FROM python", 2)[1:]
    assert build.index("COPY . .") < build.index("chmod -R a+rX .")


def test_how_many_workers_there_are_outlives_the_next_up() -> None:
    assert SERVICES["worker"]["scale"] == "${WORKERS:-1}"


def test_a_task_is_over_before_the_queue_gives_it_to_another_worker() -> None:
    """Celery takes a message for lost after this; then one task would run twice."""
    visible = SERVICES["worker"]["environment"][
        "AIRFLOW__CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT"
    ]
    sources = [path.read_text() for path in (ROOT / "dags").glob("*.py")]
    sources.append((ROOT / "plugins" / "sverka_airflow" / "retries.py").read_text())
    given = [
        found
        for text in sources
        for found in re.findall(r"execution_timeout\W+timedelta\((\w+)=(\d+)\)", text)
    ]
    longest = max(timedelta(**{unit: int(number)}) for unit, number in given)
    assert len(given) >= 6
    assert int(visible) >= 2 * longest.total_seconds()


def test_couriers_and_layouts_are_mounted_so_that_an_edit_needs_no_image() -> None:
    for name in ("scheduler", "worker", "triggerer", "api-server"):
        mounted = {volume.split(":")[0] for volume in SERVICES[name]["volumes"]}
        assert mounted == {
            "./include/couriers",
            "./include/courier_schemas",
            "./include/posting_schemes",
        }
