"""Sending one e-mail by Airflow's SMTP connection."""

import smtplib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from airflow.providers.smtp.hooks.smtp import SmtpHook

if TYPE_CHECKING:
    from sverka.notices.dress import Mail

PERMANENT = range(500, 600)
"""Answers after which the same mail to the same address fails again (RFC 5321, 4.2.1)."""


class OneAttempt(SmtpHook):
    """Airflow's hook without its own repetitions: after any error it sends the mail again, up to
    five times, also when the server has taken it and only the answer was lost."""

    @property
    def smtp_retry_limit(self) -> int:
        return 0


def send_mail(
    connection: str, recipient: str, mail: "Mail", key: str, attachments: Mapping[str, bytes]
) -> None:
    """One mail to one recipient; `key` becomes its Message-ID, the same in every attempt.

    Raises:
        Refused: the server will never take this mail for this recipient.
        Undelivered: anything else; another attempt may help.
    """
    from sverka.notices.deliver import Refused, Undelivered

    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in attachments]
        for file in files:
            file.write_bytes(attachments[file.name])
        try:
            with OneAttempt(connection) as hook:
                hook.send_email_smtp(
                    to=[recipient],
                    subject=mail.subject,
                    html_content=mail.html,
                    files=[str(file) for file in files],
                    custom_headers={
                        "Message-ID": f"<{key}@sverka>",
                        "Auto-Submitted": "auto-generated",
                    },
                )
        except smtplib.SMTPRecipientsRefused as error:
            code, said = error.recipients[recipient]
            kind = Refused if code in PERMANENT else Undelivered
            raise kind(_told(code, said)) from None
        except smtplib.SMTPResponseException as error:
            # A refused log-in is permanent for the server and not for us: passwords get corrected.
            lasting = isinstance(error, smtplib.SMTPDataError) and error.smtp_code in PERMANENT
            raise (Refused if lasting else Undelivered)(
                _told(error.smtp_code, error.smtp_error)
            ) from None
        except Exception as error:  # noqa: BLE001 - Airflow has one class for a dozen reasons
            raise Undelivered(f"{type(error).__name__}: {error}") from None


def _told(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"the mail server answered {code}: {words}"
