"""A sandbox with the demo shop, and services that reach it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from sverka.clock import Clock
from sverka.demo.shop import Shop, build_shop
from sverka.intake.storage import Storage
from sverka.moysklad.client import MoySklad
from sverka.services import Services
from sverka.settings import Settings
from tests.support.sandbox import RunningSandbox, sandbox

__all__ = ["sandbox"]

Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=1200)


@pytest.fixture
def client(sandbox: RunningSandbox) -> MoySklad:
    return sandbox.client()


@pytest.fixture
def services(database_url: str, client: MoySklad, clock: Clock, tmp_path: Path) -> Services:
    settings = Settings(
        database_url=database_url,
        storage_url=f"file://{tmp_path}",
        storage_options={},
        zones=(),
        moysklad=None,
    )
    storage = Storage(settings.storage_url, {})
    return Services(settings=settings, storage=storage, moysklad=lambda: client, clock=clock)


@pytest.fixture
def ask(database_url: str) -> Ask:
    """Runs one statement on Sverka's database."""

    def run(statement: str, *values: object) -> list[tuple[Any, ...]]:
        conn = psycopg2.connect(database_url)
        try:
            with conn, conn.cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            conn.close()

    return run
