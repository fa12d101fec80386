"""The plan of faults: exact entries, a seed for the rest, and a log of what was done."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sverka.moysklad.sandbox.fault_plan import (
    Draw,
    FaultSwitch,
    Plan,
    plan_from,
    plan_from_text,
)
from sverka.moysklad.sandbox.faults import NETWORK, PEOPLE, Fault, FaultKind
from sverka.moysklad.sandbox.http import Request

SEEDED = {"seed": 7, "rate": 0.2}


def request(method: str = "POST", path: str = "/entity/paymentin", body: str = "{}") -> Request:
    return Request(method, path, "", {}, body.encode(), "http://sandbox.test")


def struck(switch: FaultSwitch, requests: list[Request]) -> list[tuple[int, FaultKind]]:
    met = [switch.strike(one) for one in requests]
    return [(strike.ordinal, strike.fault.kind) for strike in met if strike is not None]


def run(plan: dict[str, Any], count: int = 500, one: Request | None = None) -> list[Any]:
    return struck(FaultSwitch(plan_from(plan)), [one or request()] * count)


class TestSeed:
    def test_the_same_seed_strikes_the_same_requests_in_the_same_way(self) -> None:
        assert run(SEEDED) == run(SEEDED)
        assert run(SEEDED) != run({**SEEDED, "seed": 8})

    def test_about_as_many_requests_are_struck_as_the_rate_says(self) -> None:
        assert 70 < len(run(SEEDED)) < 130
        assert len(run({"seed": 1, "rate": 1})) == 500
        assert run({"seed": 1, "rate": 0}) == []

    def test_what_a_request_meets_depends_on_its_ordinal_only(self) -> None:
        switch = FaultSwitch(plan_from({**SEEDED, "path": "paymentin"}))
        others = struck(switch, [request(path="/entity/supply")] * 250)
        assert others == []
        assert struck(switch, [request()] * 250) == [s for s in run(SEEDED) if s[0] > 250]

    def test_beginning_again_counts_from_one(self) -> None:
        switch = FaultSwitch(plan_from(SEEDED))
        first = struck(switch, [request()] * 50)
        switch.begin(plan_from(SEEDED))
        assert struck(switch, [request()] * 50) == first

    def test_usually_only_the_network_fails(self) -> None:
        kinds = {kind for _, kind in run({"seed": 7, "rate": 1}, one=request(body="[{}, {}]"))}
        assert kinds == set(NETWORK)

    def test_groups_names_and_weights_choose_the_kinds(self) -> None:
        array = request(body="[{}]")
        people = run({"seed": 7, "rate": 1, "kinds": ["people"]}, one=array)
        assert {kind for _, kind in people} == set(PEOPLE)
        weighed = {"lose_reply": 9, "html_500": 1}
        counted = Counter(kind for _, kind in run({"seed": 7, "rate": 1, "kinds": weighed}))
        assert set(counted) == {FaultKind.LOSE_REPLY, FaultKind.HTML_500}
        assert counted[FaultKind.LOSE_REPLY] > 5 * counted[FaultKind.HTML_500]

    def test_a_request_meets_only_what_can_happen_to_it(self) -> None:
        plan = {"seed": 7, "rate": 1, "kinds": ["cut_off", "refuse_some", "parallel_edit"]}
        assert run(plan, one=request("GET", body="")) == []
        assert {kind for _, kind in run(plan)} == {FaultKind.PARALLEL_EDIT}
        assert len({kind for _, kind in run(plan, one=request(body="[{}]"))}) == 3

    def test_after_until_nothing_is_drawn_so_that_a_run_ends(self) -> None:
        assert max(ordinal for ordinal, _ in run({**SEEDED, "until": 100})) <= 100

    def test_method_narrows_it(self) -> None:
        assert run({"seed": 7, "rate": 1, "method": "post"}, one=request("GET")) == []

    def test_a_slow_answer_takes_up_to_the_documented_five_minutes(self) -> None:
        draw = Draw(7, 1, ((FaultKind.SLOW, 1),))
        seconds = [draw.fault(n, request()).seconds for n in range(1, 200)]  # type: ignore[union-attr]
        assert 1 <= min(seconds) < 30
        assert 270 < max(seconds) <= 300


class TestExact:
    def test_the_third_post_to_paymentin(self) -> None:
        fault = {"fault": "lose_reply", "nth": 3, "method": "POST", "path": "paymentin"}
        requests = [
            request(),
            request("GET"),
            request(path="/entity/supply"),
            request(),
            request(),
            request(),
        ]
        switch = FaultSwitch(plan_from({"exact": [fault]}))
        assert struck(switch, requests) == [(5, FaultKind.LOSE_REPLY)]

    def test_exact_faults_come_before_drawn_ones(self) -> None:
        plan = {"seed": 7, "rate": 1, "kinds": ["html_500"], "exact": [{"fault": "slow"}]}
        assert run(plan, 2) == [(1, FaultKind.SLOW), (2, FaultKind.HTML_500)]

    def test_named_elements_are_refused_and_no_others(self) -> None:
        fault = {"fault": "refuse_some", "elements": [0, 4, 9]}
        strike = FaultSwitch(plan_from({"exact": [fault]})).strike(request(body="[]"))
        assert strike is not None
        assert strike.chosen(5) == (0, 4)

    def test_without_names_some_are_and_always_the_same(self) -> None:
        def chosen(count: int) -> tuple[int, ...]:
            strike = FaultSwitch(Plan((Fault(FaultKind.REFUSE_SOME),))).strike(request())
            assert strike is not None
            return strike.chosen(count)

        assert chosen(100) == chosen(100)
        assert 10 < len(chosen(100)) < 60
        assert chosen(1) == (0,)
        assert chosen(0) == ()


class TestText:
    """What `--faults` takes."""

    def test_pairs(self) -> None:
        assert plan_from_text("seed=7, rate=0.2") == plan_from(SEEDED)
        some = plan_from_text("seed=7,rate=1,kinds=slow+people,until=9")
        assert some.draw is not None
        assert [kind for kind, _ in some.draw.kinds] == [FaultKind.SLOW, *PEOPLE]
        assert some.draw.until == 9

    def test_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "plan.yaml"
        file.write_text("seed: 7\nrate: 0.2\nexact:\n  - {fault: lose_reply, nth: 3}\n")
        expected = {**SEEDED, "exact": [{"fault": "lose_reply", "after": 2}]}
        assert plan_from_text(str(file)) == plan_from(expected)

    def test_a_file_with_something_else(self, tmp_path: Path) -> None:
        file = tmp_path / "plan.json"
        file.write_text("[]")
        with pytest.raises(ValueError, match="no plan"):
            plan_from_text(str(file))


@pytest.mark.parametrize(
    "given",
    [
        {"sed": 7},
        {"rate": 0.2},
        {"seed": 7, "rate": 1.5},
        {"seed": 7, "rate": -1},
        {"seed": "seven"},
        {"seed": 7, "kinds": ["earthquake"]},
        {"exact": [{"fault": "earthquake"}]},
        {"exact": [{"fault": "slow", "nth": 0}]},
    ],
)
def test_a_plan_that_cannot_be_understood_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whose words they are does not matter
        plan_from(given)


def test_every_kind_is_of_the_network_or_of_people() -> None:
    assert sorted([*NETWORK, *PEOPLE]) == sorted(FaultKind)
