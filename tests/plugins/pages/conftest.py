"""The pages mounted as Airflow mounts them, behind its own auth manager, on a fresh database."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from sverka.database.connection import Connection

HOST = "testserver"
OURS = {"Origin": f"http://{HOST}"}
"""What a browser sends with a form of our own page."""


@pytest.fixture(scope="session")
def mounted() -> FastAPI:
    from airflow.api_fastapi.app import create_auth_manager, init_auth_manager
    from airflow.utils.db import initdb

    from sverka_airflow.pages import app

    initdb()
    root = FastAPI()
    create_auth_manager()
    init_auth_manager(root)
    root.mount("/sverka", app)
    return root


@dataclass
class Site:
    """The running pages; `conn` is the database behind them: commit what a page has to see."""

    mounted: FastAPI
    conn: Connection
    inbox: Path

    def anonymous(self) -> TestClient:
        return TestClient(self.mounted, follow_redirects=False)

    def as_(self, role: str, name: str = "Анна") -> TestClient:
        """A browser in which somebody of this role is logged in."""
        from airflow.api_fastapi.app import get_auth_manager
        from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

        user: Any = SimpleAuthManagerUser(username=name, role=role)
        client = self.anonymous()
        client.cookies.set("_token", get_auth_manager().generate_jwt(user))
        return client

    @property
    def viewer(self) -> TestClient:
        return self.as_("viewer")

    @property
    def operator(self) -> TestClient:
        return self.as_("user")


@pytest.fixture
def site(
    mounted: FastAPI, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    zones = [{"name": "inbox", "url": str(inbox)}]
    monkeypatch.setenv("SVERKA_DATABASE_URL", database_url)
    monkeypatch.setenv("SVERKA_STORAGE_URL", str(tmp_path / "storage"))
    monkeypatch.setenv("SVERKA_INBOXES", json.dumps(zones))
    monkeypatch.delenv("SVERKA_PUBLIC_URL", raising=False)
    conn = psycopg2.connect(database_url)
    yield Site(mounted, conn, inbox)
    conn.close()
