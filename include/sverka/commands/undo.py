"""`sverka undo` and `sverka supersede`: taking back what a file booked, all of it or the difference."""

import argparse
import getpass
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sverka.services import Services

GetServices = Callable[[], "Services"]

NOT_ALL = 5
"""Exit code: something stays in MoySklad and waits for a person."""


def add_parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", services: GetServices
) -> None:
    """Adds `undo` and `supersede`."""
    codes = f"exit codes: 0 done, 1 it could not be done, {NOT_ALL} something was kept"
    undo = commands.add_parser("undo", help="take back all that a file booked", epilog=codes)
    _common(undo)
    undo.add_argument("--reason", metavar="TEXT", help="why, for the people who read it later")
    undo.set_defaults(run=partial(_undo, services=services))

    supersede = commands.add_parser(
        "supersede", help="let a corrected report take the place of an older one", epilog=codes
    )
    _common(supersede)
    supersede.add_argument(
        "--of", metavar="FILE", help="the older file, where the reports have no number"
    )
    supersede.add_argument(
        "--separate", action="store_true", help="say that it is a report of its own and book it"
    )
    supersede.set_defaults(run=partial(_supersede, services=services))


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE|ID", help="a path, the name as it came, or its number"
    )
    parser.add_argument(
        "--by", metavar="NAME", default=getpass.getuser(), help="who says so (default: you)"
    )
    parser.add_argument("--dry-run", action="store_true", help="only show what would happen")


def _undo(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.posting.undo import preview, undo

    file_id = _named(services(), arguments.file)
    if arguments.dry_run:
        result = preview(services(), file_id)
    else:
        result = undo(services(), file_id, arguments.by, reason=arguments.reason)
    print(result.text)
    return 0 if result.complete else NOT_ALL


def _supersede(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.posting.supersede import preview, separate, supersede

    file_id = _named(services(), arguments.file)
    if arguments.separate:
        sent = separate(services(), file_id, arguments.by)
        print(f"Это отдельный отчёт. Документов в МоёмСкладе: {sent.posted}")
        return 0
    of = _named(services(), arguments.of) if arguments.of else None
    if arguments.dry_run:
        result = preview(services(), file_id, of=of)
    else:
        result = supersede(services(), file_id, arguments.by, of=of)
    print(result.text)
    return NOT_ALL if any(report.held for report in result.reports) else 0


def _named(services: "Services", text: str) -> int:
    from sverka.posting.undoing_files import file_named

    with services.connect() as conn:
        return file_named(conn, text)
