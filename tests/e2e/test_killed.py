"""Every process is killed in the middle of a run; `make up` is said again; nothing doubles."""

import contextlib
import os
import signal

import psutil
import psycopg2
import pytest
import requests

from local.processes import PROGRAMS, wait_until
from local.up import bring_up
from tests.e2e.installation import PATIENCE_SECONDS, Installation
from tests.support.demo_files import Registers

pytestmark = pytest.mark.e2e


def _kill_everything(installation: Installation) -> None:
    """SIGKILL to supervisord first, so that it restarts nothing, then to all others."""
    supervisord = (installation.state.control_folder / "supervisor.pid").read_text()
    postmaster = (installation.state.postgres_data / "postmaster.pid").read_text().split()[0]
    roots = [int(supervisord), int(postmaster)]
    victims = [psutil.Process(int(supervisord))]
    for root in roots:
        victims += psutil.Process(root).children(recursive=True)
    victims.append(psutil.Process(int(postmaster)))
    for victim in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim.pid, signal.SIGKILL)
    # Until a process is gone it holds its port, and `make up` would take another one.
    psutil.wait_procs(victims, timeout=30)


def test_everything_killed_in_the_middle_of_a_run(
    installation: Installation, registers: Registers
) -> None:
    name, data, orders = registers.of(100)
    installation.zones["folder"].drop(name, data)
    installation.wait_until(
        lambda: bool(
            installation.query(
                "select 1 from posting join file on file.id = file_id"
                " where name = %s and posting.state = 'posted' limit 1",
                name,
            )
        ),
        what="the first posted document",
    )

    _kill_everything(installation)
    installation.chosen = bring_up(installation.state, installation.extras)

    installation.wait_for_files([name], seconds=400)
    assert installation.files()[name]["state"] == "settled"
    states = installation.query(
        "select posting.state, count(*) from posting join file on file.id = file_id"
        " where name = %s group by 1",
        name,
    )
    assert {row["state"] for row in states} == {"posted"}
    codes = [row["externalCode"] for row in installation.documents("paymentin")]
    assert len(codes) == len(set(codes))
    ours = installation.query(
        "select count(*) from posting join file on file.id = file_id"
        " where name = %s and kind = 'paymentin'",
        name,
    )
    assert ours[0]["count"] == len(orders)


def test_a_killed_database_comes_back_and_the_files_go_on(
    installation: Installation, registers: Registers
) -> None:
    name, data, orders = registers.of(5)
    installation.zones["folder"].drop(name, data)
    pid_file = installation.state.postgres_data / "postmaster.pid"
    killed = pid_file.read_text().split()[0]
    os.kill(int(killed), signal.SIGKILL)
    wait_until(
        lambda: pid_file.exists() and pid_file.read_text().split()[0] != killed,
        seconds=PATIENCE_SECONDS,
        what="PostgreSQL to come back",
    )
    wait_until(
        lambda: _answers(installation), seconds=PATIENCE_SECONDS, what="PostgreSQL to answer"
    )
    installation.wait_for_files([name], seconds=400)
    assert installation.files()[name]["state"] == "settled"
    posted = installation.query(
        "select count(*) from posting join file on file.id = file_id"
        " where name = %s and kind = 'paymentin' and posting.state = 'posted'",
        name,
    )
    assert posted[0]["count"] == len(orders)


def _answers(installation: Installation) -> bool:
    try:
        return bool(installation.query("select 1 as one"))
    except psycopg2.OperationalError:
        return False


@pytest.mark.parametrize("program", [p for p in PROGRAMS if p != "postgres"])
def test_a_killed_program_comes_back_by_itself(installation: Installation, program: str) -> None:
    processes = installation.processes
    before = processes.pid(program)
    os.kill(before, signal.SIGKILL)
    installation.wait_until(
        lambda: processes.states()[program] == "RUNNING" and processes.pid(program) != before,
        what=f"{program} to come back",
    )
    # It runs before it listens, and the next test talks to it.
    installation.wait_until(lambda: _listens(installation), what="the UI to answer")


def test_no_process_outlives_its_installation(installation: Installation) -> None:
    """A killed scheduler leaves its workers behind; they are found and ended."""
    processes = installation.processes
    scheduler = psutil.Process(processes.pid("scheduler"))
    installation.wait_until(lambda: bool(_workers(scheduler)), what="the scheduler to have workers")
    workers = _workers(scheduler)
    scheduler.kill()
    installation.wait_until(
        lambda: processes.states()["scheduler"] == "RUNNING", what="the scheduler"
    )
    _kill_everything(installation)
    installation.chosen = bring_up(installation.state, installation.extras)
    assert not any(worker.is_running() for worker in workers)


def _workers(scheduler: psutil.Process) -> list[psutil.Process]:
    return [child for child in scheduler.children() if "LocalExecutor" in " ".join(child.cmdline())]


def _listens(installation: Installation) -> bool:
    try:
        return requests.get(f"{installation.url}/api/v2/monitor/health", timeout=5).ok
    except requests.RequestException:
        return False
