"""What is measured: a COD register of N rows and a shop's books that hold its orders."""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5

from sverka.database.connection import connect
from sverka.demo.layouts import RegisterHead, RegisterRow, cod_register_xlsx
from sverka.reconciling.keys import order_key, track_key

SPACE = UUID("1b671a64-40d5-491e-99b0-da01ff1f3341")
DAY = date(2026, 11, 19)
MOMENT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Order:
    """One order of the bench shop; `sum` is minor units."""

    id: UUID
    name: str
    track: str
    sum: int


def orders(count: int) -> Iterator[Order]:
    """The shop's orders, each with its own amount."""
    for number in range(count):
        yield Order(
            id=uuid5(SPACE, f"order/{number}"),
            name=f"ИМ-{number:07d}",
            track=f"{1_000_000_000 + number}",
            sum=100_000 + (number * 7919) % 900_000,
        )


def write_register(path: Path, count: int) -> None:
    """A register of «Городской курьер» in which every row is an exact match."""
    rows = [
        RegisterRow(
            order=order.name,
            track=order.track,
            delivered=DAY,
            status="Вручен",
            paid_by="Наличные",
            collected=Decimal(order.sum).scaleb(-2),
            fee_delivery=Decimal(250),
            fee_cod=Decimal("25.50"),
            payout=Decimal(order.sum).scaleb(-2),
        )
        for order in orders(count)
    ]
    head = RegisterHead(courier="Городской курьер", number=f"B-{count}", day=DAY)
    path.write_bytes(cod_register_xlsx(head, rows))


def fill_books(database_url: str, count: int) -> None:
    """Loads the orders and their shipments into the snapshot, as the mirror would."""
    order_rows, demand_rows = io.StringIO(), io.StringIO()
    organization, agent = uuid5(SPACE, "organization"), uuid5(SPACE, "agent")
    for order in orders(count):
        common = f"{MOMENT}\t{organization}\t{agent}\t{order.sum}\t0\tRUB\tt\t{MOMENT}\t{MOMENT}"
        order_rows.write(f"{order.id}\t{order.name}\t{order_key(order.name)}\t{common}\n")
        demand = uuid5(SPACE, f"demand/{order.name}")
        key = track_key(order.track)
        demand_rows.write(f"{demand}\t{order.name}\t{order.id}\t{order.track}\t{key}\t{common}\n")
    order_rows.seek(0)
    demand_rows.seek(0)
    shared = "moment, organization_id, agent_id, sum, payed_sum, currency, applicable, updated, fetched_at"
    with connect(database_url) as conn, conn.cursor() as cursor:
        cursor.copy_expert(
            f"copy snapshot_order (id, name, name_key, {shared}) from stdin", order_rows
        )
        cursor.copy_expert(
            f"copy snapshot_demand (id, name, order_id, track, track_key, {shared}) from stdin",
            demand_rows,
        )
    with connect(database_url) as conn, conn.cursor() as cursor:
        cursor.execute("analyze snapshot_order, snapshot_demand")


if __name__ == "__main__":
    write_register(Path(sys.argv[1]), int(sys.argv[3]))
    fill_books(sys.argv[2], int(sys.argv[3]))
