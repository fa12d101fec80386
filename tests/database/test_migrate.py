"""Migrations bring any database to the newest schema, once."""

import psycopg2

from sverka.database.migrate import migrate


def _tables(url: str) -> set[str]:
    conn = psycopg2.connect(url)
    try:
        with conn.cursor() as cursor:
            cursor.execute(
                "select table_name from information_schema.tables where table_schema = 'public'"
            )
            return {name for (name,) in cursor.fetchall()}
    finally:
        conn.close()


def test_an_empty_database_gets_the_whole_schema(empty_database_url: str) -> None:
    migrate(empty_database_url)
    assert {"file", "report", "line", "verdict", "posting"} <= _tables(empty_database_url)


def test_migrating_again_changes_nothing(empty_database_url: str) -> None:
    migrate(empty_database_url)
    before = _tables(empty_database_url)
    migrate(empty_database_url)
    assert _tables(empty_database_url) == before
