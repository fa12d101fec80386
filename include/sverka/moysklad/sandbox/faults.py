"""Faults on demand: what a network and a busy service do to a client, at a chosen moment.

They are set through `/sandbox/faults`, outside the API root, and kept in the process's memory.
"""

import threading
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class FaultKind(StrEnum):
    """What happens to the chosen request."""

    LOSE_REPLY = "lose_reply"
    """Done and committed, then the connection is cut without an answer."""
    LOSE_REPLY_HALFWAY = "lose_reply_halfway"
    """Only the first half of a bulk request is done and committed, then the connection is cut."""
    CUT_OFF = "cut_off"
    """The first half of a bulk request is done and committed, then it is cut off with 1088."""
    TRUNCATE_REPLY = "truncate_reply"
    """Done and committed, then the connection is cut in the middle of the answer."""
    RESET_BEFORE_COMMIT = "reset_before_commit"
    """Nothing is done, the connection is cut."""
    HTML_500 = "html_500"
    """Nothing is done, a gateway answers 500 with an HTML page."""
    HTML_502_AFTER_COMMIT = "html_502_after_commit"
    """Done and committed, but a gateway answers 502 with an HTML page."""
    TOO_MANY = "too_many"
    """Nothing is done, 429 with code 1049."""
    SLOW = "slow"
    """Done and committed at once, answered after `seconds`, a parallel place taken meanwhile."""


BEFORE_THE_WORK = frozenset({FaultKind.RESET_BEFORE_COMMIT, FaultKind.HTML_500, FaultKind.TOO_MANY})
HALFWAY = frozenset({FaultKind.LOSE_REPLY_HALFWAY, FaultKind.CUT_OFF})


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned fault: it lets `after` matching requests pass and then hits `times` of them.

    A request matches when its method is `method` (any if empty) and its path holds `path`.
    """

    kind: FaultKind
    after: int = 0
    times: int = 1
    method: str = ""
    path: str = ""
    seconds: int = 5

    def matches(self, method: str, path: str) -> bool:
        """Whether this fault counts the request."""
        return self.method in {"", method} and self.path in path


class FaultSwitch:
    """The planned faults, in the order they were set; a request meets at most one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Fault] = []

    def plan(self, fault: Fault) -> None:
        with self._lock:
            self._planned.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def planned(self) -> list[Fault]:
        with self._lock:
            return list(self._planned)

    def strike(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, if any; those before it in the plan count it."""
        with self._lock:
            struck: Fault | None = None
            kept: list[Fault] = []
            for fault in self._planned:
                left = fault
                if struck is None and fault.matches(method, path):
                    if fault.after:
                        left = replace(fault, after=fault.after - 1)
                    else:
                        struck, left = fault, replace(fault, times=fault.times - 1)
                if left.times:
                    kept.append(left)
            self._planned = kept
            return struck


def fault_from(given: dict[str, Any]) -> Fault:
    """A fault from the JSON of `POST /sandbox/faults`.

    Raises:
        ValueError: an unknown fault, an unknown key or a number below its range.
    """
    known = {"fault", "after", "times", "method", "path", "seconds"}
    if unknown := sorted(given.keys() - known):
        raise ValueError(f"unknown keys: {', '.join(unknown)}")
    fault = Fault(
        kind=FaultKind(given.get("fault", "")),
        after=int(given.get("after", 0)),
        times=int(given.get("times", 1)),
        method=str(given.get("method", "")).upper(),
        path=str(given.get("path", "")),
        seconds=int(given.get("seconds", 5)),
    )
    if fault.after < 0 or fault.times < 1 or fault.seconds < 0:
        raise ValueError("after and seconds must be 0 or more, times 1 or more")
    return fault
