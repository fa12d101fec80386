"""A copy of the storage: what was saved is what is loaded, in whatever storage that is."""

import io
import tarfile

import pytest

from deploy.storage import Filesystems, load, save
from sverka.intake.filesystem import open_filesystem
from tests.support.s3 import S3Server

OBJECTS = {
    "archive/ab/abcdef": b"\x00\x01 bytes",
    "reports/2026-11-22/отчёт за день.html": "Расхождения".encode(),
    "reports/latest/empty": b"",
    f"quarantine/{'длинное имя ' * 5}.xlsx": b"x" * 100_000,
}


@pytest.fixture
def filled(s3_server: S3Server) -> Filesystems:
    filesystem, root = open_filesystem(f"s3://{s3_server.new_bucket()}/books", s3_server.options)
    for name, data in OBJECTS.items():
        filesystem.pipe_file(f"{root}/{name}", data)
    return {"storage": (filesystem, root)}


def saved(places: Filesystems) -> io.BytesIO:
    out = io.BytesIO()
    assert save(places, out) == sum(len(fs.find(root)) for fs, root in places.values())
    out.seek(0)
    return out


def contents(filesystem: object, root: str) -> dict[str, bytes]:
    paths = filesystem.find(root)  # type: ignore[attr-defined]
    return {path[len(root) + 1 :]: filesystem.cat_file(path) for path in paths}  # type: ignore[attr-defined]


def test_every_object_comes_back_under_its_name(filled: Filesystems, s3_server: S3Server) -> None:
    copy = saved(filled)
    other = open_filesystem(f"s3://{s3_server.new_bucket()}", s3_server.options)
    assert load({"storage": other}, copy) == len(OBJECTS)
    assert contents(*other) == OBJECTS


def test_loading_twice_is_loading_once(filled: Filesystems) -> None:
    copy = saved(filled)
    for _ in range(2):
        copy.seek(0)
        load(filled, copy)
    assert contents(*filled["storage"]) == OBJECTS


def test_what_is_taken_from_an_inbox_meanwhile_is_passed_over(filled: Filesystems) -> None:
    filesystem, root = filled["storage"]

    class Emptied:
        """Shows one object more than can be read."""

        def find(self, folder: str) -> list[str]:
            return [*filesystem.find(folder), f"{folder}/taken.xlsx"]

        def open(self, path: str, mode: str) -> object:
            return filesystem.open(path, mode)

    out = io.BytesIO()
    assert save({"storage": (Emptied(), root)}, out) == len(OBJECTS)


def test_a_copy_of_another_installation_is_refused_by_name() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("inbox-dalli/report.xlsx"))
    out.seek(0)
    with pytest.raises(ValueError, match="inbox-dalli"):
        load({}, out)
