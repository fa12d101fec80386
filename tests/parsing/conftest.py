"""The schemas and couriers of the project, and a short way from bytes to reports."""

from collections.abc import Callable

import pytest

from sverka.couriers import Couriers
from sverka.parsing import ParsedReport, parse
from sverka.reading import read
from sverka.recognition import Schemas, recognise

Parse = Callable[..., list[ParsedReport]]


@pytest.fixture(scope="session")
def parsed(schemas: Schemas, couriers: Couriers) -> Parse:
    def parse_bytes(data: bytes, name: str = "файл") -> list[ParsedReport]:
        raw = read(data, name)
        return parse(raw, recognise(raw, schemas, couriers), "sha")

    return parse_bytes
