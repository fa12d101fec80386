"""What all tables hold, as one fingerprint each: for «a refused operation changes nothing»."""

from sverka.database.connection import connect

TABLES = """
    select table_name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name
"""


def contents(url: str) -> dict[str, str]:
    """A hash of every table's rows, whatever their order."""
    with connect(url) as conn, conn.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(
                f"select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' "
                f'order by t::text collate "C")), \'\') from "{name}" t'
            )
            found[name] = cursor.fetchone()[0]
    return found
