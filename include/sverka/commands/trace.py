"""`sverka trace`: the way of a document, an order, a parcel or a file, from any end."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sverka.services import Services

GetServices = Callable[[], "Services"]

EVERYTHING = 10_000_000
"""Lines; more than any file has."""


def add_parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", services: GetServices
) -> None:
    """Adds `trace`."""
    trace = commands.add_parser(
        "trace", help="show the way of a document, an order, a parcel or a file, from any end"
    )
    trace.add_argument(
        "query",
        help="MoySklad id, document number, syncId, order or parcel number, file name or SHA-256",
    )
    trace.add_argument("--json", action="store_true", help="machine-readable")
    trace.add_argument("--all", action="store_true", help="all lines of a long file")
    trace.set_defaults(run=partial(_trace, services=services))


def _trace(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.audit.trace import SHOWN, trace
    from sverka.audit.tree import as_text

    with services().connect() as conn:
        found = trace(conn, arguments.query, limit=EVERYTHING if arguments.all else SHOWN)
    if arguments.json:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2, default=str))
    else:
        print(as_text(found))
    return 0
