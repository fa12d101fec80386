"""`python -m sverka.monitoring`: Sverka's figures for Prometheus, until it is stopped."""

import argparse
import logging
import signal
from collections.abc import Sequence
from typing import NoReturn

from sverka.errors import Misconfigured
from sverka.monitoring.collector import registry
from sverka.monitoring.server import server
from sverka.settings import from_environment

log = logging.getLogger("sverka.monitoring")

HOST, PORT = "0.0.0.0", 9464  # noqa: S104 - Prometheus runs on another machine or in another container


def main(arguments: Sequence[str] | None = None) -> None:
    """Serves until it is told to stop; exits with 1 and a reason when it cannot begin."""
    given = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    # The first process of a container gets no default handler from the kernel.
    signal.signal(signal.SIGTERM, _stop)
    try:
        serving = server(registry(from_environment()), given.host, given.port)
    except (Misconfigured, OSError) as error:
        raise SystemExit(f"not started: {error}") from error
    log.info("metrics on %s:%d", given.host, serving.server_port)
    with serving:
        serving.serve_forever()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sverka.monitoring", description=__doc__)
    parser.add_argument("--host", default=HOST)
    parser.add_argument("--port", type=int, default=PORT)
    return parser


def _stop(*_: object) -> NoReturn:
    raise SystemExit(0)


if __name__ == "__main__":
    main()
