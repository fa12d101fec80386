"""A file that is settled for the second time, after something around it has changed."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sverka import settling
from sverka.demo.reports import demo_reports
from sverka.demo.shop import Shop
from sverka.errors import TryLater
from sverka.intake.intake import take
from sverka.intake.ledger import file_of
from sverka.intake.zones import Zone
from sverka.nouns import FileState
from sverka.services import Services
from tests.conftest import FrozenClock
from tests.support.sandbox import RunningSandbox, sandbox
from tests.support.settling import services, shop

__all__ = ["sandbox", "services", "shop"]

REPORT = "Городской курьер реестр 125.xlsx"


@pytest.fixture
def file_id(services: Services, shop: Shop, tmp_path: Path, clock: FrozenClock) -> int:
    (tmp_path / "inbox").mkdir()
    zone = Zone("папка", str(tmp_path / "inbox"))
    zone.drop(REPORT, demo_reports(shop)[REPORT])
    [key] = take(services, [zone], wait=lambda _: clock.advance(seconds=30))
    claimed = settling.claim(services, key, "run 1")
    assert claimed is not None
    return claimed


@pytest.fixture
def strangers(services: Services, tmp_path: Path) -> Services:
    """The same installation after somebody took the layout of this report away."""
    schemas = tmp_path / "courier_schemas"
    shutil.copytree(services.settings.courier_schemas, schemas)
    (schemas / "cod_register.yaml").unlink()
    return replace(services, settings=replace(services.settings, courier_schemas=schemas))


def postings(services: Services) -> dict[str, int]:
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute("select state, count(*) from posting group by 1")
        return dict(cursor.fetchall())


def test_a_file_with_documents_on_their_way_is_never_put_into_quarantine(
    services: Services,
    strangers: Services,
    file_id: int,
    sandbox: RunningSandbox,
    clock: FrozenClock,
) -> None:
    sandbox.plan_fault("lose_reply", method="POST")
    with pytest.raises(TryLater) as later:
        settling.settle(services, file_id)
    assert postings(services)["unsure"] > 0
    clock.advance(seconds=later.value.seconds)

    done = settling.settle(strangers, file_id)

    assert done["recognise"] == {"courier": "gorod", "schema": "cod_register", "kept": True}
    assert done["check"]["accepted"] > 0
    assert set(postings(services)) == {"posted"}
    with services.connect() as conn:
        assert file_of(conn, file_id).state is FileState.SETTLED


def test_a_file_with_nothing_but_a_plan_may_still_be_asked_about(
    services: Services, strangers: Services, file_id: int
) -> None:
    for step in settling.STEPS[:7]:
        step(services, file_id)
    assert set(postings(services)) == {"planned"}
    assert settling.settle(strangers, file_id)["recognise"] == {"asks": "layout"}
    with services.connect() as conn:
        assert file_of(conn, file_id).state is FileState.WAITING


def test_a_plan_goes_with_the_parse_that_it_was_made_from(services: Services, file_id: int) -> None:
    for step in settling.STEPS[:7]:
        step(services, file_id)
    planned = postings(services)
    lines = settling.parse(services, file_id)["lines"]
    assert postings(services) == {}
    assert settling.check(services, file_id)["accepted"] <= lines
    settling.reconcile(services, file_id)
    settling.plan(services, file_id)
    assert postings(services) == planned


def test_a_settled_run_that_is_cleared_books_nothing_twice(
    services: Services, file_id: int
) -> None:
    done = settling.settle(services, file_id)
    with services.connect() as conn:
        key = file_of(conn, file_id).partition_key
    assert settling.claim(services, key, "run 2") is None
    assert settling.claim(services, key, "run 1") == file_id
    again = settling.settle(services, file_id)
    assert again["send"] == done["send"]
    with services.connect() as conn:
        assert file_of(conn, file_id).state is FileState.SETTLED
