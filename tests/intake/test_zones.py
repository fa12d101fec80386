"""A landing zone is the same thing on a folder, on S3 and on SFTP."""

from pathlib import Path
from typing import Any

import pytest

from sverka.intake.place import Away
from sverka.intake.zones import Zone
from tests.support.s3 import S3Server
from tests.support.sftp import SFTPServer

NAMES = [
    "report.xlsx",
    "Реестр наложенных платежей за ноябрь.xlsx",
    'кавычки «ёлочки» и "лапки".csv',
    "it's 100% + [x] {y} *?#&=;.csv",
    "back\\slash.csv",
    " пробел впереди.csv",
    "ы" * 110 + ".csv",
]


def test_an_empty_zone_has_no_files(zone: Zone) -> None:
    assert zone.look() == []


@pytest.mark.parametrize("name", NAMES)
def test_any_name_goes_in_and_out_unchanged(zone: Zone, name: str) -> None:
    if zone.url.startswith("s3:") and "\\" in name:
        pytest.skip("SeaweedFS itself turns a backslash of a key into a slash")
    zone.drop(name, b"bytes")

    [entry] = zone.look()
    assert (entry.name, entry.size) == (name, 5)
    assert zone.sees(entry)
    assert zone.fetch(name) == b"bytes"

    zone.remove(name)
    assert zone.look() == []
    assert not zone.sees(entry)


def test_every_look_is_fresh(zone: Zone) -> None:
    for count in range(1, 4):
        zone.drop(f"{count}.csv", b"x")
        assert len(zone.look()) == count


def test_the_signature_stays_while_nothing_happens_and_changes_with_the_content(
    zone: Zone,
) -> None:
    zone.drop("a.csv", b"first")
    [first] = zone.look()
    assert zone.look() == [first]

    zone.drop("a.csv", b"other content")
    [second] = zone.look()
    assert second.signature != first.signature
    assert not zone.sees(first)
    assert zone.sees(second)


def test_an_empty_file_is_a_file(zone: Zone) -> None:
    zone.drop("empty.csv", b"")
    assert [(entry.name, entry.size) for entry in zone.look()] == [("empty.csv", 0)]
    assert zone.fetch("empty.csv") == b""


def test_large_contents_survive(zone: Zone) -> None:
    data = bytes(range(256)) * 12_345
    zone.drop("large.bin", data)
    assert zone.fetch("large.bin") == data


def test_temporary_names_are_passed_over(zone: Zone) -> None:
    for name in (".hidden", "~$book.xlsx", "a.part", "b.TMP", "c.filepart", "d.crdownload"):
        zone.drop(name, b"x")
    zone.drop("whole.csv", b"x")
    assert [entry.name for entry in zone.look()] == ["whole.csv"]


def test_a_file_that_is_gone_is_said_to_be_gone(zone: Zone) -> None:
    with pytest.raises(FileNotFoundError):
        zone.fetch("never.csv")
    zone.remove("never.csv")


@pytest.mark.parametrize("name", ["", ".", "..", "../outside.csv", "sub/inside.csv", "/etc/passwd"])
def test_nothing_outside_the_zone_can_be_named(local_zone: Zone, name: str) -> None:
    for action in (local_zone.fetch, local_zone.remove):
        with pytest.raises((ValueError, Away)):
            action(name)


def test_subfolders_and_links_are_not_entered(tmp_path: Path, local_zone: Zone) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "sub").mkdir()
    (inbox / "sub" / "inner.csv").write_bytes(b"x")
    (tmp_path / "secret").write_bytes(b"secret")
    (inbox / "link.csv").symlink_to(tmp_path / "secret")
    assert local_zone.look() == []


def test_a_link_on_an_sftp_server_is_not_followed(sftp_server: SFTPServer, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "box").mkdir()
    (tmp_path / "box" / "link.csv").symlink_to(tmp_path / "secret")
    assert Zone("z", sftp_server.url(tmp_path / "box"), sftp_server.options).look() == []


def test_a_prefix_in_a_bucket_does_not_show_its_subfolders(s3_server: S3Server) -> None:
    bucket = s3_server.new_bucket()
    filesystem = s3_server.filesystem()
    filesystem.pipe_file(f"{bucket}/box/a.csv", b"x")
    filesystem.pipe_file(f"{bucket}/box/sub/b.csv", b"x")
    filesystem.pipe_file(f"{bucket}/boxer/c.csv", b"x")
    zone = Zone("z", f"s3://{bucket}/box", s3_server.options)
    assert [entry.name for entry in zone.look()] == ["a.csv"]


def test_a_whole_bucket_can_be_a_zone(s3_server: S3Server) -> None:
    zone = Zone("z", f"s3://{s3_server.new_bucket()}", s3_server.options)
    assert zone.look() == []
    zone.drop("a.csv", b"x")
    assert [entry.name for entry in zone.look()] == ["a.csv"]


def test_a_folder_that_is_not_there_does_not_look_empty(
    tmp_path: Path, s3_server: S3Server, sftp_server: SFTPServer
) -> None:
    missing: list[tuple[str, dict[str, Any]]] = [
        (str(tmp_path / "unmounted"), {}),
        ("s3://no-such-bucket-here/in", s3_server.options),
        (sftp_server.url(tmp_path / "unmounted"), sftp_server.options),
    ]
    for url, options in missing:
        with pytest.raises(Away):
            Zone("z", url, options).look()


def test_names_of_old_windows_clients_do_not_stop_the_zone(
    sftp_server: SFTPServer, tmp_path: Path
) -> None:
    """A name in CP1251 is not UTF-8; on the same disk it is read through SFTP and as a folder."""
    box = tmp_path / "box"
    box.mkdir()
    raw = "отчёт.csv".encode("cp1251")
    with open(bytes(box) + b"/" + raw, "wb") as file:
        file.write(b"bytes")
    zones = [Zone("s", sftp_server.url(box), sftp_server.options), Zone("f", str(box))]
    for zone in zones:
        [entry] = zone.look()
        assert entry.name.encode("utf-8", "surrogateescape") == raw
        assert zone.sees(entry)
        assert zone.fetch(entry.name) == b"bytes"
    zones[0].remove(zones[0].look()[0].name)
    assert zones[1].look() == []
