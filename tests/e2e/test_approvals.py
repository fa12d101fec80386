"""A courier whose documents a person approves: asked in the Airflow UI, posted by the answer alone."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import requests

from sverka.confirming.fields import COURIER
from sverka.demo.things import Order
from sverka_airflow.parking import BOUND
from sverka_airflow.texts import CONFIRM, DO_NOT_POST, POST
from tests.e2e.installation import Installation
from tests.e2e.test_unknown_layout import READING_SECONDS, answered, dropped_and_asked, posted
from tests.support import unknown
from tests.support.demo_files import Registers
from tests.support.unknown import unknown_register

pytestmark = pytest.mark.e2e

CODE, TITLE = "tishina", "Служба Тишина"
TERMS = f"""
courier: {CODE}
title: {TITLE}
names: [{TITLE}]
counterparty: {unknown.COUNTERPARTY}
posting_scheme: net
approval: nothing
dry_run: false
"""


@pytest.fixture(scope="module")
def asks(installation: Installation) -> Iterator[Installation]:
    """The installation knows a courier whose every document waits for a person.

    Its layout is taken back in the end: other tests have files in the same words.
    """
    installation.query(
        "insert into confirmed_courier (code, terms, confirmed_by, confirmed_at)"
        " values (%s, %s, 'test', now()) returning code",
        CODE,
        TERMS,
    )
    yield installation
    installation.query(
        "update confirmed_schema set withdrawn_at = now() where code like %s returning code",
        f"{CODE}_%",
    )


def task(installation: Installation, name: str) -> str:
    """The REST path of `ask_to_post` in the run that has the file."""
    run_id = installation.files()[name]["claimed_by"]
    run = f"/api/v2/dags/settle_report/dagRuns/{quote(run_id, safe='')}"
    return f"{run}/taskInstances/ask_to_post"


def whether_to_post(installation: Installation, name: str) -> dict[str, Any]:
    """Waits until the run of the file parks; the question as the UI gets it."""

    def parked() -> bool:
        claimed = installation.files()[name]["claimed_by"]
        state = claimed and installation.api(task(installation, name))["state"]
        return bool(state == "awaiting_input")

    installation.wait_until(parked, what=f"the question about the plan of {name}")
    time.sleep(READING_SECONDS)
    question: dict[str, Any] = installation.api(f"{task(installation, name)}/-1/hitlDetails")
    return question


def say(installation: Installation, name: str, question: dict[str, Any], option: str) -> int:
    fields = {key: param["value"] for key, param in question["params"].items()}
    return requests.patch(
        f"{installation.url}{task(installation, name)}/-1/hitlDetails",
        json={"chosen_options": [option], "params_input": fields},
        headers=installation.bearer(),
        timeout=30,
    ).status_code


def orders_of(registers: Registers, count: int) -> list[Order]:
    return registers.of(count)[2]


def test_documents_wait_for_a_person_and_go_with_the_answer(
    asks: Installation, registers: Registers
) -> None:
    name = "Тишина 1.csv"
    data = unknown_register(orders_of(registers, 3), courier=TITLE)
    layout = dropped_and_asked(asks, name, data)
    answered(
        asks, name, layout, CONFIRM, **({COURIER: CODE} if COURIER in layout["params"] else {})
    )
    question = whether_to_post(asks, name)
    [row] = asks.query("select seal, documents from plan_question where answer is null")
    assert question["params"][BOUND]["value"] == row["seal"]
    assert question["options"] == [POST, DO_NOT_POST]
    assert TITLE in question["body"]
    assert asks.files()[name]["state"] == "waiting"
    assert posted(asks, name) == 0

    assert say(asks, name, question, POST) == 200
    assert say(asks, name, question, DO_NOT_POST) == 409, "the first answer stands"
    asks.wait_for_files([name])
    assert asks.files()[name]["state"] == "settled"
    assert posted(asks, name) == 3
    [by] = asks.query(
        "select distinct approved_by from posting join file on file.id = file_id where name = %s",
        name,
    )
    assert by == {"approved_by": "admin"}


def test_a_no_leaves_the_books_alone(asks: Installation, registers: Registers) -> None:
    name = "Тишина 2.csv"
    asks.zones["folder"].drop(name, unknown_register(orders_of(registers, 2), courier=TITLE))
    asks.wait_until(lambda: name in asks.files(), what=name)
    question = whether_to_post(asks, name)
    assert say(asks, name, question, DO_NOT_POST) == 200
    asks.wait_for_files([name])
    assert asks.files()[name]["state"] == "settled"
    assert posted(asks, name) == 0
    asks.wait_until(lambda: refused(asks) == 2, what="the lines that nobody posts")


def refused(installation: Installation) -> int:
    """Discrepancies that say whose decision it was; the last step of the run writes them."""
    [row] = installation.query(
        "select count(*) as n from discrepancy where sentence like %s",
        "Не проведено по решению: admin%",
    )
    return int(row["n"])


def test_a_file_that_goes_by_itself_is_not_asked_about(
    installation: Installation, registers: Registers
) -> None:
    name, data, _ = registers.of(2)
    installation.zones["folder"].drop(name, data)
    installation.wait_for_files([name])
    assert installation.files()[name]["state"] == "settled"
    assert posted(installation, name) == 2
    assert installation.api(task(installation, name))["state"] == "skipped"
