"""One HTTP exchange with MoySklad: headers, limits, time, and what its outcome means.

Reads may be repeated a bounded number of times. A write is sent once: MoySklad's own guide says
that a reply may take 300 s and names the client that gave up early and sent again. Only a 429
lets a write be sent again, because the limiter refused it before it reached the books.
"""

import base64
import logging
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from sverka.errors import Misconfigured
from sverka.moysklad import wire
from sverka.moysklad.errors import Terminal, Transient, Unsure
from sverka.moysklad.rate import Limiter, retry_after
from sverka.moysklad.refusals import first_refusal
from sverka.settings import MoySkladConnection

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
READ_ATTEMPTS = 4
BUSY_ATTEMPTS = 8
LONGEST_PAUSE_SECONDS = 60.0
# A write notes its moment before it waits for its turn, and is looked up by that moment if its
# answer is lost: what may wait longer could arrive after it was given up.
LONGEST_WRITE_WAIT_SECONDS = 20.0
# MoySklad docs, «Ошибки»: a bulk request that was worked on for 5 minutes and then cut off. What it
# did until then is not said, so this is no refusal.
CUT_OFF = 1088
# MoySklad docs, «Первые шаги»: a connection idle for 30 s or used for 100 requests is closed by
# the server, and a write sent into that moment would be unsure for nothing.
IDLE_SECONDS = 25.0
REQUESTS_PER_CONNECTION = 100


class Transport:
    """Sends requests of one user and sorts their outcomes into the errors of this package."""

    def __init__(self, connection: MoySkladConnection, limiter: Limiter) -> None:
        self.base_url = connection.url.rstrip("/")
        self._limiter = limiter
        self._timeout = (CONNECT_SECONDS, connection.answer_seconds)
        self._session = requests.Session()
        # Neither ~/.netrc nor a proxy variable may change who we are.
        self._session.trust_env = False
        self._session.headers.update(
            {
                "Accept": "application/json;charset=utf-8",
                "Accept-Encoding": "gzip",
                "Authorization": _authorization(connection),
                "User-Agent": "sverka",
            }
        )
        self._connections = _Connections(self._session, limiter)

    def read(self, path: str, parameters: dict[str, str | int] | None = None) -> Any | None:
        """The JSON answer of a GET, or None when MoySklad says that the object does not exist.

        Raises:
            Terminal: refused (4xx).
            Transient: no usable answer in `READ_ATTEMPTS` tries.
        """
        trouble = ""
        for attempt in range(READ_ATTEMPTS):
            if attempt:
                self._limiter.pause(2.0**attempt)
            try:
                reply = self._exchange("GET", self._url(path, parameters), None)
                if reply.status_code == 404 and _is_absent(reply):
                    return None
                _refuse_client_errors(reply)
                if reply.status_code == 200:
                    return wire.parse_json(reply.content)
                trouble = f"HTTP {reply.status_code}"
            except (requests.RequestException, ValueError) as error:
                trouble = f"{type(error).__name__}: {error}"
                if isinstance(error, requests.Timeout):
                    break
            log.warning("reading %s from MoySklad: %s", path, trouble)
        raise Transient(f"МойСклад сейчас не отвечает на чтение ({trouble}).", seconds=60)

    def write(self, path: str, body: bytes) -> Any:
        """The JSON answer of a POST; a list is returned whatever its status, to be looked through.

        Raises:
            Terminal: refused as a whole (4xx); nothing was done.
            Transient: not sent, or refused by the rate limit; nothing was done.
            Unsure: sent, and nobody knows what came of it.
        """
        try:
            reply = self._exchange("POST", self._url(path, None), body)
        except requests.ConnectionError as error:
            if _was_not_sent(error):
                raise Transient(f"МойСклад недоступен: {error}", seconds=60) from error
            raise Unsure(f"Связь с МоимСкладом оборвалась во время записи: {error}") from error
        except requests.RequestException as error:
            raise Unsure(f"Ответ МоегоСклада на запись не получен: {error}") from error
        try:
            answer = wire.parse_json(reply.content)
        except ValueError:
            answer = None
        if isinstance(answer, list):
            return answer
        _refuse_redirects(reply)
        _refuse_client_errors(reply)
        raise Unsure(f"МойСклад ответил на запись непонятно (HTTP {reply.status_code}).")

    def _url(self, path: str, parameters: dict[str, str | int] | None) -> str:
        tail = f"?{wire.query(parameters)}" if parameters else ""
        return f"{self.base_url}/{path}{tail}"

    def _exchange(self, method: str, url: str, body: bytes | None) -> requests.Response:
        """One reply that is not a 429; those are waited out by their own header.

        Raises:
            Transient: still refused after `BUSY_ATTEMPTS`, or asked to wait too long.
            requests.RequestException: no whole reply.
        """
        pause = waited = 0.0
        longest = (
            BUSY_ATTEMPTS * LONGEST_PAUSE_SECONDS if body is None else LONGEST_WRITE_WAIT_SECONDS
        )
        for _ in range(BUSY_ATTEMPTS):
            with self._limiter.place():
                self._connections.refresh()
                reply = self._session.request(
                    method,
                    url,
                    data=body,
                    headers={"Content-Type": "application/json"} if body is not None else None,
                    timeout=self._timeout,
                    allow_redirects=method == "GET",
                )
                self._limiter.learn(reply.headers)
            if reply.status_code != 429:
                return reply
            pause = retry_after(reply.headers)
            waited += pause
            if pause > LONGEST_PAUSE_SECONDS or waited > longest:
                break
            log.info("MoySklad asks to wait %.1f s", pause)
            self._limiter.pause(pause)
        raise Transient(
            "МойСклад просит подождать: слишком много запросов.", seconds=int(pause) + 1
        )


class _Connections:
    """Renews the pool of connections before the server closes them (see `IDLE_SECONDS`)."""

    def __init__(self, session: requests.Session, limiter: Limiter) -> None:
        self._session = session
        self._now = limiter.now
        self._used_at = self._now()
        self._requests = 0

    def refresh(self) -> None:
        now = self._now()
        # Counted for the whole pool, so no single connection can carry more.
        if now - self._used_at > IDLE_SECONDS or self._requests >= REQUESTS_PER_CONNECTION:
            self._session.close()
            self._requests = 0
        self._used_at = now
        self._requests += 1


def _authorization(connection: MoySkladConnection) -> str:
    if connection.token:
        return f"Bearer {connection.token}"
    if connection.login and connection.password:
        pair = f"{connection.login}:{connection.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"
    raise Misconfigured(
        "В подключении к МоемуСкладу нет ни токена, ни логина с паролем: заполните подключение "
        "moysklad в Airflow или MOYSKLAD_TOKEN в окружении."
    )


def _was_not_sent(error: requests.ConnectionError) -> bool:
    """Whether the connection was never made, so that nothing of the request left this machine."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)


def _is_absent(reply: requests.Response) -> bool:
    """Whether a 404 speaks of the object and not of the address.

    A gateway's 404 must not pass for "this document does not exist": an unsure posting would be
    sent again on the strength of it.
    """
    refusal = first_refusal(_json_or_none(reply))
    return refusal is not None and refusal.code in {1021, None}


def _refuse_client_errors(reply: requests.Response) -> None:
    # 408 comes from a gateway that gave up waiting; the service behind it may have acted.
    if not 400 <= reply.status_code < 500 or reply.status_code == 408:
        return
    refusal = first_refusal(_json_or_none(reply))
    if refusal is not None and refusal.code == CUT_OFF:
        return
    text = refusal.text if refusal else reply.headers.get("X-Lognex-Auth-Message", "без пояснения")
    code = refusal.code if refusal else None
    place = urlsplit(reply.url).path.rpartition("/remap/")[2]
    numbers = f"HTTP {reply.status_code}" + (f", код {code}" if code else "")
    raise Terminal(
        f"МойСклад отказал: {text} ({numbers}, {place})", status=reply.status_code, code=code
    )


def _refuse_redirects(reply: requests.Response) -> None:
    # These three say "not here", so nothing was done; 302 and 303 may follow a finished action.
    if reply.status_code in {301, 307, 308}:
        raise Terminal(
            f"МойСклад переехал на {reply.headers.get('Location')}: исправьте адрес подключения.",
            status=reply.status_code,
        )


def _json_or_none(reply: requests.Response) -> Any:
    try:
        return wire.parse_json(reply.content)
    except ValueError:
        return None
