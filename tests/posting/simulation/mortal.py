"""Processes that may die between any two statements, at any commit and at any request.

A killed process leaves what a killed process leaves: its transaction is rolled back, its locks
fall, what it asked of MoySklad may still be done. `SimulatedKill` is no `Exception`, so that no
handler of the code under test mistakes it for an error.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

Tell = Callable[[str], None]

PLACES = ("statement", "commit", "request")
HOW = {
    "statement": ("before", "after"),
    "commit": ("before", "after"),
    "request": ("before", "lost", "done", "late", "answered"),
}
"""What may have happened when the process dies there. Of a request: it was not sent, it never
arrived, it was carried out, it will be carried out within the time for answers, it was answered."""


class SimulatedKill(BaseException):
    """The process is gone."""


@dataclass(frozen=True, slots=True)
class Death:
    """The `nth` (from 1) `place` of the step ends the process; `how` is one of `HOW`."""

    step: str
    place: str
    nth: int
    how: str


@dataclass
class Life:
    """One process from its start to its end; `step` is what it does now."""

    name: str
    tell: Tell
    death: Death | None = None
    step: str = ""
    dead: bool = False
    blocked: bool = False
    met: int = field(default=0, repr=False)
    keys: list[Callable[[], None]] = field(default_factory=list, repr=False)
    """Each lets go of a lock that the process believes to hold."""
    breath: Callable[[], None] | None = field(default=None, repr=False)
    """Called between statements: lets the other one of two concurrent processes go on."""

    def begins(self, step: str) -> None:
        """The process begins a step."""
        self.step = step

    def comes_to(self, place: str) -> str | None:
        """How the process ends here, or None when it lives on."""
        if self.dead:
            raise SimulatedKill
        if self.breath is not None:
            self.breath()
        death = self.death
        if death is None or death.place != place or death.step != self.step:
            return None
        self.met += 1
        return death.how if self.met == death.nth else None

    def dies(self, where: str) -> SimulatedKill:
        """To be raised; from now on nothing of the process does anything."""
        self.dead = True
        self.tell(f"{self.name}: killed in {self.step}, {where}")
        return SimulatedKill(where)
