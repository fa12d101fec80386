"""`deploy/backup.sh` and `deploy/restore.sh`: in which order, and what is left when they are cut.

Docker is a script that notes what it is asked; `make compose-test` plays the same with the real one.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

DOCKER = r"""#!/bin/sh
# Notes every command; databases are files. What `broken` names fails.
cd "$(dirname "$0")/.."
echo "$*" >>asked
if [ -s broken ] && expr "$*" : ".*$(cat broken)" >/dev/null; then
  if [ -f interrupts ]; then kill -TERM "$PPID"; fi
  exit "$(cat code 2>/dev/null || echo 1)"
fi
case "$*" in
  *pg_dump*) for name; do :; done; echo "$name" ;;
  *storage\ save*) for name; do :; done; echo "$name" ;;
  *psql*) name=${*##*--dbname=}; if [ -f "books-${name%% *}" ]; then echo 57; else echo 0; fi ;;
  *pg_restore*) name=${*##*--dbname=}; cat >"books-${name%% *}" ;;
  *storage\ load*) cat >/dev/null ;;
esac
"""


class Machine:
    """A clone with settings, and what its Docker was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.books = folder / "docker"
        shutil.copytree(ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("*.py"))
        for name in ("couriers", "courier_schemas", "posting_schemes"):
            (folder / "include" / name).mkdir(parents=True)
        (folder / "include" / "couriers" / "dalli.yaml").write_text("dry_run: true\n")
        (self.books / "bin").mkdir(parents=True)
        docker = self.books / "bin" / "docker"
        docker.write_text(DOCKER)
        docker.chmod(0o755)

    def configure(self, profiles: str = "sandbox", key: str = "one") -> None:
        (self.folder / ".env").write_text(f"COMPOSE_PROFILES={profiles}\nFERNET_KEY={key}\n")
        (self.folder / "deploy" / "secrets").mkdir(exist_ok=True)
        for name in ("ssh_host_ed25519_key", "ssh_host_ed25519_key.pub"):
            (self.folder / "deploy" / "secrets" / name).write_text(name)

    def breaks(self, command: str, code: int = 1, *, interrupts: bool = False) -> None:
        (self.books / "broken").write_text(command)
        (self.books / "code").write_text(str(code))
        if interrupts:
            (self.books / "interrupts").touch()

    def mend(self) -> None:
        (self.books / "broken").unlink()

    def asked(self) -> list[str]:
        """What Docker was asked since the last time, without the question for its version."""
        path = self.books / "asked"
        lines = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [line for line in lines if line != "compose version"]

    def run(self, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        environ = {"PATH": f"{self.books / 'bin'}:{os.environ['PATH']}"}
        command = [str(self.folder / "deploy" / script), str(folder)]
        return subprocess.run(
            command, cwd="/", env=environ, capture_output=True, text=True, check=False
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / "old")
    machine.configure()
    return machine


@pytest.fixture
def other(tmp_path: Path) -> Machine:
    """A fresh clone on a machine that has nothing."""
    return Machine(tmp_path / "new")


@pytest.fixture
def backup(machine: Machine, tmp_path: Path) -> Path:
    made = machine.run("backup.sh", tmp_path / "backups")
    assert made.returncode == 0, made.stderr
    return Path(made.stdout.strip())


def dumped(asked: list[str]) -> list[str]:
    return [line.split()[-1] for line in asked if "pg_dump" in line or "storage save" in line]


def test_who_may_know_more_after_a_restore_is_copied_later(machine: Machine, backup: Path) -> None:
    assert dumped(machine.asked()) == ["reports", "airflow", "sverka", "sandbox", "others"]


@pytest.mark.parametrize(
    ("profiles", "there"),
    [
        ("sandbox", True),
        ("monitoring,sandbox", True),
        ("'sandbox'", True),
        ("", False),
        ("no-sandbox", False),
    ],
)
def test_the_sandbox_is_copied_where_it_stands_in_for_moysklad(
    machine: Machine, tmp_path: Path, profiles: str, *, there: bool
) -> None:
    machine.configure(profiles)
    machine.run("backup.sh", tmp_path / "backups")
    assert ("sandbox" in dumped(machine.asked())) is there


def test_a_backup_is_for_its_owner_alone(backup: Path) -> None:
    for path in (backup, *backup.iterdir()):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("interrupts", [False, True], ids=["failed", "interrupted"])
def test_half_a_backup_is_none(machine: Machine, tmp_path: Path, *, interrupts: bool) -> None:
    machine.breaks("pg_dump.*sverka", interrupts=interrupts)
    assert machine.run("backup.sh", tmp_path / "backups").returncode != 0
    assert list((tmp_path / "backups").iterdir()) == []


def test_settings_and_terms_come_back_with_the_books(
    machine: Machine, other: Machine, backup: Path
) -> None:
    (other.folder / "include" / "couriers" / "dalli.yaml").write_text("dry_run: false\n")
    done = other.run("restore.sh", backup)
    assert done.returncode == 0, done.stderr
    for name in (".env", "include/couriers/dalli.yaml", "deploy/secrets/ssh_host_ed25519_key.pub"):
        assert (other.folder / name).read_text() == (machine.folder / name).read_text()
    terms = other.folder / "include" / "couriers" / "dalli.yaml"
    assert terms.stat().st_mode & 0o004, "containers have to read it"


def test_nothing_is_started_before_moysklad_is_read_anew(other: Machine, backup: Path) -> None:
    assert other.run("restore.sh", backup).returncode == 0
    asked = other.asked()
    assert asked[-2:] == ["compose run --rm -T --no-deps init sverka restored", "compose up -d"]
    assert [line for line in asked if " up " in line] == ["compose up -d sandbox", "compose up -d"]


def test_a_spoiled_backup_is_not_begun_with(other: Machine, backup: Path) -> None:
    (backup / "sverka.dump").write_text("spoiled")
    assert other.run("restore.sh", backup).returncode != 0
    assert other.asked() == []
    assert not (other.folder / ".env").exists()


@pytest.mark.parametrize("database", ["airflow", "sverka"])
def test_what_is_there_is_not_written_over(other: Machine, backup: Path, database: str) -> None:
    (other.books / f"books-{database}").write_text("theirs")
    done = other.run("restore.sh", backup)
    assert done.returncode != 0
    assert "there is an installation here already" in done.stderr
    assert not [line for line in other.asked() if "load" in line or "pg_restore" in line]


def test_settings_of_another_installation_are_refused(other: Machine, backup: Path) -> None:
    other.configure(key="another")
    done = other.run("restore.sh", backup)
    assert done.returncode != 0
    assert ".env is another installation's" in done.stderr
    assert other.asked() == []


@pytest.mark.parametrize(
    "broken",
    [
        "storage load",
        "pg_restore.*airflow",
        "pg_restore.*sverka",
        "sverka verify",
        "sverka restored",
    ],
)
@pytest.mark.parametrize("interrupts", [False, True], ids=["failed", "interrupted"])
def test_what_was_cut_is_ended_by_saying_it_again(
    other: Machine, backup: Path, broken: str, *, interrupts: bool
) -> None:
    other.breaks(broken, interrupts=interrupts)
    done = other.run("restore.sh", backup)
    assert done.returncode != 0
    assert "NOT FINISHED: do not start anything" in done.stderr
    assert "compose up -d" not in other.asked()
    other.mend()
    again = other.run("restore.sh", backup)
    assert again.returncode == 0, again.stderr
    assert other.asked()[-1] == "compose up -d"
    for name in ("airflow", "sverka", "sandbox"):
        assert (other.books / f"books-{name}").read_text() == f"{name}\n"
    assert not (other.folder / ".restoring").exists()


def test_half_of_one_restore_is_not_ended_with_another(
    machine: Machine, other: Machine, backup: Path, tmp_path: Path
) -> None:
    other.breaks("pg_restore.*sverka")
    other.run("restore.sh", backup)
    other.mend()
    second = shutil.copytree(backup, tmp_path / "another")
    done = other.run("restore.sh", second)
    assert done.returncode != 0
    assert f"the restore of {backup} is not finished" in done.stderr


def test_a_journal_that_does_not_hold_is_said_and_keeps_nobody_from_the_books(
    other: Machine, backup: Path
) -> None:
    other.breaks("sverka verify", code=5)
    done = other.run("restore.sh", backup)
    assert done.returncode == 0
    assert "The journal does not hold" in done.stderr
