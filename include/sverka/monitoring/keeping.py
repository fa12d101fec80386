"""What keeps an installation alive: the daily report, notices, the journal, the database's size."""

from collections.abc import Iterator

from prometheus_client import Metric

from sverka.audit.chain import head_of
from sverka.monitoring.families import age, counter, gauge
from sverka.monitoring.looking import Look
from sverka.notices.daily import absent


def daily_report(look: Look) -> Iterator[Metric]:
    """Whether the morning's report is there; no age before the first one."""
    with look.conn.cursor() as cursor:
        cursor.execute("select as_of from published_report order by day desc limit 1")
        rows = [(age(look.now, as_of),) for (as_of,) in cursor.fetchall()]
    yield gauge(
        "sverka_daily_report_age_seconds", "Since the newest report was published.", (), rows
    )
    missing = absent(look.conn, look.now) is not None
    yield gauge(
        "sverka_daily_report_missing",
        "1 when yesterday's report should be there since an hour and is not.",
        (),
        [(int(missing),)],
    )


def notices(look: Look) -> Iterator[Metric]:
    """The outbox of e-mail and Telegram."""
    with look.conn.cursor() as cursor:
        cursor.execute(_NOTICES)
        [(waiting, failing, oldest)] = cursor.fetchall()
        cursor.execute("select count(*) from notice_delivery where state = 'given_up'")
        [(given_up,)] = cursor.fetchall()
    yield gauge("sverka_notices_waiting", "Notices to be sent, by recipient.", (), [(waiting,)])
    yield gauge(
        "sverka_notices_failing", "Those of them whose last attempt failed.", (), [(failing,)]
    )
    yield gauge(
        "sverka_notices_oldest_age_seconds",
        "Since the oldest notice that waits was noted.",
        (),
        [(age(look.now, oldest),)],
    )
    yield counter(
        "sverka_notices_given_up_total", "Notices that were never delivered, ever.", given_up
    )


def journal(look: Look) -> Iterator[Metric]:
    """The head of the audit journal: it only grows."""
    yield counter(
        "sverka_journal_entries_total",
        "The number of the journal's last entry.",
        head_of(look.conn).id,
    )


def database(look: Look) -> Iterator[Metric]:
    """How much the database takes on the disk."""
    with look.conn.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database())")
        rows = cursor.fetchall()
    yield gauge("sverka_database_size_bytes", "What the database takes on the disk.", (), rows)


_NOTICES = """
    select count(*), count(d.error), min(n.noted_at)
      from notice_delivery d join notice n on n.id = d.notice_id
     where d.state = 'waiting'
"""
