"""Many processes of one installation that begin at the same moment.

A process that has imported everything forks them, so that twenty are ready within a second. Each
has services of its own, as a task has: real connections, the request budget that all share.
"""

import json
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sverka import settling
from sverka.errors import Refusal, SverkaError
from sverka.intake.intake import take
from sverka.intake.zones import Zone
from sverka.posting.approve import approve
from sverka.posting.plan import plan
from sverka.posting.send import send
from sverka.posting.supersede import supersede
from sverka.posting.undo import undo
from sverka.services import Services, services_from
from sverka.settings import Settings
from tests.posting.conftest import Desk
from tests.posting.forking import Forking, forking
from tests.support.sandbox import RunningSandbox

WHO = "бухгалтер"


@dataclass
class Tally:
    """What one process wrote into MoySklad itself, by entity."""

    written: Counter[str] = field(default_factory=Counter)

    def counting(self, services: Services) -> Services:
        """The services with a client whose writes are counted."""
        client = services.moysklad()
        save, delete = client.save, client.delete

        def saving(entity: str, bodies: Sequence[Any]) -> Any:
            results = save(entity, bodies)
            self.written[entity] += len(bodies)
            return results

        def deleting(entity: str, ids: Sequence[Any]) -> Any:
            results = delete(entity, ids)
            self.written[f"-{entity}"] += len(ids)
            return results

        client.save, client.delete = saving, deleting  # type: ignore[method-assign]
        return replace(services, moysklad=lambda: client)


def settled(services: Services, file_id: int) -> None:
    plan(services, file_id)
    approve(services, file_id, "policy")
    send(services, file_id)


def planned_and_approved(services: Services, file_id: int) -> None:
    seal = plan(services, file_id).seal
    approve(services, file_id, WHO, seal=seal)


def undone(services: Services, file_id: int) -> None:
    undo(services, file_id, WHO)


def superseded(services: Services, file_id: int) -> None:
    supersede(services, file_id, WHO)


def sent(services: Services, file_id: int) -> None:
    send(services, file_id)


def taken(services: Services, zones: str) -> list[str]:
    """Takes what lies in the zones (folders joined by `|`); the keys that were offered."""
    folders = [Path(one) for one in zones.split("|")]
    return take(services, [Zone(one.name, str(one)) for one in folders], wait=time.sleep)


def claimed(services: Services, what: str) -> int | None:
    """Claims the file with this partition key for a run: `run|key`."""
    run, _, key = what.partition("|")
    return settling.claim(services, key, run)


def run(services: Services, what: str) -> int | None:
    """A run with this name from its claim to the end: `run|key`."""
    file_id = claimed(services, what)
    if file_id is not None:
        settling.settle(services, file_id)
    return file_id


ACTIONS = {
    one.__name__: one
    for one in (settled, planned_and_approved, undone, superseded, sent, taken, claimed, run)
}


@dataclass(frozen=True)
class Racer:
    """What became of one process: its result, or its trouble as `ClassName: words`."""

    result: Any
    trouble: str
    written: Counter[str]


@dataclass
class Track:
    """A server of racing processes."""

    server: Forking

    def race(
        self, desk: Desk, *works: tuple[str, Any], meanwhile: Callable[[], object] | None = None
    ) -> list[Racer]:
        """Lets a process for each (action, argument) go at the same moment and waits for all.

        `meanwhile` is what the test does to them.
        """
        self.server.order(
            works=works,
            database_url=desk.books.url,
            sandbox=desk.sandbox.origin,
            couriers=str(desk.couriers),
            now=desk.clock.now.isoformat(),
        )
        try:
            if meanwhile:
                meanwhile()
        finally:
            answer = self.server.answer()
        return [Racer(one["result"], one["trouble"], Counter(one["written"])) for one in answer]


@contextmanager
def track(*preloaded: str) -> Iterator[Track]:
    """Runs the server, which imports the `preloaded` modules first."""
    with forking("tests.posting.racing", *preloaded) as server:
        yield Track(server)


def _services(order: dict[str, Any]) -> Services:
    settings = Settings(
        order["database_url"],
        f"file://{Path(order['couriers']).parent}",
        {},
        (),
        RunningSandbox(order["sandbox"]).connection,
        settle_seconds=0,
        couriers=Path(order["couriers"]),
    )
    now = datetime.fromisoformat(order["now"])
    return services_from(settings, lambda: now)


def _race(order: dict[str, Any]) -> list[dict[str, Any]]:
    gate, opener = os.pipe()
    children = [_forked(order, work, gate, opener) for work in order["works"]]
    os.close(gate)
    os.close(opener)  # at this every child reads the end of the pipe and goes
    answers = []
    for child, hear in children:
        with os.fdopen(hear) as heard:
            words = heard.read()
        os.waitpid(child, 0)
        gone = {"result": None, "trouble": "gone without a word", "written": {}}
        answers.append(json.loads(words) if words else gone)
    return answers


def _forked(order: dict[str, Any], work: Sequence[Any], gate: int, opener: int) -> tuple[int, int]:
    hear, tell = os.pipe()
    child = os.fork()
    if child:
        os.close(tell)
        return child, hear
    os.close(opener)
    os.read(gate, 1)
    with os.fdopen(tell, "w") as telling:
        json.dump(_done(order, *work), telling)
    os._exit(0)


def _done(order: dict[str, Any], action: str, argument: Any) -> dict[str, Any]:
    tally, result, trouble = Tally(), None, ""
    try:
        result = ACTIONS[action](tally.counting(_services(order)), argument)
    except (SverkaError, Refusal) as error:
        trouble = f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - whatever it is, the test shows it
        trouble = traceback.format_exc()
    return {"result": result, "trouble": trouble, "written": tally.written}


if __name__ == "__main__":
    from importlib import import_module

    for module in sys.argv[1:]:
        import_module(module)
    for line in sys.stdin:
        print(json.dumps(_race(json.loads(line))), flush=True)  # noqa: T201 - the answer
