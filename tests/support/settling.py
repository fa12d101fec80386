"""A whole installation with the sandbox of the demo shop: fixtures for who imports them."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from sverka.demo.registers import payable
from sverka.demo.shop import Shop, build_shop
from sverka.demo.things import Order
from sverka.moysklad.sandbox import seed
from sverka.services import Services, services_from
from sverka.settings import Settings
from tests.conftest import FrozenClock, fresh_database
from tests.support.installed import Installed
from tests.support.sandbox import RunningSandbox, running_sandbox


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop()


@pytest.fixture(scope="module")
def one_sandbox(server_url: str, shop: Shop) -> Iterator[RunningSandbox]:
    """One MoySklad for all tests of a module that imports it `as sandbox`."""
    for url in fresh_database(server_url, "template0"):
        with running_sandbox(url) as running:
            seed(url, shop)
            yield running


@pytest.fixture
def services(
    database_url: str, sandbox: RunningSandbox, tmp_path: Path, clock: FrozenClock
) -> Services:
    settings = Settings(database_url, str(tmp_path / "storage"), {}, (), sandbox.connection)
    return services_from(settings, clock)


@pytest.fixture
def installed(services: Services, tmp_path: Path, clock: FrozenClock) -> Installed:
    return Installed(services, clock, tmp_path / "inbox")


@pytest.fixture(scope="module")
def unused(shop: Shop) -> Iterator[Order]:
    return payable(shop.orders)


@pytest.fixture
def orders(unused: Iterator[Order]) -> list[Order]:
    """Orders that no other test of the module has settled."""
    return list(islice(unused, 16))
