"""An installation for tests of the whole way: real PostgreSQL, sandbox, one inbox."""

from dataclasses import dataclass
from pathlib import Path

from sverka import settling
from sverka.intake import ledger
from sverka.intake.intake import take
from sverka.intake.ledger import FileRow
from sverka.intake.zones import Zone
from sverka.services import Services
from tests.conftest import FrozenClock


@dataclass
class Installed:
    """What a test does to it: drop a file under a name, look at its row."""

    services: Services
    clock: FrozenClock
    inbox: Path

    def dropped(self, name: str, data: bytes, run: str = "run 1") -> int:
        """Drops the file, takes it, claims it for the run; its id."""
        self.inbox.mkdir(exist_ok=True)
        zone = Zone("папка", str(self.inbox))
        zone.drop(name, data)
        keys: list[str] = []
        while not keys:
            keys = take(self.services, [zone], wait=lambda _: self.clock.advance(seconds=30))
        file_id = settling.claim(self.services, keys[0], run)
        assert file_id is not None
        return file_id

    def offered(self) -> list[str]:
        """The partition keys of the files that get a run now."""
        with self.services.connect() as conn:
            return ledger.offer(conn, self.services.clock())

    def row(self, file_id: int) -> FileRow:
        """The file in the register."""
        with self.services.connect() as conn:
            return ledger.file_of(conn, file_id)

    def count(self, what: str) -> int:
        """Rows of a table (with an optional `where`)."""
        with self.services.connect() as conn, conn.cursor() as cursor:
            cursor.execute(f"select count(*) from {what}")
            row = cursor.fetchone()
        assert row
        return int(row[0])
