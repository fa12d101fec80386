"""Heads of the chain, published beside the day's report: a witness outside of the database.

Whoever may do anything in the database may also rewrite the whole chain. A head that lies in the
storage, and in every copy and backup of it, shows that the chain was another one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sverka.audit.chain import Head, head_of
from sverka.services import Services

NAME = "journal.json"


@dataclass(frozen=True, slots=True)
class Published:
    """A head as it was published."""

    path: str
    id: int
    hash: bytes
    at: datetime


class Unreadable(Exception):
    """A published file is not what was written there."""


def publish_head(services: Services, day: date) -> str | None:
    """Adds the chain's present head to the day's file; its path, None while nothing is journaled.

    Heads are added, never replaced: a rewritten chain does not put its own head over an earlier
    one. An unreadable file is left as it is for `verify` to show, and the head goes beside it.
    """
    with services.connect() as conn:
        head = head_of(conn)
    if head.id == 0:
        return None
    path = f"reports/{day.isoformat()}/{NAME}"
    with services.hold(f"publish head {day}"):
        try:
            before = list(_read(services, path)) if services.storage.exists(path) else []
        except Unreadable:
            path = f"reports/{day.isoformat()}/{head.id}-{NAME}"
            before = []
        if all(one.id != head.id or one.hash != head.hash for one in before):
            now = Published(path, head.id, head.hash, services.clock())
            services.storage.write(path, _written(day, [*before, now]))
    return path


def published_heads(services: Services) -> tuple[list[Published], list[str]]:
    """All heads that were ever published, by id; and the files that are not readable."""
    heads: list[Published] = []
    spoiled: list[str] = []
    for path in services.storage.list("reports"):
        if path.endswith(NAME):
            try:
                heads += _read(services, path)
            except Unreadable:
                spoiled.append(path)
    return sorted(heads, key=lambda one: (one.id, one.path)), spoiled


def disagreement(head: Published, met: dict[int, bytes], last: Head) -> str | None:
    """What the chain says against a published head, in Russian; None when it agrees."""
    if head.id > last.id:
        return (
            f"{head.path}: опубликована запись {head.id}, а журнал кончается на {last.id}: его конец "
            "удалён, или база восстановлена из более старой копии."
        )
    if head.id in met and met[head.id] != head.hash:
        return f"{head.path}: запись {head.id} была опубликована с другим хешем: журнал переписан."
    return None


def _written(day: date, heads: list[Published]) -> bytes:
    rows = [{"id": one.id, "hash": one.hash.hex(), "at": one.at.isoformat()} for one in heads]
    return (json.dumps({"day": day.isoformat(), "heads": rows}, indent=1) + "\n").encode()


def _read(services: Services, path: str) -> Iterator[Published]:
    try:
        for row in json.loads(services.storage.read(path))["heads"]:
            at = datetime.fromisoformat(row["at"])
            yield Published(path, int(row["id"]), bytes.fromhex(row["hash"]), at)
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"{path}: {error}") from error
