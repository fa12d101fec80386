"""What is measured: a COD register of N rows and a shop's books that hold its orders."""

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5

from sverka.database.connection import connect
from sverka.demo.layouts import RegisterHead, RegisterRow, cod_register_csv, register_rows
from sverka.demo.workbooks import Cell
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


def orders(count: int, first: int = 0) -> Iterator[Order]:
    """The shop's orders, each with its own amount."""
    for number in range(first, first + count):
        yield Order(
            id=uuid5(SPACE, f"order/{number}"),
            name=f"ИМ-{number:07d}",
            track=f"{1_000_000_000 + number}",
            sum=100_000 + (number * 7919) % 900_000,
        )


def write_register(path: Path, count: int, first: int = 0) -> None:
    """A register of «Городской курьер» in which every row is an exact match; XLSX or CSV by name.

    It is about `count` orders from `first` on; its number is told from both.
    """
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
        for order in orders(count, first)
    ]
    head = RegisterHead(courier="Городской курьер", number=f"B-{count}-{first}", day=DAY)
    if path.suffix == ".csv":
        path.write_bytes(cod_register_csv(head, rows))
    else:
        _write_sheet(path, register_rows(head, rows))


def _write_sheet(path: Path, rows: Iterable[Sequence[Cell]]) -> None:
    """Row by row: a workbook of a million rows in memory takes ten times what is measured."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Реестр")
    for row in rows:
        sheet.append(list(row))
    book.save(path)


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


def lay_out(database_url: str, folder: Path, suffix: str, files: int, lines: int) -> None:
    """Registers `register-0.csv`, … of so many lines each, and the books with all their orders."""
    for number in range(files):
        write_register(folder / f"register-{number}{suffix}", lines, number * lines)
    fill_books(database_url, files * lines)


if __name__ == "__main__":
    # A process of its own: a child's peak of memory begins with that of its parent.
    url, where, kind, how_many, of_lines = sys.argv[1:]
    lay_out(url, Path(where), kind, int(how_many), int(of_lines))
