"""The people's end: a mail server and Telegram's Bot API that remember what they were given."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

MAIL_CONNECTION, BOT_CONNECTION = "people_mail", "people_bot"


@dataclass
class Told:
    """Subjects of mails and texts of messages, in order of arrival; where both are received."""

    smtp_port: int = 0
    api_url: str = ""
    mails: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    @property
    def channels(self) -> str:
        """The setting `SVERKA_NOTICES`."""
        email = {"name": "mail", "by": "email", "connection": MAIL_CONNECTION}
        bot = {"name": "chat", "by": "telegram", "connection": BOT_CONNECTION}
        return json.dumps([email | {"to": ["owner@shop.example"]}, bot | {"to": [-100]}])

    @property
    def mail_connection(self) -> str:
        """An Airflow connection."""
        extra = {"disable_ssl": True, "disable_tls": True, "from_email": "sverka@shop.example"}
        where = {"host": "127.0.0.1", "port": self.smtp_port}
        return json.dumps({"conn_type": "smtp", "extra": extra} | where)

    async def handle_DATA(  # noqa: N802 - the name of aiosmtpd
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default)["Subject"])
        return "250 OK"


@contextmanager
def people() -> Iterator[Told]:
    """Both servers on free ports."""
    told = Told()

    class Bot(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.messages.append(json.loads(body)["text"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"ok": true, "result": {}}')

        def log_message(self, *_: Any) -> None:
            pass

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        told.smtp_port = probe.getsockname()[1]
    smtp = Controller(told, hostname="127.0.0.1", port=told.smtp_port)
    api = ThreadingHTTPServer(("127.0.0.1", 0), Bot)
    told.api_url = f"http://127.0.0.1:{api.server_port}"
    threading.Thread(target=api.serve_forever, daemon=True).start()
    smtp.start()
    try:
        yield told
    finally:
        smtp.stop()
        api.shutdown()
        api.server_close()
