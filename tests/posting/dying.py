"""Settles one file in a process of its own and kills that process at the N-th moment.

Moments are counted: before and after every commit that changed something, before and after every
write to MoySklad. Exit code 0 says that the N-th moment never came.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2

from sverka.intake.storage import Storage
from sverka.moysklad.client import MoySklad
from sverka.posting.approve import approve
from sverka.posting.plan import plan
from sverka.posting.send import send
from sverka.services import Services
from tests.posting.conftest import settings_of


class Death:
    """Kills the process when it has been met often enough."""

    def __init__(self, moment: int) -> None:
        self.left = moment

    def may_come(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class DyingServices(Services):
    """Real services; death may come around every commit that changed something."""

    death: Death

    @contextmanager
    def connect(self) -> Iterator[Any]:
        conn = psycopg2.connect(self.settings.database_url, application_name="sverka")
        try:
            yield conn
            with conn.cursor() as cursor:
                cursor.execute("select pg_current_xact_id_if_assigned() is not null")
                [changed] = cursor.fetchone()
            if changed:
                self.death.may_come()
            conn.commit()
            if changed:
                self.death.may_come()
        finally:
            conn.close()


class DyingClient(MoySklad):
    """The real client; death may come around every write."""

    death: Death

    def save(self, entity: str, bodies: Any) -> Any:
        self.death.may_come()
        results = super().save(entity, bodies)
        self.death.may_come()
        return results


def main(
    database_url: str, sandbox: str, couriers: str, now: str, file_id: str, moment: str
) -> int:
    death = Death(int(moment))
    settings = settings_of(database_url, sandbox, Path(couriers), Path(couriers))
    client = DyingClient(settings.moysklad)
    client.death = death
    services = DyingServices(
        settings,
        Storage(settings.storage_url, {}),
        lambda: client,
        lambda: datetime.fromisoformat(now),
    )
    object.__setattr__(services, "death", death)
    plan(services, int(file_id))
    approve(services, int(file_id), "policy")
    send(services, int(file_id))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
