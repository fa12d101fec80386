"""The tables behind superseding: what was decided, what the reports say of it, what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg2.extras import Json

from sverka.audit.journal import Kind, Subject, note
from sverka.database.connection import Connection
from sverka.posting.ledger import note_plan, planned
from sverka.posting.supersede_found import Edition
from sverka.posting.supersede_lines import report_of

RULE = "report.supersedes"
"""Under this name the question stands among the file's warnings."""

SUPERSEDED = "report.superseded"
SENTENCE = (
    "Эта строка больше не учитывается: вместо этого отчёта курьер прислал исправленный, файл "
    "«{file}». Делать ничего не нужно."
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody says of two editions: `supersedes` or `separate`."""

    new: Edition
    old: Edition
    verdict: str
    by: str


def decide(conn: Connection, decision: Decision, now: datetime) -> None:
    """Writes the decision down; one that says the reverse of it is void.

    The older report's lines are judged no more from here on. Whoever took the place of the newer
    one before has lost it: else all of them would be superseded, in a ring, and no line judged.
    """
    new, old = decision.new, decision.old
    places = (new.file_id, new.ordinal, old.file_id, old.ordinal)
    with conn.cursor() as cursor:
        cursor.execute(
            "delete from supersession where old_file_id = %s and old_ordinal = %s "
            "and (file_id = %s and ordinal = %s or verdict = 'supersedes' and %s)",
            (*places, decision.verdict == "supersedes"),
        )
        cursor.execute(
            "insert into supersession (file_id, ordinal, old_file_id, old_ordinal, verdict, "
            "decided_by, decided_at) values (%s, %s, %s, %s, %s, %s, %s) "
            "on conflict (file_id, ordinal, old_file_id, old_ordinal) do update "
            "set verdict = excluded.verdict, decided_by = excluded.decided_by, "
            "decided_at = excluded.decided_at",
            (*places, decision.verdict, decision.by, now),
        )
    if decision.verdict == "supersedes":
        _note(conn, decision, now)


def _note(conn: Connection, decision: Decision, now: datetime) -> None:
    old, new = decision.old, decision.new
    note(
        conn,
        kind=Kind.REPORT_SUPERSEDED,
        subject=Subject(file_id=old.file_id, report_id=report_of(conn, old)),
        detail={"by_file": new.file_id, "by_report": report_of(conn, new)},
        by=decision.by,
        now=now,
    )


def mark(conn: Connection, file_id: int) -> None:
    """Gives the file's reports their revision and what they supersede, from what was decided.

    Repeated by every run: reading a file again makes its reports anew.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            """update report r set supersedes = o.id, revision = greatest(o.revision + 1, r.revision)
                 from supersession s
                 join report o on o.file_id = s.old_file_id and o.ordinal = s.old_ordinal
                where s.file_id = %s and s.verdict = 'supersedes'
                  and r.file_id = s.file_id and r.ordinal = s.ordinal
                  and r.supersedes is distinct from o.id""",
            (file_id,),
        )


def release(conn: Connection, file_id: int) -> None:
    """Forgets what the file's reports superseded: the file is undone, and the older ones count."""
    with conn.cursor() as cursor:
        cursor.execute("delete from supersession where file_id = %s", (file_id,))
        cursor.execute(
            "update report set supersedes = null, revision = 1 where file_id = %s", (file_id,)
        )


def give_up_verdicts(conn: Connection, file_id: int | None, now: datetime) -> None:
    """The lines without documents of the reports that this file's supersede are settled by it."""
    with conn.cursor() as cursor:
        cursor.execute(
            """update verdict v set verdict = 'already_settled', rule = %(rule)s, clean = false,
                      sentence = replace(%(sentence)s, '{file}', f.name), decided_at = %(now)s
                 from supersession s
                 join file f on f.id = s.file_id
                 join report r on r.file_id = s.old_file_id and r.ordinal = s.old_ordinal
                 join line l on l.report_id = r.id
                where s.file_id = %(file)s and s.verdict = 'supersedes' and l.id = v.line_id
                  and not exists (select from posting p
                                   where p.line_id = l.id and p.state <> 'reversed')
                  and not exists (select from posting_line c join posting p using (sync_id)
                                   where c.line_id = l.id and p.state <> 'reversed')""",
            {"rule": SUPERSEDED, "sentence": SENTENCE, "now": now, "file": file_id},
        )


def withdraw_planned(conn: Connection, withdrawn: Sequence[UUID], now: datetime) -> None:
    """Takes back documents that nobody approved: the corrected report plans its own."""
    ids = [str(one) for one in withdrawn]
    with conn.cursor() as cursor:
        cursor.execute(
            "select distinct file_id from posting where sync_id = any(%s::uuid[])", (ids,)
        )
        before = {file_id: planned(conn, file_id) for (file_id,) in cursor.fetchall()}
        cursor.execute(
            "delete from posting where sync_id = any(%s::uuid[]) and state = 'planned'", (ids,)
        )
    for file_id, plan in before.items():
        note_plan(conn, file_id, plan, planned(conn, file_id), now)


def ask(conn: Connection, file_id: int, sentence: str, lines: int, now: datetime) -> None:
    """Shows the question in the day's report and on the file's page of checks."""
    with conn.cursor() as cursor:
        cursor.execute(
            "insert into check_result (file_id, rule, severity, passed, rows_checked, "
            "rows_refused, sentence, sample, checked_at) "
            "values (%s, %s, 'warning', false, %s, %s, %s, %s, %s) "
            "on conflict (file_id, rule) do update set sentence = excluded.sentence, "
            "rows_refused = excluded.rows_refused, rows_checked = excluded.rows_checked, "
            "checked_at = excluded.checked_at",
            (file_id, RULE, lines, lines, sentence, Json([]), now),
        )


def answered(conn: Connection, file_id: int) -> None:
    """Nothing is asked about the file's reports any more."""
    with conn.cursor() as cursor:
        cursor.execute("delete from check_result where file_id = %s and rule = %s", (file_id, RULE))


def unfinished(conn: Connection, file_id: int) -> list[tuple[int, int, str]]:
    """What this file's corrections began to take back and did not finish: undo, its file, by whom."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select id, file_id, asked_by from undo "
            "where because_of = %s and finished_at is null order by id",
            (file_id,),
        )
        return list(cursor.fetchall())
