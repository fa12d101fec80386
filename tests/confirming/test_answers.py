"""A form's fields to a courier: a known one by its code, a new one with all that it needs."""

from typing import Any

import pytest

from sverka.confirming.answers import Answer, named_courier, on_terms
from sverka.confirming.fields import COUNTERPARTY, COURIER, NEW_COURIER, POST_NOW, TITLE
from sverka.couriers import Courier, Couriers, as_yaml, courier_of
from sverka.errors import Refusal
from sverka.nouns import Settlement
from sverka.schemes import Schemes
from sverka.settings import INCLUDE

COURIERS = Couriers.load(INCLUDE / "couriers")


def said(**fields: Any) -> Answer:
    form = {COURIER: NEW_COURIER, TITLE: "Экспресс-Нева", COUNTERPARTY: "ООО «Нева»"}
    return Answer(True, fields=form | fields)


def test_a_known_courier_is_taken_with_its_own_terms() -> None:
    assert named_courier(said(courier="gorod"), COURIERS) == COURIERS.get("gorod")


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Экспресс-Нева", "ekspress_neva"),
        ("  ООО «Быстрый   ёж» ", "ooo_bystryy_ezh"),
        ("5 колёс", "courier_5_koles"),
        ("Городской", "gorodskoy"),
        ("速递公司", "courier"),
    ],
)
def test_a_new_couriers_code_is_short_latin(title: str, code: str) -> None:
    assert named_courier(said(courier_title=title), COURIERS).code == code


def test_a_code_that_is_taken_gets_a_number() -> None:
    other = Courier("ekspress_neva", "Другая", ("Другая",), "x", "net")
    assert named_courier(said(), COURIERS.plus([other])).code == "ekspress_neva_2"


@pytest.mark.parametrize(
    ("switch", "dry_run"), [(True, False), (False, True), (None, True), ("true", True), (1, True)]
)
def test_only_a_plain_yes_lets_documents_be_sent(switch: object, dry_run: bool) -> None:
    """Money leaves the plan by the switch alone, never by something that looks like it."""
    assert named_courier(said(**{POST_NOW: switch}), COURIERS).dry_run is dry_run
    assert named_courier(said(), COURIERS).dry_run is True


@pytest.mark.parametrize(
    "fields",
    [
        {COURIER: ""},
        {COURIER: None},
        {COURIER: "нет такого"},
        {TITLE: ""},
        {TITLE: "ab"},
        {TITLE: "«—»"},
        {COUNTERPARTY: " "},
        {TITLE: "СДЭК"},
    ],
)
def test_what_names_nobody_or_not_enough_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="Ничего не запомнено"):
        named_courier(said(**fields), COURIERS)


def test_a_new_courier_survives_being_stored() -> None:
    courier = named_courier(said(courier_title="Кавычки: «да», #1 - нет"), COURIERS)
    stored = Courier(**{name: getattr(courier, name) for name in Courier.__slots__})
    complete = courier_of(as_yaml(stored).replace("posting_scheme: ''", "posting_scheme: net"), "x")
    assert (complete.title, complete.names, complete.code) == (
        courier.title,
        courier.names,
        courier.code,
    )


@pytest.mark.parametrize("settlement", list(Settlement))
def test_every_model_has_a_scheme(settlement: Settlement) -> None:
    schemes = Schemes.load(INCLUDE / "posting_schemes")
    name = on_terms(COURIERS.get("gorod"), settlement, schemes)
    assert schemes.get(name).settlement is settlement


def test_without_a_model_nobody_knows_how_to_book() -> None:
    with pytest.raises(Refusal, match="неизвестно, как"):
        on_terms(COURIERS.get("gorod"), None, Schemes.load(INCLUDE / "posting_schemes"))
