"""What one process does from its start to its end, and two processes that do it at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import psycopg2
from greenlet import getcurrent, greenlet

from sverka import settling
from sverka.errors import TryLater
from sverka.moysklad.errors import Terminal
from sverka.posting.supersede import separate, supersede
from sverka.posting.undo import undo
from sverka.snapshot import compare, mirror
from tests.posting.simulation.database import MortalServices
from tests.posting.simulation.mortal import Life, SimulatedKill

WHO = "бухгалтер"
STEPS = ("mirror", "reconcile", "plan", "approve", "send", "finish")
SWITCHES = 0.3
"""How often one of two concurrent processes gives way before a statement."""
LOST_LOCKS = 0.004
"""How often the connection that holds a process's lock is lost, and the process goes on."""

Work = Callable[[MortalServices], None]

_DONE_BY = {
    "mirror": settling.refresh_snapshot,
    "reconcile": settling.reconcile,
    "plan": settling.plan,
    "approve": settling.approve,
    "send": settling.send,
    "finish": settling.finish,
}


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: `done`, `killed`, `later` with seconds, `refused`, `deadlock`, or `clash`."""

    how: str
    step: str
    seconds: int = 0
    words: str = ""

    @property
    def is_done(self) -> bool:
        return self.how == "done"


def run_of(file_id: int, partition_key: str, first: str, *, brief: bool) -> Work:
    """The run of a file from this step on, as the DAG does it: every try asks for the claim.

    A brief run goes by the snapshot as it is and leaves the verdicts to the planning, which judges
    again anyway.
    """

    def work(services: MortalServices) -> None:
        run = f"run {file_id}"
        services.life.begins("claim")
        if first in {STEPS[0], "plan"} and settling.claim(services, partition_key, run) is None:
            return
        for name in STEPS[STEPS.index(first) :]:
            if brief and name in {"mirror", "reconcile"}:
                continue
            services.life.begins("claim")
            if not settling.still_claimed(services, file_id, run):
                return
            services.life.begins(name)
            _DONE_BY[name](services, file_id)

    return work


def undo_of(file_id: int) -> Work:
    """A person undoes the file."""

    def work(services: MortalServices) -> None:
        services.life.begins("undo")
        undo(services, file_id, WHO)

    return work


def supersede_of(file_id: int) -> Work:
    """A person says that the file corrects the older one."""

    def work(services: MortalServices) -> None:
        services.life.begins("supersede")
        supersede(services, file_id, WHO)

    return work


def separate_of(file_id: int) -> Work:
    """A person says that the file corrects nothing."""

    def work(services: MortalServices) -> None:
        services.life.begins("separate")
        separate(services, file_id, WHO)

    return work


def mirror_all(services: MortalServices) -> None:
    """The snapshot on its own clock."""
    services.life.begins("mirror")
    mirror(services)


def compare_all(services: MortalServices) -> None:
    """The daily comparison of the whole snapshot."""
    services.life.begins("compare")
    compare(services)


def lived(services: MortalServices, work: Work) -> Ended:
    """Lets the process do its work; an error that is no promise of Sverka's comes through."""
    life = services.life
    try:
        work(services)
    except SimulatedKill:
        return Ended("killed", life.step)
    except TryLater as later:
        return Ended("later", life.step, later.seconds, str(later))
    except psycopg2.errors.UniqueViolation as error:
        return Ended("clash", life.step, words=str(error))
    except Terminal as error:
        return Ended("refused", life.step, words=str(error))
    except (psycopg2.errors.DeadlockDetected, psycopg2.errors.LockNotAvailable):
        return Ended("deadlock", life.step)
    return Ended("done", life.step)


def together(random: Random, pairs: Sequence[tuple[MortalServices, Work]]) -> list[Ended]:
    """Two processes at once: they change places between statements as the seed says."""
    ended: list[Ended] = []
    tasks = [
        greenlet(lambda s=services, w=work: ended.append(lived(s, w))) for services, work in pairs
    ]
    lives = [services.life for services, _ in pairs]
    for life in lives:
        life.breath = _breath(life, random)
    alive = list(zip(tasks, lives, strict=True))
    stuck = 0
    while alive:
        free = [one for one in alive if not one[1].blocked] or alive
        stuck = stuck + 1 if all(life.blocked for _, life in alive) else 0
        # The one that is blocked may be free by now: the other has gone on meanwhile.
        task, life = random.choice(free if random.random() < 0.9 else alive)
        if stuck > 20:
            life.blocked = False
            task.throw(psycopg2.errors.DeadlockDetected("each waits for the other"))
        else:
            task.switch()
        alive = [one for one in alive if not one[0].dead]
    for life in lives:
        life.breath = None
    return ended


def _breath(life: Life, random: Random) -> Callable[[], None]:
    def breath() -> None:
        if life.keys and random.random() < LOST_LOCKS:
            life.tell(f"{life.name}: loses its lock in {life.step}")
            life.keys.pop()()
        if life.blocked or random.random() < SWITCHES:
            parent = getcurrent().parent
            assert parent is not None
            parent.switch()

    return breath
