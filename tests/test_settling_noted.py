"""Reports that settle no money are read, checked, noted; nothing is reconciled or posted for them."""

import json
from pathlib import Path
from typing import Any

import pytest

from sverka import settling
from sverka.nouns import FileState
from sverka.services import Services, services_from
from sverka.settings import Settings
from tests.conftest import FrozenClock
from tests.parsing.samples import SAMPLES
from tests.support.installed import Installed


@pytest.fixture
def installed(database_url: str, tmp_path: Path, clock: FrozenClock) -> Installed:
    """Without a MoySklad: a step that asked for it would fail."""
    settings = Settings(database_url, str(tmp_path / "storage"), {}, (), None)
    return Installed(services_from(settings, clock), clock, tmp_path / "inbox")


def page(services: Services) -> Any:
    return json.loads(services.storage.read("reports/2026-11-20/report.json"))


@pytest.mark.parametrize(
    ("sample", "purpose", "words"),
    [
        ("cdek_orders.xlsx", "statuses", "статусы доставки"),
        ("dalli_return_act.xml", "returns", "акт возврата"),
        ("bank_1c_statement.txt", "statement", "выписка банка"),
    ],
)
def test_it_is_noted_and_the_day_says_so(
    installed: Installed, sample: str, purpose: str, words: str
) -> None:
    file_id = installed.dropped(sample, SAMPLES[sample][0]())
    done = settling.settle(installed.services, file_id)

    assert done["reconcile"] == done["plan"] == done["send"] == {"noted": [purpose]}
    assert installed.row(file_id).state is FileState.SETTLED
    assert installed.count("line") + installed.count("bank_movement") > 0
    assert installed.count("verdict") == installed.count("posting") == 0
    report = page(installed.services)
    [file] = report["files"]
    assert words in file["noted"][0]
    assert "Принято к сведению" in file["noted"][0]
    assert file["rows_read"] == 0
    assert report["couriers"] == []
