"""One HTTP exchange with MoySklad: headers, limits, time, and what its outcome means.

Reads may be repeated a bounded number of times. A write is sent once: MoySklad's own guide says
that a reply may take 300 s and names the client that gave up early and sent again. Only a 429
lets a write be sent again, because the limiter refused it before it reached the books.
"""

import logging
from collections.abc import Callable
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError, ReadTimeoutError

from sverka.moysklad import wire
from sverka.moysklad.bucket import retry_after
from sverka.moysklad.connections import Connections
from sverka.moysklad.errors import Transient, Unsure
from sverka.moysklad.rate import Pace
from sverka.moysklad.statuses import (
    TOO_MANY,
    Reply,
    has_lost_its_words,
    is_about_rate,
    is_absent,
    refuse_client_errors,
    refuse_redirects,
)
from sverka.settings import MoySkladConnection

log = logging.getLogger(__name__)

CONNECT_SECONDS = 5
READ_ATTEMPTS = 4
BUSY_ATTEMPTS = 8
LONGEST_PAUSE_SECONDS = 60.0
# What cannot be read by then is left to the step's next try, so that its worker is free meanwhile.
LONGEST_READ_WAIT_SECONDS = 120.0
# A write notes its moment before it waits for its turn, and is looked up by that moment if its
# answer is lost: what may wait longer could arrive after it was given up. With the time to connect
# it stays below the margin of the look-up.
LONGEST_WRITE_WAIT_SECONDS = 20.0
PIECE_BYTES = 65_536


class Transport:
    """Sends requests of one user and sorts their outcomes into the errors of this package."""

    def __init__(self, connection: MoySkladConnection, pace: Pace) -> None:
        self.base_url = connection.url.rstrip("/")
        self._pace = pace
        self._answer_seconds = connection.answer_seconds
        self._connections = Connections(connection, pace.now)

    def read(
        self,
        path: str,
        parameters: dict[str, str | int] | None = None,
        *,
        belongs: Callable[[Any], bool] = lambda _: True,
    ) -> Any | None:
        """The JSON answer of a GET, or None when MoySklad says that the object does not exist.

        `belongs` says whether an answer is one to this request; another one is as good as none.

        Raises:
            Terminal: refused (4xx), or the address is another one now.
            Transient: no usable answer in `READ_ATTEMPTS` tries, or no turn in time.
        """
        trouble = ""
        for attempt in range(READ_ATTEMPTS):
            if attempt:
                self._pace.pause(2.0**attempt)
            try:
                reply = self._exchange("GET", self._url(path, parameters), None)
                trouble = f"HTTP {reply.status}"
                if reply.status == 200:
                    answer = wire.parse_json(reply.content)
                    if belongs(answer):
                        return answer
                    trouble = "the answer to another request"
                elif reply.status != 404 or not has_lost_its_words(reply):
                    if is_absent(reply):
                        return None
                    refuse_redirects(reply)
                    refuse_client_errors(reply)
            except (requests.RequestException, ValueError) as error:
                trouble = f"{type(error).__name__}: {error}"
                if isinstance(error, requests.Timeout):
                    break
            log.warning("reading %s from MoySklad: %s", path, trouble)
        raise Transient(f"МойСклад сейчас не отвечает на чтение ({trouble}).", seconds=60)

    def write(self, path: str, body: bytes) -> list[Any]:
        """The array that answers a POST of an array, whatever its status: to be looked through.

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
        refuse_redirects(reply)
        if isinstance(answer, list):
            return answer
        refuse_client_errors(reply)
        raise Unsure(f"МойСклад ответил на запись непонятно (HTTP {reply.status}).")

    def _url(self, path: str, parameters: dict[str, str | int] | None) -> str:
        tail = f"?{wire.query(parameters)}" if parameters else ""
        return f"{self.base_url}/{path}{tail}"

    def _exchange(self, method: str, url: str, body: bytes | None) -> Reply:
        """One reply that is not a 429; those are waited out by their own header.

        Raises:
            Transient: still refused after `BUSY_ATTEMPTS`, or the wait is too long.
            requests.RequestException: no whole reply.
        """
        pause = 0.0
        longest = LONGEST_READ_WAIT_SECONDS if body is None else LONGEST_WRITE_WAIT_SECONDS
        until = self._pace.now() + longest
        for _ in range(BUSY_ATTEMPTS):
            reply = self._once(method, url, body, until - self._pace.now())
            if reply.status != TOO_MANY:
                return reply
            pause = retry_after(reply.headers)
            if pause > LONGEST_PAUSE_SECONDS or self._pace.now() + pause > until:
                break
            log.info("MoySklad asks to wait %.1f s", pause)
            self._pace.pause(pause)
        raise Transient(
            "МойСклад просит подождать: слишком много запросов.", seconds=int(pause) + 1
        )

    def _once(self, method: str, url: str, body: bytes | None, longest: float) -> Reply:
        """One whole reply.

        Raises:
            Transient: no turn within `longest` seconds; nothing was sent.
            requests.RequestException: no whole reply.
        """
        with self._pace.place(longest) as place:
            self._connections.refresh()
            head = self._connections.session.request(
                method,
                url,
                data=body,
                headers={"Content-Type": "application/json"} if body is not None else None,
                timeout=(CONNECT_SECONDS, self._answer_seconds),
                # The token is for this address alone.
                allow_redirects=False,
                stream=True,
            )
            place.headers = head.headers
            reply = Reply(head.status_code, head.headers, url, self._content(head))
            if reply.status == TOO_MANY and is_about_rate(reply):
                place.refused_for = retry_after(reply.headers)
        return reply

    def _content(self, head: requests.Response) -> bytes:
        """The rest of the answer; bytes that trickle in are no reason to wait for ever.

        Raises:
            requests.RequestException: cut, damaged, or still not whole after the time for answers.
        """
        until = self._pace.now() + self._answer_seconds
        pieces = []
        try:
            for piece in head.iter_content(PIECE_BYTES):
                pieces.append(piece)
                if self._pace.now() > until:
                    raise requests.ReadTimeout("the answer did not end in time")
        except requests.ConnectionError as error:
            if error.args and isinstance(error.args[0], ReadTimeoutError):
                raise requests.ReadTimeout("the answer stopped in the middle") from error
            raise
        finally:
            head.close()
        return b"".join(pieces)


def _was_not_sent(error: requests.ConnectionError) -> bool:
    """Whether the connection was never made, so that nothing of the request left this machine."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError)
