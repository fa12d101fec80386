"""The state that a reset goes back to, and the way back that touches only what was changed.

A simulation resets the sandbox a thousand times. Copying a database template takes about 100 ms and
loading the shop anew far more; deleting what was touched and putting back what it was before
takes milliseconds, whatever the size of the shop.
"""

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class

from sverka.moysklad.sandbox.storage import Store

_COLUMNS = "id, type, sync_id, created, updated, deleted, body"
_MARK = f"""
    truncate sandbox.baseline, sandbox.baseline_link, sandbox.baseline_numbering;
    insert into sandbox.baseline select {_COLUMNS} from sandbox.object;
    insert into sandbox.baseline_link select source, field, target, sum from sandbox.link;
    insert into sandbox.baseline_numbering select type, year, last from sandbox.numbering;
    update sandbox.object set touched = false where touched;
"""  # noqa: S608 - the columns are a constant
_RESET = f"""
    delete from sandbox.object where touched;
    with back as (
        insert into sandbox.object ({_COLUMNS}, touched)
        select {_COLUMNS}, false from sandbox.baseline b
        where not exists (select from sandbox.object o where o.id = b.id)
        returning id
    )
    insert into sandbox.link (source, field, target, sum)
    select l.source, l.field, l.target, l.sum
    from sandbox.baseline_link l join back on back.id = l.source;
    delete from sandbox.numbering;
    insert into sandbox.numbering (type, year, last)
    select type, year, last from sandbox.baseline_numbering;
"""  # noqa: S608 - the columns are a constant


def mark(store: Store) -> None:
    """Takes the present state as the baseline."""
    store.lock_writers()
    store.cursor.execute(_MARK)


def mark_if_none(store: Store) -> None:
    """Takes the present state as the baseline where there is none yet."""
    if not _has_baseline(store.cursor):
        mark(store)


def reset(store: Store) -> None:
    """Goes back to the baseline."""
    store.lock_writers()
    store.cursor.execute(_RESET)


def _has_baseline(cursor: Cursor) -> bool:
    cursor.execute("select exists (select from sandbox.baseline)")
    row = cursor.fetchone()
    return bool(row and row[0])
