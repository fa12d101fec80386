"""Delivers what is due; no failure of a channel leaves this module."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sverka.notices import outbox
from sverka.notices.channels import By, Channel
from sverka.notices.outbox import Due
from sverka.notices.overtaken import let_go
from sverka.services import Services

log = logging.getLogger(__name__)

ERROR_LIMIT = 300


class Undelivered(Exception):
    """The notice did not go out, or nobody knows whether it did; another attempt may help.

    `seconds` says how long the other side wants to be left alone. The message must not hold a
    password or token: it is stored and shown.
    """

    def __init__(self, message: str, *, seconds: int = 0) -> None:
        self.seconds = seconds
        super().__init__(message)


class Refused(Exception):
    """This recipient cannot be reached; another attempt cannot help. The message as above."""


Send = Callable[[Channel, Due], None]
"""Sends one message, or raises `Undelivered` or `Refused`. It takes at most a few minutes: less
than `outbox.FIRST_REST`, or another process would take the delivery, too."""


@dataclass(slots=True)
class Delivered:
    """What one round came to."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0


def deliver(services: Services, senders: Mapping[By, Send]) -> Delivered:
    """Sends what is due, one by one; every result is committed before the next is taken.

    A channel that fails is left alone until the next round: its other notices spend no attempt.
    """
    channels = {one.name: one for one in services.settings.notices}
    counts = Delivered()
    with services.connect() as conn:
        let_go(conn, channels.values(), services.clock())
    open_ = set(channels)
    while due := _claim(services, open_):
        channel = channels[due.channel]
        if not _attempt(services, senders[channel.by], channel, due, counts):
            open_.discard(channel.name)
    return counts


def _claim(services: Services, channels: set[str]) -> Due | None:
    with services.connect() as conn:
        return outbox.claim(conn, channels, services.clock())


def _attempt(services: Services, send: Send, channel: Channel, due: Due, counts: Delivered) -> bool:
    """Whether the channel may be used again in this round."""
    try:
        send(channel, due)
    except Refused as refused:
        counts.given_up += 1
        log.warning("notice %s: %s refuses %s: %s", due.notice_id, *_to(due), _words(refused))
        with services.connect() as conn:
            outbox.given_up(conn, due, _words(refused), services.clock())
        return True
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not end a run
        seconds = error.seconds if isinstance(error, Undelivered) else 0
        counts.failed += 1
        log.warning("notice %s: %s cannot reach %s: %s", due.notice_id, *_to(due), _words(error))
        with services.connect() as conn:
            rest = timedelta(seconds=seconds)
            outbox.failed(conn, due, _words(error), services.clock(), rest)
        return False
    counts.sent += 1
    with services.connect() as conn:
        outbox.sent(conn, due, services.clock())
    return True


def _to(due: Due) -> tuple[str, str]:
    return due.channel, due.recipient


def _words(error: Exception) -> str:
    """What is stored of an error: of one that nobody expected only its name, it may tell secrets."""
    if isinstance(error, (Undelivered, Refused)):
        return " ".join(str(error).split())[:ERROR_LIMIT]
    return type(error).__name__
