"""Every sample is its own layout and nobody else's: schemas that overlap would book money twice."""

from functools import lru_cache

import pytest

from sverka.couriers import Couriers
from sverka.reading import RawFile, read
from sverka.recognition import Schemas, recognise
from sverka.recognition.recognise import fits
from sverka.settings import INCLUDE
from tests.parsing.samples import SAMPLES

CODES = sorted(path.stem for path in (INCLUDE / "courier_schemas").glob("*.yaml"))
CODES.remove("vocabulary")
FOREIGN = [(name, code) for name in SAMPLES for code in CODES if code != SAMPLES[name][1]]


@lru_cache(maxsize=len(SAMPLES))
def raw(name: str) -> RawFile:
    return read(SAMPLES[name][0](), name)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_recognised_as_its_own_layout(
    name: str, schemas: Schemas, couriers: Couriers
) -> None:
    found = recognise(raw(name), schemas, couriers)
    assert found.schema.code == SAMPLES[name][1]
    assert found.tables or found.reports


@pytest.mark.parametrize(("name", "code"), FOREIGN)
def test_a_sample_is_refused_by_every_other_layout(name: str, code: str, schemas: Schemas) -> None:
    assert fits(raw(name), schemas.by_code[code]) is None


@pytest.mark.parametrize("code", CODES)
def test_every_layout_has_a_sample(code: str) -> None:
    assert code in {schema for _, schema in SAMPLES.values()}
