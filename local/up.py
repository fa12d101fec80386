"""`make up`: starts the installation, drops the demo reports, shows what became of them."""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psycopg2

from local import postgres
from local.environment import (
    ADMIN,
    Extras,
    database_url,
    passwords_file,
    sverka_environment,
    whole_environment,
)
from local.processes import PROGRAMS, Processes, end_orphans, wait_until
from local.progress import follow
from local.state import HOST, REPOSITORY, Secrets, State, free_port, is_free
from sverka.clock import moscow_day
from sverka.database.migrate import migrate
from sverka.demo.reports import demo_reports
from sverka.demo.shop import build_shop
from sverka.intake.zones import Zone
from sverka.moysklad.sandbox import seed
from sverka.reporting import publish
from sverka.services import services_from
from sverka.settings import from_environment

DATABASES = ("airflow", "sverka", "sandbox")


def main() -> int:
    """Brings everything up; saying it again changes nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, default=REPOSITORY / ".state")
    parser.add_argument("--no-demo", action="store_true", help="start only, drop nothing")
    arguments = parser.parse_args()
    state = State(arguments.state.resolve())
    chosen = bring_up(state)
    if not arguments.no_demo:
        dropped = drop_demo(state)
        print(f"Брошено отчётов в папку {state.inbox}: {dropped}", flush=True)
    went_through = follow(state, database_url(state, "sverka"))
    print(todays_summary(state, chosen))
    print(
        f"\nAirflow:  http://{HOST}:{chosen.ui_port}   логин {ADMIN}, пароль {chosen.admin_password}"
        f"\nОтчёты курьеров кладите в {state.inbox}"
        "\nОстановить: make down. Удалить всё: make clean."
    )
    return 0 if went_through else 1


def todays_summary(state: State, chosen: Secrets) -> str:
    """The day's discrepancy report in words, and where it lies."""
    services = services_from(from_environment(sverka_environment(state, chosen, Extras())))
    published = publish(services, moscow_day(services.clock()))
    return "\n" + published.text


def bring_up(state: State, extras: Extras = Extras()) -> Secrets:  # noqa: B008 - frozen
    """Starts what does not run yet and waits until Airflow is healthy.

    Raises:
        SystemExit: something does not start; names it and its log.
    """
    state.create()
    processes = Processes(state)
    chosen = state.secrets()
    if not processes.running():
        # Programs that a killed supervisord left behind hold the ports and the database.
        end_orphans(state)
        chosen = _with_free_ports(state, chosen)
        _say("PostgreSQL")
        postgres.start_only(state.postgres_data)
        _prepare_databases(state)
        _write_files(state, chosen, extras)
        environment = whole_environment(state, chosen, extras)
        _say("база Airflow")
        _airflow(["db", "migrate"], environment, state)
        processes.launch(chosen, environment)
    for program in PROGRAMS:
        processes.start(program)
    _say("Airflow запускается, это около полуминуты")
    wait_until(lambda: healthy(chosen), seconds=180, what="Airflow; see " + str(state.logs))
    return chosen


def healthy(chosen: Secrets) -> bool:
    """Whether every Airflow component reports itself healthy."""
    url = f"http://{HOST}:{chosen.ui_port}/api/v2/monitor/health"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            report = json.load(answer)
    except (OSError, ValueError, urllib.error.URLError):
        return False
    components = ("metadatabase", "scheduler", "triggerer", "dag_processor")
    return all(report[component]["status"] == "healthy" for component in components)


def drop_demo(state: State) -> int:
    """Drops the demo reports that the ledger has not seen; returns how many.

    The ledger knows contents, so a second start drops nothing.
    """
    files = demo_reports(build_shop())
    with psycopg2.connect(database_url(state, "sverka")) as conn, conn.cursor() as cursor:
        cursor.execute("select sha256 from file")
        known = {sha256 for (sha256,) in cursor.fetchall()}
    waiting = {path.name for path in state.inbox.iterdir()}
    new = {
        name: data
        for name, data in files.items()
        if hashlib.sha256(data).hexdigest() not in known and name not in waiting
    }
    inbox = Zone("folder", state.inbox.as_uri(), {})
    for name, data in new.items():
        inbox.drop(name, data)
    return len(new)


def _with_free_ports(state: State, chosen: Secrets) -> Secrets:
    """The kept ports, or others where a stranger listens by now."""
    for field in ("ui_port", "sandbox_port"):
        port = getattr(chosen, field)
        if not is_free(port):
            other = free_port(port + 1)
            _say(f"порт {port} занят другой программой, беру {other}")
            setattr(chosen, field, other)
    state.keep(chosen)
    return chosen


def _prepare_databases(state: State) -> None:
    conn = psycopg2.connect(database_url(state, "postgres"))
    conn.autocommit = True
    with conn.cursor() as cursor:
        cursor.execute("select datname from pg_database")
        existing = {name for (name,) in cursor.fetchall()}
        for name in DATABASES:
            if name not in existing:
                cursor.execute(f'create database "{name}"')
    conn.close()
    _say("база Сверки и демонстрационный магазин")
    migrate(database_url(state, "sverka"))
    seed(database_url(state, "sandbox"), build_shop())


def _write_files(state: State, chosen: Secrets, extras: Extras) -> None:
    passwords = Path(passwords_file(state))
    _write_private(passwords, json.dumps({ADMIN: chosen.admin_password}))
    variables = sverka_environment(state, chosen, extras)
    lines = (f"{name}={value}" for name, value in variables.items())
    _write_private(state.environment_file, "\n".join(lines) + "\n")


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _airflow(arguments: list[str], environment: dict[str, str], state: State) -> None:
    log = state.logs / "airflow-setup.log"
    with log.open("ab") as output:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", *arguments],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"airflow {' '.join(arguments)} failed; see {log}")


def _say(what: str) -> None:
    print(f"· {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
