"""A booked report is undone by a form in Airflow, dropped again and booked again."""

from typing import Any

import pytest
import requests

from tests.e2e.installation import Installation
from tests.support.demo_files import Registers

pytestmark = pytest.mark.e2e


def undo_run(installation: Installation, **params: Any) -> dict[str, Any]:
    """Fills in the form «Отмена отчёта» and waits for the run's end."""
    answer = requests.post(
        f"{installation.url}/api/v2/dags/undo_report/dagRuns",
        json={"logical_date": None, "conf": params},
        headers=installation.bearer(),
        timeout=30,
    )
    answer.raise_for_status()
    path = f"/api/v2/dags/undo_report/dagRuns/{answer.json()['dag_run_id']}"
    installation.wait_until(
        lambda: installation.api(path)["state"] in {"success", "failed"},
        what="the run of undo_report",
    )
    run: dict[str, Any] = installation.api(path)
    return run


def live_payments(installation: Installation, name: str) -> int:
    """Payments of this file's orders that stand in MoySklad now."""
    ours = {
        str(row["sync_id"])
        for row in installation.query(
            "select sync_id from posting join file on file.id = file_id"
            " where name = %s and kind = 'paymentin'",
            name,
        )
    }
    return sum(row.get("syncId") in ours for row in installation.moysklad.rows("paymentin"))


def test_a_file_is_undone_by_a_form_and_can_be_booked_again(
    installation: Installation, registers: Registers
) -> None:
    name, data, orders = registers.of(3)
    installation.zones["folder"].drop(name, data)
    installation.wait_for_files([name])
    assert live_payments(installation, name) == len(orders)

    shown = undo_run(installation, file=name, action="show")
    assert shown["state"] == "success"
    assert live_payments(installation, name) == len(orders)

    undone = undo_run(installation, file=name, action="undo", reason="положили не тот файл")
    assert undone["state"] == "success"
    assert live_payments(installation, name) == 0
    assert installation.files()[name]["state"] == "undone"
    assert {
        row["state"]
        for row in installation.query(
            "select p.state from posting p join file f on f.id = p.file_id where f.name = %s", name
        )
    } == {"reversed"}
    asked = installation.query(
        "select u.asked_by, u.reason from undo u join file f on f.id = u.file_id where f.name = %s",
        name,
    )
    assert [dict(row) for row in asked] == [{"asked_by": "admin", "reason": "положили не тот файл"}]

    installation.zones["folder"].drop(name, data)
    installation.wait_until(
        lambda: live_payments(installation, name) == len(orders),
        what="the file to be booked again",
    )


def test_a_file_that_nobody_knows_ends_the_run_and_touches_nothing(
    installation: Installation,
) -> None:
    before = installation.query("select count(*) as n from undo")
    assert undo_run(installation, file="такого файла не было.xlsx")["state"] == "failed"
    assert installation.query("select count(*) as n from undo") == before
