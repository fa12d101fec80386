"""A proxy between Sverka and the sandbox that writes down every byte and does damage by a plan.

It speaks HTTP/1.1 by itself, on plain sockets, so that it can also speak it badly. It stands on the
wire: it knows nothing of Sverka's code and shares nothing with the sandbox's own faults.
"""

import contextlib
import itertools
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

PIECE = 65_536
HEAD_END = b"\r\n\r\n"
# A loopback server that has not answered by then never will.
UPSTREAM_SECONDS = 60.0


class Closed(Exception):
    """The other side hung up, or the damage ended the connection."""


@dataclass(frozen=True)
class Message:
    """A request or a reply as it came: the bytes before the empty line, and the body."""

    start: bytes
    body: bytes

    @property
    def line(self) -> str:
        return self.start.partition(b"\r\n")[0].decode("latin-1")

    @cached_property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Names in lower case."""
        lines = self.start.decode("latin-1").split("\r\n")[1:]
        pairs = (one.partition(":") for one in lines)
        return tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)

    @cached_property
    def fields(self) -> dict[str, str]:
        return dict(self.headers)

    @property
    def status(self) -> int:
        """Of a reply."""
        return int(self.line.split(" ", 2)[1])

    def head(self, **changes: str | None) -> bytes:
        """First line and headers as bytes, with some headers changed (`None` leaves one out)."""
        changed = {name.replace("_", "-"): value for name, value in changes.items()}
        kept = [(n, v) for n, v in self.headers if n not in changed]
        new = [(name, value) for name, value in changed.items() if value is not None]
        lines = [self.line, *(f"{name}: {value}" for name, value in [*kept, *new])]
        return "\r\n".join(lines).encode("latin-1") + HEAD_END

    def raw(self) -> bytes:
        return self.start + HEAD_END + self.body


@dataclass
class Exchange:
    """One request and all that came of it.

    `began` and `ended` are real seconds, `at` and `until` seconds of the proxy's clock, which may
    be a virtual one. `upstream` is what the sandbox said, None when it was not asked; `delivered`
    are the bytes that the client was given, whoever made them up.
    """

    ordinal: int
    connection: int
    request: Message
    began: float
    at: float
    ended: float = 0.0
    until: float = 0.0
    upstream: Message | None = field(default=None, repr=False)
    delivered: bytes = field(default=b"", repr=False)
    damage: str | None = None

    def __str__(self) -> str:
        said = self.upstream.status if self.upstream else "not asked"
        harm = f", {self.damage}" if self.damage else ""
        return f"#{self.ordinal} {self.method} {self.target[:300]} ({said}{harm})"

    @property
    def method(self) -> str:
        return self.request.line.split(" ")[0]

    @property
    def target(self) -> str:
        return self.request.line.split(" ")[1]

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    @property
    def answer(self) -> Message | None:
        """What the client was given, when that was a whole HTTP reply."""
        return whole_reply(self.delivered)


def whole_reply(data: bytes) -> Message | None:
    """The reply that these bytes are, None when they are cut or more than one."""
    start, separator, body = data.partition(HEAD_END)
    found = Message(start, body)
    whole = separator and found.fields.get("content-length") == str(len(body))
    return found if whole else None


class Visit:
    """One request in the proxy's hands: what a damage may do with it."""

    def __init__(self, proxy: "Proxy", exchange: Exchange, client: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self.exchange = exchange

    def ask(self) -> Message:
        """Lets the sandbox do its work; its reply is not given to the client yet."""
        self.exchange.upstream = reply = self._proxy.upstream(self.exchange.request.raw())
        return reply

    def give(self, data: bytes) -> None:
        """Bytes to the client, as they are."""
        self.exchange.delivered += data
        # Before the client can see them: its next request must count as later.
        self.over()
        self._client.sendall(data)

    def wait(self, seconds: float) -> None:
        """Lets time pass on the proxy's clock."""
        self._proxy.sleep(seconds)

    def until_gone(self, seconds: float) -> None:
        """Waits for the client to hang up, so many real seconds at the most."""
        self._client.settimeout(seconds)
        with contextlib.suppress(TimeoutError):
            self._client.recv(1)

    def earlier(self) -> list[Exchange]:
        """What was answered before, the newest last."""
        return [one for one in self._proxy.exchanges if one.upstream is not None]

    def reset(self) -> None:
        """Drops the connection with RST."""
        self.over()
        linger = struct.pack("ii", 1, 0)
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close()

    def close(self) -> None:
        """Hangs up; nothing more comes on this connection."""
        raise Closed

    def over(self) -> None:
        """Notes that the exchange has lasted until now."""
        self.exchange.ended, self.exchange.until = time.monotonic(), self._proxy.monotonic()


Treat = Callable[[Visit], None]
"""Answers a visit, and names the damage in `visit.exchange.damage` before it does any."""


def passes(visit: Visit) -> None:
    """The calm way: what the sandbox says is what the client gets."""
    visit.give(visit.ask().raw())


class Proxy:
    """Listens on the loopback until `stop`; `treat` may be changed between requests."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.exchanges: list[Exchange] = []
        self.treat: Treat = passes
        self.monotonic = monotonic
        self.sleep = sleep
        self._to = (host, port)
        self._lock = threading.Lock()
        self._connections = itertools.count(1)
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def forget(self) -> None:
        """Begins a new record."""
        with self._lock:
            self.exchanges = []

    def stop(self) -> None:
        # Closing a socket does not wake who waits in `accept`; shutting it down does.
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            still_open = list(self._open)
        for one in still_open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=10)

    def upstream(self, request: bytes) -> Message:
        """The sandbox's reply; every request has a connection of its own there."""
        with socket.create_connection(self._to, timeout=UPSTREAM_SECONDS) as server:
            server.sendall(request)
            reply = _read_message(server)
        if reply is None:
            raise Closed
        return reply

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with self._lock:
            self._open.add(client)
            number = next(self._connections)
        try:
            while self._exchange(client, number):
                pass
        except (Closed, OSError):
            pass
        finally:
            with self._lock:
                self._open.discard(client)
            client.close()

    def _exchange(self, client: socket.socket, connection: int) -> bool:
        """One request and its reply; False when the client has no more of them."""
        request = _read_message(client)
        if request is None:
            return False
        with self._lock:
            exchange = Exchange(
                ordinal=len(self.exchanges) + 1,
                connection=connection,
                request=request,
                began=time.monotonic(),
                at=self.monotonic(),
            )
            self.exchanges.append(exchange)
        visit = Visit(self, exchange, client)
        try:
            self.treat(visit)
        finally:
            if not exchange.ended:
                visit.over()
        return True


def _read_message(sock: socket.socket) -> Message | None:
    """The next message on this socket, None when the other side hung up before one began."""
    data = b""
    while HEAD_END not in data:
        piece = sock.recv(PIECE)
        if not piece:
            return None
        data += piece
    start, _, body = data.partition(HEAD_END)
    length = int(Message(start, b"").fields.get("content-length", 0))
    pieces = [body]
    missing = length - len(body)
    while missing > 0:
        piece = sock.recv(min(missing, PIECE * 16))
        if not piece:
            raise Closed
        pieces.append(piece)
        missing -= len(piece)
    return Message(start, b"".join(pieces))


@contextlib.contextmanager
def running_proxy(
    origin: str,
    *,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Proxy]:
    """A proxy before the server at this origin, for the length of a block."""
    host, _, port = origin.removeprefix("http://").partition(":")
    proxy = Proxy(host, int(port), monotonic=monotonic, sleep=sleep)
    try:
        yield proxy
    finally:
        proxy.stop()
