"""The stages from a dropped file to its verdicts, measured one by one, in a process of its own.

`python -m bench.stages DATABASE_URL FOLDER` takes all files of FOLDER/inbox and prints one line of
JSON: how many files, and per stage its seconds of the clock and of the processor.
"""

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sverka import settling
from sverka.clock import system_clock
from sverka.database.connection import connect
from sverka.intake.intake import take
from sverka.intake.storage import Storage
from sverka.intake.zones import Zone
from sverka.services import Services
from sverka.settings import Settings

STAGES: tuple[tuple[str, Callable[[Services, int], object]], ...] = (
    ("recognise", settling.recognise),
    ("parse", settling.parse),
    ("check", settling.check),
    ("reconcile", settling.reconcile),
)


@dataclass
class Taken:
    """Seconds by stage: of the clock, and of this process's user and system time."""

    wall: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    def measure(self, stage: str, run: Callable[[], object]) -> object:
        """Runs it and adds what it took to its stage."""
        wall, cpu = time.perf_counter(), time.process_time()
        result = run()
        self.wall[stage] = self.wall.get(stage, 0) + time.perf_counter() - wall
        self.cpu[stage] = self.cpu.get(stage, 0) + time.process_time() - cpu
        return result


def to_verdicts(services: Services, inbox: Zone) -> tuple[Taken, int]:
    """What the stages took for all files of the inbox, and how many files there were.

    Great Expectations is loaded where a process first needs it, as a stage of its own.
    """
    taken = Taken()
    keys: list[str] = []
    taken.measure("intake", lambda: keys.extend(take(services, [inbox], wait=lambda _: None)))
    for key in keys:
        file_id = settling.claim(services, key, "bench")
        if file_id is None:
            raise RuntimeError(f"{key} was not taken")
        for stage, run in STAGES:
            if stage == "check":
                taken.measure("import", lambda: importlib.import_module("great_expectations"))
            taken.measure(stage, lambda run=run, file_id=file_id: run(services, file_id))  # type: ignore[misc]
    return taken, len(keys)


def offline_services(database_url: str, folder: Path) -> Services:
    """Services without MoySklad: up to the verdicts nothing asks for it."""
    settings = Settings(
        database_url=database_url,
        storage_url=(folder / "storage").as_uri(),
        storage_options={},
        zones=(),
        moysklad=None,
        settle_seconds=0,
    )

    def no_moysklad() -> object:
        raise RuntimeError("the bench does not reach MoySklad")

    return Services(
        settings=settings,
        storage=Storage(settings.storage_url, settings.storage_options),
        moysklad=no_moysklad,  # type: ignore[arg-type]
        clock=system_clock,
    )


def matched_lines(database_url: str) -> int:
    """Lines whose verdict is an exact match."""
    with connect(database_url) as conn, conn.cursor() as cursor:
        cursor.execute("select count(*) from verdict where verdict = 'matched'")
        [count] = cursor.fetchone() or (0,)
    return int(count)


def peak_megabytes() -> float:
    """The most memory that this process ever held, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(database_url: str, folder: Path) -> None:
    """Prints the figures."""
    services = offline_services(database_url, folder)
    inbox = Zone("bench", (folder / "inbox").as_uri(), {})
    taken, files = to_verdicts(services, inbox)
    figures = {"wall": taken.wall, "cpu": taken.cpu, "files": files, "peak_mb": peak_megabytes()}
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
