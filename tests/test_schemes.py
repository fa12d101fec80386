"""Posting schemes are data: a wrong one is refused by name, the shipped ones are complete."""

import shutil
from pathlib import Path

import pytest

from sverka.couriers import Couriers
from sverka.errors import Misconfigured
from sverka.nouns import FEES, NETTED_FEES, Settlement
from sverka.schemes import Schemes
from sverka.settings import INCLUDE

SHIPPED = INCLUDE / "posting_schemes"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "schemes"))


def test_every_settlement_model_has_a_scheme() -> None:
    schemes = list(Schemes.load(SHIPPED))
    assert {scheme.settlement for scheme in schemes} == set(Settlement)
    for scheme in schemes:
        assert set(scheme.services) == set(FEES)
        assert scheme.netted_fees == NETTED_FEES[scheme.settlement]
        assert (scheme.paymentout is None) == (scheme.settlement is Settlement.GROSS)


def test_every_answer_to_every_question_is_shipped() -> None:
    schemes = list(Schemes.load(SHIPPED))
    assert {scheme.supply_per for scheme in schemes} == {"line", "report"}
    assert {scheme.book for scheme in schemes} == {"when_reported", "when_paid"}
    assert {scheme.agent for scheme in schemes} == {"customer", "courier"}


@pytest.mark.parametrize("settlement", list(Settlement))
def test_the_usual_scheme_of_a_model_has_its_name_and_books_as_ever(settlement: Settlement) -> None:
    usual = Schemes.load(SHIPPED).usual(settlement)
    assert usual is not None
    assert (usual.name, usual.settlement) == (settlement.value, settlement)
    assert (usual.book, usual.agent) == ("when_reported", "customer")


def test_a_scheme_of_another_model_is_not_the_usual_one(folder: Path) -> None:
    path = folder / "net.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "settlement: net", "settlement: agent_fee_netted"
    )
    path.write_text(text, encoding="utf-8")
    assert Schemes.load(folder).usual(Settlement.NET) is None


def test_every_courier_has_a_scheme() -> None:
    schemes = Schemes.load(SHIPPED)
    couriers = list(Couriers.load(INCLUDE / "couriers"))
    assert couriers
    for courier in couriers:
        assert schemes.get(courier.posting_scheme).name == courier.posting_scheme


def test_an_unknown_scheme_is_named() -> None:
    with pytest.raises(Misconfigured, match=r"'nett'.*known: .*net"):
        Schemes.load(SHIPPED).get("nett")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("settlement: net", "settlement: nett", "settlement"),
        ("scheme: net", "scheme: other", "not the file's name"),
        ("{order}", "{money}", "{money}"),
        ("  per: line", "  per: month", "per"),
        ("fee_cod: Приём наложенного платежа", "fee_cash: Приём", "services"),
        ("title:", "titel:", "titel"),
        ("book: when_reported\n", "", "'book' is a required property"),
        ("book: when_reported", "book: when_shipped", "when_shipped"),
        ("  agent: customer\n", "", "'agent' is a required property"),
        ("  agent: customer", "  agent: buyer", "buyer"),
        ("scheme: net", "scheme: [net", "not YAML"),
        ("settlement: net", "settlement: gross", "expense_item"),
    ],
)
def test_a_wrong_scheme_is_refused_by_name(folder: Path, old: str, new: str, words: str) -> None:
    path = folder / "net.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"net\.yaml") as refused:
        Schemes.load(folder)
    assert words in str(refused.value)


def test_a_courier_that_keeps_its_fee_needs_a_paymentout(folder: Path) -> None:
    path = folder / "gross.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("settlement: gross", "settlement: net"), encoding="utf-8")
    with pytest.raises(Misconfigured, match="paymentout"):
        Schemes.load(folder)
