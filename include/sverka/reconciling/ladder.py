"""The ladder of keys: from a number as it is written to the order that it means."""

from collections.abc import Iterator, Mapping, Sequence

from psycopg2.extras import execute_values

from sverka.database.connection import Connection
from sverka.reconciling.affixes import bare_keys
from sverka.reconciling.terms import Terms

AT_ONCE = 5_000
"""Rows per statement."""


def take_off_affixes(conn: Connection, terms: Sequence[Terms]) -> None:
    """Fills the temporary table `alike` for the numbers that the books do not know."""
    by_courier = {one.courier: one for one in terms}
    with conn.cursor() as cursor:
        cursor.execute("select line_id, courier, order_ref from unnamed order by line_id")
        rows = list(_alike(cursor.fetchall(), by_courier))
        if rows:
            execute_values(cursor, "insert into alike values %s", rows, page_size=AT_ONCE)
        cursor.execute("create index on alike (key); analyze alike")


def _alike(
    unnamed: Sequence[tuple[int, str, str]], terms: Mapping[str, Terms]
) -> Iterator[tuple[int, str, str]]:
    for line_id, courier, text in unnamed:
        own = terms[courier]
        for key, rung in bare_keys(text, own.order_prefixes, own.order_suffixes).items():
            yield line_id, key, rung
