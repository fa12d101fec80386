"""The wire traffic as JSON lines, one exchange a line, to be checked against the docs.

`{"n", "began", "seconds", "client", "method", "target", "headers", "body", "status",
"reply_headers", "reply", "reply_bytes", "whole"}`: bodies as text (the reply unpacked as far as it
goes), header names in lower case and in the order they came, `status` null and `whole` false when
the connection was cut. What a planned fault does is written as the client saw it. The token is
left out: a recording is made to be shown.
"""

import json
import threading
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sverka.moysklad.sandbox.http import API_ROOT

_GZIP = 16 + zlib.MAX_WBITS


class Recording:
    """Appends every exchange with the API to a file when it is over."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._stream = file.open("a", encoding="utf-8")

    def close(self) -> None:
        """Nothing can be written afterwards."""
        self._stream.close()

    def of(self, application: ASGIApp) -> ASGIApp:
        """The same application with its traffic written down."""

        async def recorded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not scope["path"].startswith(f"{API_ROOT}/"):
                await application(scope, receive, send)
                return
            heard = _Heard(scope, self._next())

            async def receive_too() -> Message:
                message = await receive()
                heard.body += message.get("body", b"")
                return message

            async def send_too(message: Message) -> None:
                heard.sends(message)
                if heard.is_whole:
                    self._write(heard)
                await send(message)

            try:
                await application(scope, receive_too, send_too)
            finally:
                if not heard.is_whole:
                    self._write(heard)

        return recorded

    def _next(self) -> int:
        with self._lock:
            self._count += 1
            return self._count

    def _write(self, heard: "_Heard") -> None:
        line = json.dumps(heard.shown(), ensure_ascii=False, separators=(",", ":"))
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()


class _Heard:
    """One exchange while it goes on."""

    def __init__(self, scope: Scope, number: int) -> None:
        self.body = b""
        self._scope = scope
        self._number = number
        self._began = datetime.now(UTC)
        self._since = time.monotonic()
        self._status: int | None = None
        self._reply_headers: list[list[str]] = []
        self._reply = b""
        self.is_whole = False

    def sends(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._reply_headers = _texts(message["headers"])
            return
        self._reply += message.get("body", b"")
        self.is_whole = not message.get("more_body", False)

    def shown(self) -> dict[str, Any]:
        query = self._scope["query_string"].decode("latin-1")
        target = self._scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        headers = _texts(self._scope["headers"])
        return {
            "n": self._number,
            "began": self._began.isoformat(timespec="milliseconds"),
            "seconds": round(time.monotonic() - self._since, 4),
            "client": list(self._scope["client"] or ()),
            "method": self._scope["method"],
            "target": target,
            "headers": [[n, _hidden(v) if n == "authorization" else v] for n, v in headers],
            "body": self.body.decode("utf-8", "backslashreplace"),
            "status": self._status,
            "reply_headers": self._reply_headers,
            "reply": _unpacked(self._reply, dict(self._reply_headers)),
            "reply_bytes": len(self._reply),
            "whole": self.is_whole,
        }


def _texts(headers: Any) -> list[list[str]]:
    return [[n.decode("latin-1").lower(), v.decode("latin-1")] for n, v in headers]


def _hidden(authorization: str) -> str:
    return f"{authorization.partition(' ')[0]} …"


def _unpacked(reply: bytes, headers: dict[str, str]) -> str:
    if headers.get("content-encoding") == "gzip":
        reply = zlib.decompressobj(_GZIP).decompress(reply)
    return reply.decode("utf-8", "backslashreplace")
