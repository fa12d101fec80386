"""The state folder of a local installation: ports and secrets, chosen once and kept."""

import hashlib
import json
import os
import secrets
import socket
import tempfile
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
UI_PORT = 8080
SANDBOX_PORT = 8090


@dataclass
class Secrets:
    """Ports and secrets of one installation; kept in `settings.json`, readable by its owner."""

    ui_port: int
    sandbox_port: int
    admin_password: str
    moysklad_token: str
    jwt_secret: str
    fernet_key: str


@dataclass(frozen=True)
class State:
    """The folder that holds everything a local installation writes."""

    folder: Path

    @property
    def settings_file(self) -> Path:
        return self.folder / "settings.json"

    @property
    def postgres_data(self) -> Path:
        return self.folder / "postgres"

    @property
    def airflow_home(self) -> Path:
        return self.folder / "airflow"

    @property
    def storage(self) -> Path:
        return self.folder / "storage"

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def environment_file(self) -> Path:
        """The `sverka` command reads it, so that people need not export anything."""
        return self.folder / "sverka.env"

    @property
    def control_folder(self) -> Path:
        """Short enough for a Unix socket (108 bytes), private, and named after the state folder."""
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]
        return Path(tempfile.gettempdir()) / f"sverka-{os.getuid()}-{digest}"

    def create(self) -> None:
        """Makes the folders that people and programs write to."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.airflow_home, self.storage, self.inbox, self.logs):
            folder.mkdir(exist_ok=True)
        self.control_folder.mkdir(mode=0o700, exist_ok=True)
        if self.control_folder.stat().st_uid != os.getuid():
            raise SystemExit(f"{self.control_folder} belongs to another user; remove it first")

    def secrets(self) -> Secrets:
        """What an earlier start chose, or a fresh choice."""
        if self.settings_file.exists():
            return Secrets(**json.loads(self.settings_file.read_text()))
        fresh = Secrets(
            ui_port=free_port(UI_PORT),
            sandbox_port=free_port(SANDBOX_PORT),
            admin_password=secrets.token_urlsafe(9),
            moysklad_token=secrets.token_hex(20),
            jwt_secret=secrets.token_urlsafe(64),
            fernet_key=urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        )
        self.keep(fresh)
        return fresh

    def keep(self, chosen: Secrets) -> None:
        """Writes the choice so that only its owner can read it."""
        descriptor = os.open(self.settings_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(chosen), file, indent=2)


def is_free(port: int) -> bool:
    """Whether a server on the loopback address could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) != 0


def free_port(wanted: int) -> int:
    """The wanted port, or the next one that nobody listens on."""
    for port in range(wanted, wanted + 100):
        if is_free(port):
            return port
    raise SystemExit(
        f"no free port between {wanted} and {wanted + 99}: stop something and try again"
    )
