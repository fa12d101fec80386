"""`sverka …`: the same functions for people without Airflow at hand.

Exit codes: 0 done, 1 it could not be done (the message says why), 2 the command was wrong. Of
`sverka parse` and `sverka schema draft` also: 3 the layout is unknown and a person has to answer
(needs_mapping), 4 the file was refused (rejected). Of `sverka verify`: 5 the journal does not hold.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg2 import DatabaseError, OperationalError

from sverka.clock import moscow_day
from sverka.commands import approve, courier, notices, plan, restored, schema, trace, undo, verify
from sverka.commands.files import bytes_of
from sverka.errors import Misconfigured, SverkaError
from sverka.services import Services, services_from
from sverka.settings import INCLUDE, from_environment

if TYPE_CHECKING:
    from sverka.couriers import Couriers
    from sverka.recognition import Schemas

PARSE_EXIT = {"parsed": 0, "needs_mapping": 3, "rejected": 4}
LOCAL_ENVIRONMENT = INCLUDE.parent / ".state" / "sverka.env"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        code: int = parsed.run(parsed)
    except SverkaError as error:
        print(f"sverka: {error}", file=sys.stderr)
        return 1
    except OperationalError as error:
        print(f"sverka: база данных Сверки не отвечает: {error}".strip(), file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of `sverka … | head` has seen enough
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sverka", description="Courier reports into MoySklad.")
    commands = parser.add_subparsers(required=True, metavar="command")

    parse = commands.add_parser(
        "parse",
        help="read a report and print what Sverka sees in it",
        epilog="exit codes: 0 parsed, 1 cannot be read, 3 needs_mapping, 4 rejected",
    )
    parse.add_argument("file", type=Path)
    parse.add_argument("--json", action="store_true", help="machine-readable, all lines")
    parse.set_defaults(run=_parse)

    drop = commands.add_parser("drop", help="put files into the inbox, as an accountant would")
    drop.add_argument("files", type=Path, nargs="+", metavar="file")
    drop.set_defaults(run=_drop)

    report = commands.add_parser("report", help="publish and print the discrepancy report of a day")
    report.add_argument("day", nargs="?", type=date.fromisoformat, metavar="YYYY-MM-DD")
    report.set_defaults(run=_report)

    schema.add_parser(commands, _services)
    courier.add_parser(commands, _services)
    plan.add_parser(commands, _services)
    approve.add_parser(commands, _services)
    undo.add_parser(commands, _services)
    trace.add_parser(commands, _services)
    verify.add_parser(commands, _services)
    restored.add_parser(commands, _services)
    notices.add_parser(commands, _services)

    sandbox = commands.add_parser("sandbox", help="serve the local MoySklad sandbox")
    sandbox.add_argument("arguments", nargs=argparse.REMAINDER)
    sandbox.set_defaults(run=_sandbox)
    return parser


def _parse(arguments: argparse.Namespace) -> int:
    from sverka.parsing.printed import as_text, parsed_file

    data = bytes_of(arguments.file)
    printed = parsed_file(data, arguments.file.name, known=_known())
    if arguments.json:
        print(json.dumps(printed, ensure_ascii=False, indent=2))
    else:
        print(as_text(printed))
    return PARSE_EXIT[printed["status"]]


def _known() -> "tuple[Schemas, Couriers] | None":
    """The folders and what was confirmed here; None without a database: a file is read all the same."""
    from sverka.recognition.known import known

    try:
        return known(_services())
    except Misconfigured:
        return None
    except DatabaseError as error:
        print(
            "sverka: база данных Сверки не отвечает, подтверждённые раскладки не учтены: "
            f"{str(error).strip()}",
            file=sys.stderr,
        )
        return None


def _drop(arguments: argparse.Namespace) -> int:
    from sverka.intake.zones import Zone

    zones = _services().settings.zones
    if not zones:
        raise Misconfigured("no inbox: set SVERKA_INBOXES; see docs/settings.md")
    zone = zones[0]
    inbox = Zone(zone.name, zone.url, zone.options)
    for file in arguments.files:
        inbox.drop(file.name, bytes_of(file))
        print(f"{file.name} → {zone.url}")
    return 0


def _report(arguments: argparse.Namespace) -> int:
    from sverka.reporting import publish

    services = _services()
    published = publish(services, arguments.day or moscow_day(services.clock()))
    print(published.text)
    return 0


def _sandbox(arguments: argparse.Namespace) -> int:
    from sverka.moysklad.sandbox.__main__ import main as serve

    serve(arguments.arguments)
    return 0


def _services() -> Services:
    return services_from(from_environment({**_local_environment(), **os.environ}))


def _local_environment() -> dict[str, str]:
    """What `make up` wrote, so that its user need not export anything."""
    if not LOCAL_ENVIRONMENT.exists():
        return {}
    lines = LOCAL_ENVIRONMENT.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines)
