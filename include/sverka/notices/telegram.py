"""Sending one message by the Bot API of Telegram (core.telegram.org/bots/api)."""

from dataclasses import dataclass, field
from typing import Any

import requests

from sverka.notices.deliver import Refused, Undelivered

SERVICE_URL = "https://api.telegram.org"
CONNECT_SECONDS, ANSWER_SECONDS = 5, 20
LONGEST_SECONDS = 86_400
"""Of `retry_after`: a server cannot silence us for longer."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot and the server it is reached by; the token is part of every address it calls."""

    token: str = field(repr=False)
    url: str = SERVICE_URL

    def send(self, chat: str, html: str) -> None:
        """One message; the chat's members see it as the bot's.

        Raises:
            Undelivered: too fast, wrong token, no answer; another attempt may help.
            Refused: the chat does not exist, or the bot is blocked or thrown out of it.
        """
        message = {
            "chat_id": chat,
            "text": html,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        status, answer = self._call("sendMessage", message)
        if status == requests.codes.ok and answer.get("ok") is True:
            return
        said = self._without_token(str(answer.get("description", "no description")))
        parameters = answer.get("parameters") or {}
        if status in {requests.codes.bad_request, requests.codes.forbidden}:
            moved = parameters.get("migrate_to_chat_id")
            raise Refused(f"{said} (the chat is {moved} now)" if moved else said)
        raise Undelivered(f"Telegram answered {status}: {said}", seconds=_rest(parameters))

    def _call(self, method: str, message: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        try:
            response = requests.post(
                f"{self.url.rstrip('/')}/bot{self.token}/{method}",
                json=message,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
            )
            answer = response.json()
        except requests.RequestException as error:
            # `from None` and only the name: the address in its text has the token.
            raise Undelivered(f"Telegram does not answer: {type(error).__name__}") from None
        return response.status_code, answer if isinstance(answer, dict) else {}

    def _without_token(self, said: str) -> str:
        return said.replace(self.token, "***")


def _rest(parameters: dict[str, Any]) -> int:
    seconds = parameters.get("retry_after", 0)
    return min(seconds, LONGEST_SECONDS) if isinstance(seconds, int) and seconds > 0 else 0
