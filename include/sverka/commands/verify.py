"""`sverka verify`: whether the audit journal is whole."""

import argparse
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sverka.services import Services

GetServices = Callable[[], "Services"]

BROKEN_EXIT = 5


def add_parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", services: GetServices
) -> None:
    """Adds `verify`."""
    verify = commands.add_parser(
        "verify",
        help="check the audit journal: its chain, its published heads, every posting",
        epilog=f"exit codes: 0 it holds, 1 it cannot be read, {BROKEN_EXIT} it does not hold",
    )
    verify.add_argument(
        "--from", dest="first", type=int, default=1, metavar="ID", help="believe what is before ID"
    )
    verify.set_defaults(run=partial(_verify, services=services))


def _verify(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.audit.verify import verify

    found = verify(services(), first=arguments.first)
    for words in found.troubles:
        print(words)
    if found.troubles:
        print(
            "Ничего не исправляйте в базе: сохраните её копию и папку reports, по ним видно, что и "
            "когда изменилось (docs/trace.md)."
        )
        return BROKEN_EXIT
    print(
        f"Журнал цел: проверено записей {found.links}, конец {found.head.id} "
        f"{found.head.hash.hex()[:16]}, сверено с опубликованными: {found.heads}. Документы Сверки "
        "с ним сходятся."
    )
    return 0
