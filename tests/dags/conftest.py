"""The DagBag of this repository, parsed once, in a temporary Airflow home, with two zones."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest

from tests.support import airflow_home

ZONES = [
    {"name": "папка", "url": "/nonexistent/inbox"},
    {"name": "bucket", "url": "s3://nonexistent/in", "connection": "no_such_connection"},
]


@contextmanager
def no_outside_world() -> Iterator[None]:
    """Any socket or database connection is an error."""

    def forbidden(*_: Any, **__: Any) -> None:
        raise AssertionError("input or output while a DAG file is imported")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", forbidden)
        patch.setattr(psycopg2, "connect", forbidden)
        yield


@pytest.fixture(scope="session")
def parse() -> Any:
    """Parses all DAG files with these environment variables and nothing of the outside world."""
    from airflow.dag_processing.dagbag import DagBag

    def with_environment(**environment: str) -> Any:
        with pytest.MonkeyPatch.context() as patch, no_outside_world():
            for name in list(os.environ):
                if name.startswith(("SVERKA_", "MOYSKLAD_")):
                    patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            return DagBag(str(airflow_home.ROOT / "dags"))

    return with_environment


@pytest.fixture(scope="session")
def bag(parse: Any) -> Any:
    return parse(
        SVERKA_DATABASE_URL="postgresql://nowhere.invalid/sverka",
        SVERKA_STORAGE_URL="/nonexistent/storage",
        SVERKA_INBOXES=json.dumps(ZONES),
    )
