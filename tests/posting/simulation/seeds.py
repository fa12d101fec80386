"""Playing many seeds, and how to repeat the one that failed."""

from collections import Counter
from collections.abc import Iterable

from tests.posting.simulation.documents import Violation
from tests.posting.simulation.play import Play, perform
from tests.posting.simulation.world import World

TAIL = 40


class Failed(AssertionError):
    """A seed broke a promise; the text has its last steps and the command that repeats it."""


def played(world: World, seed: int) -> Play:
    """One seed from its beginning to its end.

    Raises:
        Failed: a promise was broken, or the code under test broke.
    """
    play = Play(world, seed)
    try:
        perform(play)
    except (Violation, Exception) as error:
        tail = "\n".join(play.told[-TAIL:])
        raise Failed(
            f"seed {seed}: {type(error).__name__}: {error}\n{tail}\n"
            f"again: python -m tests.posting.simulation --seed {seed} -v"
        ) from error
    play.hit.update(f"fault {one['fault']}" for one in world.application.control.faults.log())
    play.hit.update(world.counted)
    play.hit["lock lost"] += sum("loses its lock" in words for words in play.told)
    return play


def counted(world: World, seeds: Iterable[int]) -> Counter[str]:
    """Plays the seeds; what was hit how often.

    Raises:
        Failed: as `played`.
    """
    hit: Counter[str] = Counter()
    for seed in seeds:
        hit.update(played(world, seed).hit)
    return hit
