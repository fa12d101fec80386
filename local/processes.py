"""The processes of a local installation under supervisord: started, watched, restarted, stopped."""

import contextlib
import os
import shlex
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
from supervisor.xmlrpc import SupervisorTransport

from local.environment import database_url
from local.state import HOST, REPOSITORY, Secrets, State

PROGRAMS = ("postgres", "sandbox", "api-server", "scheduler", "dag-processor", "triggerer")
"""In the order of their start; they stop in the reverse order."""


def commands(state: State, chosen: Secrets) -> dict[str, str]:
    """The command line of each program."""
    python = shlex.quote(sys.executable)
    airflow = f"{python} -m airflow"
    sandbox_database = shlex.quote(database_url(state, "sandbox"))
    return {
        "postgres": f"{python} -m local.postgres {shlex.quote(str(state.postgres_data))}",
        "sandbox": f"{python} -m sverka.moysklad.sandbox --host {HOST} --port {chosen.sandbox_port}"
        f" --token {chosen.moysklad_token} --database-url {sandbox_database}",
        "api-server": f"{airflow} api-server --host {HOST} --port {chosen.ui_port}",
        # Log servers would listen on every address; on one host the logs are read from disk.
        "scheduler": f"{airflow} scheduler --skip-serve-logs",
        "dag-processor": f"{airflow} dag-processor",
        "triggerer": f"{airflow} triggerer --skip-serve-logs",
    }


class Processes:
    """supervisord of one installation, spoken to over its Unix socket."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._socket = state.control_folder / "supervisor.sock"

    @property
    def _rpc(self) -> xmlrpc.client.ServerProxy:
        # A new connection for every call: one that has failed is of no use any more.
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        return xmlrpc.client.ServerProxy(f"http://{HOST}", transport=transport)

    def running(self) -> bool:
        """Whether a supervisord of this installation answers."""
        try:
            return bool(self._rpc.supervisor.getState()["statename"] == "RUNNING")
        except (OSError, xmlrpc.client.Error):
            return False

    def states(self) -> dict[str, str]:
        """Program → supervisord's word for its state (`RUNNING`, `FATAL`, …)."""
        return {
            info["name"]: info["statename"] for info in self._rpc.supervisor.getAllProcessInfo()
        }

    def pid(self, program: str) -> int:
        """The program's process id; 0 when it does not run."""
        return int(self._rpc.supervisor.getProcessInfo(program)["pid"])

    def launch(self, chosen: Secrets, environment: Mapping[str, str]) -> None:
        """Starts supervisord; no program runs yet."""
        configuration = self._state.control_folder / "supervisord.conf"
        configuration.write_text(_configuration(self._state, self._socket, chosen))
        subprocess.run(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)],
            check=True,
            env=dict(environment),
            cwd=REPOSITORY,
        )
        wait_until(self.running, seconds=20, what="supervisord")

    def start(self, program: str) -> None:
        """Starts the program unless it runs already.

        Raises:
            SystemExit: it ended at once; names its log.
        """
        if self.states()[program] in {"RUNNING", "STARTING"}:
            return
        try:
            self._rpc.supervisor.startProcess(program)
        except xmlrpc.client.Fault as fault:
            log = self._state.logs / f"{program}.log"
            raise SystemExit(
                f"{program} does not start ({fault.faultString}); see {log}"
            ) from fault

    def stop_all(self) -> None:
        """Stops everything, in the reverse order of the start, and supervisord itself."""
        if self.running():
            with contextlib.suppress(OSError, xmlrpc.client.Error):
                self._rpc.supervisor.shutdown()
            wait_until(lambda: not self.running(), seconds=90, what="the end of the processes")
        end_orphans(self._state)


def end_orphans(state: State) -> None:
    """Ends processes of this installation that no supervisord watches any more."""
    orphans = [process for process in psutil.process_iter() if _belongs(process, state)]
    for process in orphans:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, alive = psutil.wait_procs(orphans, timeout=15)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=5)


def _belongs(process: psutil.Process, state: State) -> bool:
    if process.pid in {os.getpid(), os.getppid()}:
        return False
    try:
        # PostgreSQL is left alone: it is taken over as it is, its data must not be hurried.
        if process.name() == "postgres":
            return False
        return process.environ().get("SVERKA_LOCAL_STATE") == str(state.folder)
    except (psutil.Error, OSError):
        return False


def wait_until(ready: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Waits for `ready`.

    Raises:
        SystemExit: it did not come true in time; names what was waited for.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise SystemExit(f"waited {seconds:.0f} s for {what} in vain")
        time.sleep(0.3)


def _configuration(state: State, socket: Path, chosen: Secrets) -> str:
    sections = [
        f"[unix_http_server]\nfile={_escaped(socket)}\nchmod=0700",
        "[rpcinterface:supervisor]\n"
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
        "[supervisord]\n"
        f"logfile={_escaped(state.logs / 'supervisord.log')}\n"
        f"pidfile={_escaped(socket.with_suffix('.pid'))}\n"
        f"childlogdir={_escaped(state.logs)}" + ("\nuser=root" if os.getuid() == 0 else ""),
    ]
    for priority, program in enumerate(PROGRAMS, start=1):
        command = commands(state, chosen)[program]
        log = state.logs / f"{program}.log"
        sections.append(
            f"[program:{program}]\ncommand={_escaped(command)}\npriority={priority}\n"
            f"autostart=false\nautorestart=true\nstartsecs=2\nstartretries=100\n"
            f"stopwaitsecs=25\nstopasgroup=false\nkillasgroup=true\n"
            f"stdout_logfile={_escaped(log)}\nstdout_logfile_maxbytes=20MB\n"
            f"stdout_logfile_backups=2\nredirect_stderr=true"
        )
    return "\n\n".join(sections) + "\n"


def _escaped(value: object) -> str:
    return str(value).replace("%", "%%")
