"""The steps of one file, in order, for the DAG and for the command line.

Each step may be repeated after a kill at any point, and returns a small dict of counts. A step
raises `Refusal` when the file cannot be taken as it is (then `refuse` it), `TryLater` when another
service is not ready; everything else is an error of this installation.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sverka.clock import moscow_day
from sverka.errors import Refusal
from sverka.intake import ledger
from sverka.intake.archive import bytes_of
from sverka.intake.quarantine import quarantine
from sverka.posting.ledger import started
from sverka.services import Services

HEAD_ROWS = 60
"""Rows enough to recognise a layout: titles, the head of the table and its first lines."""

Counts = dict[str, Any]


def claim(services: Services, partition_key: str, run_id: str) -> int | None:
    """The id of the file that this run works on; None when there is nothing to do for it."""
    with services.connect() as conn:
        return ledger.claim(conn, partition_key, run_id, services.clock())


def recognise(services: Services, file_id: int) -> Counts:
    """Finds out whose report it is and in which layout, from the head of the file.

    A file with approved or sent documents stays what it was: refused now, it would lie in
    quarantine with half of it in the books.

    Raises:
        Refusal: the file is empty, no table, an unknown layout, or nobody's name on it.
    """
    with services.connect() as conn:
        if started(conn, file_id):
            row = ledger.file_of(conn, file_id)
            return {"courier": row.courier, "schema": row.schema, "kept": True}
    raw, found = _recognised(services, file_id, head=HEAD_ROWS)
    with services.connect() as conn:
        ledger.recognised(
            conn,
            file_id,
            courier=found.courier.code,
            schema=found.schema.code,
            schema_version=found.schema.version,
        )
    return {"courier": found.courier.code, "schema": found.schema.code, "tables": len(raw.tables)}


def parse(services: Services, file_id: int) -> Counts:
    """Reads all rows into canonical lines and stores them; see `recognise` for a started file.

    Raises:
        Refusal: the file cannot be read to its end.
    """
    from sverka.parsing import parse as parse_rows
    from sverka.parsing.store import store, stored

    with services.connect() as conn:
        if started(conn, file_id):
            return asdict(stored(conn, file_id))
    raw, found = _recognised(services, file_id)
    with services.connect() as conn:
        row = ledger.file_of(conn, file_id)
        return asdict(store(conn, file_id, parse_rows(raw, found, row.sha256)))


def check(services: Services, file_id: int) -> Counts:
    """Puts aside the lines that do not fit; see `recognise` for a started file.

    Raises:
        Refusal: the file as a whole does not add up.
    """
    from sverka.checking import check as check_lines
    from sverka.checking.results import counted

    with services.connect() as conn:
        if started(conn, file_id):
            accepted, rejected = counted(conn, file_id)
            return {"accepted": accepted, "rejected": rejected}
    checked = check_lines(services, file_id)
    return {"accepted": checked.accepted, "rejected": checked.rejected}


def refresh_snapshot(services: Services, _file_id: int) -> Counts:
    """Brings the mirror of MoySklad up to now.

    Raises:
        TryLater: MoySklad is away.
    """
    from sverka.snapshot import mirror

    return asdict(mirror(services))


def reconcile(services: Services, file_id: int) -> Counts:
    """Gives every line its verdict; the counts are by verdict."""
    from sverka.reconciling import reconcile as compare

    return dict(compare(services, file_id))


def plan(services: Services, file_id: int) -> Counts:
    """Works out the documents to be; sends nothing."""
    from sverka.posting.plan import plan as plan_documents

    return asdict(plan_documents(services, file_id))


def approve(services: Services, file_id: int, by: str = "policy") -> Counts:
    """Approves what the contract's terms allow without a person."""
    from sverka.posting.approve import approve as approve_documents

    return {"approved": approve_documents(services, file_id, by)}


def send(services: Services, file_id: int) -> Counts:
    """Creates the approved documents in MoySklad.

    Raises:
        TryLater: MoySklad is away, or something has to be looked up before it goes on.
    """
    from sverka.posting.send import send as send_documents

    return asdict(send_documents(services, file_id))


def finish(services: Services, file_id: int) -> Counts:
    """Notes that everything is done for this file."""
    with services.connect() as conn:
        ledger.settled(conn, file_id, services.clock())
    return {}


def publish(services: Services, file_id: int) -> Counts:
    """Renews the report of the day the file came in, so that a person sees it at once."""
    from sverka.reporting import publish as publish_day

    with services.connect() as conn:
        received_at = ledger.file_of(conn, file_id).received_at
    published = publish_day(services, moscow_day(received_at), not_before=services.clock())
    return {"day": published.day.isoformat()}


def refuse(services: Services, file_id: int, refusal: Refusal) -> None:
    """Puts the file into quarantine with the refusal's words."""
    quarantine(services, file_id, refusal.where_and_why())


STEPS: tuple[Callable[[Services, int], Counts], ...] = (
    recognise,
    parse,
    check,
    refresh_snapshot,
    reconcile,
    plan,
    approve,
    send,
    finish,
)


def settle(services: Services, file_id: int) -> dict[str, Counts]:
    """All steps of a claimed file; counts by step. The day's report is renewed in any case.

    Raises:
        Refusal: the file is in quarantine now.
        TryLater: another service is not ready; settling it again continues.
    """
    done: dict[str, Counts] = {}
    try:
        for step in STEPS:
            done[step.__name__] = step(services, file_id)
    except Refusal as refusal:
        refuse(services, file_id, refusal)
        raise
    finally:
        done["publish"] = publish(services, file_id)
    return done


def _recognised(services: Services, file_id: int, *, head: int | None = None) -> tuple[Any, Any]:
    from sverka.couriers import Couriers
    from sverka.reading import read
    from sverka.recognition import Schemas
    from sverka.recognition import recognise as find_schema

    with services.connect() as conn:
        row = ledger.file_of(conn, file_id)
    raw = read(bytes_of(services.storage, row), row.name, head=head)
    couriers = Couriers.load(services.settings.couriers)
    found = find_schema(raw, Schemas.load(services.settings.courier_schemas), couriers)
    if found.courier is None:
        raise Refusal(_nameless(couriers))
    return raw, found


def _nameless(couriers: Any) -> str:
    known = ", ".join(f"«{courier.title}»" for courier in couriers)
    return (
        "Формат файла понятен, но из него не видно, чей это отчёт. Впишите название службы "
        f"доставки в имя файла (Сверка знает: {known}) и положите файл ещё раз."
    )
