"""`sverka courier …`: couriers that a person named in the form, and their trial run."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sverka.errors import Misconfigured

if TYPE_CHECKING:
    from sverka.services import Services

GetServices = Callable[[], "Services"]


def add_parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", services: GetServices
) -> None:
    """Adds `courier` and its own commands."""
    courier = commands.add_parser("courier", help="couriers: list, show, post, plan")
    actions = courier.add_subparsers(required=True, metavar="action")
    actions.add_parser("list", help="all couriers").set_defaults(
        run=partial(_list, services=services)
    )
    show = actions.add_parser("show", help="print the terms as YAML, for include/couriers")
    show.add_argument("code")
    show.set_defaults(run=partial(_show, services=services))
    for name, dry_run, words in (
        ("post", False, "send the documents of a courier that was confirmed in Airflow"),
        ("plan", True, "only plan them again"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("code")
        action.add_argument("--by", required=True, metavar="NAME", help="who says so")
        action.set_defaults(run=partial(_switch, services=services), dry_run=dry_run)


def _list(_: argparse.Namespace, services: GetServices) -> int:
    from sverka.recognition.known import known_couriers

    for courier in sorted(known_couriers(services()), key=lambda one: one.code):
        mode = "только план" if courier.dry_run else "проводится"
        print(f"{courier.code:24} {mode:12} {courier.title}")
    return 0


def _show(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.couriers import as_yaml
    from sverka.recognition.known import known_couriers

    print(as_yaml(known_couriers(services()).get(arguments.code)), end="")
    return 0


def _switch(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.confirming import store
    from sverka.confirming.store import Said
    from sverka.couriers import Couriers
    from sverka.recognition.known import known_couriers

    if arguments.code in Couriers.load(services().settings.couriers).by_code:
        raise Misconfigured(
            f"условия «{arguments.code}» описаны файлом include/couriers/{arguments.code}.yaml: "
            "измените dry_run в нём"
        )
    courier = known_couriers(services()).get(arguments.code)
    changed = replace(courier, dry_run=arguments.dry_run)
    with services().connect() as conn:
        store.confirm_courier(conn, changed, Said(arguments.by, services().clock()))
    print(
        f"{courier.title}: документы только планируются."
        if arguments.dry_run
        else f"{courier.title}: документы проводятся. Чтобы провести уже запланированное, очистите "
        "(Clear) запуск нужного файла в Airflow."
    )
    return 0
