"""The fuzzer: nothing changes in silence; and it does notice when something does."""

import pytest

from fuzz.judging import Result
from fuzz.mutations import MUTATIONS, Did
from fuzz.run import Fuzzer, compared, report
from fuzz.subjects import samples
from sverka.couriers import Couriers
from sverka.parsing import identifiers
from sverka.settings import INCLUDE


@pytest.fixture(scope="module")
def fuzzer() -> Fuzzer:
    data, schemas = samples()
    return Fuzzer(data, schemas, Couriers.load(INCLUDE / "couriers"))


def test_nothing_changes_in_silence(fuzzer: Fuzzer) -> None:
    tally = fuzzer.run(400, seed=20261120)
    assert tally.mutations == 400
    assert not tally.silent, report(tally)


def test_every_kind_of_sample_is_spoiled(fuzzer: Fuzzer) -> None:
    layouts = {subject.book.schema.code for subject in fuzzer.subjects}
    assert {"cod_register", "neva_register", "yandex_netting", "dalli_money_act"} <= layouts
    assert len(MUTATIONS) > 60


def test_the_same_seed_does_the_same(fuzzer: Fuzzer) -> None:
    first, second = (report(fuzzer.run(25, seed=5)) for _ in range(2))
    assert first == second


def test_a_broken_parser_is_found_and_shrunk(
    fuzzer: Fuzzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number parser that swallows «.0» wrongly would turn 10.0 into 100."""
    monkeypatch.setattr(identifiers, "_POINT_ZERO", identifiers.re.compile(r"(\d+)\.0*X"))
    steps = (("id_point_zero", 1),)
    outcomes = [
        found
        for subject in fuzzer.subjects
        if (found := fuzzer.outcome(subject, steps)) and found[0] == "silent"
    ]
    assert outcomes
    silent = fuzzer.shrunk(
        next(s for s in fuzzer.subjects if (f := fuzzer.outcome(s, steps)) and f[0] == "silent"),
        (("bom", 2), *steps),
    )
    assert silent.steps == steps


LINE = {"order_ref": "42", "collected": 100, "fee_cod": 3}


@pytest.mark.parametrize(
    ("lines", "aside", "unseen", "outcome"),
    [
        ([LINE], 0, set(), "identical"),
        ([LINE | {"fee_cod": 4}], 0, set(), "silent"),
        ([LINE | {"fee_cod": 4}], 1, set(), "silent"),
        ([LINE | {"fee_cod": 4}], 0, {"fee_cod"}, "cannot be known"),
        ([], 1, set(), "put aside"),
        ([], 0, set(), "silent"),
        ([], 0, {"rows"}, "cannot be known"),
        ([LINE, LINE], 0, set(), "silent"),
        ([LINE], 0, {"must hold"}, "silent"),
    ],
)
def test_outcomes_are_told_apart(
    lines: list[dict[str, object]], aside: int, unseen: set[str], outcome: str
) -> None:
    truth = Result("read", lines=[LINE])
    result = Result("read", lines=lines, put_aside=aside)
    assert compared(truth, result, [Did("x", frozenset(unseen))])[0] == outcome
