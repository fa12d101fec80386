"""Shared by the tests of drafting: the installation's schemas and couriers, and one way to draft."""

from collections.abc import Callable

import pytest

from sverka.couriers import Couriers
from sverka.drafting import Draft, draft
from sverka.reading import read
from sverka.recognition import Schemas

Drafted = Callable[..., Draft]


@pytest.fixture(scope="session")
def drafted(schemas: Schemas, couriers: Couriers) -> Drafted:
    """Drafts the schema of some bytes or of a text."""

    def of(data: bytes | str, name: str = "отчёт.csv", **answers: str) -> Draft:
        raw = read(data.encode() if isinstance(data, str) else data, name)
        return draft(
            raw, schemas, couriers, answers={k.replace("__", ":"): v for k, v in answers.items()}
        )

    return of
