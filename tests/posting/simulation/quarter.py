"""The seeds of one run, dealt out to four files so that all cores share them.

`SVERKA_SIMULATION_SEEDS` seeds (1,000) from `SVERKA_SIMULATION_FIRST` (1) on.
"""

import os
from collections import Counter

from tests.posting.simulation.seeds import counted
from tests.posting.simulation.world import World

SEEDS = int(os.environ.get("SVERKA_SIMULATION_SEEDS", "1000"))
FIRST = int(os.environ.get("SVERKA_SIMULATION_FIRST", "1"))
QUARTERS = 4
AT_ONCE = 25
"""Seeds per test: a failure names one of so many, and the others of the file go on."""


class Quarter:
    """Every fourth seed, in parcels; `hit` counts what they met."""

    def __init__(self, number: int) -> None:
        seeds = range(FIRST + number, FIRST + SEEDS, QUARTERS)
        self.seeds = len(seeds)
        self.parcels = [seeds[at : at + AT_ONCE] for at in range(0, len(seeds), AT_ONCE)]
        self.hit: Counter[str] = Counter()
        self.played = 0

    def play(self, world: World, seeds: range) -> None:
        """Plays the parcel; the first seed that breaks a promise fails it."""
        self.hit.update(counted(world, seeds))
        self.played += len(seeds)
