"""Which file a person means: by its number, its name, or the file itself."""

import hashlib
from pathlib import Path

from sverka.database.connection import Connection
from sverka.errors import SverkaError


class NoSuchFile(SverkaError):
    """Nothing, or more than one thing, is called so."""


def file_named(conn: Connection, text: str) -> int:
    """The id of a taken file: `12`, `реестр.xlsx`, its name with the hash, or a path to its bytes.

    Raises:
        NoSuchFile: nobody took such a file, or several have this name; says which.
    """
    wanted = text.strip()
    path = Path(wanted)
    if path.is_file():
        return _only(conn, "sha256 = %s", hashlib.sha256(path.read_bytes()).hexdigest(), wanted)
    if wanted.isdecimal():
        return _only(conn, "id::text = %s", wanted, wanted)
    return _only(conn, "%s in (name, partition_key, sha256)", wanted, wanted)


def _only(conn: Connection, where: str, value: str, said: str) -> int:
    with conn.cursor() as cursor:
        cursor.execute(
            f"select id, name, received_at from file where {where} order by id",  # noqa: S608 - one of three constants
            (value,),
        )
        rows = cursor.fetchall()
    if not rows:
        raise NoSuchFile(f"Файла «{said}» Сверка не принимала. Проверьте имя или номер.")
    if len(rows) > 1:
        known = ", ".join(f"{file_id} (принят {at:%d.%m.%Y})" for file_id, _, at in rows)
        raise NoSuchFile(f"Под именем «{said}» принято несколько файлов. Назовите номер: {known}.")
    return int(rows[0][0])
