"""Cutting a connection at socket level, as a lost reply looks to a client.

ASGI 3 lets a server hand extensions to the application through the scope. This uvicorn protocol
adds one: a callable that closes the TCP connection with a reset (SO_LINGER 0), whatever was or was
not sent on it. The client sees "connection reset" or an answer that ends too early, never an HTTP
status.
"""

import socket
import struct
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ABORT = "sverka.sandbox.abort"


class CuttableProtocol(HttpToolsProtocol):
    """HTTP/1.1 of uvicorn with the extension `ABORT`."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope["extensions"] = {ABORT: self._abort}

    def _abort(self) -> None:
        sock = self.transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()
