"""Who gets which notices by what: the setting `SVERKA_NOTICES`."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sverka.errors import Misconfigured

VARIABLE = "SVERKA_NOTICES"


class Kind(StrEnum):
    """What is worth a notice; a channel may take some kinds only."""

    REPORT = "report"
    """The day's report is published."""
    NO_REPORT = "no_report"
    """The morning's report is not there an hour after it should be."""
    DISCREPANCIES = "discrepancies"
    """A file is settled and some of its orders are in question."""
    QUARANTINED = "quarantined"
    STALLED = "stalled"
    WAITING = "waiting"
    """A file waits for a person: a question, or an approval."""
    UNPAID = "unpaid"
    """Transfers whose term has passed since the last report."""
    FAILED = "failed"
    """A task that belongs to no file gave up."""


class By(StrEnum):
    """What carries a notice."""

    EMAIL = "email"
    TELEGRAM = "telegram"


@dataclass(frozen=True, slots=True)
class Channel:
    """Some recipients that get some kinds of notices by one connection of Airflow.

    `to` are addresses of e-mail or ids of Telegram chats; each gets its own message. `name` must
    stay the same: what was sent is remembered under it.
    """

    name: str
    by: By
    connection: str
    to: tuple[str, ...]
    kinds: tuple[Kind, ...] = tuple(Kind)


_KEYS = {"name", "by", "connection", "to", "kinds"}
# What a mail server or Telegram would refuse anyway; above all no line break and no second address.
_ADDRESS = {
    By.EMAIL: re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+"),
    By.TELEGRAM: re.compile(r"-?\d{1,20}|@[A-Za-z0-9_]{4,32}"),
}


def channels_of(text: str) -> tuple[Channel, ...]:
    """The channels of a JSON list; `[]` sends nothing.

    Raises:
        Misconfigured: says which channel and what is wrong with it.
    """
    try:
        given = json.loads(text)
    except ValueError as error:
        raise _wrong(f"is not JSON: {error}") from error
    if not isinstance(given, list):
        raise _wrong(f"must be a list of channels, found {given!r}")
    channels = tuple(_channel(one) for one in given)
    names = [channel.name for channel in channels]
    for name in names:
        if names.count(name) > 1:
            raise _wrong(f"has two channels named {name!r}")
    return channels


def _channel(given: Any) -> Channel:
    if not isinstance(given, dict):
        raise _wrong(f"must be a list of channels, found {given!r} in it")
    name = _text(given, "name", "a channel")
    where = f"channel {name!r}"
    if unknown := sorted(set(given) - _KEYS):
        raise _wrong(f"{where}: nobody knows {', '.join(unknown)}; it may have {_words(_KEYS)}")
    by = _by(given, where)
    return Channel(
        name=name,
        by=by,
        connection=_text(given, "connection", where),
        to=_to(given, by, where),
        kinds=_kinds(given, where),
    )


def _by(given: dict[str, Any], where: str) -> By:
    by = given.get("by")
    if by not in tuple(By):
        raise _wrong(f"{where}: by must be one of {_words(By)}, found {by!r}")
    return By(by)


def _to(given: dict[str, Any], by: By, where: str) -> tuple[str, ...]:
    to = given.get("to")
    if not isinstance(to, list) or not to:
        raise _wrong(f"{where}: to must be a list of recipients, found {to!r}")
    recipients = [str(one) if isinstance(one, int) else one for one in to]
    for one in recipients:
        if not isinstance(one, str) or not _ADDRESS[by].fullmatch(one):
            raise _wrong(f"{where}: {one!r} is no recipient for {by}")
    return tuple(dict.fromkeys(recipients))


def _kinds(given: dict[str, Any], where: str) -> tuple[Kind, ...]:
    kinds = given.get("kinds", list(Kind))
    if not isinstance(kinds, list) or not kinds or not all(one in tuple(Kind) for one in kinds):
        raise _wrong(f"{where}: kinds must be some of {_words(Kind)}; found {kinds!r}")
    return tuple(Kind(one) for one in dict.fromkeys(kinds))


def _text(given: dict[str, Any], key: str, where: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(f"{where}: {key} must be a text, found {value!r}")
    return value.strip()


def _words(names: Any) -> str:
    return ", ".join(sorted(names) if isinstance(names, set) else names)


def _wrong(what: str) -> Misconfigured:
    return Misconfigured(f"the environment variable {VARIABLE} {what}; see docs/notices.md")
