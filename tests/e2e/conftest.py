"""One running installation for all end-to-end tests, with a folder, an S3 and an SFTP zone."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.down import bring_down
from local.environment import Extras
from local.state import State
from local.up import bring_up
from sverka.intake.zones import Zone
from tests.e2e.installation import Installation
from tests.support.demo_files import demo_files, registers, truth
from tests.support.folders import passable_folder
from tests.support.s3 import S3Server
from tests.support.sftp import SFTPServer, sshd_binary
from tests.support.told import MAIL_CONNECTION, Told, people

__all__ = ["demo_files", "registers", "truth"]

TEST_SECONDS = 1800
"""The first test brings the installation up, and a test may wait several times in turn."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A wait is ended by itself, with the ledger printed, and not by the time limit of a test."""
    for item in items:
        if item.get_closest_marker("e2e"):
            item.add_marker(pytest.mark.timeout(TEST_SECONDS))


def _s3_connection(server: S3Server) -> str:
    return json.dumps(
        {
            "conn_type": "aws",
            "login": server.options["key"],
            "password": server.options["secret"],
            "extra": {"endpoint_url": server.endpoint, "region_name": "us-east-1"},
        }
    )


def _sftp_connection(server: SFTPServer) -> str:
    options = server.options
    return json.dumps(
        {
            "conn_type": "sftp",
            "host": options["host"],
            "port": options["port"],
            "login": options["username"],
            "extra": {name: options[name] for name in ("private_key", "host_key")},
        }
    )


@pytest.fixture(scope="session")
def told() -> Iterator[Told]:
    """What the installation tells people by e-mail and Telegram."""
    with people() as told:
        yield told


@pytest.fixture(scope="session")
def installation(
    request: pytest.FixtureRequest, s3_server: S3Server, told: Told
) -> Iterator[Installation]:
    with passable_folder() as folder:
        yield from _running(folder, request, s3_server, told)


def _running(
    folder: Path, request: pytest.FixtureRequest, s3_server: S3Server, told: Told
) -> Iterator[Installation]:
    s3_url = f"s3://{s3_server.new_bucket()}/inbox"
    zones = {"s3": Zone("s3", s3_url, s3_server.options)}
    configured = [{"name": "s3", "url": s3_url, "connection": "sverka_s3"}]
    environment = {
        "AIRFLOW_CONN_SVERKA_S3": _s3_connection(s3_server),
        "SVERKA_NOTICES": told.channels,
        f"AIRFLOW_CONN_{MAIL_CONNECTION.upper()}": told.mail_connection,
    }
    if sshd_binary():
        sftp: SFTPServer = request.getfixturevalue("sftp_server")
        sftp_folder = folder / "courier"
        sftp_folder.mkdir()
        zones["sftp"] = Zone("sftp", sftp.url(sftp_folder), sftp.options)
        configured.append(
            {"name": "sftp", "url": sftp.url(sftp_folder), "connection": "sverka_sftp"}
        )
        environment["AIRFLOW_CONN_SVERKA_SFTP"] = _sftp_connection(sftp)
    state = State(folder / "state")
    extras = Extras(zones=tuple(configured), environment=environment)
    chosen = bring_up(state, extras)
    zones["folder"] = Zone("folder", state.inbox.as_uri(), {})
    try:
        yield Installation(state, chosen, extras, zones)
    finally:
        bring_down(state)
        shutil.rmtree(state.control_folder, ignore_errors=True)


@pytest.fixture(scope="session")
def demo_settled(installation: Installation, demo_files: dict[str, bytes]) -> Installation:
    """The installation after the demo reports have gone through, dropped over all zones."""
    zones = list(installation.zones.values())
    for number, (name, data) in enumerate(demo_files.items()):
        zones[number % len(zones)].drop(name, data)
    installation.wait_for_contents(demo_files.values())
    return installation
