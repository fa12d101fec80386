"""E-mail through Airflow's SMTP connection to a real SMTP server, and everything that server may say."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from sverka.notices.channels import Kind
from sverka.notices.deliver import Refused, Undelivered
from sverka.notices.dress import Mail, as_mail
from sverka.notices.notice import Notice
from sverka.texts import Texts
from sverka_airflow.mailing import send_mail

MAIL = Mail("Отчёт не принят: реестр.xlsx", "<p>Нет колонки «Сумма».</p>")
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

KEY = "0b45e0de-0000-4000-8000-000000000001"
TO = "owner@shop.example"


@dataclass
class Mailbox:
    """What the server got, and what it answers instead of taking a mail."""

    got: list[EmailMessage] = field(default_factory=list)
    asked: int = 0
    to_recipient: str = "250 OK"
    to_data: str = "250 OK"
    hangs_up: bool = False

    async def handle_RCPT(  # noqa: N802 - the names of aiosmtpd
        self, server: Any, session: Any, envelope: Any, to: str, _: Any
    ) -> str:
        self.asked += 1
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(to)
        return self.to_recipient

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.got.append(parsed)
        if self.hangs_up:  # it has the mail, and the answer is lost
            server.transport.close()
        return self.to_data


Serve = Callable[..., Mailbox]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    running: list[Controller] = []

    def start(password: str = "right", **answers: Any) -> Mailbox:
        mailbox = Mailbox(**answers)

        def authenticate(_: Any, __: Any, ___: Any, ____: str, given: Any) -> AuthResult:
            return AuthResult(success=given.password.decode() == password, handled=False)

        controller = Controller(
            mailbox,
            hostname="127.0.0.1",
            port=free_port(),
            authenticator=authenticate,
            auth_required=True,
            auth_require_tls=False,
        )
        controller.start()
        running.append(controller)
        connect(monkeypatch, controller.port)
        return mailbox

    yield start
    for controller in running:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def connect(monkeypatch: pytest.MonkeyPatch, port: int, **extra: Any) -> None:
    given = {"disable_ssl": True, "disable_tls": True, "from_email": "sverka@shop.example"}
    connection = {
        "conn_type": "smtp",
        "host": "127.0.0.1",
        "port": port,
        "login": "sverka",
        "password": "right",
        "extra": given | extra,
    }
    monkeypatch.setenv("AIRFLOW_CONN_SHOP_MAIL", json.dumps(connection))


def send(mail: Mail = MAIL, **attachments: bytes) -> None:
    named = {name.replace("_", "."): data for name, data in attachments.items()}
    send_mail("shop_mail", TO, mail, KEY, named)


def test_the_recipient_reads_it_with_its_files(serve: Serve) -> None:
    mailbox = serve()
    send(otchet_xlsx=b"PK\x03\x04", otchet_html="<p>отчёт</p>".encode())
    [got] = mailbox.got
    assert got["Subject"] == MAIL.subject
    assert (got["To"], got["From"]) == (TO, "sverka@shop.example")
    body = got.get_body(("html",))
    assert body is not None
    assert body.get_content().strip() == MAIL.html
    files = {part.get_filename(): part.get_content() for part in got.iter_attachments()}
    assert files == {"otchet.xlsx": b"PK\x03\x04", "otchet.html": "<p>отчёт</p>".encode()}


def test_every_attempt_has_the_same_message_id(serve: Serve) -> None:
    mailbox = serve()
    send()
    send()
    assert [got["Message-ID"] for got in mailbox.got] == [f"<{KEY}@sverka>"] * 2


@pytest.mark.parametrize("name", ["report.csv", "реестр.csv"])
def test_the_name_of_a_file_adds_no_header(serve: Serve, name: str) -> None:
    mailbox = serve()
    evil = f"{name}\r\nBcc: all@evil.example\r\n\r\n<h1>"
    send(as_mail(Notice(Kind.QUARANTINED, evil, (), "", "/"), Texts(), ""))
    [got] = mailbox.got
    assert got["Subject"] == f"{name} Bcc: all@evil.example <h1>"
    assert got["Bcc"] is None


@pytest.mark.parametrize(
    ("answers", "error", "said"),
    [
        ({"to_recipient": "550 no such user"}, Refused, "550: no such user"),
        ({"to_recipient": "450 greylisted"}, Undelivered, "450: greylisted"),
        ({"to_data": "554 looks like spam"}, Refused, "554: looks like spam"),
        ({"to_data": "451 try again"}, Undelivered, "451: try again"),
        ({"password": "changed"}, Undelivered, "535"),
    ],
)
def test_what_the_server_says_decides_whether_it_is_tried_again(
    serve: Serve, answers: dict[str, Any], error: type[Exception], said: str
) -> None:
    mailbox = serve(**answers)
    with pytest.raises(error, match=said):
        send()
    assert mailbox.asked <= 1


def test_a_lost_answer_does_not_send_it_five_times_more(serve: Serve) -> None:
    mailbox = serve(hangs_up=True)
    with pytest.raises(Undelivered):
        send()
    assert len(mailbox.got) == 1


def test_nobody_there(monkeypatch: pytest.MonkeyPatch) -> None:
    connect(monkeypatch, free_port())
    with pytest.raises(Undelivered, match="ConnectionRefusedError"):
        send()


def test_a_silent_server_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connect(monkeypatch, silent.getsockname()[1], timeout=1)
        with pytest.raises(Undelivered, match="Unable to connect"):
            send()


def test_a_connection_that_does_not_exist_is_tried_again() -> None:
    with pytest.raises(Undelivered, match="SMTP connection is not found"):
        send_mail("no_such_connection", TO, MAIL, KEY, {})


def test_a_connection_without_a_sender_says_what_is_missing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = serve()
    given = json.loads(os.environ["AIRFLOW_CONN_SHOP_MAIL"])
    connect(monkeypatch, given["port"], from_email="")
    with pytest.raises(Undelivered, match="from_email"):
        send()
    assert mailbox.got == []


def test_the_password_is_in_no_message(serve: Serve) -> None:
    serve(password="changed")
    with pytest.raises(Undelivered) as trouble:
        send()
    assert "right" not in str(trouble.value)
