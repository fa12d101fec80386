"""Reads one day out of the database and puts it together as a `Daily`."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from psycopg2.extras import RealDictCursor

from sverka import watching
from sverka.clock import moscow_day
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.discrepancies import Filter, changed_since, totals
from sverka.discrepancies.changed import day_in_moscow
from sverka.money import Minor
from sverka.notices.listing import undelivered, undelivered_in_words
from sverka.nouns import PostingKind, PostingState
from sverka.reporting import queries
from sverka.reporting.daily import (
    Carried,
    Daily,
    DocumentCount,
    DroppedAgain,
    FinishedLater,
    OpenPlan,
    RejectedRow,
    Service,
    Stand,
    Unsure,
)
from sverka.reporting.filed import Files
from sverka.reporting.links import Links
from sverka.reporting.parts import CourierDay, Parts
from sverka.reporting.standing import every
from sverka.reporting.transfers import transfer_of
from sverka.sums import Sums
from sverka.texts import Texts

Row = dict[str, Any]

SHOWN = 200
"""Discrepancies that the page and the summary tell in full; the workbook and JSON have all."""


def collect(  # noqa: PLR0913 - the day, the moment, and what names and links are made of
    conn: Connection,
    day: date,
    *,
    as_of: datetime,
    public_url: str,
    couriers: Couriers,
    say: Texts | None = None,
) -> Daily:
    """The report of a Moscow day as the connection's transaction sees it.

    `as_of` is printed as the report's moment, and what stands is as of it; `couriers` gives titles
    by code; `public_url` is the Airflow UI for links ("" for none). Use a REPEATABLE READ
    transaction, or the sums of different questions may come from different moments.
    """
    return _Collector(conn, day, Links(public_url), couriers, say or Texts()).daily(as_of)


class _Collector:
    def __init__(
        self, conn: Connection, day: date, links: Links, couriers: Couriers, say: Texts
    ) -> None:
        self.conn = conn
        self.day = day
        self.links = links
        self.couriers = couriers
        self.say = say
        self.start, finish = day_in_moscow(day)
        self.bounds = {"day": day, "start": self.start, "finish": finish}

    def daily(self, as_of: datetime) -> Daily:
        parts = self.parts()
        files = Files(self.rows, self.links, self.title, self.say)
        return Daily(
            day=self.day,
            as_of=as_of,
            titles={code: courier.title for code, courier in self.couriers.by_code.items()},
            files=files.of_the_day(parts),
            couriers=self.courier_days(parts),
            documents=self.documents(queries.DOCUMENTS),
            stand=self.stand(as_of),
            services=tuple(map(self.service, self.rows(queries.SERVICES))),
            rejected=tuple(RejectedRow(**row) for row in self.rows(queries.REJECTED)),
            unsure=tuple(map(self.unsure, self.rows(queries.UNSURE))),
            dropped_again=tuple(DroppedAgain(**row) for row in self.rows(queries.DROPPED_AGAIN)),
            carried=Carried(files.carried(), self.documents(queries.CARRIED_DOCUMENTS)),
            transfers=tuple(
                transfer_of(row, self.couriers.by_code.get(row["courier"]), self.day, self.say)
                for row in self.rows(queries.TRANSFERS)
            ),
            finished_later=tuple(
                FinishedLater(row["name"], moscow_day(row["received_at"]))
                for row in self.rows(queries.FINISHED_LATER)
            ),
            undelivered=tuple(
                undelivered_in_words(one, self.say)
                for one in undelivered(self.conn, *day_in_moscow(self.day))
            ),
        )

    def rows(self, query: str) -> list[Row]:
        with self.conn.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute(query, self.bounds)
            return [dict(row) for row in cursor.fetchall()]

    def title(self, courier: str) -> str:
        terms = self.couriers.by_code.get(courier)
        return terms.title if terms else courier

    def stand(self, as_of: datetime) -> Stand:
        conn = self.conn
        return Stand(
            questions=totals(conn, Filter(), as_of),
            shown=tuple(every(conn, as_of, self.say, self.links, SHOWN)),
            changed=changed_since(conn, self.start),
            owed=tuple(watching.owed(conn, self.couriers, as_of)),
            change=tuple(watching.since_yesterday(conn, self.day)),
            trend=tuple(watching.trend(conn, self.day)),
            payouts=tuple(watching.payouts_by_courier(conn, self.day)),
            returns=tuple(watching.returns_by_day(conn, self.day)),
            plans=tuple(map(self.plan, self.rows(queries.PLANS))),
            first=not self.rows(queries.HAS_EARLIER)[0]["found"],
        )

    def parts(self) -> dict[tuple[int, str, str], Parts]:
        """Sums by file, courier and currency."""
        parts: dict[tuple[int, str, str], Parts] = defaultdict(Parts)
        for row in self.rows(queries.REPORTED):
            parts[_key(row)] += Parts(reported=_sums(row))
        for row in self.rows(queries.PARTS):
            parts[_key(row)] += _part(row)
        return dict(parts)

    def courier_days(self, parts: Mapping[tuple[int, str, str], Parts]) -> tuple[CourierDay, ...]:
        sums: dict[tuple[str, str], Parts] = defaultdict(Parts)
        for (_, courier, currency), part in parts.items():
            sums[courier, currency] += part
        days = (
            CourierDay(courier, self.title(courier), currency, self.is_dry(courier), part)
            for (courier, currency), part in sums.items()
        )
        return tuple(sorted(days, key=lambda d: (d.title.casefold(), d.courier, d.currency)))

    def is_dry(self, courier: str) -> bool:
        terms = self.couriers.by_code.get(courier)
        return terms is not None and terms.dry_run

    def documents(self, query: str) -> tuple[DocumentCount, ...]:
        return tuple(
            DocumentCount(
                **row
                | {
                    "courier_title": self.title(row["courier"]),
                    "kind": PostingKind(row["kind"]),
                    "state": PostingState(row["state"]),
                    "amount": _minor(row["amount"]),
                }
            )
            for row in self.rows(query)
        )

    def service(self, row: Row) -> Service:
        page = self.links.row(row["file_id"], row.pop("ordinal"), row.pop("line_id"))
        return Service(courier_title=self.title(row["courier"]), row_page=page, **row)

    def plan(self, row: Row) -> OpenPlan:
        return OpenPlan(page=f"{self.links.file(row['file_id'])}/plan", **row)

    def unsure(self, row: Row) -> Unsure:
        title, kind = self.title(row.pop("courier")), PostingKind(row.pop("kind"))
        return Unsure(courier_title=title, kind=kind, **row)


def _key(row: Row) -> tuple[int, str, str]:
    return row["file_id"], row["courier"], row["currency"]


def _minor(amount: Any) -> Minor:
    """PostgreSQL sums bigints to numeric; the value is a whole number."""
    return Minor(int(amount))


def _sums(row: Row) -> Sums:
    return Sums(row["lines"], _minor(row["collected"]), _minor(row["fees"]), _minor(row["payout"]))


def _part(row: Row) -> Parts:
    sums = _sums(row)
    found: dict[str, Any] = {row["part"]: sums}
    if row["posted"]:
        found["posted"] = sums
    if row["part"] == "discrepant":
        found["stake"] = _minor(row["stake"])
    return Parts(**found)
