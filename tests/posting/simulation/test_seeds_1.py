"""Quarter 1 of the simulation: plan, send, recover and undo under every fault and kill."""

import pytest

from tests.posting.simulation.coverage import missing
from tests.posting.simulation.quarter import Quarter
from tests.posting.simulation.world import World

QUARTER = Quarter(0)


@pytest.mark.parametrize("seeds", QUARTER.parcels, ids=lambda seeds: f"from {seeds[0]}")
def test_no_document_twice_none_lost_and_everything_comes_to_rest(
    world: World, seeds: range
) -> None:
    QUARTER.play(world, seeds)


def test_every_fault_and_every_way_to_die_was_met() -> None:
    if QUARTER.played < 250:
        pytest.skip("too few seeds to meet everything")
    assert missing(QUARTER.hit) == []
