"""Undoes or supersedes one file in a process of its own and kills it at the N-th moment.

Moments are counted as in `dying`: around every commit that changed something and around every
write to MoySklad. Exit code 0 says that the N-th moment never came.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from sverka.intake.storage import Storage
from sverka.posting.supersede import supersede
from sverka.posting.undo import undo
from tests.posting.conftest import settings_of
from tests.posting.dying import Death, DyingClient, DyingServices


class DyingDeleter(DyingClient):
    """Death may also come around every deletion."""

    def delete(self, entity: str, ids: Any) -> Any:
        self.death.may_come()
        results = super().delete(entity, ids)
        self.death.may_come()
        return results


def main(action: str, *arguments: str) -> int:
    database_url, sandbox, couriers, now, file_id, moment = arguments
    death = Death(int(moment))
    settings = settings_of(database_url, sandbox, Path(couriers), Path(couriers))
    client = DyingDeleter(settings.moysklad)
    client.death = death
    services = DyingServices(
        settings,
        Storage(settings.storage_url, {}),
        lambda: client,
        lambda: datetime.fromisoformat(now),
    )
    object.__setattr__(services, "death", death)
    if action == "undo":
        undo(services, int(file_id), "бухгалтер")
    else:
        supersede(services, int(file_id), "бухгалтер")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
