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

READ_BY_CONTAINERS = (
    *("include/couriers", "include/courier_schemas", "include/posting_schemes"),
    *("deploy/postgres", "deploy/monitoring"),
)

if shutil.which("ssh-keygen") is None or shutil.which("openssl") is None:
    pytest.skip("openssl and ssh-keygen make the secrets", allow_module_level=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for folder in READ_BY_CONTAINERS:
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "one").write_text("")
    shutil.copy(ROOT / "deploy" / "new-env.sh", tmp_path / "deploy")
    shutil.copy(ROOT / ".env.example", tmp_path)
    return tmp_path


def said(clone: Path) -> str:
    command = [str(clone / "deploy" / "new-env.sh")]
    done = subprocess.run(command, cwd="/", check=True, capture_output=True, text=True)
    return done.stdout


def run(clone: Path) -> dict[str, str]:
    said(clone)
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


def test_what_was_emptied_on_purpose_stays_empty(clone: Path) -> None:
    run(clone)
    path = clone / ".env"
    path.write_text(path.read_text().replace("COMPOSE_PROFILES=sandbox", "COMPOSE_PROFILES="))
    assert run(clone)["COMPOSE_PROFILES"] == "", "the sandbox must not come back with an upgrade"


@pytest.mark.parametrize(
    "line",
    [
        "OUR_PASSWORD='a$b c#d'",
        r"OURS=back\nslash\t\\ & && a=b",
        'OURS="quoted, with = and spaces "',
        "# OURS=a note of our own",
        "MOYSKLAD_TOKEN='it is $ours'",
    ],
)
def test_a_line_of_ours_is_kept_to_the_letter(clone: Path, line: str) -> None:
    run(clone)
    path = clone / ".env"
    others = [old for old in path.read_text().splitlines() if old[:14] != line[:14]]
    path.write_text("\n".join([*others, line]) + "\n")
    before = path.read_text()
    run(clone)
    assert path.read_text() == before


def test_windows_line_ends_and_a_missing_one_at_the_end_do_no_harm(clone: Path) -> None:
    (clone / ".env").write_bytes(b"PUBLIC_URL=https://sverka.example\r\nJWT_SECRET=\r\nOURS=1")
    made = run(clone)
    assert (made["PUBLIC_URL"], made["OURS"]) == ("https://sverka.example", "1")
    assert len(made["JWT_SECRET"]) >= 40
    assert b"\r" not in (clone / ".env").read_bytes()


def test_a_new_setting_comes_with_what_explains_it(clone: Path) -> None:
    (clone / ".env").write_text("COMPOSE_PROJECT_NAME=ours\n")
    run(clone)
    lines = (clone / ".env").read_text().splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("MOYSKLAD_ANSWER_SECONDS"))
    assert lines[place - 1].startswith("# How long it may take to answer")


def test_interrupted_it_leaves_the_settings_as_they_were(clone: Path) -> None:
    run(clone)
    path = clone / ".env"
    path.write_text(path.read_text().replace("JWT_SECRET=", "JWT_SECRET=\nOLD="))
    before = path.read_text()
    broken = clone / "bin" / "openssl"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\nkill -INT $PPID\nexit 1\n")
    broken.chmod(0o755)
    done = subprocess.run(
        ["deploy/new-env.sh"],
        cwd=clone,
        env={"PATH": f"{broken.parent}:/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert path.read_text() == before
    assert [left.name for left in clone.glob(".env.*")] == [".env.example"]


def test_the_password_is_shown_once(clone: Path) -> None:
    shown = said(clone)
    password = run(clone)["ADMIN_PASSWORD"]
    assert password in shown
    assert password not in said(clone)


def test_what_containers_read_is_readable_in_a_clone_of_a_strict_umask(clone: Path) -> None:
    for folder in READ_BY_CONTAINERS:
        (clone / folder / "one").chmod(0o600)
        (clone / folder).chmod(0o700)
    run(clone)
    for folder in READ_BY_CONTAINERS:
        assert stat.S_IMODE((clone / folder / "one").stat().st_mode) == 0o644
        assert stat.S_IMODE((clone / folder).stat().st_mode) == 0o755
