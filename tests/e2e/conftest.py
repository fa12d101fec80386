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
from sverka.demo.expected import Expected
from sverka.demo.registers import payable, settled_register
from sverka.demo.reports import demo_reports, expected
from sverka.demo.shop import Order, build_shop
from sverka.intake.zones import Zone
from tests.e2e.installation import Installation
from tests.support.folders import passable_folder
from tests.support.s3 import S3Server
from tests.support.sftp import SFTPServer, sshd_binary
from tests.support.told import MAIL_CONNECTION, Told, people

SHOP = build_shop()
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
def truth() -> Expected:
    """What must come of the demo reports, from their author's plan."""
    return expected(SHOP)


@pytest.fixture(scope="session")
def demo_files() -> dict[str, bytes]:
    return demo_reports(SHOP)


@pytest.fixture(scope="session")
def demo_settled(installation: Installation, demo_files: dict[str, bytes]) -> Installation:
    """The installation after the demo reports have gone through, dropped over all zones."""
    zones = list(installation.zones.values())
    for number, (name, data) in enumerate(demo_files.items()):
        zones[number % len(zones)].drop(name, data)
    installation.wait_for_contents(demo_files.values())
    return installation


class Registers:
    """Registers about orders that no demo report mentions, each order used once."""

    def __init__(self, taken: set[str]) -> None:
        self._number = 900
        self._orders = (
            order
            for order in payable(SHOP.orders)
            if order.name not in taken and order.demands[0].track not in taken
        )

    def of(self, count: int) -> tuple[str, bytes, list[Order]]:
        """File name, bytes and the orders of a fresh register with `count` clean rows."""
        self._number += 1
        orders = [next(self._orders) for _ in range(count)]
        number = str(self._number)
        return f"Реестр {number}.xlsx", settled_register(number, orders), orders


@pytest.fixture(scope="session")
def registers(truth: Expected) -> Registers:
    lines = [line for file in truth.files for line in file.lines]
    return Registers({ref for line in lines for ref in (line.order_ref, line.track_ref) if ref})
