"""Only the server we know, and a session that comes back after it was lost."""

from pathlib import Path
from typing import Any

import pytest

from sverka.errors import Misconfigured
from sverka.intake.place import Away
from sverka.intake.zones import Zone
from tests.support.sftp import SFTPServer, running_sftp


def zone_with(server: SFTPServer, folder: Path, **changes: Any) -> Zone:
    options = {k: v for k, v in (server.options | changes).items() if v is not None}
    return Zone("z", server.url(folder), options)


def test_the_pinned_server_is_let_in(sftp_server: SFTPServer, tmp_path: Path) -> None:
    assert zone_with(sftp_server, tmp_path).look() == []


def test_another_server_under_the_same_address_is_refused(
    sftp_server: SFTPServer, tmp_path: Path
) -> None:
    zone = zone_with(sftp_server, tmp_path, host_key=sftp_server.other_host_key)
    with pytest.raises(Away, match="BadHostKey"):
        zone.look()


def test_a_server_that_nobody_vouched_for_is_refused(
    sftp_server: SFTPServer, tmp_path: Path
) -> None:
    with pytest.raises(Away, match="not found in known_hosts"):
        zone_with(sftp_server, tmp_path, host_key=None).look()


@pytest.mark.parametrize("form", ["{key}", "{key} comment", "[127.0.0.1]:{port} {key}"])
def test_the_key_may_be_written_as_known_hosts_has_it(
    sftp_server: SFTPServer, tmp_path: Path, form: str
) -> None:
    key = form.format(key=sftp_server.host_key, port=sftp_server.port)
    assert zone_with(sftp_server, tmp_path, host_key=key).look() == []


@pytest.mark.parametrize("nonsense", ["AAAA", "ssh-ed25519", "ssh-nonsense AAAA", "host"])
def test_a_key_that_is_none_is_a_setting_error(
    sftp_server: SFTPServer, tmp_path: Path, nonsense: str
) -> None:
    with pytest.raises((Misconfigured, Away)):
        zone_with(sftp_server, tmp_path, host_key=nonsense).look()


def test_a_private_key_that_is_none_is_a_setting_error(
    sftp_server: SFTPServer, tmp_path: Path
) -> None:
    with pytest.raises(Misconfigured, match="private key"):
        zone_with(sftp_server, tmp_path, private_key="no key").look()


def test_a_wrong_password_is_no_way_in(sftp_server: SFTPServer, tmp_path: Path) -> None:
    with pytest.raises(Away):
        zone_with(sftp_server, tmp_path, private_key=None, password="guess").look()


def test_a_lost_session_is_replaced(tmp_path: Path) -> None:
    """The same zone object: alive, server dead, server back under the same key and port."""
    folder = tmp_path / "server"
    folder.mkdir()
    with running_sftp(folder) as server:
        zone = zone_with(server, tmp_path)
        assert zone.look() == []
        transport = zone._open[0].client.get_transport()  # type: ignore[index]
        transport.close()
        with pytest.raises(Away):
            zone.look()
        assert zone.look() == []
    zone.close()
    with pytest.raises(Away):
        zone.look()
