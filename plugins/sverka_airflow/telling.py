"""Notices inside Airflow: what a round does, and with which connections."""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from airflow.sdk import CronTriggerTimetable

if TYPE_CHECKING:
    from sverka.notices.channels import By, Channel
    from sverka.notices.deliver import Delivered, Send
    from sverka.notices.outbox import Due
    from sverka.services import Services

log = logging.getLogger(__name__)

ATTACHED_LIMIT = 10_000_000
"""Bytes of attachments; many mail servers refuse more than some 20 MB, and base64 adds a third."""


def every_few_minutes() -> CronTriggerTimetable | None:
    """The clock of `send_notices`; None where nobody is told anything. Reads the environment only."""
    return CronTriggerTimetable("*/5 * * * *", timezone="Europe/Moscow") if wanted() else None


def wanted() -> bool:
    """Whether there is a channel.

    Raises:
        Misconfigured: the setting is wrong.
    """
    import os

    from sverka.notices.channels import VARIABLE, channels_of

    return bool(channels_of(os.environ.get(VARIABLE, "[]")))


def tell() -> dict[str, int]:
    """One round: looks what is worth a notice and delivers what is due."""
    from dataclasses import asdict

    from sverka.notices.look import look

    services = _services()
    made = look(services)
    return {"made": made} | asdict(deliver_due(services))


def tell_of_report(day: str) -> dict[str, int]:
    """The report of an ISO day that was just published; no failure of a notice leaves this."""
    from datetime import date

    from sverka.notices.look import after_report

    if not wanted():
        return {}
    try:
        after_report(_services(), date.fromisoformat(day))
        return tell()
    except Exception:
        log.exception("the report is published, and people are not told of it")
        return {}


def tell_of_absence() -> None:
    """A deadline was missed: notes what is absent, `send_notices` delivers it within five minutes.

    Airflow 3.3.2 gives a deadline's callback no stored connection (its Execution API answers
    «access denied»), so it cannot send by itself. No failure of a notice leaves this.
    """
    from sverka.notices.look import look

    if not wanted():
        return
    try:
        look(_services())
    except Exception:
        log.exception("cannot note that the report is absent; send_notices looks, too")


def tell_of_task(context: Mapping[str, Any]) -> None:
    """A task that belongs to no file gave up; no failure of a notice leaves this."""
    from sverka.notices.look import task_gave_up

    if not wanted():
        return
    try:
        services = _services()
        task_gave_up(services, gave_up(context))
        deliver_due(services)
    except Exception:
        log.exception("cannot tell people that %s failed", context.get("task_instance_key_str"))


def gave_up(context: Mapping[str, Any]) -> Any:
    """What the notice says of the task of this context."""
    from airflow.sdk.exceptions import AirflowFailException

    from sverka.notices.look import GaveUp
    from sverka_airflow.failures import words

    ti, exception = context["ti"], context.get("exception")
    task, dag = context.get("task"), context.get("dag")
    titles = [
        getattr(dag, "dag_display_name", ti.dag_id),
        getattr(task, "task_display_name", ti.task_id),
    ]
    # What a task of ours fails with on purpose is Russian already.
    told = str(exception) if isinstance(exception, AirflowFailException) else words(exception)
    return GaveUp(
        task=f"{ti.dag_id}.{ti.task_id}",
        title=" · ".join(titles),
        reason=told,
        path=f"/dags/{ti.dag_id}/runs/{quote(context['dag_run'].run_id, safe='')}",
    )


def _services() -> "Services":
    """Without the connection to MoySklad: notices ask it nothing, and callbacks may not read it."""
    from sverka.services import services_from
    from sverka.settings import from_environment

    return services_from(from_environment())


def deliver_due(services: "Services") -> "Delivered":
    """Sends what is due by the connections of Airflow."""
    from sverka.notices.deliver import deliver

    return deliver(services, senders(services))


def senders(services: "Services") -> "Mapping[By, Send]":
    """How each kind of channel sends."""
    from sverka.notices.channels import By
    from sverka.notices.dress import as_mail, as_telegram
    from sverka.texts import Texts

    say, public_url = Texts(services.settings.language), services.settings.public_url

    def email(channel: "Channel", due: "Due") -> None:
        from sverka_airflow.mailing import send_mail

        mail = as_mail(due.notice, say, public_url)
        attached = attachments(services, due.notice.attachments)
        send_mail(channel.connection, due.recipient, mail, str(due.key), attached)

    def telegram(channel: "Channel", due: "Due") -> None:
        from sverka_airflow.hooks.telegram import TelegramHook

        bot = TelegramHook(channel.connection).get_conn()
        bot.send(due.recipient, as_telegram(due.notice, say, public_url))

    return {By.EMAIL: email, By.TELEGRAM: telegram}


def attachments(services: "Services", paths: tuple[str, ...]) -> dict[str, bytes]:
    """Files of the storage by a name that tells their day; none when they are too large together."""
    sizes = [services.storage.size(path) for path in paths]
    if sum(size or 0 for size in sizes) > ATTACHED_LIMIT:
        return {}
    found = {}
    for path, size in zip(paths, sizes, strict=True):
        if size is not None:
            *_, day, name = path.split("/")
            stem, _, suffix = name.rpartition(".")
            found[f"{stem}-{day}.{suffix}"] = services.storage.read(path)
    return found
