"""`sverka plan`: what would be created in MoySklad, before anything is sent."""

import argparse
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sverka.services import Services

GetServices = Callable[[], "Services"]


def add_parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", services: GetServices
) -> None:
    """Adds `plan`."""
    plan = commands.add_parser(
        "plan",
        help="show what a file's plan would create in MoySklad; sends and approves nothing",
    )
    plan.add_argument("file", metavar="FILE|ID", help="a path, the name as it came, or its number")
    plan.add_argument("--json", action="store_true", help="machine-readable, all documents")
    plan.set_defaults(run=partial(_plan, services=services))


def _plan(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.posting.preview import preview
    from sverka.posting.preview_told import as_json, as_text
    from sverka.posting.undoing_files import file_named

    with services().connect() as conn:
        file_id = file_named(conn, arguments.file)
    with preview(services(), file_id) as found:
        for line in as_json(found) if arguments.json else as_text(found):
            print(line)
    return 0
