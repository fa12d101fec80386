"""`make down` stops the installation; `make clean` (`--clean`) also removes what it has stored."""

import argparse
import os
import shutil
import signal
import sys
from pathlib import Path

import psutil

from local.processes import Processes, wait_until
from local.state import REPOSITORY, State


def main() -> int:
    """Stops everything; saying it again is harmless."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, default=REPOSITORY / ".state")
    parser.add_argument("--clean", action="store_true")
    arguments = parser.parse_args()
    state = State(arguments.state.resolve())
    bring_down(state)
    if arguments.clean:
        shutil.rmtree(state.folder, ignore_errors=True)
        shutil.rmtree(state.control_folder, ignore_errors=True)
    return 0


def bring_down(state: State) -> None:
    """Stops the programs and the database; the data stays."""
    Processes(state).stop_all()
    _stop_postgres(state.postgres_data / "postmaster.pid")


def _stop_postgres(pid_file: Path) -> None:
    """PostgreSQL outlives a killed supervisor, and is told here to stop in good order."""
    if not pid_file.exists():
        return
    pid = int(pid_file.read_text().splitlines()[0])
    if not _is_running_postgres(pid):
        return
    os.kill(pid, signal.SIGINT)
    wait_until(lambda: not _is_running_postgres(pid), seconds=60, what="the end of PostgreSQL")


def _is_running_postgres(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


if __name__ == "__main__":
    sys.exit(main())
