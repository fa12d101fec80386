"""What the pictures need beside the demo: a report that Sverka asks about."""

from pathlib import Path
from typing import Any

import pytest

from local.scenes import UNKNOWN, set_scene, unknown_register
from local.state import REPOSITORY
from sverka.couriers import Couriers
from sverka.errors import NeedsMapping
from sverka.intake.zones import Zone
from sverka.reading import read
from sverka.recognition import Schemas, recognise


def test_the_report_is_one_that_nobody_described() -> None:
    include = REPOSITORY / "include"
    schemas = Schemas.load(include / "courier_schemas")
    couriers = Couriers.load(include / "couriers")
    with pytest.raises(NeedsMapping):
        recognise(read(unknown_register(), UNKNOWN), schemas, couriers)


def test_it_is_dropped_and_waited_for(tmp_path: Path) -> None:
    def waiting_at(task: str) -> list[dict[str, Any]]:
        return [{"task_id": task}] if (tmp_path / UNKNOWN).exists() else []

    set_scene(Zone("folder", tmp_path.as_uri(), {}), waiting_at)
    assert (tmp_path / UNKNOWN).read_bytes() == unknown_register()


def test_a_question_that_waits_already_is_enough(tmp_path: Path) -> None:
    set_scene(Zone("folder", tmp_path.as_uri(), {}), lambda task: [{"task_id": task}])
    assert list(tmp_path.iterdir()) == []
