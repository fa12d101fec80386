"""A layout that nobody described: asked in the Airflow UI, confirmed, booked, not asked again."""

import time
from typing import Any
from urllib.parse import quote

import pytest
import requests

from sverka.confirming.fields import COUNTERPARTY, COURIER, NEW_COURIER, POST_NOW, TITLE
from sverka.demo.things import Order
from sverka_airflow.texts import CONFIRM, DECLINE
from tests.e2e.installation import Installation
from tests.support import unknown
from tests.support.demo_files import Registers
from tests.support.unknown import unknown_register

pytestmark = pytest.mark.e2e

READING_SECONDS = 5


def ask_path(installation: Installation, name: str) -> str:
    """The REST path of the task `ask` in the run that has the file."""
    run_id = installation.files()[name]["claimed_by"]
    return f"/api/v2/dags/settle_report/dagRuns/{quote(run_id, safe='')}/taskInstances/ask"


def state_of_ask(installation: Installation, name: str) -> Any:
    row = installation.files().get(name)
    if row is None or row["claimed_by"] is None:
        return None
    return installation.api(ask_path(installation, name))["state"]


def dropped_and_asked(installation: Installation, name: str, data: bytes) -> dict[str, Any]:
    """Drops the file, waits until its run waits for a person; the question as the UI gets it."""
    installation.zones["folder"].drop(name, data)
    installation.wait_until(
        lambda: state_of_ask(installation, name) == "awaiting_input",
        what=f"the question about {name}",
    )
    # A person reads before answering; Airflow 3.3.2 may trip over an answer in the second of parking.
    time.sleep(READING_SECONDS)
    question: dict[str, Any] = installation.api(f"{ask_path(installation, name)}/-1/hitlDetails")
    return question


def answered(
    installation: Installation, name: str, question: dict[str, Any], option: str, **given: object
) -> None:
    """Answers as the UI does: the option and all fields."""
    fields = {key: param["value"] for key, param in question["params"].items()} | given
    answer = requests.patch(
        f"{installation.url}{ask_path(installation, name)}/-1/hitlDetails",
        json={"chosen_options": [option], "params_input": fields},
        headers=installation.bearer(),
        timeout=30,
    )
    assert answer.status_code == 200, answer.text


def posted(installation: Installation, name: str) -> int:
    [row] = installation.query(
        "select count(*) as n from posting join file on file.id = file_id"
        " where file.name = %s and posting.state = 'posted' and kind = 'paymentin'",
        name,
    )
    return int(row["n"])


def fresh(registers: Registers, count: int) -> list[Order]:
    return registers.of(count)[2]


def test_a_person_confirms_once_and_the_next_file_needs_nobody(
    installation: Installation, registers: Registers
) -> None:
    first, second = "Нева 1.csv", "Нева 2.csv"
    question = dropped_and_asked(installation, first, unknown_register(fresh(registers, 5)))
    assert question["subject"] == first
    assert question["options"] == [CONFIRM, DECLINE]
    assert "Взято с получателя" in question["body"]
    assert question["params"][TITLE]["value"] == unknown.COURIER
    assert installation.files()[first]["state"] == "waiting"

    # Meanwhile a file that is known goes through.
    known, data, _ = registers.of(4)
    installation.zones["folder"].drop(known, data)
    installation.wait_for_files([known])
    assert installation.files()[known]["state"] == "settled"
    assert installation.files()[first]["state"] == "waiting"

    answered(
        installation,
        first,
        question,
        CONFIRM,
        **{COURIER: NEW_COURIER, COUNTERPARTY: unknown.COUNTERPARTY, POST_NOW: True},
    )
    installation.wait_for_files([first])
    assert installation.files()[first]["state"] == "settled"
    assert posted(installation, first) == 5
    [kept] = installation.query(
        "select code, confirmed_by from confirmed_schema where withdrawn_at is null"
    )
    assert kept == {"code": installation.files()[first]["schema"], "confirmed_by": "admin"}

    installation.zones["folder"].drop(second, unknown_register(fresh(registers, 5)))
    installation.wait_for_files([second])
    assert installation.files()[second]["state"] == "settled"
    assert state_of_ask(installation, second) == "skipped"
    assert posted(installation, second) == 5


def test_a_declined_file_lies_in_quarantine_with_the_name_of_who_did_it(
    installation: Installation, registers: Registers
) -> None:
    name = "Странная раскладка.csv"
    data = unknown_register(fresh(registers, 4), fee=unknown.ODD_FEE, courier="ООО «Ветерок»")
    question = dropped_and_asked(installation, name, data)
    answered(installation, name, question, DECLINE)
    installation.wait_for_files([name])
    row = installation.files()[name]
    assert row["state"] == "quarantined"
    assert "admin" in row["reason"]
    assert posted(installation, name) == 0
