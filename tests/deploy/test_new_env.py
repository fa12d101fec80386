"""`deploy/new-env.sh`: strong secrets, made once, kept for ever."""

import base64
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRETS = (
    *("ADMIN_PASSWORD", "AIRFLOW_DB_PASSWORD", "SVERKA_DB_PASSWORD", "POSTGRES_PASSWORD"),
    *(
        "REDIS_PASSWORD",
        "SFTP_PASSWORD",
        "GRAFANA_PASSWORD",
        "S3_ACCESS_KEY",
        "S3_SECRET_KEY",
        "MOYSKLAD_TOKEN",
    ),
    *("FERNET_KEY", "JWT_SECRET", "API_SECRET_KEY"),
)

if shutil.which("ssh-keygen") is None or shutil.which("openssl") is None:
    pytest.skip("openssl and ssh-keygen make the secrets", allow_module_level=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy" / "new-env.sh", tmp_path / "deploy")
    shutil.copy(ROOT / ".env.example", tmp_path)
    return tmp_path


def run(clone: Path) -> dict[str, str]:
    subprocess.run(["deploy/new-env.sh"], cwd=clone, check=True, capture_output=True)
    lines = (clone / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_every_secret_is_made_and_no_two_are_alike(clone: Path) -> None:
    made = run(clone)
    values = [made[name] for name in SECRETS]
    assert all(len(value) >= 40 for value in values)
    assert len(set(values)) == len(values)
    assert len(base64.urlsafe_b64decode(made["FERNET_KEY"])) == 32


def test_another_installation_has_other_secrets(clone: Path) -> None:
    first = run(clone)
    (clone / ".env").unlink()
    second = run(clone)
    assert [name for name in SECRETS if first[name] == second[name]] == []


def test_saying_it_again_changes_nothing(clone: Path) -> None:
    run(clone)
    before = (clone / ".env").read_text()
    run(clone)
    assert (clone / ".env").read_text() == before


def test_what_people_have_chosen_stays_and_new_settings_are_added(clone: Path) -> None:
    (clone / ".env").write_text("PUBLIC_URL=https://sverka.example\nOURS=1\nSFTP_PASSWORD=kept\n")
    made = run(clone)
    assert (made["PUBLIC_URL"], made["OURS"], made["SFTP_PASSWORD"]) == (
        "https://sverka.example",
        "1",
        "kept",
    )
    assert made["JWT_SECRET"]


def test_only_the_owner_can_read_them(clone: Path) -> None:
    run(clone)
    for path in (".env", "deploy/secrets/ssh_host_ed25519_key"):
        assert stat.S_IMODE((clone / path).stat().st_mode) == 0o600


def test_the_host_key_that_is_pinned_is_the_one_the_server_shows(clone: Path) -> None:
    pinned = run(clone)["SFTP_HOST_KEY"]
    public = (clone / "deploy" / "secrets" / "ssh_host_ed25519_key.pub").read_text()
    assert public.startswith(pinned)
    assert pinned.startswith("ssh-ed25519 ")
