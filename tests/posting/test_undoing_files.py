"""Which file a person means, by number, by name, by its bytes; never one of several."""

import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from sverka.database.connection import Connection
from sverka.posting.undoing_files import NoSuchFile, file_named
from tests.support.books import NOW, Books


@pytest.mark.parametrize("column", ["id", "name", "partition_key", "sha256"])
def test_a_file_is_known_by_all_its_names(books: Books, conn: Connection, column: str) -> None:
    books.file()
    file_id = books.file()
    [[text]] = books.run(f"select {column}::text from file where id = %s", file_id)
    assert file_named(conn, f" {text}\n") == file_id


def test_a_path_means_its_bytes(books: Books, conn: Connection, tmp_path: Path) -> None:
    books.file()
    file_id = books.file()
    path = tmp_path / "акт.xlsx"
    path.write_bytes(name := str(uuid4()).encode())
    with pytest.raises(NoSuchFile):
        file_named(conn, str(path))
    sha = hashlib.sha256(name).hexdigest()
    books.run("update file set sha256 = %s where id = %s", sha, file_id)
    assert file_named(conn, str(path)) == file_id


@pytest.mark.parametrize("text", ["нет такого.xlsx", "999999"])
def test_what_nobody_took_is_said(conn: Connection, text: str) -> None:
    with pytest.raises(NoSuchFile, match=f"Файла «{text}» Сверка не принимала"):
        file_named(conn, text)


def test_of_several_of_one_name_none_is_taken(books: Books, conn: Connection) -> None:
    name = f"{uuid4()}.xlsx"
    first, second = books.file(), books.file()
    books.run("update file set name = %s where id in (%s, %s)", name, first, second)
    later = NOW + timedelta(days=1)
    books.run("update file set received_at = %s where id = %s", later, second)
    with pytest.raises(NoSuchFile) as refused:
        file_named(conn, name)
    told = f"{first} (принят 20.11.2026), {second} (принят 21.11.2026)"
    assert told in str(refused.value)
