"""Couriers with their terms and layouts: what the folders say and what a person confirmed."""

from pathlib import Path

import pytest

from sverka.database.connection import Connection
from sverka.pages.couriers import CourierView, couriers, transfers
from sverka.services import services_from
from sverka.settings import Settings
from tests.support.rows import NOON, a_file, a_report, an_id, insert

NAMED = """
courier: vitrina
title: Витрина
names: [Витрина]
counterparty: ООО «Витрина»
posting_scheme: no_such_scheme
"""


@pytest.fixture
def known(database_url: str, tmp_path: Path, conn: Connection) -> dict[str, CourierView]:
    insert(
        conn, "confirmed_courier", code="vitrina", terms=NAMED, confirmed_by="Анна",
        confirmed_at=NOON,
    )  # fmt: skip
    conn.commit()
    services = services_from(Settings(database_url, str(tmp_path), {}, (), None))
    return {one.courier.code: one for one in couriers(services, conn)}


def test_couriers_of_the_folder_and_confirmed_ones_stand_side_by_side(
    known: dict[str, CourierView],
) -> None:
    assert {"dalli", "cdek", "vitrina"} <= set(known)
    assert known["dalli"].confirmed is None
    assert known["dalli"].scheme is not None
    named = known["vitrina"]
    assert named.confirmed is not None
    assert named.confirmed.confirmed_by == "Анна"
    # A scheme that is not there is shown as that, and breaks no page.
    assert named.scheme is None


def test_a_courier_has_its_layouts_and_those_for_everybody(known: dict[str, CourierView]) -> None:
    of_dalli = {layout.code for layout in known["dalli"].layouts}
    assert {"dalli_money_act", "cod_register"} <= of_dalli
    assert not of_dalli & {"cdek_cod_registry", "bank_1c_statement"}


def test_transfers_are_this_couriers(conn: Connection) -> None:
    for courier in ("dalli", "cdek"):
        file_id = a_file(conn, courier)
        a_report(conn, file_id, courier, ordinal=1, report_no="7")
        insert(
            conn, "payout", file_id=file_id, ordinal=1, key=an_id(courier), courier=courier,
            currency="RUB", own=500, together=1, state="waiting", at=NOON,
        )  # fmt: skip
    [one] = transfers(conn, "dalli")
    assert (one.file, one.report_no, one.own, one.state) == ("dalli", "7", 500, "waiting")
