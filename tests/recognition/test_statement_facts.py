"""`movement:` of a schema: its references are held, and the two bank layouts use all of it."""

import re
from collections.abc import Callable

import pytest

from sverka.errors import Misconfigured
from sverka.nouns import Purpose
from sverka.recognition.loading import load_schema_text
from sverka.recognition.schema import Schema
from sverka.recognition.statement_facts import ByAccount, ByWord, Marked, Turnovers
from sverka.recognition.vocabulary import load_vocabulary
from sverka.settings import INCLUDE

FOLDER = INCLUDE / "courier_schemas"
Load = Callable[[str], Schema]


@pytest.fixture(scope="module")
def load() -> Load:
    vocabulary = load_vocabulary(FOLDER / "vocabulary.yaml")
    return lambda text: load_schema_text(text, "x.yaml", vocabulary)


def text_of(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text("utf-8")


def test_1c_tells_the_side_by_the_account(load: Load) -> None:
    schema = load(text_of("bank_1c_statement"))
    assert schema.purpose is Purpose.STATEMENT
    assert schema.movement is not None
    assert schema.movement.direction == ByAccount(
        into=("payee_account", "payee_own_account"), out_of=("payer_account", "payer_own_account")
    )
    assert isinstance(schema.movement.balances, Turnovers)
    assert (schema.movement.split, schema.movement.booked, schema.movement.currency) == (
        None, None, None,
    )  # fmt: skip


def test_camt_tells_the_side_by_a_word(load: Load) -> None:
    facts = load(text_of("bank_camt053")).movement
    assert facts is not None
    assert facts.direction == ByWord("indicator", "CRDT", "DBIT", "reversal")
    assert isinstance(facts.balances, Marked)
    assert facts.split is not None
    assert facts.split.each == ("NtryDtls", "TxDtls")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  amount: amount\n", "  amount: sum\n", "movement.amount: no column 'sum'; known: kind"),
        ("  amount: amount\n", "  amount: number\n", "movement.amount: column 'number' is not money"),
        ("moved_on: received", "moved_on: number", "movement.in.moved_on: column 'number' is not date"),
        ("counterparty_inn: payer_inn", "counterparty_inn: inn", "in.counterparty_inn: no column 'inn'"),
        ("purpose: purpose\n", "purpose: why\n", "movement.purpose: no column 'why'"),
        ("in: [payee_account,", "in: [account,", "movement.direction: no column 'account'"),
        ("  balances:\n", "  balanses:\n", "balanses"),
        ("    opening: НачальныйОстаток\n", "", "movement.balances"),
        ("purpose: statement", "purpose: settlement", "purpose"),
    ],
)  # fmt: skip
def test_a_bad_mapping_fails_with_its_line(load: Load, old: str, new: str, message: str) -> None:
    text = text_of("bank_1c_statement")
    assert old in text
    with pytest.raises(Misconfigured, match=r"^x\.yaml, line \d+: ") as wrong:
        load(text.replace(old, new))
    assert re.search(re.escape(message), str(wrong.value)), wrong.value


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("reversal: reversal}", "reversal: taken_back}", "movement.direction.reversal"),
        ("column: status", "column: state", "movement.booked.column"),
        ("amount: detail_amount", "amount: remittance", "movement.split.amount"),
    ],
)
def test_a_bad_camt_mapping_fails_with_its_line(
    load: Load, old: str, new: str, message: str
) -> None:
    text = text_of("bank_camt053")
    assert old in text
    with pytest.raises(Misconfigured, match=r"^x\.yaml, line \d+: ") as wrong:
        load(text.replace(old, new))
    assert message in str(wrong.value)
