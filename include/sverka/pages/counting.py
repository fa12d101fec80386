"""What a file's page shows of its rows, counted once at the end of a run, not at every look.

300,000 rows take a second when nothing else runs, and twenty when everything does: too long for a
page. What changes documents or verdicts afterwards notes the file in `funnel_change`.
"""

from datetime import datetime

from sverka.database.connection import Connection
from sverka.discrepancies.definition import FEES, PART
from sverka.pages.reading import SQL, column

_STEPS = (SQL / "funnel_steps.sql").read_text(encoding="utf-8").format(part=PART, fees=FEES)


def count(conn: Connection, file_id: int, now: datetime) -> None:
    """Counts what became of the file's rows and documents; commit it.

    Changes are forgotten before anything is counted: one that is committed in between counts as
    unseen, so at worst the file is counted once more. Two at once wait for each other.
    """
    values = {"id": file_id, "now": now}
    with conn.cursor() as cursor:
        for statement in (_HEAD, *_FORGET, _STEPS, _DOCUMENTS):
            cursor.execute(statement, values)


def is_counted(conn: Connection, file_id: int) -> bool:
    """Whether what was counted still holds; of a file in work it is as good as it gets."""
    return bool(column(conn, _HOLDS, {"id": file_id}))


_HOLDS = """
    select true
      from funnel n join file f on f.id = n.file_id
     where n.file_id = %(id)s
       and (f.state = 'processing'
            or n.counted_at >= coalesce(f.finished_at, n.counted_at)
               and not exists (select from funnel_change c where c.file_id = n.file_id))
"""
_HEAD = """
    insert into funnel (file_id, counted_at, unread)
    select %(id)s, %(now)s, count(distinct (x.report_id, x.sheet, x.line_no))
      from rejected x join report r on r.id = x.report_id
     where r.file_id = %(id)s and r.purpose = 'settlement' and x.line_id is null
        on conflict (file_id) do update
       set counted_at = excluded.counted_at, unread = excluded.unread
"""
_FORGET = (
    "delete from funnel_change where file_id = %(id)s",
    "delete from funnel_step where file_id = %(id)s",
    "delete from funnel_document where file_id = %(id)s",
)
_DOCUMENTS = """
    insert into funnel_document (file_id, kind, state, dry_run, currency, count, amount)
    select %(id)s, p.kind, p.state, p.dry_run, r.currency, count(*), sum(p.amount)
      from posting p join report r on r.id = p.report_id
     where p.file_id = %(id)s
     group by p.kind, p.state, p.dry_run, r.currency
"""
