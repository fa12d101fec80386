"""What a test does to a running stack: drop files, look into the books, shoot at it."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from sverka.intake.storage import Storage
from sverka.intake.zones import Zone
from sverka.moysklad.client import MoySklad
from sverka.settings import MoySkladConnection
from tests.support.s3 import free_ports

ROOT = Path(__file__).resolve().parents[2]
FINAL = ("settled", "quarantined")
BINDS = ("UI_BIND", "S3_BIND", "SFTP_BIND", "METRICS_BIND", "SANDBOX_BIND")


def compose_command() -> list[str] | None:
    """Compose v2 where there is one, else docker-compose."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0]) is None:
            continue
        done = subprocess.run([*command, "version"], capture_output=True, check=False)
        if done.returncode == 0:
            return command
    return None


def copy_of_the_tree(folder: Path) -> Path:
    """What a clone would have: files that git knows or would take, and none of the rest."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    tree = folder / "sverka"
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if source.is_file() and not source.is_symlink():
            target = tree / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return tree


@dataclass
class Stack:
    """One compose project in a folder of its own."""

    folder: Path
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)

    def configure(self) -> None:
        """Makes `.env` as a newcomer does, then chooses ports that nobody listens on."""
        subprocess.run(["deploy/new-env.sh"], cwd=self.folder, check=True)
        path = self.folder / ".env"
        ports = dict(zip(BINDS, free_ports(len(BINDS)), strict=True))
        chosen = {name: f"127.0.0.1:{port}" for name, port in ports.items()} | {
            "COMPOSE_PROJECT_NAME": f"sverka-test-{ports['UI_BIND']}",
            "PUBLIC_URL": f"http://localhost:{ports['UI_BIND']}",
            # Containers of a build reach the package index as this machine does.
            "BUILD_NETWORK": "host",
        }
        lines = [line for line in path.read_text().splitlines() if line.split("=")[0] not in chosen]
        lines += [f"{name}={value}" for name, value in chosen.items()]
        path.write_text("\n".join(lines) + "\n")
        pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
        self.env = dict(pairs)

    def compose(self, *arguments: str, stdin: str | None = None, quiet: bool = True) -> str:
        """Output of a compose command; its errors are shown when it fails."""
        done = subprocess.run(
            [*self.command, *arguments],
            cwd=self.folder,
            env={**os.environ, "COMPOSE_ANSI": "never"},
            input=stdin,
            capture_output=quiet,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout or ""

    def build(self) -> None:
        """One image for all of Sverka's services."""
        self.compose("build", "init")

    def up(self, *, workers: int = 1, seconds: float = 400) -> None:
        """Everything, until every container says it is healthy."""
        self.compose("up", "-d", "--scale", f"worker={workers}")
        self.wait_until(self.healthy, seconds=seconds, what="healthy containers")

    def healthy(self) -> bool:
        """Whether all containers run, and those with a health check are healthy."""
        return set(self.states().values()) <= {"running", "healthy"}

    def states(self) -> dict[str, str]:
        """Container → its health, or its state where nothing checks it; without `init`."""
        ids = self.compose("ps", "-a", "-q").split()
        found = subprocess.run(
            ["docker", "inspect", *ids], capture_output=True, text=True, check=True
        )
        return {
            one["Name"]: (one["State"].get("Health") or {}).get("Status", one["State"]["Status"])
            for one in json.loads(found.stdout)
            if one["Config"]["Labels"]["com.docker.compose.service"] != "init"
        }

    def shoot(self, service: str, *, index: int = 1) -> None:
        """Kills every process of the container at once; its restart policy has to bring it back."""
        kill = "import os; os.kill(-1, 9)"
        subprocess.run(
            [*self.command, "exec", "-T", "--index", str(index), service, "python", "-c", kill],
            cwd=self.folder,
            capture_output=True,
            check=False,
        )

    def restarts(self) -> dict[str, int]:
        """Service → how often Docker has started its containers again."""
        ids = self.compose("ps", "-a", "-q").split()
        found = subprocess.run(
            ["docker", "inspect", *ids], capture_output=True, text=True, check=True
        )
        counts: dict[str, int] = {}
        for one in json.loads(found.stdout):
            service = one["Config"]["Labels"]["com.docker.compose.service"]
            counts[service] = counts.get(service, 0) + one["RestartCount"]
        return counts

    def script(self, name: str, *arguments: str) -> str:
        """A script of deploy/, as the data engineer runs it."""
        done = subprocess.run(
            [f"deploy/{name}", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{name}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def keep_logs(self, folder: Path) -> None:
        """What the containers said, for whoever looks for the reason of a failure."""
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [*self.command, "logs", "--no-color"], cwd=self.folder, capture_output=True, check=False
        )
        (folder / "compose.log").write_bytes(done.stdout)

    def destroy(self) -> None:
        """Containers, network and all data."""
        self.compose("down", "--volumes", "--timeout", "20")

    # -----------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://{self.env['UI_BIND']}"

    @cached_property
    def _s3_options(self) -> dict[str, Any]:
        return {
            "key": self.env["S3_ACCESS_KEY"],
            "secret": self.env["S3_SECRET_KEY"],
            "endpoint_url": f"http://{self.env['S3_BIND']}",
            "client_kwargs": {"region_name": "us-east-1"},
        }

    def bucket(self) -> Zone:
        """The S3 inbox, as whoever drops files there reaches it."""
        return Zone("s3", "s3://inbox", self._s3_options)

    def sftp(self) -> Zone:
        """The SFTP inbox, as a courier reaches it: by password, with the host key pinned."""
        host, port = self.env["SFTP_BIND"].split(":")
        options = {
            "port": int(port),
            "username": self.env["SFTP_USER"],
            "password": self.env["SFTP_PASSWORD"],
            "host_key": self.env["SFTP_HOST_KEY"],
        }
        return Zone("sftp", f"sftp://{host}/inbox", options)

    def storage(self, bucket: str = "sverka") -> Storage:
        return Storage(f"s3://{bucket}", self._s3_options)

    @property
    def moysklad(self) -> MoySklad:
        """A client of the sandbox, apart from the stack's own."""
        url = f"http://{self.env['SANDBOX_BIND']}/api/remap/1.2"
        return MoySklad(MoySkladConnection(url=url, token=self.env["MOYSKLAD_TOKEN"]))

    def query(self, statement: str, database: str = "sverka") -> list[dict[str, Any]]:
        """Rows of a statement without parameters."""
        wrapped = f"select coalesce(json_agg(q), '[]') from ({statement}) q"
        options = ("--tuples-only", "--no-align", "--username=postgres", f"--dbname={database}")
        said = self.compose("exec", "-T", "postgres", "psql", *options, stdin=wrapped)
        return list(json.loads(said))

    def files(self) -> dict[str, str]:
        """Name → state, of all files that were taken."""
        return {row["name"]: row["state"] for row in self.query("select name, state from file")}

    def wait_for_files(self, names: Sequence[str], *, seconds: float = 900) -> None:
        """Until every named file is settled or quarantined."""

        def done() -> bool:
            states = self.files()
            return all(states.get(name) in FINAL for name in names)

        self.wait_until(done, seconds=seconds, what=f"the files {sorted(names)}")

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Until `ready`; a stack that does not answer at the moment is not ready."""
        deadline = time.monotonic() + seconds
        while not _quietly(ready):
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds:.0f} s for {what}; {self.states()}")
            time.sleep(2)

    def bearer(self, user: str, password: str) -> dict[str, str]:
        """The header of a user who has logged in."""
        answer = requests.post(
            f"{self.url}/auth/token", json={"username": user, "password": password}, timeout=30
        )
        answer.raise_for_status()
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def admin(self) -> dict[str, str]:
        return self.bearer(self.env["ADMIN_USER"], self.env["ADMIN_PASSWORD"])


def _quietly(ready: Callable[[], bool]) -> bool:
    try:
        return ready()
    except (AssertionError, subprocess.CalledProcessError, requests.RequestException, ValueError):
        return False
