"""`sverka notices`: what was told to whom, and what did not arrive."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sverka.notices.listing import Delivery
    from sverka.services import Services
    from sverka.texts import Texts

GetServices = Callable[[], "Services"]


def add_parser(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", services: GetServices
) -> None:
    """Adds `notices`."""
    notices = commands.add_parser(
        "notices", help="show what was told to whom by e-mail and Telegram, the newest first"
    )
    notices.add_argument("--json", action="store_true", help="machine-readable")
    notices.add_argument("--limit", type=int, default=50, help="deliveries (default 50)")
    notices.set_defaults(run=partial(_notices, services=services))


def _notices(arguments: argparse.Namespace, services: GetServices) -> int:
    from sverka.notices.listing import deliveries
    from sverka.texts import Texts

    asked = services()
    with asked.connect() as conn:
        found = deliveries(conn, limit=arguments.limit)
    if arguments.json:
        rows = [asdict(one) for one in found]
        print(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return 0
    say = Texts(asked.settings.language)
    if not asked.settings.notices:
        print(say("Оповещения не настроены: никому ничего не отправляется (docs/notices.md)."))
    for one in found:
        print(_line(one, say))
    return 0


def _line(one: "Delivery", say: "Texts") -> str:
    states = {
        "waiting": say("ждёт отправки"),
        "sent": say("отправлено"),
        "given_up": say("не доставлено"),
        "void": say("уже не нужно"),
    }
    tail = f" · {one.error}" if one.error else ""
    return (
        f"{say.moment(one.noted_at)} · {states[one.state]} · {one.channel} → {one.recipient} · "
        f"{one.title}{tail}"
    )
