"""A copy of the storage: what was saved is what is loaded, in whatever storage that is."""

import io
import tarfile

import pytest

from deploy.storage import Filesystems, load, main, save
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


def saved(places: Filesystems, *, reports: bool) -> io.BytesIO:
    out = io.BytesIO()
    save(places, out, reports=reports)
    out.seek(0)
    return out


def named(copy: io.BytesIO) -> set[str]:
    with tarfile.open(fileobj=copy) as tar:
        return set(tar.getnames())


def contents(filesystem: object, root: str) -> dict[str, bytes]:
    paths = filesystem.find(root)  # type: ignore[attr-defined]
    return {path[len(root) + 1 :]: filesystem.cat_file(path) for path in paths}  # type: ignore[attr-defined]


def test_every_object_comes_back_under_its_name(filled: Filesystems, s3_server: S3Server) -> None:
    other = open_filesystem(f"s3://{s3_server.new_bucket()}", s3_server.options)
    loaded = [load({"storage": other}, saved(filled, reports=part)) for part in (True, False)]
    assert loaded == [2, 2]
    assert contents(*other) == OBJECTS


def test_what_is_published_is_a_copy_of_its_own(filled: Filesystems) -> None:
    """The heads of the journal are among it: they must be copied before the journal is."""
    published = {f"storage/{name}" for name in OBJECTS if name.startswith("reports/")}
    assert named(saved(filled, reports=True)) == published
    assert (
        named(saved(filled, reports=False)) == {f"storage/{name}" for name in OBJECTS} - published
    )


def test_reports_in_an_inbox_are_not_what_we_published(filled: Filesystems) -> None:
    inbox = {"inbox-s3": filled["storage"]}
    assert named(saved(inbox, reports=True)) == set()
    assert len(named(saved(inbox, reports=False))) == len(OBJECTS)


@pytest.mark.parametrize("arguments", [["save"], ["save", "everything"], ["load", "x"], []])
def test_what_is_not_understood_copies_nothing(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, {"SVERKA_STORAGE_URL": "file:///nowhere"}) == 2
    assert capsys.readouterr().out == ""


def test_loading_twice_is_loading_once(filled: Filesystems) -> None:
    copy = saved(filled, reports=False)
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
    assert save({"storage": (Emptied(), root)}, out, reports=False) == len(OBJECTS) - 2


def test_a_copy_of_another_installation_is_refused_by_name() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("inbox-dalli/report.xlsx"))
    out.seek(0)
    with pytest.raises(ValueError, match="inbox-dalli"):
        load({}, out)
