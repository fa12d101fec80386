"""The daily report as a notice, and the notice that it is absent."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sverka.clock import MOSCOW, moscow_day
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.notices.channels import Kind
from sverka.notices.notice import Notice
from sverka.notices.outbox import Subject
from sverka.reporting.publish import HTML, XLSX
from sverka.texts import Texts
from sverka.watching import Late

PUBLISHED_AT = time(7)
"""Moscow time, when `publish_discrepancies` begins."""
LATE_AFTER = timedelta(hours=1)
"""How long after that the report of yesterday may be absent."""
_AFTER_MIDNIGHT = timedelta(hours=PUBLISHED_AT.hour, minutes=PUBLISHED_AT.minute)
LISTED = 10


def report_notice(conn: Connection, day: date, say: Texts) -> Notice | None:
    """The first screen as it is told, with the page and the workbook attached.

    None when the day is not published.
    """
    with conn.cursor() as cursor:
        cursor.execute("select summary, path from published_report where day = %s", (day,))
        row: tuple[dict[str, Any], str] | None = cursor.fetchone()
    if row is None:
        return None
    summary, folder = row
    return Notice(
        kind=Kind.REPORT,
        title=f"{say.short_day(day)}. {summary['headline']}",
        lines=(*summary["story"], *(_decision(one, say) for one in summary["decisions"])),
        next_step=_next_step(summary, say),
        path=f"/sverka/report/{day.isoformat()}/{HTML}",
        attachments=(f"{folder}/{HTML}", f"{folder}/{XLSX}"),
    )


def _decision(one: Mapping[str, Any], say: Texts) -> str:
    told = {"title": one["title"], "number": say.number(one["count"])}
    money = ", ".join(say.money(Minor(amount), code) for code, amount in one["money"].items())
    if not money:
        return f"• {told['title']}: {told['number']}"
    return say("• {title}: {number} на {money}", **told, money=money)


def _next_step(summary: Mapping[str, Any], say: Texts) -> str:
    if summary["decisions"]:
        return str(summary["decisions"][0]["next_step"])
    if summary["overdue"]:
        return say("Спросите курьеров о просроченном: какие это заказы и переводы, видно в отчёте.")
    return say("Ничего: решать сегодня нечего.")


def unpaid_notice(late: list[Late], couriers: Couriers, say: Texts) -> Notice:
    """Transfers whose term has passed, the most money first."""
    sums: dict[str, int] = {}
    for one in late:
        sums[one.currency] = sums.get(one.currency, 0) + one.stake
    money = ", ".join(say.money(Minor(stake), currency) for currency, stake in sums.items())
    lines = [f"• {_title(one, couriers)}: {one.sentence}" for one in late[:LISTED]]
    if len(late) > LISTED:
        lines.append(say("… и ещё {n}.", n=say.number(len(late) - LISTED)))
    return Notice(
        kind=Kind.UNPAID,
        title=say("Просрочены переводы курьеров: {money}", money=money),
        lines=tuple(lines),
        next_step=say("Запросите у курьеров платёжные поручения по этим отчётам."),
        path="/sverka/couriers",
    )


def _title(one: Late, couriers: Couriers) -> str:
    courier = couriers.by_code.get(one.courier or "")
    return courier.title if courier else (one.courier or "")


def late_subject(one: Late) -> Subject:
    """A transfer is told of once for every term that it misses."""
    return one.subject, one.due_on.isoformat()


def absent(conn: Connection, now: datetime) -> date | None:
    """The newest day whose report should be there since an hour and is not; None when all is well.

    A report counts when it was published in the morning after its day, or later: one that the last
    file of an evening renewed is not the morning's. An installation without any older report is new.
    """
    day = moscow_day(now - LATE_AFTER - _AFTER_MIDNIGHT) - timedelta(days=1)
    due = datetime.combine(day + timedelta(days=1), PUBLISHED_AT, MOSCOW)
    with conn.cursor() as cursor:
        cursor.execute(
            """select from published_report where day < %(day)s having count(*) > 0
                  and not exists (select from published_report
                                   where day = %(day)s and as_of >= %(due)s)""",
            {"day": day, "due": due},
        )
        return day if cursor.rowcount else None


def no_report_notice(day: date, say: Texts) -> Notice:
    """The morning has come and the report has not."""
    return Notice(
        kind=Kind.NO_REPORT,
        title=say("Нет отчёта за {day}", day=say.short_day(day)),
        lines=(
            say(
                "Он должен был выйти в {hour:02d}:00 по Москве. Деньги не потеряны и проводятся как "
                "обычно, но что за день пришло и не сошлось, пока никто не видит.",
                hour=PUBLISHED_AT.hour,
            ),
        ),
        next_step=say(
            "Откройте «Отчёт о расхождениях» в Airflow: если он выключен, включите его и запустите; "
            "если красный, передайте журнал задачи тому, кто обслуживает Сверку."
        ),
        path="/dags/publish_discrepancies",
    )
