"""Everything that one worker needs for its seeds: the sandbox, the database, the virtual time."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import psycopg2
from psycopg2.extensions import connection as RealConnection  # noqa: N812 - it is a class

from sverka.couriers import Couriers
from sverka.intake.storage import Storage
from sverka.moysklad.client import MoySklad
from sverka.moysklad.rate import Limiter
from sverka.moysklad.sandbox import app, seed
from sverka.moysklad.sandbox.http import Request
from sverka.moysklad.sandbox.limits import Limits
from sverka.moysklad.sandbox.server import Sandbox
from sverka.moysklad.sandbox.timing import VirtualTime
from sverka.moysklad.weights import weight_now
from sverka.schemes import Schemes
from sverka.settings import MoySkladConnection, Settings
from tests.posting.simulation.database import MortalServices, Pool
from tests.posting.simulation.documents import Archive
from tests.posting.simulation.mortal import Life
from tests.posting.simulation.people import HOST, TOKEN
from tests.posting.simulation.shop import small_shop
from tests.posting.simulation.wire import Adapter, Wire
from tests.support.witness import INSTALL

BEGINNING = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEPT_TABLES = ("schema_version", "alembic_version")


@dataclass
class World:
    """Reused by all seeds of a worker; `begin` makes it new."""

    url: str
    folder: Path
    time: VirtualTime
    application: Sandbox
    pool: Pool
    conn: RealConnection
    wire: Wire
    archive: Archive
    clean: str
    counted: Counter[str] = field(default_factory=Counter)
    pace: Limiter = field(init=False)

    def begin(self, seed_: int, account: dict[str, Any], faults: dict[str, Any]) -> None:
        """The shop as it was, empty tables of Sverka, nothing on its way."""
        body = {"ids": seed_, "account": account, "faults": faults, "now": BEGINNING.isoformat()}
        self._control("/sandbox/reset", body)
        with self.conn.cursor() as cursor:
            cursor.execute(self.clean)
        self.counted = Counter()
        self.archive = Archive(self.conn, order_sums=_order_sums())
        self.wire = Wire(self.application, self.time, random=Random(f"wire/{seed_}"))
        self.wire.count = lambda what: self.counted.update([what])
        self.pace = Limiter(
            weight_now(self.time.clock, with_token=True),
            sleep=self.time.sleep,
            monotonic=self.time.monotonic,
        )

    def account(self, **settings: Any) -> None:
        """How the account is set up from now on."""
        self._control("/sandbox/account", settings)

    def faultless(self) -> None:
        """Nothing goes wrong any more."""
        self.application.control.faults.clear()
        self.wire.late_share = self.wire.refused_share = 0.0

    def services(self, life: Life, couriers: Path) -> MortalServices:
        """What a new process has: its own client and nothing remembered."""
        connection = MoySkladConnection(
            f"http://{HOST}/api/remap/1.2", token="sandbox", answer_seconds=self.wire.answer_seconds
        )
        client = MoySklad(connection, pace=self.pace)
        client._transport._connections.session.mount("http://", Adapter(self.wire, life))
        return MortalServices(
            settings=Settings(
                self.url, f"file://{self.folder}", {}, (), connection, couriers=couriers
            ),
            storage=Storage(f"file://{self.folder}", {}),
            moysklad=lambda: client,
            clock=self.time.clock,
            life=life,
            pool=self.pool,
        )

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement gives on a connection of the simulation's own."""
        with self.conn.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall()

    def _control(self, path: str, body: dict[str, Any]) -> None:
        request = Request("POST", path, "", {}, json.dumps(body).encode(), f"http://{HOST}")
        answer = self.application.control.answer(request)
        if answer.status >= 400:
            raise ValueError(answer.content)


@contextmanager
def world(url: str, folder: Path) -> Iterator[World]:
    """A world on a migrated database of Sverka that nobody else uses."""
    time = VirtualTime(BEGINNING)
    application = app(url, limits=Limits(), virtual_time=time)
    seed(url, small_shop())
    conn = psycopg2.connect(url, application_name="simulation")
    conn.autocommit = True
    with conn.cursor() as cursor:
        cursor.execute(INSTALL)
    pool = Pool(url)
    archive, wire = Archive(conn), Wire(application, time)
    with ExitStack() as stack:
        for owner in (Couriers, Schemes):
            # Reading the folders takes 30 ms, and every step does it.
            stack.enter_context(patch.object(owner, "load", cache(owner.load)))
        yield World(url, folder, time, application, pool, conn, wire, archive, _clean(conn))
    pool.close()
    conn.close()
    application._database.close()


def _clean(conn: RealConnection) -> str:
    """Empties all tables of Sverka; triggers sleep meanwhile, or the journal would refuse."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select quote_ident(table_name) from information_schema.tables "
            "where table_schema = 'public' and table_type = 'BASE TABLE' order by 1"
        )
        tables = [name for (name,) in cursor.fetchall() if name not in KEPT_TABLES]
        cursor.execute(
            "select quote_literal(quote_ident(sequencename)) from pg_sequences "
            "where schemaname = 'public' order by 1"
        )
        sequences = [name for (name,) in cursor.fetchall()]
    emptied = "".join(f"delete from {table};" for table in tables)
    restarted = "".join(f"select setval({name}, 1, false);" for name in sequences)
    token = f"insert into sandbox.token values ('{TOKEN}', '{TOKEN}@sandbox')"
    return (
        f"begin; set local session_replication_role = replica; {emptied} {restarted} commit; "
        f"{token} on conflict do nothing"
    )


@cache
def _order_sums() -> dict[str, int]:
    return {str(order.id): order.sum for order in small_shop().orders}


def terms(folder: Path, source: Path, *, supersede: str) -> Path:
    """A folder with couriers' terms in which corrected reports are superseded like this."""
    for path in sorted(source.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if not line.startswith("supersede:")]
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / path.name
        target.write_text("\n".join([*kept, f"supersede: {supersede}"]) + "\n", encoding="utf-8")
    return folder
