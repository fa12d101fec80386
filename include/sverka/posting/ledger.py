"""The table `posting` while planning: what is withdrawn, what is written down, and the plan's seal."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg2.extras import Json, execute_values

from sverka.audit.journal import Event, Kind, Subject, notes
from sverka.audit.postings import Change, note_changes
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.moysklad.documents import to_stored
from sverka.posting.drafts import Draft
from sverka.posting.errors import ChangedDocument
from sverka.posting.identity import fingerprint
from sverka.posting.questions import BY_SVERKA, void_others

COLUMNS = (
    "sync_id, account, courier, kind, file_id, report_id, line_id, line_key, revision, order_id, "
    "demand_id, amount, depends_on, document, fingerprint, previous_state_id, dry_run, planned_at"
)


@dataclass(frozen=True, slots=True)
class Planned:
    """The file's documents that wait for approval, by kind: how many, and their sums.

    `seal` names exactly this plan: it changes with any document. Empty when nothing waits.
    """

    documents: dict[str, int]
    amounts: dict[str, Minor]
    seal: str


def withdraw(conn: Connection, file_id: int) -> None:
    """Takes back what nobody has approved yet; planning writes it down again if it still holds."""
    with conn.cursor() as cursor:
        cursor.execute("delete from posting where file_id = %s and state = 'planned'", (file_id,))


def withdraw_dry_runs(conn: Connection, file_id: int, live: Sequence[str], now: datetime) -> None:
    """Takes back the dry-run plans of other files that hold the money of this one.

    Only of couriers that are `live` now: between two dry runs the earlier one keeps the money.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            """delete from posting where state = 'planned' and dry_run and file_id in (
                   select p.file_id
                     from posting p left join posting_line c using (sync_id)
                     join line l on l.line_key = coalesce(p.line_key, c.line_key)
                     join report r on r.id = l.report_id
                    where p.state = 'planned' and p.dry_run and p.file_id <> %(file)s
                      and r.file_id = %(file)s and r.courier = any(%(live)s))
               returning file_id""",
            {"file": file_id, "live": list(live)},
        )
        withdrawn = Counter(other for (other,) in cursor.fetchall())
    reason = {"because_of": file_id, "dry_run": True}
    notes(
        conn,
        [
            Event(Kind.PLAN_WITHDRAWN, Subject(other), "plan", reason | {"documents": number}, now)
            for other, number in sorted(withdrawn.items())
        ],
    )


def note_plan(  # noqa: PLR0913 - the plan before and after, and who changed it
    conn: Connection,
    file_id: int,
    before: Planned,
    after: Planned,
    now: datetime,
    *,
    by: str = BY_SVERKA,
) -> None:
    """Journals the plan when it is another one than before; then a question about it is void."""
    if before.seal == after.seal:
        return
    void_others(conn, file_id, after.seal, by=by, now=now)
    detail = {"seal": after.seal, "documents": after.documents, "amounts": after.amounts}
    kind = Kind.PLAN_MADE if after.seal else Kind.PLAN_WITHDRAWN
    notes(conn, [Event(kind, Subject(file_id), by, detail | {"before": before.seal}, now)])


def batch_of(conn: Connection, report_id: int) -> int:
    """Which batch of the report's fees comes next: 1, 2, …"""
    with conn.cursor() as cursor:
        cursor.execute(
            "select count(*) + 1 from posting "
            "where report_id = %s and kind = 'supply' and line_id is null",
            (report_id,),
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 1


def write_down(
    conn: Connection, account: UUID, file_id: int, drafts: Sequence[Draft], now: datetime
) -> None:
    """Stores the drafts as planned postings.

    Raises:
        ChangedDocument: a document with the same syncId and another content is there already.
    """
    prints = {draft.sync_id: fingerprint(to_stored(draft.document)) for draft in drafts}
    rows = [_row(draft, account, file_id, prints[draft.sync_id], now) for draft in drafts]
    with conn.cursor() as cursor:
        execute_values(
            cursor,
            f"insert into posting ({COLUMNS}) values %s on conflict (sync_id) do nothing",  # noqa: S608 - a constant
            rows,
            page_size=1000,
        )
    _compare(conn, prints)
    _write_down_lines(conn, drafts)


def _row(draft: Draft, account: UUID, file_id: int, seal: str, now: datetime) -> tuple[object, ...]:
    line = draft.first
    own = not draft.per_report
    return (
        str(draft.sync_id),
        str(account),
        line.courier,
        draft.kind.value,
        file_id,
        line.report_id,
        line.line_id if own else None,
        str(line.line_key) if own else None,
        line.revision if own else 1,
        str(line.order_id) if own else None,
        _text(draft.demand_id),
        draft.amount,
        _text(draft.depends_on),
        Json(to_stored(draft.document)),
        seal,
        _text(draft.state_now),
        line.dry_run,
        now,
    )


def _compare(conn: Connection, prints: dict[UUID, str]) -> None:
    with conn.cursor() as cursor:
        cursor.execute(
            "select sync_id::text, fingerprint from posting where sync_id = any(%s::uuid[])",
            ([str(sync_id) for sync_id in prints],),
        )
        for text, known in cursor.fetchall():
            new = prints[UUID(text)]
            if known != new:
                raise ChangedDocument(UUID(text), known, new)


def _write_down_lines(conn: Connection, drafts: Iterable[Draft]) -> None:
    rows = [
        (str(line.line_key), draft.kind.value, line.revision, str(draft.sync_id), line.line_id)
        for draft in drafts
        if draft.per_report
        for line in draft.lines
        if line.fees
    ]
    with conn.cursor() as cursor:
        execute_values(
            cursor,
            "insert into posting_line (line_key, kind, revision, sync_id, line_id) values %s",
            rows,
            page_size=1000,
        )


def try_again(conn: Connection, file_id: int, by: str, now: datetime) -> None:
    """Gives the file's refused documents another try: a person may have put the cause right.

    What MoySklad has seen is looked up first, as after a lost answer. A document that stands there
    and is not the one we meant keeps its state: only a person can say which is right.
    """
    with conn.cursor() as cursor:
        cursor.execute(
            "update posting set state = case when sent_at is null then 'approved' else 'unsure' end "
            "where file_id = %s and (state = 'rejected' or state = 'failed' and moysklad_id is null) "
            "returning sync_id::text",
            (file_id,),
        )
        tried = [Change(UUID(row[0]), Kind.POSTING_RETRIED) for row in cursor.fetchall()]
    note_changes(conn, tried, by=by, now=now)


def started(conn: Connection, file_id: int) -> bool:
    """Whether a document of the file was ever approved: from then on its lines are a record."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select exists (select from posting where file_id = %s and state <> 'planned')",
            (file_id,),
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def planned(conn: Connection, file_id: int) -> Planned:
    """The file's documents that wait for approval."""
    documents: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    seal = hashlib.sha256()
    # Server-side: a file may have a million documents.
    with conn.cursor(name="planned") as cursor:
        cursor.execute(
            "select kind, amount, sync_id::text, fingerprint from posting "
            "where file_id = %s and state = 'planned' order by sync_id",
            (file_id,),
        )
        for kind, amount, sync_id, print_ in cursor:
            documents[kind] += 1
            amounts[kind] += amount
            seal.update(f"{sync_id} {print_}\n".encode())
    sums = {kind: Minor(amount) for kind, amount in amounts.items()}
    return Planned(dict(documents), sums, seal.hexdigest() if documents else "")


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
