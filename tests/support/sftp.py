"""A real SFTP server for tests: OpenSSH's sshd, as the current user, on a high port."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.s3 import free_ports


@dataclass(frozen=True)
class SFTPServer:
    """Where it listens, who it is, and who may come in."""

    port: int
    host_key: str
    other_host_key: str
    """A well-formed key that is not this server's."""
    private_key: str
    folder: Path

    @property
    def options(self) -> dict[str, Any]:
        """fsspec storage options."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "username": getpass.getuser(),
            "private_key": self.private_key,
            "host_key": self.host_key,
        }

    def url(self, folder: Path) -> str:
        return f"sftp://127.0.0.1:{self.port}{folder}"


def sshd_binary() -> str | None:
    """The server's path; sshd insists on being started by its absolute path."""
    return shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def running_sftp(folder: Path) -> Iterator[SFTPServer]:
    """sshd with fresh keys; only the fresh user key may come in."""
    sshd = sshd_binary()
    if sshd is None:
        pytest.skip("no sshd on this machine: `apt-get install openssh-server`")
    for name in ("host", "other", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
        )
    (folder / "authorized").write_text((folder / "user.pub").read_text())
    if os.geteuid() == 0:
        # The compiled-in folder of sshd's privilege separation.
        Path("/run/sshd").mkdir(exist_ok=True)
    [port] = free_ports(1)
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\n"
        f"AuthorizedKeysFile {folder / 'authorized'}\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n"
        f"PidFile {folder / 'pid'}\nSubsystem sftp internal-sftp\nLogLevel INFO\n"
    )
    log = folder / "sshd.log"
    with log.open("wb") as errors:
        process = subprocess.Popen([sshd, "-D", "-e", "-f", str(config)], stderr=errors)
    try:
        _wait_for_port(port, process, log)
        yield SFTPServer(
            port=port,
            host_key=_public(folder / "host"),
            other_host_key=_public(folder / "other"),
            private_key=(folder / "user").read_text(),
            folder=folder,
        )
    finally:
        process.terminate()
        process.wait()


def _public(path: Path) -> str:
    kind, key = Path(f"{path}.pub").read_text().split()[:2]
    return f"{kind} {key}"


def _wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"sshd did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def sftp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SFTPServer]:
    """One sshd per session."""
    with running_sftp(tmp_path_factory.mktemp("sftp")) as server:
        yield server
