"""`sverka approve`: what waits for a person, and the answer to it, as in Airflow."""

import argparse
import getpass
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sverka.services import Services

GetServices = Callable[[], "Services"]

CHANGED = 5
"""Exit code: the plan is another one than the seal says; nothing was done."""


def add_parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", services: GetServices
) -> None:
    """Adds `approve`."""
    approve = commands.add_parser(
        "approve",
        help="list what waits for an approval; with --seal approve or refuse exactly that plan",
        epilog=f"exit codes: 0 done, 1 it could not be done, {CHANGED} the plan has changed",
    )
    approve.add_argument(
        "file", metavar="FILE|ID", nargs="?", help="a path, the name as it came, or its number"
    )
    approve.add_argument(
        "--seal", metavar="SEAL", help="the plan's seal, as `sverka plan` shows it"
    )
    approve.add_argument("--refuse", action="store_true", help="decide not to post it")
    approve.add_argument("--comment", metavar="TEXT", help="why, for the people who read it later")
    approve.add_argument(
        "--ask-again", action="store_true", help="ask once more about what was refused"
    )
    approve.add_argument(
        "--by", metavar="NAME", default=getpass.getuser(), help="who says so (default: you)"
    )
    approve.set_defaults(run=partial(_approve, services=services))


def _approve(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.posting.undoing_files import file_named

    if arguments.file is None:
        return _list(services())
    with services().connect() as conn:
        file_id = file_named(conn, arguments.file)
    if arguments.ask_again:
        return _ask_again(services(), file_id, arguments.by)
    if arguments.seal is None:
        return _show(services(), file_id)
    return _answer(services(), file_id, arguments)


def _list(services: "Services") -> int:
    from sverka.posting.questions import all_waiting
    from sverka.texts import Texts

    say = Texts(services.settings.language)
    with services.connect() as conn:
        waiting = all_waiting(conn)
    if not waiting:
        print(say("Решения ничего не ждёт."))
    for one in waiting:
        documents = say.counted(one.documents, "документ", "документа", "документов")
        print(
            say(
                "№ {number} «{file}»: {documents} на {money}, ждут с {since}. Печать {seal}",
                number=one.file_id,
                file=one.file,
                documents=documents,
                money=say.money(one.stake, one.currency),
                since=say.moment(one.since),
                seal=one.seal,
            )
        )
    return 0


def _show(services: "Services", file_id: int) -> int:
    from sverka.posting.asked import asked, body, subject
    from sverka.posting.ledger import planned
    from sverka.texts import Texts

    say = Texts(services.settings.language)
    question = asked(services, file_id)
    if not question.parts:
        print(say("Решения ничего не ждёт."))
        return 0
    with services.connect() as conn:
        seal = planned(conn, file_id).seal
    print(subject(question, say), body(question, say), say("Печать плана"), seal, sep="\n\n")
    return 0


def _answer(services: "Services", file_id: int, arguments: argparse.Namespace) -> int:
    from sverka import settling
    from sverka.posting.deciding import Answer, decide
    from sverka.posting.questions import POST, VOID
    from sverka.posting.send import send
    from sverka.texts import Texts

    say = Texts(services.settings.language)
    answer = Answer(not arguments.refuse, arguments.seal, arguments.by, arguments.comment)
    decided = decide(services, file_id, answer)
    if decided.answer == VOID:
        print(say("План уже другой, ничего не сделано. Посмотрите его ещё раз: sverka plan."))
        return CHANGED
    if decided.answer == POST:
        sent = send(services, file_id)
        number = say.counted(sent.posted, "документ", "документа", "документов")
        print(say("Решено провести. В МоёмСкладе по файлу: {documents}.", documents=number))
    else:
        print(say("Решено не проводить. По этим документам в МоёмСкладе ничего не создано."))
    settling.publish(services, file_id)
    return 0


def _ask_again(services: "Services", file_id: int, by: str) -> int:
    from sverka.posting.deciding import ask_again
    from sverka.texts import Texts

    say = Texts(services.settings.language)
    number = ask_again(services, file_id, by)
    print(say("Сверка спросит ещё раз. Документов: {number}.", number=say.number(number)))
    return 0
