"""Every sample layout goes through its suite: nothing is lost, and honest files are not refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sverka.checking import Checked, check
from sverka.couriers import Couriers
from sverka.errors import Refusal
from sverka.parsing import parse
from sverka.parsing.store import store
from sverka.reading import read
from sverka.recognition import Schemas, recognise
from sverka.services import Services
from sverka.settings import INCLUDE
from tests.checking.conftest import Files, Stored
from tests.parsing.samples import SAMPLES

Build = Callable[[], bytes]


def checked_or_held(services: Services, file_id: int) -> tuple[str, Checked | None]:
    try:
        return "", check(services, file_id)
    except Refusal as refusal:
        return refusal.reason, None


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_accounted_for_to_the_row(
    services: Services, files: Files, schemas: Schemas, couriers: Couriers, name: str
) -> None:
    shipped = replace(services.settings, courier_schemas=INCLUDE / "courier_schemas")
    services = replace(services, settings=shipped)
    build, _ = SAMPLES[name]
    raw = read(build(), name)
    parsed = parse(raw, recognise(raw, schemas, couriers), "sha")
    known = [
        replace(one, report=replace(one.report, courier=one.report.courier or "gorod"))
        for one in parsed
    ]
    file_id = files.store(Stored([]))
    with services.connect() as conn:
        store(conn, file_id, known)

    reason, checked = checked_or_held(services, file_id)

    # A sample may hold a total or rows that its file is held for; never a lost row or a crash.
    assert "потерялась" not in reason
    assert "не выполнилась" not in reason
    if checked is None:
        return
    lines = sum(len(one.lines) for one in known)
    assert checked.accepted + checked.rejected == lines
    wrong = {f.rule.code for f in checked.findings if f.rule.critical and not f.passed}
    assert not wrong & {"row_kind", "outcome", "payment_method", "currency", "identity_unique"}
