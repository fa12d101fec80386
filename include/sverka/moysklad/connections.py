"""The HTTP connections to MoySklad: one session, long answers, dead peers noticed soon."""

import base64
import socket
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection

from sverka.errors import Misconfigured
from sverka.settings import MoySkladConnection

# MoySklad docs, «Первые шаги»: a connection idle for 30 s or used for 100 requests is closed by
# the server, and a write sent into that moment would be unsure for nothing.
IDLE_SECONDS = 25.0
REQUESTS_PER_CONNECTION = 100

# An answer may take 300 s, and a server that works on it keeps its connection alive. A network or
# a machine that is gone does not answer these probes: that ends the wait after half a minute.
PROBE_AFTER_SECONDS = 15
PROBE_EVERY_SECONDS = 5
PROBES = 3
_PROBING = [
    *HTTPConnection.default_socket_options,
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, PROBE_AFTER_SECONDS),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, PROBE_EVERY_SECONDS),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, PROBES),
    # Probes wait while sent bytes are unconfirmed; this covers them.
    (
        socket.IPPROTO_TCP,
        socket.TCP_USER_TIMEOUT,
        (PROBE_AFTER_SECONDS + PROBES * PROBE_EVERY_SECONDS) * 1000,
    ),
]


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, socket_options=_PROBING)


class Connections:
    """A session whose connections are renewed before the server closes them."""

    def __init__(self, connection: MoySkladConnection, now: Callable[[], float]) -> None:
        self.session = requests.Session()
        # Neither ~/.netrc nor a proxy variable may change who we are.
        self.session.trust_env = False
        self.session.mount("https://", _Adapter())
        self.session.mount("http://", _Adapter())
        self.session.headers.update(
            {
                "Accept": "application/json;charset=utf-8",
                "Accept-Encoding": "gzip",
                "Authorization": authorization(connection),
                "User-Agent": "sverka",
            }
        )
        self._now = now
        self._used_at = now()
        self._requests = 0

    def refresh(self) -> None:
        """To be called before each request."""
        now = self._now()
        # Counted for the whole pool, so no single connection can carry more.
        if now - self._used_at > IDLE_SECONDS or self._requests >= REQUESTS_PER_CONNECTION:
            self.session.close()
            self._requests = 0
        self._used_at = now
        self._requests += 1


def authorization(connection: MoySkladConnection) -> str:
    """The header that says who we are.

    Raises:
        Misconfigured: neither a token nor a login with its password.
    """
    if connection.token:
        return f"Bearer {connection.token}"
    if connection.login and connection.password:
        pair = f"{connection.login}:{connection.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"
    raise Misconfigured(
        "В подключении к МоемуСкладу нет ни токена, ни логина с паролем: заполните подключение "
        "moysklad в Airflow или MOYSKLAD_TOKEN в окружении."
    )
