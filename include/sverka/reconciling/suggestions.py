"""Suggestions: what a person may look at where a line was not booked. Posting never reads them."""

from collections.abc import Mapping, Sequence

from psycopg2.extras import execute_values

from sverka.database.connection import Connection

WORDS = "могли вернуться: {goods}"


def suggest_goods(conn: Connection, may_come_back: Mapping[int, Sequence[str]]) -> None:
    """Writes down the sets of goods that may have come back, in words, by line."""
    rows = [
        (line_id, rank, WORDS.format(goods=goods))
        for line_id, sets in may_come_back.items()
        for rank, goods in enumerate(sets, start=1)
    ]
    if not rows:
        return
    with conn.cursor() as cursor:
        execute_values(
            cursor,
            "insert into suggestion (line_id, rank, kind, words) values %s",
            rows,
            template="(%s, %s, 'goods', %s)",
        )
