"""A witness of every change of state: no change without its event, no event without its change.

Triggers write down what statements do to `posting` and `file`, with the id of their transaction;
in the end this is compared with the journal rows of the same transactions. Only Sverka's own
connections are watched, not the tests that prepare a state by hand.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sverka.database.connection import connect

INSTALL = """
create table witnessed (
    n bigint generated always as identity primary key, xid text, what text, key text,
    file_id bigint, was text, became text
);
create function witness() returns trigger language plpgsql as $$
declare
    seen record := coalesce(new, old);
begin
    if current_setting('application_name') = 'sverka' then
        insert into witnessed (xid, what, key, file_id, was, became)
        values (pg_current_xact_id()::xid::text, tg_table_name,
                case tg_table_name when 'file' then to_jsonb(seen) ->> 'id'
                                   else to_jsonb(seen) ->> 'sync_id' end,
                (to_jsonb(seen) ->> case tg_table_name when 'file' then 'id' else 'file_id' end)::bigint,
                to_jsonb(old) ->> 'state', to_jsonb(new) ->> 'state');
    end if;
    return null;
end $$;
create trigger witness after insert or update or delete on posting
    for each row execute function witness();
create trigger witness after insert or update or delete on file
    for each row execute function witness();
"""

# What a transaction did to a row, first and last state; several statements may have touched it.
_NET = """
    net as (
        select xid, what, key, max(file_id) as file_id,
               (array_agg(was order by n))[1] as was,
               (array_agg(became order by n desc))[1] as became
          from witnessed group by xid, what, key
    ), told as (
        select xmin::text as xid, id, kind, file_id, sync_id::text as sync_id,
               detail ->> 'state' as state
          from journal
    )
"""

UNTOLD = f"""
    with {_NET}
    select n.what, n.key, n.was, n.became from net n
     where n.was is distinct from n.became
       and not exists (
           select from told t
            where t.xid = n.xid
              and case when n.what = 'file'
                       then t.kind like 'file.%' and t.file_id = n.file_id and t.state = n.became
                       when coalesce(n.was, 'planned') = 'planned'
                            and coalesce(n.became, 'planned') = 'planned'
                       then t.kind like 'plan.%' and t.file_id = n.file_id
                       else t.sync_id = n.key and t.state = n.became end)
"""

UNDONE = f"""
    with {_NET}
    select t.id, t.kind, t.sync_id, t.state from told t
     where t.sync_id is not null and t.kind like 'posting.%' and t.kind <> 'posting.kept'
       and not exists (select from net n where n.xid = t.xid and n.what = 'posting'
                          and n.key = t.sync_id and n.became = t.state)
"""


def disagreements(url: str) -> list[tuple[object, ...]]:
    """Changes that were not told and events of what did not happen."""
    with connect(url) as conn, conn.cursor() as cursor:
        cursor.execute(UNTOLD)
        found = [("no event", *row) for row in cursor.fetchall()]
        cursor.execute(UNDONE)
        return found + [("no change", *row) for row in cursor.fetchall()]


@contextmanager
def witnessed(url: str) -> Iterator[None]:
    """Watches the database while the test runs, and fails it in the end for any disagreement."""
    with connect(url) as conn, conn.cursor() as cursor:
        cursor.execute(INSTALL)
    yield
    assert disagreements(url) == []
