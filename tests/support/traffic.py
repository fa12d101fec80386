"""Every request and reply of a sandbox, as they went over the wire."""

import gzip
import json
import time
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

API_ROOT = "/api/remap/1.2"


@dataclass
class Exchange:
    """One request and what was answered; `status` is None when the connection was cut instead.

    Times are seconds of `time.monotonic`; header names are in lower case.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    client: tuple[str, int]
    began: float
    ended: float = 0.0
    body: bytes = b""
    status: int | None = None
    reply_headers: dict[str, str] = field(default_factory=dict)
    reply: bytes = b""

    def __str__(self) -> str:
        return f"{self.method} {self.target[:200]} → {self.status}"

    @property
    def path(self) -> str:
        """The path under the API root."""
        return self.target.partition("?")[0].removeprefix(API_ROOT)

    @property
    def query(self) -> dict[str, str]:
        """Parameters, decoded; a name that comes twice is an error."""
        pairs = parse_qsl(self.target.partition("?")[2], keep_blank_values=True)
        assert len(dict(pairs)) == len(pairs), f"a parameter twice: {self}"
        return dict(pairs)

    @property
    def entity(self) -> str:
        return self.path.split("/")[2]

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    @property
    def is_whole(self) -> bool:
        """Whether the client got all of an answer that MoySklad itself gave."""
        announced = int(self.reply_headers.get("content-length", -1))
        is_json = self.reply_headers.get("content-type", "").startswith("application/json")
        return self.status is not None and is_json and announced == len(self.reply)

    @property
    def head_bytes(self) -> int:
        """Bytes of the request line and the headers."""
        lines = sum(len(name) + len(value) + 4 for name, value in self.headers)
        return len(f"{self.method} {self.target} HTTP/1.1\r\n") + lines + 2

    def sent(self) -> Any:
        """The body of the request; numbers that are not whole stay recognisable as Decimal."""
        return json.loads(self.body, parse_float=Decimal)

    def answered(self) -> Any:
        return json.loads(gzip.decompress(self.reply), parse_float=Decimal)


class Recorder:
    """Keeps all exchanges with the API in the order in which the requests came."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def listening_to(self, application: ASGIApp) -> ASGIApp:
        """The same application with its traffic written down."""

        async def listening(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not scope["path"].startswith(f"{API_ROOT}/"):
                await application(scope, receive, send)
                return
            exchange = _begun(scope)
            self.exchanges.append(exchange)

            async def receive_too() -> Message:
                message = await receive()
                exchange.body += message.get("body", b"")
                return message

            async def send_too(message: Message) -> None:
                if message["type"] == "http.response.start":
                    exchange.status = message["status"]
                    exchange.reply_headers = {
                        name.decode().lower(): value.decode() for name, value in message["headers"]
                    }
                exchange.reply += message.get("body", b"")
                # Before the client can see the answer: its next request must count as later.
                exchange.ended = time.monotonic()
                await send(message)

            try:
                await application(scope, receive_too, send_too)
            finally:
                exchange.ended = exchange.ended or time.monotonic()

        return listening


def _begun(scope: Scope) -> Exchange:
    query = scope["query_string"].decode("latin-1")
    target = scope["raw_path"].decode("latin-1")
    return Exchange(
        method=scope["method"],
        target=f"{target}?{query}" if query else target,
        headers=tuple(
            (n.decode("latin-1").lower(), v.decode("latin-1")) for n, v in scope["headers"]
        ),
        client=tuple(scope["client"]),
        began=time.monotonic(),
    )
