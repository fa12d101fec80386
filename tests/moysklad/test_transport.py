"""What an exchange with MoySklad ends in: the error type decides whether money moves twice."""

import base64
import contextlib
import gzip
import json
import socket
import time as clock
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from uuid import UUID, uuid4

import pytest

from sverka.errors import Misconfigured, TryLater
from sverka.moysklad.client import MoySklad, Refused, Saved
from sverka.moysklad.connections import Connections
from sverka.moysklad.errors import Terminal, Transient, Unsure
from sverka.moysklad.transport import CONNECT_SECONDS, LONGEST_WRITE_WAIT_SECONDS
from sverka.posting.recover import MARGIN_SECONDS
from sverka.settings import MoySkladConnection
from tests.support.faulty import (
    Answer,
    Faulty,
    Time,
    answers,
    cuts_short,
    dawdles,
    faulty_server,
    refuses,
    resets,
)

ID = UUID("00000000-0000-0000-0000-00000000000a")
BUSY = {"X-Lognex-Retry-After": "1500"}
ClientOf = Callable[..., MoySklad]


def saved(sync_id: str | None = None) -> dict[str, str]:
    return {"id": str(ID)} | ({"syncId": sync_id} if sync_id else {})


def packed(data: bytes) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


WHOLE = gzip.compress(json.dumps([{"id": str(ID), "name": "x" * 1000}]).encode())
half_a_gzip = packed(WHOLE[: len(WHOLE) // 2])
damaged_gzip = packed(WHOLE[:20] + b"\xff\xff\xff" + WHOLE[23:])


UNSURE_AFTER = [
    pytest.param(resets, id="reset"),
    pytest.param(cuts_short, id="cut short"),
    pytest.param(answers(500, {"errors": [{"error": "oops"}]}), id="500"),
    pytest.param(answers(502, text="<html>Bad gateway</html>"), id="502 HTML"),
    pytest.param(answers(503, text=""), id="503"),
    pytest.param(answers(504, text="timeout"), id="504"),
    pytest.param(answers(408, text=""), id="408 of a gateway"),
    pytest.param(refuses(400, 1088, "Превышено время"), id="cut off after five minutes"),
    pytest.param(refuses(503, 1088, "Превышено время"), id="cut off, said by a gateway"),
    pytest.param(answers(200, text="[]", headers={"Content-Encoding": "gzip"}), id="no gzip"),
    pytest.param(answers(200, text='[{"id": "0'), id="200, half a JSON"),
    pytest.param(damaged_gzip, id="a damaged gzip"),
    pytest.param(half_a_gzip, id="half a gzip"),
    pytest.param(answers(200, text="[" * 100_000), id="brackets without an end"),
    pytest.param(answers(200, text="<html>Login</html>"), id="200 HTML"),
    pytest.param(answers(200, text=""), id="200, nothing"),
    pytest.param(answers(200, {"id": str(ID)}), id="200, an object for an array"),
    pytest.param(answers(303, text="", headers={"Location": "/x"}), id="303"),
    pytest.param(answers(200, []), id="fewer results than bodies"),
    pytest.param(answers(200, [saved(), saved()]), id="more results than bodies"),
    pytest.param(answers(200, [None]), id="a result that is nothing"),
    pytest.param(answers(200, [{"name": "7"}]), id="a result without id"),
]


@pytest.mark.parametrize("answer", UNSURE_AFTER)
def test_after_any_doubt_a_write_is_unsure_and_was_sent_once(
    faulty: Faulty, client: MoySklad, answer: Answer
) -> None:
    faulty.script = [answer]
    with pytest.raises(Unsure):
        client.save("paymentin", [{"name": "1"}])
    assert len(faulty.seen) == 1


def test_a_write_whose_answer_does_not_come_in_time_is_unsure(
    faulty: Faulty, client_of: ClientOf
) -> None:
    faulty.script = [dawdles(60)]
    with pytest.raises(Unsure):
        client_of(faulty.url, answer_seconds=1).save("paymentin", [{}])
    assert len(faulty.seen) == 1


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_refused_connection_means_that_nothing_was_sent(client_of: ClientOf) -> None:
    client = client_of(f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(Transient):
        client.save("paymentin", [{}])


def test_an_unknown_host_means_that_nothing_was_sent(client_of: ClientOf) -> None:
    with pytest.raises(Transient):
        client_of("http://no-such-host.invalid").save("paymentin", [{}])


def test_transient_tells_the_step_to_try_later(client_of: ClientOf) -> None:
    with pytest.raises(TryLater) as caught:
        client_of(f"http://127.0.0.1:{closed_port()}").save("paymentin", [{}])
    assert caught.value.seconds > 0


ACTS: dict[str, Callable[[MoySklad], object]] = {
    "read": lambda client: client.states("demand"),
    "write": lambda client: client.save("demand", [{}]),
}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 413, 414, 415])
@pytest.mark.parametrize("act", ACTS)
def test_a_refusal_is_terminal_in_words_and_never_repeated(
    faulty: Faulty, client: MoySklad, status: int, act: str
) -> None:
    faulty.script = [refuses(status, 1056, "Ошибка аутентификации")]
    with pytest.raises(Terminal, match="Ошибка аутентификации") as caught:
        ACTS[act](client)
    assert (caught.value.status, caught.value.code) == (status, 1056)
    assert str(status) in str(caught.value)
    assert len(faulty.seen) == 1


@pytest.mark.parametrize("text", ["", "<html>403</html>", "[]", "{}", '{"errors": []}'])
def test_a_refusal_without_words_is_terminal_too(
    faulty: Faulty, client: MoySklad, text: str
) -> None:
    faulty.script = [answers(403, text=text, headers={"X-Lognex-Auth-Message": "No access"})]
    with pytest.raises(Terminal, match="No access"):
        client.states("demand")


def test_no_error_text_shows_the_token(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [answers(401, text="")]
    with pytest.raises(Terminal) as caught:
        client.states("demand")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 307, 308])
def test_a_write_is_not_carried_to_another_address(
    faulty: Faulty, client: MoySklad, status: int
) -> None:
    faulty.script = [answers(status, text="", headers={"Location": "/elsewhere"})]
    with pytest.raises(Terminal, match="/elsewhere"):
        client.save("demand", [{}])
    assert len(faulty.seen) == 1


@pytest.fixture
def elsewhere() -> Iterator[Faulty]:
    """Another server, to which nobody may carry the token."""
    with faulty_server() as server:
        server.script = [answers(200, {"states": []})]
        yield server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("act", ACTS)
def test_the_token_never_goes_to_another_host(
    faulty: Faulty, client: MoySklad, elsewhere: Faulty, status: int, act: str
) -> None:
    faulty.script = [answers(status, text="", headers={"Location": f"{elsewhere.url}/x"})]
    with pytest.raises((Terminal, Transient, Unsure)):
        ACTS[act](client)
    assert elsewhere.seen == []


@pytest.mark.parametrize("status", [301, 307, 308])
def test_an_address_that_moved_is_said_to_whoever_reads(
    faulty: Faulty, client: MoySklad, status: int
) -> None:
    faulty.script = [answers(status, text="", headers={"Location": "https://new.example"})]
    with pytest.raises(Terminal, match=r"new\.example"):
        client.states("demand")
    assert len(faulty.seen) == 1


FAULTS_OF_READING = [
    pytest.param(resets, id="reset"),
    pytest.param(cuts_short, id="cut short"),
    pytest.param(answers(500, text=""), id="500"),
    pytest.param(answers(502, text="<html/>"), id="502"),
    pytest.param(answers(503, text=""), id="503"),
    pytest.param(answers(200, text='{"states": ['), id="half a JSON"),
    pytest.param(answers(200, text='{"states": NaN}'), id="NaN"),
]


@pytest.mark.parametrize("fault", FAULTS_OF_READING)
def test_reading_survives_a_passing_fault(faulty: Faulty, client: MoySklad, fault: Answer) -> None:
    faulty.script = [fault, fault, answers(200, {"states": [{"name": "Новый", "id": str(ID)}]})]
    assert client.states("demand") == {"Новый": ID}


@pytest.mark.parametrize("fault", FAULTS_OF_READING)
def test_reading_gives_up_after_four_tries(
    faulty: Faulty, client: MoySklad, fault: Answer, time: Time
) -> None:
    faulty.script = [fault]
    with pytest.raises(Transient):
        client.states("demand")
    assert len(faulty.seen) == 4
    assert time.slept == [2, 4, 8]


TRICKLES, TRICKLE = 600, b"[" * 70_000


def trickles(handler: BaseHTTPRequestHandler) -> None:
    """A bit now and then for a minute: no single wait is long."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(TRICKLES * len(TRICKLE)))
    handler.end_headers()
    with contextlib.suppress(OSError):
        for _ in range(TRICKLES):
            handler.wfile.write(TRICKLE)
            handler.wfile.flush()
            clock.sleep(0.1)


def test_an_answer_that_trickles_is_not_waited_for_for_ever(faulty: Faulty) -> None:
    faulty.script = [trickles]
    connection = MoySkladConnection(url=faulty.url, token="secret", answer_seconds=1)
    client, began = MoySklad(connection), clock.monotonic()
    with pytest.raises(Unsure):
        client.save("demand", [{}])
    with pytest.raises(Transient):
        client.states("demand")
    assert clock.monotonic() - began < TRICKLES * 0.1
    assert len(faulty.seen) == 2


def test_a_peer_that_is_gone_is_noticed_long_before_the_time_for_answers() -> None:
    connection = MoySkladConnection(url="http://127.0.0.1", token="secret")
    session = Connections(connection, clock.monotonic).session
    for url in ("http://127.0.0.1", "https://api.moysklad.ru"):
        options = session.get_adapter(url).poolmanager.connection_pool_kw["socket_options"]  # type: ignore[attr-defined]
        with socket.socket() as probe:
            for option in options:
                probe.setsockopt(*option)
            assert probe.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            after, every, probes = (
                probe.getsockopt(socket.IPPROTO_TCP, name)
                for name in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
            )
            assert after + every * probes <= 45
            unconfirmed = probe.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            assert 10_000 <= unconfirmed <= 45_000


def test_an_answer_may_take_as_long_as_moysklad_allows_itself() -> None:
    assert MoySkladConnection(url="http://127.0.0.1").answer_seconds == 300
    # What is still on its way to MoySklad when the look-up says «not there» would come twice.
    assert LONGEST_WRITE_WAIT_SECONDS + CONNECT_SECONDS < MARGIN_SECONDS


def test_reading_waits_for_a_slow_answer_only_once(faulty: Faulty, client_of: ClientOf) -> None:
    faulty.script = [dawdles(60)]
    with pytest.raises(Transient):
        client_of(faulty.url, answer_seconds=1).states("demand")
    assert len(faulty.seen) == 1


def test_a_busy_server_is_waited_for_by_its_own_header(
    faulty: Faulty, client: MoySklad, time: Time
) -> None:
    faulty.script = [
        answers(429, {"errors": [{"error": "busy", "code": 1049}]}, headers=BUSY),
        answers(429, text="", headers=BUSY),
        answers(200, [saved()]),
    ]
    assert client.save("demand", [{}]) == [Saved(ID, saved())]
    assert time.slept == [1.5, 1.5]


def test_waiting_for_a_busy_server_has_an_end(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [answers(429, text="", headers=BUSY)]
    with pytest.raises(Transient) as caught:
        client.save("demand", [{}])
    assert len(faulty.seen) == 8
    assert caught.value.seconds >= 2


def test_a_write_does_not_wait_longer_than_its_look_up_allows_for(
    faulty: Faulty, client: MoySklad, time: Time
) -> None:
    faulty.script = [answers(429, text="", headers={"X-Lognex-Retry-After": "9000"})]
    with pytest.raises(Transient):
        client.save("demand", [{}])
    assert sum(time.slept) <= MARGIN_SECONDS - 10
    assert len(faulty.seen) == 3


def test_a_long_wait_is_left_to_the_caller(faulty: Faulty, client: MoySklad, time: Time) -> None:
    faulty.script = [answers(429, text="", headers={"X-Lognex-Retry-After": "600000"})]
    with pytest.raises(Transient) as caught:
        client.states("demand")
    assert caught.value.seconds >= 600
    assert time.slept == []
    assert len(faulty.seen) == 1


def test_an_absent_object_is_none(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [refuses(404, 1021, "Объект не найден")]
    assert client.get("demand", uuid4()) is None
    assert client.find_by_sync_id("demand", uuid4()) is None


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(answers(404, text="<html>nginx</html>"), id="a gateway"),
        pytest.param(refuses(404, 1002, "Неизвестный путь"), id="an unknown path"),
        pytest.param(answers(404, {"status": 404, "path": "/"}), id="some other server"),
    ],
)
def test_an_address_that_is_wrong_does_not_pass_for_an_absent_document(
    faulty: Faulty, client: MoySklad, answer: Answer
) -> None:
    faulty.script = [answer]
    with pytest.raises(Terminal):
        client.find_by_sync_id("demand", uuid4())


def test_requests_carry_the_headers_that_moysklad_demands(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [answers(200, {"states": []}), answers(200, [saved()])]
    client.states("demand")
    client.save("demand", [{"name": "Ёж"}])
    read, write = faulty.seen
    for seen in (read, write):
        assert seen.headers["accept"] == "application/json;charset=utf-8"
        assert seen.headers["accept-encoding"] == "gzip"
        assert seen.headers["authorization"] == "Bearer secret"
    assert "content-type" not in read.headers
    assert write.headers["content-type"] == "application/json"
    assert write.body.decode() == '[{"name": "Ёж"}]'


def test_a_login_with_cyrillic_letters_goes_as_basic(faulty: Faulty) -> None:
    faulty.script = [answers(200, {})]
    MoySklad(MoySkladConnection(url=faulty.url, login="оля@маяк", password="пароль")).states(
        "demand"
    )
    kind, _, pair = faulty.seen[0].headers["authorization"].partition(" ")
    assert (kind, base64.b64decode(pair).decode()) == ("Basic", "оля@маяк:пароль")


def test_a_connection_without_credentials_is_misconfigured() -> None:
    with pytest.raises(Misconfigured, match="MOYSKLAD_TOKEN"):
        MoySklad(MoySkladConnection(url="http://127.0.0.1"))


def test_answers_are_read_packed_and_as_they_are(faulty: Faulty, client: MoySklad) -> None:
    # MoySklad docs: «в редких случаях сервер может не применять сжатие ответа».
    states = {"states": [{"name": "Новый", "id": str(ID)}]}
    faulty.script = [packed(gzip.compress(json.dumps(states).encode())), answers(200, states)]
    assert client.states("demand") == client.states("demand") == {"Новый": ID}


def test_a_connection_is_reused_and_renewed_after_a_hundred_requests(
    faulty: Faulty, client: MoySklad
) -> None:
    faulty.script = [answers(200, {})]
    for _ in range(150):
        client.states("demand")
    used = [seen.client for seen in faulty.seen]
    assert len(set(used)) == 2
    assert max(used.count(one) for one in used) == 100


def test_a_connection_that_idled_is_not_used_again(
    faulty: Faulty, client: MoySklad, time: Time
) -> None:
    faulty.script = [answers(200, {})]
    client.states("demand")
    time.now += 20
    client.states("demand")
    time.now += 30
    client.states("demand")
    first, second, third = (seen.client for seen in faulty.seen)
    assert first == second != third


def test_a_refused_element_is_told_apart_by_its_place(faulty: Faulty, client: MoySklad) -> None:
    no = {"errors": [{"error": "Поле пусто", "code": 3000}]}
    faulty.script = [answers(200, [no, saved(), {"errors": [{"error": "Нет"}]}])]
    assert client.save("demand", [{}, {}, {}]) == [
        Refused(3000, "Поле пусто"),
        Saved(ID, saved()),
        Refused(None, "Нет"),
    ]


@pytest.mark.parametrize("status", [200, 400, 412, 500])
def test_elements_are_looked_at_whatever_the_status(
    faulty: Faulty, client: MoySklad, status: int
) -> None:
    faulty.script = [answers(status, [{"errors": [{"error": "Нет", "code": 1}]}, saved()])]
    assert client.save("demand", [{}, {}]) == [Refused(1, "Нет"), Saved(ID, saved())]
