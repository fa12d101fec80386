"""A running installation under test: real Airflow, PostgreSQL, sandbox, three landing zones."""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import psycopg2
import requests
from psycopg2.extras import RealDictCursor

from local.environment import ADMIN, Extras, database_url
from local.processes import Processes
from local.state import HOST, Secrets, State
from sverka.intake.zones import Zone
from sverka.moysklad.client import MoySklad
from sverka.settings import MoySkladConnection

FINAL = {"settled", "quarantined"}
PATIENCE_SECONDS = 300
"""How long a test waits: nothing is lost by it where all is well, and a machine may be busy."""


@dataclass
class Installation:
    """What a test does to it: drop files, wait, look into the books."""

    state: State
    chosen: Secrets
    extras: Extras
    zones: dict[str, Zone]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.chosen.ui_port}"

    @property
    def processes(self) -> Processes:
        return Processes(self.state)

    @cached_property
    def moysklad(self) -> MoySklad:
        """A client of the sandbox, as the product uses it."""
        return MoySklad(
            MoySkladConnection(
                url=f"http://{HOST}:{self.chosen.sandbox_port}/api/remap/1.2",
                token=self.chosen.moysklad_token,
            )
        )

    def query(self, statement: str, *parameters: object) -> list[dict[str, Any]]:
        """Rows from Sverka's database."""
        conn = psycopg2.connect(database_url(self.state, "sverka"))
        try:
            with conn, conn.cursor(cursor_factory=RealDictCursor) as cursor:
                cursor.execute(statement, parameters)
                return list(cursor.fetchall())
        finally:
            conn.close()

    def files(self) -> dict[str, dict[str, Any]]:
        """Name → row of the ledger."""
        return {row["name"]: row for row in self.query("select * from file")}

    def api(self, path: str, **parameters: object) -> Any:
        """An answer of Airflow's REST API, as the administrator sees it."""
        answer = requests.get(
            f"{self.url}{path}", params=parameters, headers=self.bearer(), timeout=30
        )
        answer.raise_for_status()
        return answer.json()

    def bearer(self) -> dict[str, str]:
        """The header of a logged-in administrator."""
        answer = requests.post(
            f"{self.url}/auth/token",
            json={"username": ADMIN, "password": self.chosen.admin_password},
            timeout=30,
        )
        answer.raise_for_status()
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}

    def settle_runs(self) -> list[dict[str, Any]]:
        """All runs of the DAG that settles one file."""
        return list(self.api("/api/v2/dags/settle_report/dagRuns", limit=500)["dag_runs"])

    def wait_for_files(self, names: Iterable[str], *, seconds: float = PATIENCE_SECONDS) -> None:
        """Until every named file is settled or quarantined."""
        wanted = set(names)

        def done() -> bool:
            files = self.files()
            return all(name in files and files[name]["state"] in FINAL for name in wanted)

        self.wait_until(done, seconds=seconds, what=f"the files {sorted(wanted)}")

    def wait_for_contents(self, contents: Iterable[bytes], *, seconds: float = 400) -> None:
        """Until every content is settled or quarantined, under whatever name it came."""
        wanted = {hashlib.sha256(content).hexdigest() for content in contents}

        def done() -> bool:
            rows = self.query("select sha256 from file where state = any(%s)", sorted(FINAL))
            return wanted <= {row["sha256"] for row in rows} and not any(
                zone.look() for zone in self.zones.values()
            )

        self.wait_until(done, seconds=seconds, what="all contents")

    def wait_until(
        self, ready: Callable[[], bool], *, what: str, seconds: float = PATIENCE_SECONDS
    ) -> None:
        """Until `ready`; fails with the ledger printed."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                ledger = {name: (row["state"], row["reason"]) for name, row in self.files().items()}
                raise AssertionError(f"waited {seconds} s for {what}; the ledger: {ledger}")
            time.sleep(0.5)

    def documents(self, kind: str) -> list[dict[str, Any]]:
        """All documents of the kind that live in the sandbox and that Sverka posted."""
        ours = {
            str(row["moysklad_id"])
            for row in self.query("select moysklad_id from posting where kind = %s", kind)
        }
        return [row for row in self.moysklad.rows(kind) if row["id"] in ours]
