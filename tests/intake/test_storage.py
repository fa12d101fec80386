"""The storage keeps files for good, the same way on every filesystem."""

from pathlib import Path
from typing import Any

import pytest

from sverka.intake.place import Away
from sverka.intake.storage import Storage


@pytest.fixture
def storage(place: tuple[str, dict[str, Any]]) -> Storage:
    return Storage(*place)


def test_what_is_written_is_read_back(storage: Storage) -> None:
    storage.write("archive/ab/abcdef", b"bytes")
    assert storage.read("archive/ab/abcdef") == b"bytes"
    assert storage.exists("archive/ab/abcdef")
    assert storage.size("archive/ab/abcdef") == 5


def test_writing_again_replaces(storage: Storage) -> None:
    storage.write("latest/отчёт.html", b"old and longer")
    storage.write("latest/отчёт.html", b"new")
    assert storage.read("latest/отчёт.html") == b"new"


def test_what_is_not_there_is_said_to_be_not_there(storage: Storage) -> None:
    assert not storage.exists("nothing/here")
    assert storage.size("nothing/here") is None
    assert storage.list("nothing") == []
    with pytest.raises(FileNotFoundError):
        storage.read("nothing/here")


def test_a_list_gives_paths_that_can_be_read(storage: Storage) -> None:
    for path in ("q/2026-11-20/б в.csv", "q/2026-11-20/а.csv", "q/2026-11-21/в.csv", "other/x"):
        storage.write(path, b"x")
    assert storage.list("q") == ["q/2026-11-20/а.csv", "q/2026-11-20/б в.csv", "q/2026-11-21/в.csv"]
    assert storage.list("q/2026-11-21") == ["q/2026-11-21/в.csv"]
    assert len(storage.list("")) == 4
    assert all(storage.read(path) == b"x" for path in storage.list("q"))


def test_a_large_file_is_taken_in_from_disk(storage: Storage, tmp_path: Path) -> None:
    local = tmp_path / "large"
    local.write_bytes(b"large" * 100_000)
    storage.take_in("archive/la/large", str(local))
    assert storage.size("archive/la/large") == 500_000
    assert storage.list("archive") == ["archive/la/large"]


@pytest.mark.parametrize("path", ["", "/", "..", "a/../../b", "a//b", "./a"])
def test_no_path_leads_out_of_the_root(tmp_path: Path, path: str) -> None:
    storage = Storage(str(tmp_path), {})
    for action in (storage.read, storage.exists, storage.uri):
        with pytest.raises((ValueError, Away)):
            action(path)
    with pytest.raises(ValueError, match="stay below"):
        storage.write(path, b"x")


def test_an_address_for_people_has_no_password() -> None:
    storage = Storage("sftp://shop:s3cr3t@host:2222/data", {})
    assert storage.uri("quarantine/а.csv") == "sftp://shop@host:2222/data/quarantine/а.csv"


def test_a_folder_may_be_given_as_a_path_or_as_a_uri(tmp_path: Path) -> None:
    folder = tmp_path / "Общая папка 100%"
    folder.mkdir()
    Storage(str(folder), {}).write("а.csv", b"x")
    as_uri = Storage(folder.as_uri(), {})
    assert as_uri.read("а.csv") == b"x"
    assert as_uri.uri("а.csv") == f"file://{folder}/а.csv"


def test_a_half_written_file_is_never_visible(tmp_path: Path, monkeypatch: Any) -> None:
    """The process dies between writing and renaming: the old content stays, nothing is listed."""
    storage = Storage(str(tmp_path), {})
    storage.write("a/file", b"old")

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("fsspec.implementations.local.LocalFileSystem.mv", killed)
    with pytest.raises(KeyboardInterrupt):
        storage.write("a/file", b"new")
    with pytest.raises(KeyboardInterrupt):
        storage.write("a/other", b"new")
    assert storage.read("a/file") == b"old"
    assert storage.list("a") == ["a/file"]
