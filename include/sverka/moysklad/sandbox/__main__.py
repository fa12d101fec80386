"""`python -m sverka.moysklad.sandbox`: the sandbox as a server on this machine."""

import argparse
from collections.abc import Sequence

import uvicorn

from sverka.moysklad.sandbox.gate import Credentials
from sverka.moysklad.sandbox.limits import Limits
from sverka.moysklad.sandbox.saving import Replay
from sverka.moysklad.sandbox.server import app
from sverka.moysklad.sandbox.wire import CuttableProtocol


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs until it is stopped."""
    given = _parser().parse_args(arguments)
    limits = Limits(
        rate=given.rate_limit or None, weight=given.weight, parallel=given.parallel or None
    )
    uvicorn.run(
        app(
            given.database_url,
            limits=limits,
            credentials=Credentials(given.login, given.password, given.token),
            replay=given.replay,
        ),
        host=given.host,
        port=given.port,
        http=CuttableProtocol,
        access_log=given.access_log,
        log_level="info" if given.access_log else "warning",
    )


def _parser() -> argparse.ArgumentParser:
    known = Credentials()
    usual = Limits()
    parser = argparse.ArgumentParser(prog="python -m sverka.moysklad.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--database-url", required=True, help="libpq URL of its own database")
    parser.add_argument("--rate-limit", type=int, default=usual.rate, help="units per 3 s, 0: none")
    parser.add_argument("--weight", type=int, default=usual.weight, help="units per request")
    parser.add_argument(
        "--parallel", type=int, default=usual.parallel, help="requests at once, 0: no limit"
    )
    parser.add_argument("--replay", choices=[str(r) for r in Replay], default=str(Replay.RETURN))
    parser.add_argument("--token", default=known.token)
    parser.add_argument("--login", default=known.login)
    parser.add_argument("--password", default=known.password)
    parser.add_argument("--access-log", action="store_true")
    return parser


if __name__ == "__main__":
    main()
