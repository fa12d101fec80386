"""A server on the loopback that answers by a script: it resets, cuts, dawdles and errs on demand."""

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(frozen=True)
class Seen:
    """A request as it arrived; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    client: tuple[str, int]


@dataclass
class Faulty:
    """The script (an answer per request, the last one for ever) and what was asked."""

    url: str
    script: list[Answer] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def next_answer(self) -> Answer:
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


def answers(
    status: int,
    value: Any = None,
    *,
    text: str | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """A whole answer: `value` as JSON, or `text` as it is."""
    data = (json.dumps(value) if text is None else text).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        for name, content in (headers or {}).items():
            handler.send_header(name, content)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def refuses(status: int, code: int, text: str) -> Answer:
    return answers(status, {"errors": [{"error": text, "code": code}]})


def resets(handler: BaseHTTPRequestHandler) -> None:
    """Takes the request and drops the connection with RST."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.close_connection = True
    # The handler's own files hold the socket open, too.
    handler.rfile.close()
    handler.wfile.close()
    handler.connection.close()


def cuts_short(handler: BaseHTTPRequestHandler) -> None:
    """Promises 100 bytes and hangs up after a few."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b'[{"id":')
    handler.close_connection = True


def dawdles(seconds: float) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        with contextlib.suppress(OSError):
            answers(200, [])(handler)

    return answer


@contextlib.contextmanager
def faulty_server() -> Iterator[Faulty]:
    """Runs the server until the end of the block."""
    faulty = Faulty(url="")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: else Nagle holds the body back for 40 ms

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            faulty.seen.append(Seen(self.command, self.path, headers, body, self.client_address))
            faulty.next_answer()(self)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - the base class looks for these names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base
            pass

        def handle(self) -> None:
            # The base class flushes what `resets` has closed.
            with contextlib.suppress(ValueError, OSError):
                super().handle()

        def finish(self) -> None:
            with contextlib.suppress(ValueError, OSError):
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    faulty.url = f"http://127.0.0.1:{server.server_port}/api/remap/1.2"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield faulty
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Time:
    """Seconds that pass only when somebody sleeps, or a test says so."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
