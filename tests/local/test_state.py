"""Ports and secrets of a local installation are chosen once and stay private."""

import socket
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.state import HOST, State, free_port, is_free


@contextmanager
def _listener() -> Iterator[int]:
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> State:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    state = State(tmp_path / "state")
    state.create()
    return state


def test_a_port_somebody_listens_on_is_not_free() -> None:
    with _listener() as port:
        assert not is_free(port)
    assert is_free(port)


def test_a_busy_port_is_avoided() -> None:
    with _listener() as port:
        assert free_port(port) > port


def test_the_choice_is_kept(state: State) -> None:
    assert state.secrets() == State(state.folder).secrets()


def test_secrets_differ_between_installations(state: State, tmp_path: Path) -> None:
    other = State(tmp_path / "other")
    other.create()
    assert other.secrets().jwt_secret != state.secrets().jwt_secret
    assert other.secrets().admin_password != state.secrets().admin_password


def test_only_the_owner_reads_them(state: State) -> None:
    state.secrets()
    assert stat.S_IMODE(state.settings_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.control_folder.stat().st_mode) == 0o700


def test_the_control_socket_fits_into_108_bytes_wherever_the_project_lies(tmp_path: Path) -> None:
    deep = State(tmp_path / ("очень длинное имя папки " * 4))
    socket_path = deep.control_folder / "supervisor.sock.12345"
    assert len(str(socket_path).encode()) < 108


def test_two_installations_do_not_share_a_control_folder(tmp_path: Path) -> None:
    assert State(tmp_path / "a").control_folder != State(tmp_path / "b").control_folder
