"""Does a piece of work in processes that die on command.

A process that has imported everything forks one for each piece of work, so that a death costs a
tenth of a second and not the seconds of the imports. The work counts its moments, each called by a
name of `recovery_points`, and is killed with SIGKILL at the one that was ordered.
"""

import json
import os
import select
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO
from unittest.mock import patch

import psycopg2
from urllib3.connection import HTTPConnection

from sverka import settling
from sverka.errors import Refusal, TryLater
from sverka.intake.intake import take
from sverka.intake.storage import Storage
from sverka.intake.zones import Zone
from sverka.moysklad.client import MoySklad
from sverka.posting.approve import approve
from sverka.posting.deciding import Answer
from sverka.posting.plan import plan
from sverka.posting.questions import questions_of
from sverka.posting.send import send
from sverka.posting.supersede import supersede
from sverka.posting.undo import undo
from sverka.services import Services
from sverka.settings import Settings
from tests.posting.recovery_points import DELETION, REMOVED, REQUEST, committed, put
from tests.support.sandbox import RunningSandbox

WHO = "бухгалтер"
RUN = "run"


@dataclass
class Death:
    """Comes at the moment called `at`, such as `approved #1`: a name and how often it was met.

    Never when that is empty. Every moment is told first.
    """

    at: str
    tell: int
    met: Counter[str] = field(default_factory=Counter)

    def may_come(self, name: str) -> None:
        self.met[name] += 1
        moment = f"{name} #{self.met[name]}"
        os.write(self.tell, f"{moment}\n".encode())
        if moment == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class DyingServices(Services):
    """Real services; death may come before and after every commit that changed something."""

    death: Death

    @contextmanager
    def connect(self) -> Iterator[Any]:
        place = _place(sys._getframe(2))  # beyond contextlib: whose transaction this is
        conn = psycopg2.connect(self.settings.database_url, application_name="sverka")
        try:
            yield conn
            with conn.cursor() as cursor:
                cursor.execute("select pg_current_xact_id_if_assigned() is not null")
                [changed] = cursor.fetchone()
            if changed:
                self.death.may_come(f"before {committed(place)}")
            conn.commit()
            if changed:
                self.death.may_come(committed(place))
        finally:
            conn.close()


def _place(frame: FrameType) -> str:
    module = str(frame.f_globals["__name__"]).removeprefix("sverka.")
    return f"{module}.{frame.f_code.co_qualname}"


class DyingClient(MoySklad):
    """The real client; death may come in every phase of a write."""

    death: Death

    def save(self, entity: str, bodies: Any) -> Any:
        return self._dying(REQUEST, lambda: super(DyingClient, self).save(entity, bodies))

    def delete(self, entity: str, ids: Any) -> Any:
        return self._dying(DELETION, lambda: super(DyingClient, self).delete(entity, ids))

    def _dying(self, names: tuple[str, str, str], write: Callable[[], Any]) -> Any:
        sent, on_its_way, received = names
        listen = HTTPConnection.getresponse

        def listening(connection: Any) -> Any:
            self.death.may_come(sent)
            # The first bytes are there: MoySklad's books are written, nobody has read the answer.
            select.select([connection.sock], [], [], 30)
            self.death.may_come(on_its_way)
            return listen(connection)

        self.death.may_come(f"before {sent}")
        with patch.object(HTTPConnection, "getresponse", listening):
            results = write()
        self.death.may_come(received)
        return results


class DyingStorage(Storage):
    """The real storage; death may come before and after every file that is put into it."""

    death: Death

    def write(self, path: str, data: bytes) -> None:
        self.death.may_come(f"before {put(path)}")
        super().write(path, data)
        self.death.may_come(put(path))


class DyingZone(Zone):
    """A real inbox; death may come before and after a file that was taken leaves it."""

    death: Death

    def remove(self, name: str) -> None:
        self.death.may_come(f"before {REMOVED}")
        super().remove(name)
        self.death.may_come(REMOVED)


@dataclass
class Clock:
    """Stands still but when somebody waits, and tells that: time goes on when its process is dead."""

    now: datetime
    tell: int = 0

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        os.write(self.tell, f"now {self.now.isoformat()}\n".encode())


@dataclass
class Work:
    """A piece of work on an installation, and the moment at which it dies (none: it lives)."""

    action: str
    file_id: int
    database_url: str
    sandbox: str
    couriers: str
    folder: str
    now: str
    at: str = ""
    clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(datetime.fromisoformat(self.now))

    def services(self, death: Death) -> DyingServices:
        settings = Settings(
            self.database_url,
            f"file://{self.folder}",
            {},
            (),
            RunningSandbox(self.sandbox).connection,
            couriers=Path(self.couriers),
        )
        client = DyingClient(settings.moysklad)  # type: ignore[arg-type]
        storage = DyingStorage(settings.storage_url, {})
        services = DyingServices(settings, storage, lambda: client, self.clock)
        for one in (client, storage):
            one.death = death
        object.__setattr__(services, "death", death)
        return services

    def zone(self, death: Death) -> DyingZone:
        zone = DyingZone("папка", f"file://{self.folder}/inbox")
        zone.death = death
        return zone


def settled(services: Services, work: Work, _death: Death) -> None:
    plan(services, work.file_id)
    approve(services, work.file_id, "policy")
    send(services, work.file_id)


def allowed(services: Services, work: Work, _death: Death) -> None:
    _answered(services, work.file_id, approved=True)


def declined(services: Services, work: Work, _death: Death) -> None:
    _answered(services, work.file_id, approved=False)


def _answered(services: Services, file_id: int, *, approved: bool) -> None:
    """A run that asks a person, and its answer; the snapshot is renewed by other tests."""
    plan(services, file_id)
    settling.approve(services, file_id)
    with services.connect() as conn:
        [question, *_] = questions_of(conn, file_id)
    with patch("sverka.posting.deciding.mirror"):
        settling.decide(services, file_id, Answer(approved, question.seal, WHO))


def undone(services: Services, work: Work, _death: Death) -> None:
    undo(services, work.file_id, WHO)


def superseded(services: Services, work: Work, _death: Death) -> None:
    supersede(services, work.file_id, WHO)


def the_whole_way(services: Services, work: Work, death: Death) -> None:
    """From the inbox to the day's report, as the DAGs go: the sweep, then a run for each file."""
    while True:
        take(services, [work.zone(death)], wait=work.clock.wait)
        if not os.listdir(f"{work.folder}/inbox"):
            break
        work.clock.wait(60)  # what looks cut off is taken only then
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute("select partition_key, id from file order by id desc limit 1")
        [(key, file_id)] = cursor.fetchall()
    if settling.claim(services, key, RUN) is not None:
        with suppress(Refusal):
            settling.settle(services, file_id)


ACTIONS = {
    one.__name__: one for one in (settled, allowed, declined, undone, superseded, the_whole_way)
}


def to_the_end(work: Work, death: Death) -> None:
    """Tries again as often as the work asks for it."""
    for _ in range(10):
        try:
            ACTIONS[work.action](work.services(death), work, death)
        except TryLater as later:
            work.clock.wait(later.seconds)
        else:
            return
    raise AssertionError(f"{work.action} of file {work.file_id} never came to an end")


def done(work: Work) -> dict[str, Any]:
    """Does it in a child; what became of the child, and the moments that it met."""
    hear, tell = os.pipe()
    with tempfile.TemporaryFile() as trouble:
        child = os.fork()
        if child == 0:
            os.close(hear)
            os._exit(_in_the_child(work, tell, trouble))
        os.close(tell)
        with os.fdopen(hear) as heard:
            lines = heard.read().splitlines()
        _, status = os.waitpid(child, 0)
        trouble.seek(0)
        words = trouble.read().decode()
    now = [line.removeprefix("now ") for line in lines if line.startswith("now ")]
    moments = [line for line in lines if not line.startswith("now ")]
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "moments": moments, "error": words, "now": (now or [work.now])[-1]}


def _in_the_child(work: Work, tell: int, trouble: BinaryIO) -> int:
    try:
        work.clock.tell = tell
        to_the_end(work, Death(work.at, tell))
    except BaseException:  # noqa: BLE001 - whatever it is, the test shows it
        trouble.write(traceback.format_exc().encode())
        trouble.flush()
        return 1
    return 0


def serve(preloaded: Sequence[str]) -> None:
    """Answers each order, a line of JSON, with a line of JSON."""
    for module in preloaded:
        import_module(module)
    for line in sys.stdin:
        answer = done(Work(**json.loads(line)))
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    serve(sys.argv[1:])
