"""The judge can say no: every rule finds the offence that it is there for."""

import gzip
import json
from typing import Any

import pytest

from tests.support.proxy import HEAD_END, Exchange, Message
from tests.wire import rules, sequence

HOST = "127.0.0.1:8091"
ROOT = "/api/remap/1.2"
ID = "00000000-0000-4000-8000-000000000001"
MARK = "00000000-0000-5000-8000-000000000002"
HEADERS = {
    "Host": HOST,
    "User-Agent": "sverka",
    "Accept": "application/json;charset=utf-8",
    "Accept-Encoding": "gzip",
    "Authorization": "Bearer sandbox",
    "Connection": "keep-alive",
}


def ref(kind: str, host: str = HOST) -> dict[str, Any]:
    href = f"http://{host}{ROOT}/entity/{kind}/{ID}"
    return {"meta": {"href": href, "type": kind, "mediaType": "application/json"}}


PAYMENT = {
    "syncId": MARK,
    "externalCode": MARK,
    "moment": "2026-12-02 09:00:00",
    "applicable": True,
    "organization": ref("organization"),
    "agent": ref("counterparty"),
    "sum": 100,
    "operations": [{**ref("customerorder"), "linkedSum": 100}],
}


def request(
    target: str, body: Any = None, ordinal: int = 1, at: float = 0.0, **headers: str
) -> Exchange:
    data = b"" if body is None else json.dumps(body).encode()
    length = {"Content-Length": str(len(data))} | {"Content-Type": "application/json"}
    lines = HEADERS | (length if data else {}) | headers
    first = f"{'POST' if data else 'GET'} {ROOT}/entity/{target} HTTP/1.1"
    start = "\r\n".join([first, *(f"{n}: {v}" for n, v in lines.items())]).encode()
    return Exchange(ordinal, 1, Message(start, data), began=at, at=at, ended=at, until=at)


def answered(one: Exchange, value: Any, status: int = 200, **headers: str) -> Exchange:
    body = gzip.compress(json.dumps(value).encode())
    lines = {"content-encoding": "gzip", "content-length": str(len(body))}
    lines |= {name.replace("_", "-"): text for name, text in headers.items()}
    first = f"HTTP/1.1 {status} X"
    one.upstream = Message(
        "\r\n".join([first, *(f"{n}: {v}" for n, v in lines.items())]).encode(), body
    )
    one.delivered = one.upstream.start + HEAD_END + body
    return one


def said_of(one: Exchange) -> str:
    return "\n".join(rules.wrong(one, HOST, "sandbox"))


@pytest.mark.parametrize(
    "target",
    [
        "demand?limit=100&offset=0&expand=positions&order=id%2Casc",
        "customerorder?limit=1000&filter=updated%3E%3D2026-12-02%2009%3A00%3A00.000",
        f"paymentin/syncid/{ID}",
        f"demand/{ID}/positions?limit=1000&offset=0",
        "demand/metadata",
    ],
)
def test_a_documented_read_is_let_through(target: str) -> None:
    assert said_of(request(target)) == ""


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("retailstore?limit=1", "no such resource"),
        ("demand", "without limit"),
        ("demand?limit=1001", "limit is"),
        ("demand?limit=1000&expand=positions", "ignored without a word"),
        ("demand?limit=100&expand=sum", "cannot be expanded"),
        ("demand?limit=1&order=payedSum%2Casc", "cannot be ordered"),
        ("demand?limit=1&filter=sum>5", "is bare"),
        ("demand?limit=1&filter=payedSum%3D5", "is not filtered by payedSum"),
        (f"demand?limit=1&filter=syncId%3D{ID}", "1034"),
        ("demand?limit=1&filter=updated%3E%3D2026-12-02T09%3A00", "no moment"),
        ("demand?limit=1&filter=sum%3D5%3Bsum%3E4", "equality and inequality"),
        ("demand?limit=1&limit=2", "twice"),
        ("demand?limit=1&async=true", "that it has not"),
        (f"demand?limit=1&filter={'a' * 9000}", "bytes of address"),
    ],
)
def test_an_undocumented_read_is_found(target: str, words: str) -> None:
    assert words in said_of(request(target))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept", "application/json"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Authorization", "Bearer other"),
        ("Connection", "close"),
        ("X-Surprise", "1"),
    ],
)
def test_other_headers_are_found(name: str, value: str) -> None:
    assert said_of(request("demand?limit=1", **{name: value}))


def test_a_documented_write_is_let_through() -> None:
    assert said_of(request("paymentin", [PAYMENT])) == ""
    assert said_of(request("paymentin/delete", [ref("paymentin")])) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"incomingNumbr": "7"}, "cannot be written"),
        ({"payedSum": 7}, "cannot be written"),
        ({"sum": 100.5}, "no number"),
        ({"sum": 99}, "22000"),
        ({"moment": "2026-12-02T09:00:00"}, "no date"),
        ({"moment": "2026-12-02 09:00:59"}, "no date"),
        ({"applicable": "true"}, "no boolean"),
        ({"paymentPurpose": "x" * 256}, "no string"),
        ({"externalCode": "other"}, "no mark"),
        ({"agent": ref("counterparty", "elsewhere")}, "another server"),
        ({"agent": ref("store")}, "a reference to store"),
        ({"agent": {"meta": {"href": "x"}}}, "without its parts"),
        ({"operations": [ref("customerorder")]}, "linkedSum"),
        ({"operations": [{**ref("supply"), "linkedSum": 1}]}, "a reference to supply"),
        ({"operations": [{**ref("customerorder"), "linkedSum": 1}] * 2}, "22001"),
        ({"operations": []}, "pays for nothing"),
    ],
)
def test_an_undocumented_write_is_found(changes: dict[str, Any], words: str) -> None:
    assert words in said_of(request("paymentin", [PAYMENT | changes]))


def test_what_the_vendors_sdk_does_not_know_is_found() -> None:
    assert "SDK has not" in said_of(request("paymentin", [PAYMENT | {"incomingNumbr": "7"}]))


def test_the_same_object_twice_in_a_request_is_found() -> None:
    assert "twice in one request" in said_of(request("paymentin", [PAYMENT, PAYMENT]))


# ---------------------------------------------------------------------------------------------
# The order of things


def lost(ordinal: int, at: float) -> Exchange:
    one = answered(request("paymentin", [PAYMENT], ordinal, at), [PAYMENT])
    one.delivered = b""
    return one


def look(ordinal: int, at: float) -> Exchange:
    found = {"errors": [{"error": "?", "code": 1021}]}
    return answered(request(f"paymentin/syncid/{MARK}", None, ordinal, at), found, 404)


def blind(*record: Exchange) -> str:
    return "\n".join(sequence.blind(record, answer_seconds=300))


def test_sending_again_needs_a_look_and_the_time_of_an_answer() -> None:
    again = answered(request("paymentin", [PAYMENT], 3, 400.0), [PAYMENT])
    assert blind(lost(1, 0.0), look(2, 350.0), again) == ""
    early = answered(request("paymentin", [PAYMENT], 3, 200.0), [PAYMENT])
    assert "after 200 s" in blind(lost(1, 0.0), look(2, 150.0), early)
    assert "without a look-up" in blind(
        lost(1, 0.0), answered(request("paymentin", [PAYMENT], 2, 400.0), [PAYMENT])
    )


def test_what_is_known_to_be_written_is_not_written_again() -> None:
    twice = [answered(request("paymentin", [PAYMENT], n, n * 400.0), [PAYMENT]) for n in (1, 2)]
    assert "known to be" in blind(*twice)


def test_a_lost_answer_that_nobody_asks_after_is_found() -> None:
    assert "never looked up" in "\n".join(sequence.unlooked([lost(1, 0.0)]))
    assert list(sequence.unlooked([lost(1, 0.0), look(2, 1.0)])) == []


def refusals(*record: Exchange) -> str:
    return "\n".join(sequence.refusals(record))


def refused(ordinal: int, at: float, status: int, code: int) -> Exchange:
    value = {"errors": [{"error": "?", "code": code}]}
    one = request("demand?limit=1", None, ordinal, at)
    return answered(one, value, status, x_lognex_retry_after="2000")


def test_a_refused_request_is_not_repeated() -> None:
    assert "again" in refusals(refused(1, 0.0, 412, 1034), refused(2, 500.0, 412, 1034))


def test_a_429_is_waited_out() -> None:
    busy = refused(1, 0.0, 429, 1049)
    assert "too early" in refusals(busy, request("service?limit=1", None, 2, 1.0))
    assert refusals(busy, request("service?limit=1", None, 2, 2.1)) == ""


def test_limits_of_connections_units_and_places() -> None:
    many = [answered(request("demand?limit=1", None, n, n * 1.0), {}) for n in range(1, 102)]
    assert "101 requests on connection" in "\n".join(sequence.limits(many, weight=4))
    idle = [request("demand?limit=1", None, 1, 0.0), request("demand?limit=1", None, 2, 31.0)]
    assert "idling" in "\n".join(sequence.limits(idle, weight=4))
    burst = [answered(request("demand?limit=1", None, n, 0.1), {}) for n in range(1, 13)]
    assert "48 units" in "\n".join(sequence.limits(burst, weight=4))
    for one in burst[:6]:
        one.ended = 9.0
    assert "6 requests at a time" in "\n".join(sequence.limits(burst[:6], weight=4))
