"""Which request meets which fault: exact entries, and a seed that draws the rest.

A draw depends on the seed and on the ordinal of the request and on nothing else, so the same
requests in the same order meet the same faults. The log tells what was done to which request.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from sverka.moysklad.sandbox.faults import (
    NETWORK,
    ONLY_FOR_ARRAYS,
    ONLY_FOR_WRITES,
    PEOPLE,
    Fault,
    FaultKind,
    fault_from,
)
from sverka.moysklad.sandbox.http import Request

_GROUPS = {"network": NETWORK, "people": PEOPLE, "all": tuple(FaultKind)}
_LONGEST_ANSWER = 300
"""Seconds that the docs let an answer take («Первые шаги»)."""


@dataclass(frozen=True, slots=True)
class Draw:
    """The seeded part of a plan: every matching request meets a fault with chance `rate`.

    `kinds` are pairs of a kind and its weight; after `until` requests nothing is drawn any more.
    """

    seed: int
    rate: float
    kinds: tuple[tuple[FaultKind, int], ...]
    until: int | None = None
    method: str = ""
    path: str = ""

    def fault(self, ordinal: int, request: Request) -> Fault | None:
        """The fault that the request with this ordinal (from 1) meets."""
        is_meant = self.method in {"", request.method} and self.path in request.path
        if not is_meant or (self.until is not None and ordinal > self.until):
            return None
        random = Random(f"{self.seed}/{ordinal}")  # noqa: S311 - repeatable on purpose
        if random.random() >= self.rate:
            return None
        fitting = [(kind, weight) for kind, weight in self.kinds if _fits(kind, request)]
        if not fitting:
            return None
        names, weights = zip(*fitting, strict=True)
        kind = random.choices(names, weights)[0]
        seconds = random.uniform(1, _LONGEST_ANSWER) if kind is FaultKind.SLOW else 0
        return Fault(kind, seconds=round(seconds, 3))


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan: exact faults come before drawn ones."""

    exact: tuple[Fault, ...] = ()
    draw: Draw | None = None


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that meets the request with this ordinal (from 1)."""

    ordinal: int
    fault: Fault
    seed: int | None

    def chosen(self, count: int) -> tuple[int, ...]:
        """Which of `count` elements are refused: those that were named, or some, at least one."""
        if self.fault.elements is not None:
            return tuple(index for index in self.fault.elements if index < count)
        random = Random(f"{self.seed}/{self.ordinal}/elements")  # noqa: S311 - repeatable
        some = tuple(index for index in range(count) if random.random() < 1 / 3)
        return some or (random.randrange(count),) if count else ()


class FaultSwitch:
    """The plan in force and the log of what it did; a request meets at most one fault."""

    def __init__(self, plan: Plan | None = None) -> None:
        self._lock = threading.Lock()
        self._ordinal = 0
        self._exact: list[Fault] = []
        self._draw: Draw | None = None
        self._log: list[dict[str, Any]] = []
        self.begin(plan or Plan())

    def begin(self, plan: Plan) -> None:
        """Puts this plan in place of everything planned; requests are counted from 1 again."""
        with self._lock:
            self._ordinal = 0
            self._exact = list(plan.exact)
            self._draw = plan.draw
            self._log = []

    def add(self, fault: Fault) -> None:
        """One more exact fault; it counts requests from now on."""
        with self._lock:
            self._exact.append(fault)

    def clear(self) -> None:
        """Nothing happens any more; the log stays."""
        with self._lock:
            self._exact.clear()
            self._draw = None

    def planned(self) -> list[Fault]:
        """The exact faults that are still to come."""
        with self._lock:
            return list(self._exact)

    def log(self) -> list[dict[str, Any]]:
        """What was done to which request, oldest first."""
        with self._lock:
            return list(self._log)

    def note(self, strike: Strike, request: Request, **told: Any) -> None:
        """Writes a carried out fault into the log."""
        entry = {
            "ordinal": strike.ordinal,
            "method": request.method,
            "path": request.path,
            "fault": str(strike.fault.kind),
            "seconds": strike.fault.seconds,
        }
        with self._lock:
            self._log.append(entry | told)

    def strike(self, request: Request) -> Strike | None:
        """The fault that this request meets, if any; those before it in the plan count it."""
        with self._lock:
            self._ordinal += 1
            seed = self._draw.seed if self._draw else None
            fault = self._exact_one(request)
            if fault is None and self._draw is not None:
                fault = self._draw.fault(self._ordinal, request)
            return None if fault is None else Strike(self._ordinal, fault, seed)

    def _exact_one(self, request: Request) -> Fault | None:
        struck: Fault | None = None
        kept: list[Fault] = []
        for fault in self._exact:
            left = fault
            if struck is None and fault.matches(request.method, request.path):
                if fault.after:
                    left = replace(fault, after=fault.after - 1)
                else:
                    struck, left = fault, replace(fault, times=fault.times - 1)
            if left.times:
                kept.append(left)
        self._exact = kept
        return struck


def plan_from(given: Mapping[str, Any]) -> Plan:
    """A plan from JSON: `{"seed": 7, "rate": 0.2, "kinds": […], "until": 100, "exact": […]}`.

    `kinds` are names of faults or of the groups `network` (the usual), `people` and `all`, or
    names with weights.

    Raises:
        ValueError: an unknown key, an unknown fault, or a number outside its range.
        TypeError: a value of a wrong type.
    """
    known = {"seed", "rate", "kinds", "until", "method", "path", "exact"}
    if unknown := sorted(given.keys() - known):
        raise ValueError(f"unknown keys: {', '.join(unknown)}")
    exact = tuple(fault_from(one) for one in given.get("exact", ()))
    rate = float(given.get("rate", 0))
    if not 0 <= rate <= 1:
        raise ValueError(f"rate must be 0…1, not {rate}")
    if rate and "seed" not in given:
        raise ValueError("a rate needs a seed")
    if "seed" not in given:
        return Plan(exact)
    until = given.get("until")
    draw = Draw(
        seed=int(given["seed"]),
        rate=rate,
        kinds=_weighed(given.get("kinds", "network")),
        until=None if until is None else int(until),
        method=str(given.get("method", "")).upper(),
        path=str(given.get("path", "")),
    )
    return Plan(exact, draw)


def plan_from_text(text: str) -> Plan:
    """A plan from the command line: `seed=7,rate=0.2`, or the name of a YAML or JSON file.

    Raises:
        ValueError: it cannot be understood.
        OSError: the file cannot be read.
    """
    if "=" not in text:
        import yaml

        given = yaml.safe_load(Path(text).read_text(encoding="utf-8"))
        if not isinstance(given, dict):
            raise ValueError(f"{text} holds no plan")
        return plan_from(given)
    pairs = [item.partition("=") for item in text.split(",")]
    return plan_from({name.strip(): value.strip() for name, _, value in pairs})


def _weighed(given: Any) -> tuple[tuple[FaultKind, int], ...]:
    if isinstance(given, Mapping):
        return tuple((FaultKind(name), int(weight)) for name, weight in given.items())
    names = given.split("+") if isinstance(given, str) else given
    kinds = [kind for name in names for kind in _GROUPS.get(name) or (FaultKind(name),)]
    return tuple((kind, 1) for kind in dict.fromkeys(kinds))


def _fits(kind: FaultKind, request: Request) -> bool:
    if kind in ONLY_FOR_ARRAYS and not request.body.lstrip().startswith(b"["):
        return False
    return kind not in ONLY_FOR_WRITES or request.method != "GET"
