"""`python -m sverka.moysklad.sandbox`: the sandbox as a server on this machine."""

import argparse
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from sverka.moysklad.sandbox.account import Account, Replay, account_from
from sverka.moysklad.sandbox.fault_plan import Plan, plan_from_text
from sverka.moysklad.sandbox.gate import Credentials
from sverka.moysklad.sandbox.limits import Limits
from sverka.moysklad.sandbox.recording import Recording
from sverka.moysklad.sandbox.server import app
from sverka.moysklad.sandbox.timing import VirtualTime
from sverka.moysklad.sandbox.wire import CuttableProtocol


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs until it is stopped."""
    given = _parser().parse_args(arguments)
    limits = Limits(
        rate=given.rate_limit or None, weight=given.weight, parallel=given.parallel or None
    )
    application: ASGIApp = app(
        given.database_url,
        limits=limits,
        credentials=Credentials(given.login, given.password, given.token),
        replay=given.replay,
        account=given.account,
        faults=given.faults,
        virtual_time=given.virtual_time,
    )
    if given.record is not None:
        application = Recording(given.record).of(application)
    uvicorn.run(
        application,
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
    add = parser.add_argument
    add("--port", type=int, required=True)
    add("--host", default="127.0.0.1")
    add("--database-url", required=True, help="libpq URL of its own database")
    add("--rate-limit", type=int, default=usual.rate, help="units per 3 s, 0: none")
    add("--weight", type=int, help="units per request; by the documented schedule if not given")
    add("--parallel", type=int, default=usual.parallel, help="requests at once, 0: no limit")
    add("--replay", choices=[str(r) for r in Replay], default=str(Replay.RETURN))
    add("--account", type=_account, metavar="JSON", help="all settings of the account")
    add("--faults", type=_plan, metavar="PLAN", help="seed=7,rate=0.2 or a YAML or JSON file")
    add("--virtual-time", type=_time, metavar="MOMENT", help="ISO 8601 with a zone")
    add("--record", type=Path, metavar="FILE", help="append the traffic as JSON lines")
    add("--token", default=known.token)
    add("--login", default=known.login)
    add("--password", default=known.password)
    add("--access-log", action="store_true")
    return parser


def _account(text: str) -> Account:
    return account_from(json.loads(text))


def _plan(text: str) -> Plan:
    try:
        return plan_from_text(text)
    except OSError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _time(text: str) -> VirtualTime:
    return VirtualTime(datetime.fromisoformat(text))


if __name__ == "__main__":
    main()
