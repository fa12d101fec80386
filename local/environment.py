"""The environment of every process of a local installation."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.state import HOST, REPOSITORY, Secrets, State

ADMIN = "admin"


@dataclass(frozen=True)
class Extras:
    """What a test adds to the installation: more landing zones, connections, variables."""

    zones: tuple[dict[str, Any], ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


def database_url(state: State, database: str) -> str:
    """PostgreSQL listens on a Unix socket inside its data folder only: no port, no password."""
    return f"postgresql://postgres@/{database}?host={_socket_folder(state)}"


def _socket_folder(state: State) -> str:
    # The fifth line of postmaster.pid (PostgreSQL docs, «Database File Layout»).
    return (state.postgres_data / "postmaster.pid").read_text().splitlines()[4]


def sverka_environment(state: State, chosen: Secrets, extras: Extras) -> dict[str, str]:
    """`SVERKA_*` and `MOYSKLAD_*` (docs/settings.md)."""
    zones = ({"name": "folder", "url": state.inbox.as_uri()}, *extras.zones)
    return {
        "SVERKA_DATABASE_URL": database_url(state, "sverka"),
        "SVERKA_STORAGE_URL": state.storage.as_uri(),
        "SVERKA_INBOXES": json.dumps(zones),
        "SVERKA_PUBLIC_URL": f"http://{HOST}:{chosen.ui_port}",
        "MOYSKLAD_URL": f"http://{HOST}:{chosen.sandbox_port}/api/remap/1.2",
        "MOYSKLAD_TOKEN": chosen.moysklad_token,
        # The sandbox answers at once; what has no answer by then never was received.
        "MOYSKLAD_ANSWER_SECONDS": "20",
    }


def airflow_environment(state: State, chosen: Secrets) -> dict[str, str]:
    """`AIRFLOW__*`: LocalExecutor on PostgreSQL, tuned for a machine with two cores."""
    ui = f"http://{HOST}:{chosen.ui_port}"
    metadata = database_url(state, "airflow").replace("postgresql://", "postgresql+psycopg2://")
    return {
        "AIRFLOW_HOME": str(state.airflow_home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(REPOSITORY / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # The default of 32 forks as many idle workers at start.
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__MP_START_METHOD": "fork",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{ui}/execution/",
        "AIRFLOW__CORE__FERNET_KEY": chosen.fernet_key,
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords_file(state)),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata,
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(chosen.ui_port),
        "AIRFLOW__API__BASE_URL": ui,
        "AIRFLOW__API__SECRET_KEY": chosen.jwt_secret,
        "AIRFLOW__API__INSTANCE_NAME": "Сверка",
        "AIRFLOW__API_AUTH__JWT_SECRET": chosen.jwt_secret,
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        # The supervisor of a task often sees its end only on this tick (default 5 s).
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        # A task whose process was killed is given up after a minute, not after five.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "GX_ANALYTICS_ENABLED": "false",
    }


def whole_environment(state: State, chosen: Secrets, extras: Extras) -> dict[str, str]:
    """Everything a process of the installation needs, over the caller's own environment."""
    return {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "PYTHONUNBUFFERED": "1",
        "SVERKA_LOCAL_STATE": str(state.folder),
        # Airflow's workers change their title; without this they would overwrite the line above,
        # by which a process that nobody watches any more is recognised.
        "SPT_NOENV": "1",
        **sverka_environment(state, chosen, extras),
        **airflow_environment(state, chosen),
        **extras.environment,
    }


def passwords_file(state: State) -> "os.PathLike[str]":
    """Where Airflow's SimpleAuthManager reads the passwords."""
    return state.airflow_home / "passwords.json"
