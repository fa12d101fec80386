"""What a bad network, a bad gateway or a bad day of the service does to an exchange, by a seed.

Every damage is told by its name in the record. `HARMLESS` ones leave a whole, true reply, only in
an unusual way: a correct client takes them. After `REFUSED` ones nothing was done, and the client
can know it. After any other one a client knows nothing, whatever the sandbox has done.
"""

import gzip
import itertools
import json
import random
import time
from collections.abc import Callable
from typing import Any

from tests.support.proxy import HEAD_END, Message, Visit, passes

Damage = Callable[[Visit, random.Random], None]

PAGE = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"
NO_SUCH_PLACE = "http://127.0.0.1:9/api/remap/1.2/"


def page(status: int, title: str, **headers: str) -> bytes:
    """A gateway's answer."""
    body = PAGE.format(f"{status} {title}").encode()
    start = f"HTTP/1.1 {status} {title}\r\ncontent-type: text/html\r\n".encode()
    return start + _lines(headers | {"content-length": str(len(body))}) + body


def refusal(status: int, code: int, text: str, **headers: str) -> bytes:
    """MoySklad's own «no» (docs, «Обработка ошибок»)."""
    error = {"error": text, "code": code, "error_message": text}
    body = gzip.compress(json.dumps({"errors": [error]}, ensure_ascii=False).encode())
    kind = {"content-type": "application/json;charset=utf-8", "content-encoding": "gzip"}
    start = f"HTTP/1.1 {status} Refused\r\n".encode()
    return start + _lines(headers | kind | {"content-length": str(len(body))}) + body


def _lines(headers: dict[str, str]) -> bytes:
    lines = (f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return "".join(lines).encode() + b"\r\n"


def _with_body(reply: Message, body: bytes) -> bytes:
    return reply.head(content_length=str(len(body))) + body


def _json_of(reply: Message) -> Any:
    packed = reply.fields.get("content-encoding") == "gzip"
    return json.loads(gzip.decompress(reply.body) if packed else reply.body)


def _as_json(reply: Message, value: Any) -> bytes:
    return _with_body(reply, gzip.compress(json.dumps(value, ensure_ascii=False).encode()))


# ---------------------------------------------------------------------------------------------
# Whole and true, but unusual


def slow(visit: Visit, draw: random.Random) -> None:
    """An answer that takes minutes, as documented («Первые шаги»)."""
    reply = visit.ask()
    visit.wait(draw.uniform(30, 290))
    visit.give(reply.raw())


def trickle(visit: Visit, draw: random.Random) -> None:
    """The answer in drops, over some seconds."""
    data = visit.ask().raw()
    cuts = sorted({0, *(draw.randrange(len(data)) for _ in range(8)), len(data)})
    for since, until in itertools.pairwise(cuts):
        visit.give(data[since:until])
        visit.wait(draw.uniform(0.1, 2))
        time.sleep(0.001)


def uncompressed(visit: Visit, _: random.Random) -> None:
    """«В редких случаях сервер может не применять сжатие ответа» (docs)."""
    reply = visit.ask()
    body = gzip.decompress(reply.body) if reply.fields.get("content-encoding") else reply.body
    visit.give(reply.head(content_length=str(len(body)), content_encoding=None) + body)


def closes(visit: Visit, _: random.Random) -> None:
    """A keep-alive connection that ends without having said so."""
    passes(visit)
    visit.close()


def resets_after(visit: Visit, _: random.Random) -> None:
    """The whole answer, then the connection is dropped: some of it may not be read any more."""
    passes(visit)
    time.sleep(0.005)
    visit.reset()


# ---------------------------------------------------------------------------------------------
# Refused: nothing was done, and that can be known


def too_many(visit: Visit, draw: random.Random) -> None:
    milliseconds = str(draw.randrange(200, 2900))
    text = "Превышено ограничение на количество запросов в единицу времени"
    headers = {"x_lognex_retry_after": milliseconds, "x_lognex_auth": "429002"}
    visit.give(refusal(429, 1049, text, **headers))


def too_many_at_once(visit: Visit, draw: random.Random) -> None:
    milliseconds = str(draw.randrange(200, 2900))
    text = "Превышено ограничение на одновременное количество запросов"
    headers = {"x_lognex_retry_after": milliseconds, "x_lognex_auth": "429005"}
    visit.give(refusal(429, 1073, text, **headers))


def moved(visit: Visit, _: random.Random) -> None:
    visit.give(page(308, "Permanent Redirect", location=NO_SUCH_PLACE))


# ---------------------------------------------------------------------------------------------
# Nobody knows: the request was not passed on


def resets_before(visit: Visit, _: random.Random) -> None:
    visit.reset()


def closes_before(visit: Visit, _: random.Random) -> None:
    visit.close()


def bad_gateway_before(visit: Visit, _: random.Random) -> None:
    visit.give(page(502, "Bad Gateway"))


# ---------------------------------------------------------------------------------------------
# Nobody knows: the sandbox has done it all


def loses_reply(visit: Visit, _: random.Random) -> None:
    visit.ask()
    visit.reset()


def bad_gateway(visit: Visit, _: random.Random) -> None:
    visit.ask()
    visit.give(page(502, "Bad Gateway"))


def gateway_timeout(visit: Visit, _: random.Random) -> None:
    visit.ask()
    visit.wait(60)
    visit.give(page(504, "Gateway Time-out"))


def redirects(visit: Visit, _: random.Random) -> None:
    """A finished action may answer so; what it points to must not get the token."""
    visit.ask()
    visit.give(page(302, "Found", location=NO_SUCH_PLACE))


def empty(visit: Visit, _: random.Random) -> None:
    reply = visit.ask()
    visit.give(reply.head(content_length="0", content_encoding=None))


def half_head(visit: Visit, draw: random.Random) -> None:
    start = visit.ask().head()
    visit.give(start[: draw.randrange(1, len(start) - len(HEAD_END))])
    visit.close()


def half_body(visit: Visit, draw: random.Random) -> None:
    """The announced length never comes."""
    reply = visit.ask()
    visit.give(reply.head() + reply.body[: draw.randrange(len(reply.body) or 1)])
    visit.close()


def half_gzip(visit: Visit, draw: random.Random) -> None:
    """A whole HTTP reply whose gzip ends early."""
    reply = visit.ask()
    visit.give(_with_body(reply, reply.body[: draw.randrange(1, len(reply.body) - 1)]))


def short_length(visit: Visit, draw: random.Random) -> None:
    """The rest of the body lies on the connection when the next answer is expected."""
    reply = visit.ask()
    length = draw.randrange(1, len(reply.body) - 1)
    visit.give(reply.head(content_length=str(length)) + reply.body)


def flips_gzip(visit: Visit, draw: random.Random) -> None:
    """One bit of the compressed bytes; the checksum tells."""
    reply = visit.ask()
    body = bytearray(reply.body)
    # The ten bytes in front hold a time and an operating system that nobody reads.
    body[draw.randrange(10, len(body))] ^= 1 << draw.randrange(8)
    visit.give(_with_body(reply, bytes(body)))


def flips_json(visit: Visit, draw: random.Random) -> None:
    """A byte of the text that cannot stand there, in a sound compression."""
    reply = visit.ask()
    text = bytearray(json.dumps(_json_of(reply), ensure_ascii=False).encode())
    text[draw.randrange(len(text))] = draw.choice((0x00, 0x1F, 0xFF))
    visit.give(_with_body(reply, gzip.compress(bytes(text))))


def stale(visit: Visit, draw: random.Random) -> None:
    """The answer to an earlier request of another address, as a confused gateway gives it."""
    visit.ask()
    others = [
        one.upstream
        for one in visit.earlier()
        if one.upstream and one.upstream.status == 200 and one.target != visit.exchange.target
    ]
    if not others:
        visit.reset()
    visit.give(draw.choice(others[-20:]).raw())


def stale_bulk(visit: Visit, draw: random.Random) -> None:
    """The answer to an earlier request of the same address, but with another body."""
    visit.ask()
    others = [
        one.upstream
        for one in visit.earlier()
        if one.target == visit.exchange.target and one.request.body != visit.exchange.request.body
    ]
    if not others:
        visit.reset()
    chosen = draw.choice(others)
    assert chosen is not None
    visit.give(chosen.raw())


def _of_array(change: Callable[[list[Any], random.Random], list[Any]]) -> Damage:
    """A damage to the array that answers a bulk request; other answers pass."""

    def damage(visit: Visit, draw: random.Random) -> None:
        reply = visit.ask()
        elements = _json_of(reply)
        if isinstance(elements, list):
            visit.give(_as_json(reply, change(elements, draw)))
        else:
            visit.exchange.damage = None
            visit.give(reply.raw())

    damage.__name__ = change.__name__
    return damage


@_of_array
def doubles_element(elements: list[Any], draw: random.Random) -> list[Any]:
    place = draw.randrange(len(elements))
    return [*elements[: place + 1], *elements[place:]]


@_of_array
def repeats_element(elements: list[Any], draw: random.Random) -> list[Any]:
    """The right number of elements, but one stands in place of another."""
    if len(elements) == 1:
        return [None]
    one, other = draw.sample(range(len(elements)), 2)
    return [elements[other if place == one else place] for place in range(len(elements))]


@_of_array
def reorders(elements: list[Any], draw: random.Random) -> list[Any]:
    by = draw.randrange(1, len(elements)) if len(elements) > 1 else 0
    return elements[by:] + elements[:by] if by else []


@_of_array
def drops_element(elements: list[Any], draw: random.Random) -> list[Any]:
    place = draw.randrange(len(elements))
    return elements[:place] + elements[place + 1 :]


HARMLESS: tuple[Damage, ...] = (slow, trickle, uncompressed, closes)
REFUSED: tuple[Damage, ...] = (too_many, too_many_at_once, moved)
UNKNOWN: tuple[Damage, ...] = (
    resets_after,
    resets_before,
    closes_before,
    bad_gateway_before,
    loses_reply,
    bad_gateway,
    gateway_timeout,
    redirects,
    empty,
    half_head,
    half_body,
    half_gzip,
    short_length,
    flips_gzip,
    flips_json,
    stale,
)
OF_ARRAYS: tuple[Damage, ...] = (
    stale_bulk,
    doubles_element,
    repeats_element,
    reorders,
    drops_element,
)
ALL = (*HARMLESS, *REFUSED, *UNKNOWN, *OF_ARRAYS)


class Plan:
    """Draws a damage for some of the first requests; the seed alone decides which and how.

    `reads` and `writes` are shares of the requests of each kind. After `until` requests the
    network is calm, so that every run ends.
    """

    def __init__(self, seed: int, *, reads: float, writes: float, until: int) -> None:
        self._seed = seed
        self._reads = reads
        self._writes = writes
        self._until = until

    def __call__(self, visit: Visit) -> None:
        one = visit.exchange
        draw = random.Random(f"{self._seed}/{one.ordinal}")
        if one.ordinal > self._until or draw.random() >= (
            self._writes if one.is_write else self._reads
        ):
            passes(visit)
            return
        does = draw.choice(ALL if one.is_write else (*HARMLESS, *REFUSED, *UNKNOWN))
        one.damage = does.__name__
        does(visit, draw)
