"""Is the traffic as a whole what the documentation allows? Limits, waits, and nothing sent blindly.

What the client could know is taken from the bytes it was given, never from what the sandbox did.
"""

import json
import re
import zlib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from tests.support.proxy import Exchange, Message
from tests.wire import vendor

RATE, PARALLEL = 1049, 1073
SAME_MINUTE = 60.0
# The clock of a run that is not virtual, and the way of a request to the proxy.
TOLERANCE = 0.02


# ---------------------------------------------------------------------------------------------
# What the client was told


def told(one: Exchange) -> Any:
    """The JSON of the reply that the client was given; None when there is none in it."""
    return _json(one.answer)


def _json(reply: Message | None) -> Any:
    if reply is None:
        return None
    try:
        packed = reply.fields.get("content-encoding") == "gzip"
        return json.loads(_unpacked(reply.body) if packed else reply.body)
    except (ValueError, zlib.error):
        return None


def _unpacked(body: bytes) -> bytes:
    """What came of a gzip; when only its checksum was cut off, the whole text came."""
    return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body)


def code_of(one: Exchange) -> int | None:
    """MoySklad's error code, when the whole request was refused."""
    answer = told(one)
    errors = answer.get("errors") if isinstance(answer, dict) else None
    return errors[0].get("code") if errors else None


def is_true(one: Exchange) -> bool:
    """Whether the client was given what the sandbox said, whole and readable, in whatever form."""
    if one.upstream is None or one.answer is None or one.damage == "resets_after":
        return False
    said, heard = one.upstream, one.answer
    return said.status == heard.status and _json(said) == _json(heard) is not None


def was_refused(one: Exchange) -> bool:
    """Whether the client knows that nothing was done."""
    status = one.answer.status if one.answer else 0
    return status in {301, 307, 308} or (400 <= status < 500 and status != 408)


def is_settled(one: Exchange) -> bool:
    """Whether the client knows what became of this write."""
    answer = told(one)
    return was_refused(one) or (
        is_true(one) and isinstance(answer, list) and one.answer is not None
    )


# ---------------------------------------------------------------------------------------------
# Limits


def limits(record: Sequence[Exchange], *, weight: int) -> Iterator[str]:
    """«Ограничения»: connections, requests at a time, units per window."""
    yield from _connections(record)
    yield from _in_flight(record)
    yield from _units(record, weight)


def _connections(record: Sequence[Exchange]) -> Iterator[str]:
    of: dict[int, list[Exchange]] = defaultdict(list)
    for one in record:
        of[one.connection].append(one)
    for number, exchanges in of.items():
        if len(exchanges) > vendor.REQUESTS_PER_CONNECTION:
            yield f"{len(exchanges)} requests on connection {number}, the last is {exchanges[-1]}"
        for before, after in pairwise(exchanges):
            if after.at - before.until > vendor.IDLE:
                yield f"used after {after.at - before.until:.0f} s of idling: {after}"
    ends = sum(1 for one in record if one.damage is not None)
    # A new one for each that was damaged or has carried its hundred, or idled: never one each.
    if len(record) > 50 and len(of) > ends + len(record) // 3:
        yield f"{len(of)} connections for {len(record)} requests"


def _in_flight(record: Sequence[Exchange]) -> Iterator[str]:
    starts = [(one.began, 1, one) for one in record]
    events = sorted(starts + [(one.ended, 0, one) for one in record], key=lambda e: e[:2])
    flying = 0
    for _, starts_now, one in events:
        flying += 1 if starts_now else -1
        if flying > vendor.IN_FLIGHT:
            yield f"{flying} requests at a time with {one}"


def _units(record: Sequence[Exchange], weight: int) -> Iterator[str]:
    opened, spent = float("-inf"), 0
    for one in sorted((o for o in record if o.upstream is not None), key=lambda o: o.at):
        if one.at - opened >= vendor.WINDOW:
            opened, spent = one.at, 0
        spent += weight
        if spent > vendor.UNITS:
            yield f"{spent} units in a window: {one}"


# ---------------------------------------------------------------------------------------------
# Refusals


def refusals(record: Sequence[Exchange]) -> Iterator[str]:
    """«Первые шаги»: no 4xx is repeated but a 429, and that one waits as long as it says."""
    last_refused: dict[tuple[str, str, bytes], Exchange] = {}
    closed_until, why = float("-inf"), None
    for one in record:
        same = (one.method, one.target, one.request.body)
        if one.at < closed_until - TOLERANCE:
            yield f"sent {closed_until - one.at:.3f} s too early after {why}: {one}"
        if (before := last_refused.pop(same, None)) is not None:
            yield from _again(before, one)
        status = one.answer.status if one.answer else 0
        if status == 429 and code_of(one) == RATE:
            closed_until, why = max(closed_until, one.until + _wait(one)), one
        if was_refused(one):
            last_refused[same] = one
    yield from _bans(record)


def _again(before: Exchange, one: Exchange) -> Iterator[str]:
    status = before.answer.status if before.answer else 0
    if status == 429:
        early = before.until + _wait(before) - one.at
        if early > TOLERANCE:
            yield f"again {early:.3f} s too early: {one}"
    elif status == 404 and not one.is_write:
        # «Not there» is an answer; it may be asked for again in a later run.
        if code_of(before) is not None and one.at - before.until < SAME_MINUTE:
            yield f"not found and asked for again at once: {one}"
    elif 400 <= status < 500:
        yield f"a refused request again: {one}"


def _wait(one: Exchange) -> float:
    return int(one.answer.fields["x-lognex-retry-after"]) / 1000 if one.answer else 0.0


def _bans(record: Sequence[Exchange]) -> Iterator[str]:
    """«Автоматическое отключение доступа»."""
    failed: dict[tuple[str, str, bytes], list[float]] = defaultdict(list)
    for one in record:
        if one.answer is None or one.answer.status != 200:
            failed[one.method, one.target, one.request.body].append(one.at)
    for (method, target, _), moments in failed.items():
        most = max(bisect_right(moments, at + 60) - n for n, at in enumerate(moments))
        if most > vendor.IDENTICAL_FAILURES:
            yield f"{most} identical failures a minute: {method} {target[:200]}"


# ---------------------------------------------------------------------------------------------
# Nothing is written twice


def marks(write: Exchange) -> set[str]:
    """By which a write can be found again: the syncId of a new document, the id of another."""
    return {
        element.get("syncId") or element["meta"]["href"].rpartition("/")[2]
        for element in json.loads(write.request.body)
    }


def blind(record: Sequence[Exchange], *, answer_seconds: float) -> Iterator[str]:
    """Writes that were sent again without a true look-up, or while the first could still arrive.

    A deletion and a change of a state are named by ids: again, they do nothing new, so for those
    the look is enough.
    """
    last: dict[str, Exchange] = {}
    written: set[str] = set()
    looks = _looks(record)
    for one in record:
        if not one.is_write:
            continue
        deletes = one.target.endswith("/delete")
        creates = not deletes and "syncId" in json.loads(one.request.body)[0]
        for mark in marks(one):
            key = f"{'delete ' if deletes else ''}{mark}"
            before = last.get(key)
            last[key] = one
            if creates and mark in written:
                yield f"written before and known to be ({mark}): {one}"
            if before is not None and not is_settled(before):
                if creates and one.at - before.at < answer_seconds:
                    yield f"{mark} again after {one.at - before.at:.0f} s: {one}"
                if not any(before.ordinal < at < one.ordinal for at in looks[mark]):
                    yield f"{mark} again without a look-up: {one}"
        if creates and is_settled(one) and not was_refused(one):
            written |= {element["syncId"] for element in told(one) if "syncId" in element}


def _looks(record: Sequence[Exchange]) -> dict[str, list[int]]:
    """When each id was asked for and the true answer was heard."""
    found: dict[str, list[int]] = defaultdict(list)
    for one in record:
        if not one.is_write and _was_heard(one):
            for mark in set(re.findall(vendor.UUID, one.target)):
                found[mark].append(one.ordinal)
    return found


def _was_heard(look: Exchange) -> bool:
    return is_true(look) and look.answer is not None and look.answer.status in {200, 404}


def unlooked(record: Sequence[Exchange]) -> Iterator[str]:
    """Documents whose fate the client did not know and never asked for."""
    looks = _looks(record)
    for one in record:
        if not one.is_write or is_settled(one) or one.target.endswith("/delete"):
            continue
        if one.damage == "resets_after":
            continue  # it may have read the answer before the connection was dropped
        for mark in marks(one):
            if not any(at > one.ordinal for at in looks[mark]):
                yield f"{mark} was never looked up after {one}"


def kinds(record: Sequence[Exchange]) -> Counter[str]:
    """Damages by name."""
    return Counter(one.damage for one in record if one.damage)
