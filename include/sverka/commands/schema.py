"""`sverka schema …`: layouts without Airflow at hand: draft, confirm, list, show, withdraw, check.

Exit codes of `draft`: 0 the draft is complete (or the layout is known already), 3 a person has to
answer, 4 it is no settlement report.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sverka.errors import Misconfigured, Refusal

if TYPE_CHECKING:
    from sverka.recognition.schema import Schema
    from sverka.services import Services

DRAFT_EXIT = {"complete": 0, "asks": 3, "refused": 4}

GetServices = Callable[[], "Services"]


def add_parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", services: GetServices
) -> None:
    """Adds `schema` and its own commands."""
    schema = commands.add_parser("schema", help="layouts: draft, confirm, list, withdraw, check")
    actions = schema.add_subparsers(required=True, metavar="action")

    draft = actions.add_parser(
        "draft",
        help="propose a layout for a file that no schema knows",
        epilog="exit codes: 0 complete or known already, 1 cannot be done, 3 needs answers, 4 refused",
    )
    draft.add_argument("file", type=Path)
    draft.add_argument("--courier", metavar="CODE", help="whose report it is")
    draft.add_argument("--new-courier", metavar="TITLE", help="a courier that is not known yet")
    draft.add_argument("--counterparty", metavar="NAME", help="the new courier in MoySklad")
    draft.add_argument(
        "--post-now",
        action="store_true",
        help="the new courier's documents are sent, not only planned",
    )
    draft.add_argument("--answer", metavar="KEY=VALUE", action="append", default=[])
    draft.add_argument("--out", type=Path, metavar="FILE.yaml", help="write the YAML here")
    draft.add_argument("--confirm", action="store_true", help="store it: next files go by it")
    draft.add_argument("--by", metavar="NAME", help="who confirms")
    draft.set_defaults(run=partial(_draft, services=services))

    actions.add_parser("list", help="all layouts").set_defaults(
        run=partial(_list, services=services)
    )
    for name, run, words in (
        ("show", _show, "print a layout as YAML"),
        ("withdraw", _withdraw, "the newest confirmed version counts no more"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("code")
        action.set_defaults(run=partial(run, services=services))
    check = actions.add_parser("check", help="load schema files and say what is wrong with them")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE.yaml")
    check.set_defaults(run=partial(_check, services=services))


def _draft(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.commands.drafting import Wish, drafted
    from sverka.commands.files import bytes_of

    if arguments.confirm != bool(arguments.by):
        raise Misconfigured("--confirm and --by NAME go together: who answers for this layout")
    wish = Wish(
        courier=arguments.courier,
        new_courier=arguments.new_courier,
        counterparty=arguments.counterparty,
        post_now=arguments.post_now,
        answers=dict(_pair(text) for text in arguments.answer),
        by=arguments.by,
    )
    try:
        outcome = drafted(arguments.file.name, bytes_of(arguments.file), wish, services)
    except Refusal as refusal:
        print(refusal.where_and_why(), file=sys.stderr)
        return DRAFT_EXIT["refused"]
    print(outcome.words, file=sys.stderr)
    if outcome.text and arguments.out:
        arguments.out.write_text(outcome.text, encoding="utf-8")
        print(f"→ {arguments.out}", file=sys.stderr)
    elif outcome.text:
        print(outcome.text, end="")
    return DRAFT_EXIT["asks" if outcome.asks else "complete"]


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.rpartition("=")
    if not equals or not key:
        raise Misconfigured(f"--answer {text!r}: KEY=VALUE is needed")
    return key, value


def _list(_: argparse.Namespace, services: GetServices) -> int:
    from sverka.confirming import store
    from sverka.recognition.known import knowledge

    known = knowledge(services())
    with services().connect() as conn:
        confirmed = store.confirmed(conn)
    for schema in sorted(known.schemas, key=lambda one: one.code):
        print(
            f"{schema.code:32} {schema.version:>3}  {_origin(schema, known.confirmed)}  {schema.title}"
        )
    for stored in confirmed:
        withdrawn = f", отозвана {stored.withdrawn_at:%d.%m.%Y}" if stored.withdrawn_at else ""
        print(
            f"{stored.code:32} {stored.version:>3}  подтвердил {stored.by} {stored.at:%d.%m.%Y}{withdrawn}"
        )
    for sentence in known.left_out:
        print(sentence, file=sys.stderr)
    return 0


def _origin(schema: "Schema", confirmed: frozenset[str]) -> str:
    return "подтверждена" if schema.code in confirmed else "из поставки "


def _show(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.recognition.known import known

    schemas, _ = known(services())
    schema = schemas.by_code.get(arguments.code)
    if schema is None:
        raise Misconfigured(f"раскладки «{arguments.code}» нет; см. sverka schema list")
    print(schema.text, end="")
    return 0


def _withdraw(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.confirming import store

    with services().connect() as conn:
        version = store.withdraw(conn, arguments.code, services().clock())
    print(
        f"{arguments.code}, версия {version}: отозвана. Следующий такой файл снова спросит, как его читать."
    )
    return 0


def _check(arguments: argparse.Namespace, services: GetServices) -> int:  # noqa: ARG001 - as the others
    from sverka.recognition.loading import load_schema_text
    from sverka.recognition.schemas import VOCABULARY
    from sverka.recognition.vocabulary import load_vocabulary
    from sverka.settings import INCLUDE

    vocabulary = load_vocabulary(INCLUDE / "courier_schemas" / VOCABULARY)
    wrong = 0
    for file in arguments.files:
        try:
            text = file.read_text(encoding="utf-8")
            schema = load_schema_text(text, str(file), vocabulary)
        except (Misconfigured, OSError, UnicodeDecodeError) as error:
            print(error, file=sys.stderr)
            wrong += 1
        else:
            print(f"{file}: {schema.code}, версия {schema.version}: читается")
    return 1 if wrong else 0
