"""What the status of an answer says, read together with MoySklad's own error code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sverka.moysklad import wire
from sverka.moysklad.errors import Terminal
from sverka.moysklad.refusals import first_refusal

TOO_MANY = 429
# A gateway that gave up waiting; the service behind it may have acted.
REQUEST_TIMEOUT = 408
# These say "not here", so nothing was done; 302 and 303 may follow a finished action.
MOVED = frozenset({301, 307, 308})
# MoySklad docs, «Ошибки»: more than 5 requests of a user, or 20 of an account, at the same time.
PARALLEL = 1073
PARALLEL_HEADER = "429005"
NOT_FOUND = 1021
# MoySklad docs, «Ошибки»: a bulk request that was worked on for 5 minutes and then cut off. What it
# did until then is not said, so this is no refusal.
CUT_OFF = 1088


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer to a request for `url`; header names in any case."""

    status: int
    headers: Mapping[str, str]
    url: str
    content: bytes


def is_absent(reply: Reply) -> bool:
    """Whether a 404 speaks of the object and not of the address.

    A gateway's 404 must not pass for "this document does not exist": an unsure posting would be
    sent again on the strength of it.
    """
    if reply.status != 404:
        return False
    refusal = first_refusal(_json_or_none(reply))
    return refusal is not None and refusal.code in {NOT_FOUND, None}


def has_lost_its_words(reply: Reply) -> bool:
    """Whether nothing can be read from an answer in which MoySklad would have said what it means.

    A gateway's page is no such answer: it speaks of the address.
    """
    content = reply.content.strip()
    return not content.startswith(b"<") and _json_or_none(reply) is None


def is_about_rate(reply: Reply) -> bool:
    """Whether a 429 is for requests per time: then nobody of this user may send for a while.

    One for requests at the same time says nothing about the next second.
    """
    refusal = first_refusal(_json_or_none(reply))
    if refusal is not None and refusal.code is not None:
        return refusal.code != PARALLEL
    return reply.headers.get("X-Lognex-Auth") != PARALLEL_HEADER


def refuse_client_errors(reply: Reply) -> None:
    """Raises Terminal for a 4xx that says that nothing was done."""
    if not 400 <= reply.status < 500 or reply.status == REQUEST_TIMEOUT:
        return
    refusal = first_refusal(_json_or_none(reply))
    if refusal is not None and refusal.code == CUT_OFF:
        return
    text = refusal.text if refusal else reply.headers.get("X-Lognex-Auth-Message", "без пояснения")
    code = refusal.code if refusal else None
    place = urlsplit(reply.url).path.rpartition("/remap/")[2]
    numbers = f"HTTP {reply.status}" + (f", код {code}" if code else "")
    raise Terminal(f"МойСклад отказал: {text} ({numbers}, {place})", status=reply.status, code=code)


def refuse_redirects(reply: Reply) -> None:
    """Raises Terminal when the address is another one: the token goes nowhere else."""
    if reply.status in MOVED:
        raise Terminal(
            f"МойСклад переехал на {reply.headers.get('Location')}: исправьте адрес подключения.",
            status=reply.status,
        )


def _json_or_none(reply: Reply) -> Any:
    try:
        return wire.parse_json(reply.content)
    except ValueError:
        return None
