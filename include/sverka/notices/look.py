"""Looks for what is worth a notice and puts it into the outbox, each matter once.

What is true is read from the tables, and no event is waited for: a process that dies loses nothing.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sverka.clock import moscow_day
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.notices import outbox
from sverka.notices.channels import Kind
from sverka.notices.daily import (
    absent,
    late_subject,
    no_report_notice,
    report_notice,
    unpaid_notice,
)
from sverka.notices.files import new_files
from sverka.notices.notice import Notice
from sverka.notices.words import notice_of
from sverka.nouns import VerdictKind
from sverka.recognition.known import known_couriers
from sverka.services import Services
from sverka.texts import Texts
from sverka.watching import overdue_now

OF_FILES = (Kind.QUARANTINED, Kind.STALLED, Kind.WAITING, Kind.DISCREPANCIES)


def look(services: Services) -> int:
    """Files and the absence of a report; how many notices were made."""
    kinds = _wanted(services)
    now, say, made = services.clock(), Texts(services.settings.language), 0
    with services.connect() as conn:
        outbox.lock(conn)
        for kind in (kind for kind in OF_FILES if kind in kinds):
            if files := new_files(conn, kind, now):
                notice, subjects = (
                    notice_of(conn, kind, files, say, now),
                    [f.subject for f in files],
                )
                outbox.put(conn, notice, subjects, services.settings.notices, now)
                made += 1
        day = absent(conn, now) if Kind.NO_REPORT in kinds else None
        if day is not None:
            made += _once(services, conn, no_report_notice(day, say), day.isoformat())
    return made


def after_report(services: Services, day: date) -> int:
    """The report of the day, just published, and transfers that are late since the one before.

    Only yesterday's report is news; whoever publishes an older one by hand is looking at it.
    """
    kinds = _wanted(services)
    if day != moscow_day(services.clock()) - timedelta(days=1):
        return 0
    say, made = Texts(services.settings.language), 0
    with services.connect() as conn:
        outbox.lock(conn)
        if Kind.REPORT in kinds:
            notice = report_notice(conn, day, say)
            made += _once(services, conn, notice, day.isoformat()) if notice else 0
        if Kind.UNPAID in kinds:
            made += _unpaid(services, conn, known_couriers(services), say)
    return made


def _unpaid(services: Services, conn: Connection, couriers: Couriers, say: Texts) -> int:
    now = services.clock()
    late = [
        one
        for one in overdue_now(conn, couriers, now, say=say, limit=0)
        if one.verdict is VerdictKind.UNPAID
        and not outbox.is_told(conn, Kind.UNPAID, *late_subject(one))
    ]
    if not late:
        return 0
    notice = unpaid_notice(late, couriers, say)
    outbox.put(conn, notice, list(map(late_subject, late)), services.settings.notices, now)
    return 1


@dataclass(frozen=True, slots=True)
class GaveUp:
    """A task that belongs to no file and gave up; titles as people see them, `path` of its run."""

    task: str
    title: str
    reason: str
    path: str


def task_gave_up(services: Services, gave_up: GaveUp) -> int:
    """A notice about the task, at most one a day."""
    if Kind.FAILED not in _wanted(services):
        return 0
    say = Texts(services.settings.language)
    notice = Notice(
        kind=Kind.FAILED,
        title=say("Не выполнено: {title}", title=gave_up.title),
        lines=(gave_up.reason,),
        next_step=say(
            "Откройте красную задачу и прочтите её журнал. Сегодня об этой задаче больше не сообщим, "
            "даже если она не выполнится снова."
        ),
        path=gave_up.path,
    )
    with services.connect() as conn:
        outbox.lock(conn)
        today = moscow_day(services.clock())
        return _once(services, conn, notice, gave_up.task, today)


def _once(
    services: Services, conn: Connection, notice: Notice, subject: str, day: date | None = None
) -> int:
    version = day.isoformat() if day else "first"
    if outbox.is_told(conn, notice.kind, subject, version):
        return 0
    outbox.put(conn, notice, [(subject, version)], services.settings.notices, services.clock())
    return 1


def _wanted(services: Services) -> set[Kind]:
    return {kind for channel in services.settings.notices for kind in channel.kinds}
