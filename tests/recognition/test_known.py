"""What is known: the folders and what persons confirmed, the newer and the nearer winning."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sverka.confirming import store
from sverka.confirming.store import Numbered, Said
from sverka.couriers import Couriers
from sverka.errors import Misconfigured
from sverka.recognition.known import knowledge, known, known_couriers
from sverka.services import Services, services_from
from sverka.settings import INCLUDE, Settings
from tests.conftest import FrozenClock

SHIPPED = (INCLUDE / "courier_schemas" / "cod_register.yaml").read_text(encoding="utf-8")


@pytest.fixture
def services(database_url: str, tmp_path: Path, clock: FrozenClock) -> Services:
    return services_from(Settings(database_url, str(tmp_path), {}, (), None), clock)


Confirm = Callable[..., None]


@pytest.fixture
def confirm(services: Services) -> Confirm:
    def keep(code: str, version: int, title: str = "Подтверждённая", **changes: str) -> None:
        text = SHIPPED.replace("schema: cod_register", f"schema: {code}", 1)
        text = re.sub(r"(?m)^version: .*$", f"version: {version}", text)
        text = re.sub(r"(?m)^title: .*$", f"title: {title}", text)
        for old, new in changes.items():
            text = text.replace(f"{old}: null", f"{old}: {new}", 1)
        with services.connect() as conn:
            store.confirm_schema(conn, Numbered(code, version, text), Said("я", services.clock()))

    return keep


def test_without_confirmations_it_is_the_folders(services: Services) -> None:
    schemas, couriers = known(services)
    assert "cod_register" in schemas.by_code
    assert couriers == Couriers.load(INCLUDE / "couriers")
    assert knowledge(services).left_out == ()


def test_the_newest_confirmed_version_counts(services: Services, confirm: Confirm) -> None:
    confirm("mine", 1, "первая")
    confirm("mine", 2, "вторая")
    assert known(services)[0].by_code["mine"].title == "вторая"
    with services.connect() as conn:
        assert store.withdraw(conn, "mine", services.clock()) == 2
    assert known(services)[0].by_code["mine"].title == "первая"
    with services.connect() as conn:
        assert store.withdraw(conn, "mine", services.clock()) == 1
    assert "mine" not in known(services)[0].by_code
    with services.connect() as conn, pytest.raises(Misconfigured, match="mine"):
        store.withdraw(conn, "mine", services.clock())


@pytest.mark.parametrize(("version", "counts"), [(0, False), (1, True), (2, True)])
def test_a_shipped_schema_of_a_higher_version_wins(
    services: Services, confirm: Confirm, version: int, counts: bool
) -> None:
    shipped = known(services)[0].by_code["cod_register"].version
    confirm("cod_register", shipped - 1 + version)
    found = known(services)[0].by_code["cod_register"]
    assert (found.title == "Подтверждённая") is counts


def test_a_courier_of_the_folder_wins_over_a_confirmed_one(services: Services) -> None:
    gorod = known_couriers(services).get("gorod")
    with services.connect() as conn:
        said = Said("я", services.clock())
        store.confirm_courier(conn, replace(gorod, counterparty="Чужой"), said)
        store.confirm_courier(conn, replace(gorod, code="neva", names=("Нева",)), said)
    couriers = known_couriers(services)
    assert couriers.get("gorod") == gorod
    assert couriers.get("neva").names == ("Нева",)


@pytest.mark.parametrize("broken", ["language: 99", "a: [", "", "- 1", "language: 1\nschema: mine"])
def test_a_stored_schema_that_loads_no_more_is_left_out_and_told(
    services: Services, confirm: Confirm, broken: str
) -> None:
    confirm("mine", 1)
    confirm("other", 1)
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute("update confirmed_schema set schema = %s where code = 'mine'", (broken,))
    found = knowledge(services)
    assert "mine" not in found.schemas.by_code
    assert "other" in found.schemas.by_code
    [sentence] = found.left_out
    assert "«mine», версия 1" in sentence


def test_a_schema_of_a_courier_that_is_gone_is_left_out(
    services: Services, confirm: Confirm
) -> None:
    confirm("mine", 1, courier="nobody")
    found = knowledge(services)
    assert "mine" not in found.schemas.by_code
    assert "nobody" in found.left_out[0]


def test_a_stored_courier_that_loads_no_more_is_left_out_and_told(services: Services) -> None:
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute("insert into confirmed_courier values ('neva', 'courier: neva', 'я', now())")
    found = knowledge(services)
    assert "neva" not in found.couriers.by_code
    assert "«neva»" in found.left_out[0]


def test_the_mark_changes_with_what_is_known_and_with_nothing_else(
    services: Services, confirm: Confirm
) -> None:
    before = knowledge(services).mark
    assert knowledge(services).mark == before
    confirm("mine", 1)
    after = knowledge(services).mark
    assert after != before
    with services.connect() as conn:
        store.withdraw(conn, "mine", services.clock())
    assert knowledge(services).mark == before
