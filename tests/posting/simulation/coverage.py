"""What a quarter of the simulation must have met: faults that never strike prove nothing."""

from collections import Counter
from collections.abc import Iterator

from sverka.moysklad.sandbox.faults import FaultKind
from tests.posting.simulation.checks import documented
from tests.posting.simulation.mortal import HOW, PLACES
from tests.posting.simulation.play import PAUSES

STEPS = ("mirror", "plan", "approve", "send", "undo", "compare")
"""Steps in which processes must have died."""
OFTEN = 2
SELDOM = frozenset(
    {
        ("approved", "posted"),
        ("sending", "failed"),
        ("failed", "unsure"),
        ("unsure", "failed"),
    }
)
"""Changes of state that need several accidents in a row."""


def missing(hit: Counter[str]) -> list[str]:
    """What a quarter of 250 seeds met too seldom, with how often it did."""
    met = hit + _deaths(hit)
    return [f"{what}: {met[what]} of {n}" for what, n in sorted(_wanted()) if met[what] < n]


def _deaths(hit: Counter[str]) -> Counter[str]:
    """Kills by step and place, and by place and how it was."""
    deaths: Counter[str] = Counter()
    for what, number in hit.items():
        if what.startswith("kill "):
            _, step, place, how = what.split()
            deaths[f"death in {step}"] += number
            deaths[f"death in {step} {place}"] += number
            deaths[f"death {how} {place}"] += number
    return deaths


def _wanted() -> Iterator[tuple[str, int]]:
    yield from ((f"fault {kind}", OFTEN) for kind in FaultKind)
    yield from ((f"pause {seconds}", OFTEN) for seconds in PAUSES)
    yield from ((f"death {how} {place}", OFTEN) for place in PLACES for how in HOW[place])
    yield from ((f"death in {step}", OFTEN) for step in STEPS)
    yield from ((f"death in send {place}", 5) for place in PLACES)
    yield from ((f"change {was} → {became}", 1) for was, became in documented() - SELDOM)
    yield from OTHERS.items()


OTHERS = {
    "late request carried out": 10,
    "cut, carried out late": 10,
    "connection refused": 10,
    "undisturbed to the end": 50,
    "rest, planned again": 10,
    "rest, sent again": 50,
    "twin done": 10,
    "lock lost": 5,
    "ended killed": 50,
}
