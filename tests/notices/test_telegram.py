"""The Bot API over a real HTTP server that answers as Telegram does (core.telegram.org/bots/api)."""

import json
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sverka.notices import telegram
from sverka.notices.deliver import Refused, Undelivered
from sverka.notices.telegram import Bot

TOKEN = "123456:AAsecret"


@dataclass
class Api:
    """Answers every call with `answer`; remembers what was asked."""

    url: str
    status: int = 200
    answer: bytes = b'{"ok": true, "result": {"message_id": 1}}'
    silent_seconds: float = 0
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def says(self, status: int, description: str, **parameters: Any) -> None:
        body = {"ok": False, "error_code": status, "description": description}
        self.status = status
        self.answer = json.dumps(body | ({"parameters": parameters} if parameters else {})).encode()


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            api: Api = self.server.api  # type: ignore[attr-defined]
            body = self.rfile.read(int(self.headers["Content-Length"]))
            api.asked.append((self.path, json.loads(body)))
            time.sleep(api.silent_seconds)
            with suppress(OSError):  # who asked may have stopped waiting
                self.send_response(api.status)
                self.send_header("Location", "http://elsewhere.invalid/")
                self.end_headers()
                self.wfile.write(api.answer)

        def log_message(self, *_: Any) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.block_on_close = False
    threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def api(server: ThreadingHTTPServer) -> Api:
    server.api = Api(f"http://127.0.0.1:{server.server_port}/")  # type: ignore[attr-defined]
    return server.api  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def bot(api: Api) -> Bot:
    return Bot(TOKEN, api.url)


def test_one_call_sends_one_message(bot: Bot, api: Api) -> None:
    bot.send("-100", "<b>Сверка</b>")
    [(path, asked)] = api.asked
    assert path == f"/bot{TOKEN}/sendMessage"
    assert (asked["chat_id"], asked["text"], asked["parse_mode"]) == (
        "-100",
        "<b>Сверка</b>",
        "HTML",
    )
    assert asked["link_preview_options"] == {"is_disabled": True}


def test_too_fast_waits_as_long_as_it_is_told(bot: Bot, api: Api) -> None:
    api.says(429, "Too Many Requests: retry after 37", retry_after=37)
    with pytest.raises(Undelivered, match="429: Too Many Requests") as trouble:
        bot.send("1", "x")
    assert trouble.value.seconds == 37
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("given", "seconds"), [(10**9, telegram.LONGEST_SECONDS), (-5, 0), ("soon", 0), (None, 0)]
)
def test_nobody_is_silenced_for_ever(bot: Bot, api: Api, given: Any, seconds: int) -> None:
    api.says(429, "Too Many Requests", retry_after=given)
    with pytest.raises(Undelivered) as trouble:
        bot.send("1", "x")
    assert trouble.value.seconds == seconds


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: bot was kicked from the group chat"),
        (400, "Bad Request: chat not found"),
    ],
)
def test_a_chat_that_cannot_be_reached_is_final(
    bot: Bot, api: Api, status: int, description: str
) -> None:
    api.says(status, description)
    with pytest.raises(Refused, match=description):
        bot.send("1", "x")


def test_a_group_that_moved_tells_its_new_number(bot: Bot, api: Api) -> None:
    api.says(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1009)
    with pytest.raises(Refused, match=r"upgraded \(the chat is -1009 now\)"):
        bot.send("1", "x")


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (401, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}'),
        (404, b'{"ok": false, "error_code": 404, "description": "Not Found"}'),
        (502, b'{"ok": false, "error_code": 502, "description": "Bad Gateway"}'),
        (502, b"<html>Bad Gateway</html>"),
        (302, b"{}"),
        (200, b""),
        (200, b"[]"),
        (200, b'{"ok": false}'),
        (200, b'{"ok": "yes"}'),
    ],
)
def test_anything_else_is_tried_again(bot: Bot, api: Api, status: int, answer: bytes) -> None:
    api.status, api.answer = status, answer
    with pytest.raises(Undelivered):
        bot.send("1", "x")
    assert len(api.asked) == 1


def test_silence_ends(bot: Bot, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram, "ANSWER_SECONDS", 0.2)
    api.silent_seconds = 10
    with pytest.raises(Undelivered, match="ReadTimeout"):
        bot.send("1", "x")


def test_nobody_there(api: Api) -> None:
    with pytest.raises(Undelivered, match="ConnectionError"):
        Bot(TOKEN, "http://127.0.0.1:1").send("1", "x")


def test_the_token_is_in_no_message(bot: Bot, api: Api) -> None:
    api.says(401, f"Unauthorized: {TOKEN}")
    for broken in (bot, Bot(TOKEN, "http://127.0.0.1:1"), Bot(TOKEN, "http://[nonsense")):
        with pytest.raises(Undelivered) as trouble:
            broken.send("1", "x")
        assert TOKEN not in "".join(traceback.format_exception(trouble.value))
        assert TOKEN not in repr(broken)
