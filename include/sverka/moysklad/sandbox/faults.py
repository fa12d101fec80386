"""Faults on demand: what a network, a busy service and its other users do to a client.

A fault is one entry of a plan (`fault_plan`); `server` and `meddling` carry it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """Done and committed, then the connection is reset in the middle of the answer."""
    GARBLE_REPLY = "garble_reply"
    """Done and committed; the answer is whole for HTTP, but its JSON ends in the middle."""
    EMPTY_REPLY = "empty_reply"
    """Done and committed; a proxy answers 200 with an empty body."""
    RESET_BEFORE_COMMIT = "reset_before_commit"
    """Nothing is done, the connection is cut."""
    HTML_500 = "html_500"
    """Nothing is done, a gateway answers 500 with an HTML page."""
    HTML_502_AFTER_COMMIT = "html_502_after_commit"
    """Done and committed, but a gateway answers 502 with an HTML page."""
    HTML_503 = "html_503"
    """Nothing is done, a gateway answers 503 with an HTML page."""
    HTML_504_AFTER_COMMIT = "html_504_after_commit"
    """Done and committed, but a gateway answers 504 with an HTML page."""
    TOO_MANY = "too_many"
    """Nothing is done, 429 with code 1049: the basket of this window is empty."""
    TOO_MANY_AT_ONCE = "too_many_at_once"
    """Nothing is done, 429 with code 1073: all parallel places are taken."""
    SLOW = "slow"
    """Done and committed at once, answered after `seconds`, a parallel place taken meanwhile."""
    PARALLEL_EDIT = "parallel_edit"
    """The write, or the chosen elements of an array, are refused with 1065."""
    REFUSE_SOME = "refuse_some"
    """The chosen elements of an array are refused with 3007, the others are done."""
    EDITED_MEANWHILE = "edited_meanwhile"
    """A person edits a document: before a write that names it, after a read that shows it."""
    TRASHED_MEANWHILE = "trashed_meanwhile"
    """A person moves a document to the bin, at the same moments."""


_K = FaultKind
BEFORE_THE_WORK = frozenset(
    {_K.RESET_BEFORE_COMMIT, _K.HTML_500, _K.HTML_503, _K.TOO_MANY, _K.TOO_MANY_AT_ONCE}
)
HALFWAY = frozenset({_K.LOSE_REPLY_HALFWAY, _K.CUT_OFF})
REFUSALS = frozenset({_K.PARALLEL_EDIT, _K.REFUSE_SOME})
MEANWHILE = frozenset({_K.EDITED_MEANWHILE, _K.TRASHED_MEANWHILE})
PEOPLE = (_K.PARALLEL_EDIT, _K.REFUSE_SOME, _K.EDITED_MEANWHILE, _K.TRASHED_MEANWHILE)
"""What makes a correct client end in another state of the books than it had planned."""
NETWORK = tuple(kind for kind in FaultKind if kind not in PEOPLE)
"""What a correct client gets over without anybody seeing it."""
ONLY_FOR_ARRAYS = HALFWAY | {_K.REFUSE_SOME}
ONLY_FOR_WRITES = ONLY_FOR_ARRAYS | {_K.PARALLEL_EDIT}

_USUAL_SECONDS = {FaultKind.SLOW: 5.0}
_USUAL_CHANGE = {"description": "Изменено сотрудником"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned fault: it lets `after` matching requests pass and then hits `times` of them.

    A request matches when its method is `method` (any if empty) and its path holds `path`.
    `seconds` pass before the answer or the cut. `elements` are the refused ones (None: chosen by
    the plan), `entity` is the type of the document that people touch (any if empty) and `change`
    what they change in it.
    """

    kind: FaultKind
    after: int = 0
    times: int = 1
    method: str = ""
    path: str = ""
    seconds: float = 0
    elements: tuple[int, ...] | None = None
    entity: str = ""
    change: Mapping[str, Any] = field(default_factory=lambda: dict(_USUAL_CHANGE))

    def matches(self, method: str, path: str) -> bool:
        """Whether this fault counts the request."""
        return self.method in {"", method} and self.path in path

    def shown(self) -> dict[str, Any]:
        """The fault as JSON."""
        return {
            "fault": str(self.kind),
            "after": self.after,
            "times": self.times,
            "method": self.method,
            "path": self.path,
            "seconds": self.seconds,
        }


def fault_from(given: Mapping[str, Any]) -> Fault:
    """A fault from JSON; `nth: 3` is another word for `after: 2`.

    Raises:
        ValueError: an unknown fault, an unknown key or a number below its range.
        TypeError: a value of a wrong type.
    """
    known = {"fault", "after", "nth", "times", "method", "path", "seconds"}
    known |= {"elements", "entity", "change"}
    if unknown := sorted(given.keys() - known):
        raise ValueError(f"unknown keys: {', '.join(unknown)}")
    kind = FaultKind(given.get("fault", ""))
    elements = given.get("elements")
    fault = Fault(
        kind=kind,
        after=int(given["nth"]) - 1 if "nth" in given else int(given.get("after", 0)),
        times=int(given.get("times", 1)),
        method=str(given.get("method", "")).upper(),
        path=str(given.get("path", "")),
        seconds=float(given.get("seconds", _USUAL_SECONDS.get(kind, 0))),
        elements=None if elements is None else tuple(int(index) for index in elements),
        entity=str(given.get("entity", "")),
        change=dict(given.get("change", _USUAL_CHANGE)),
    )
    if fault.after < 0 or fault.times < 1 or fault.seconds < 0:
        raise ValueError("after and seconds must be 0 or more, times and nth 1 or more")
    return fault
