"""Zones of all three kinds, each on a real server, and services without MoySklad."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sverka.intake.storage import Storage
from sverka.intake.zones import Zone
from sverka.moysklad.client import MoySklad
from sverka.services import Services
from sverka.settings import Settings
from tests.conftest import FrozenClock


@pytest.fixture(params=["folder", "s3", "sftp"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """URL and options of a fresh empty folder, on each kind of filesystem."""
    if request.param == "folder":
        (tmp_path / "place").mkdir()
        return f"file://{tmp_path / 'place'}", {}
    if request.param == "s3":
        server = request.getfixturevalue("s3_server")
        return f"s3://{server.shared_bucket}/{uuid.uuid4().hex}/in box", server.options
    server = request.getfixturevalue("sftp_server")
    folder = server.folder / f"in box {uuid.uuid4().hex}"
    folder.mkdir()
    return server.url(folder), server.options


@pytest.fixture
def zone(place: tuple[str, dict[str, Any]]) -> Zone:
    return Zone("почта", *place)


@pytest.fixture
def local_zone(tmp_path: Path) -> Zone:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return Zone("папка", str(inbox))


@pytest.fixture
def services(database_url: str, tmp_path: Path, clock: FrozenClock) -> Services:
    storage = tmp_path / "storage"
    storage.mkdir()

    def no_moysklad() -> MoySklad:
        raise AssertionError("intake never talks to MoySklad")

    settings = Settings(
        database_url=database_url,
        storage_url=str(storage),
        storage_options={},
        zones=(),
        moysklad=None,
    )
    return Services(settings, Storage(str(storage), {}), no_moysklad, clock)


@pytest.fixture
def wait(clock: FrozenClock) -> Callable[[float], None]:
    """Waiting moves the frozen clock."""
    return lambda seconds: clock.advance(seconds=seconds)
