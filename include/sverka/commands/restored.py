"""`sverka restored`: what has to be done before anything is posted after a restore from a backup."""

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
    """Adds `restored`."""
    restored = commands.add_parser(
        "restored",
        help="after a restore from a backup: read MoySklad anew and doubt what is not sent yet",
    )
    restored.set_defaults(run=partial(_restored, services=services))


def _restored(_: argparse.Namespace, services: GetServices) -> int:
    from sverka.posting.restored import doubt
    from sverka.snapshot import compare

    asked = services()
    doubted = doubt(asked)
    compared = compare(asked)
    print(
        f"Данные МоегоСклада прочитаны заново: {compared.read}. Документов, которые Сверка перед "
        f"отправкой поищет в МоёмСкладе: {doubted}."
    )
    return 0
