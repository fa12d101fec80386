"""The schemas and couriers of the project."""

import pytest

from sverka.couriers import Couriers
from sverka.recognition import Schemas
from sverka.settings import INCLUDE


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    return Schemas.load(INCLUDE / "courier_schemas")


@pytest.fixture(scope="session")
def couriers() -> Couriers:
    return Couriers.load(INCLUDE / "couriers")
