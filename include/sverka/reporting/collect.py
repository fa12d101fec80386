"""Reads one day out of the database and puts it together as a `Daily`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from psycopg2.extras import RealDictCursor

from sverka.clock import MOSCOW, moscow_day
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.nouns import FileState, PostingKind, PostingState, VerdictKind
from sverka.reporting import queries
from sverka.reporting.daily import (
    Carried,
    CourierDay,
    Daily,
    Discrepancy,
    DocumentCount,
    DroppedAgain,
    FileDay,
    FilePart,
    FinishedLater,
    Ignored,
    OpenDiscrepancies,
    Parts,
    RejectedRow,
    Suggestion,
    Sums,
    Trouble,
)
from sverka.reporting.transfers import transfer_of
from sverka.reporting.words import noted_in_words

FINE_WHEN_CLEAN = (
    VerdictKind.MATCHED,
    VerdictKind.MATCHED_WITHIN_TOLERANCE,
    VerdictKind.PARTIALLY_DELIVERED,
    VerdictKind.RETURNED,
    VerdictKind.RETURN_NOT_BOOKED,
    VerdictKind.SERVICE_ROW,
)
"""Verdicts without a question as long as their rule lets the line be posted."""

Row = dict[str, Any]


def collect(
    conn: Connection,
    day: date,
    *,
    as_of: datetime,
    public_url: str,
    couriers: Couriers,
) -> Daily:
    """The report of a Moscow day as the connection's transaction sees it.

    `as_of` is printed as the report's moment; `couriers` gives titles by code; `public_url` is
    the Airflow UI for links to runs ("" for none). Use a REPEATABLE READ transaction, or the
    sums of different questions may come from different moments.
    """
    return _Collector(conn, day, public_url, couriers).daily(as_of)


class _Collector:
    def __init__(self, conn: Connection, day: date, public_url: str, couriers: Couriers) -> None:
        midnight = datetime.combine(day, time(), MOSCOW)
        self.conn = conn
        self.day = day
        self.public_url = public_url.rstrip("/")
        self.couriers = couriers.by_code
        self.bounds = {
            "start": midnight,
            "finish": datetime.combine(day + timedelta(days=1), time(), MOSCOW),
            "fine": [str(kind) for kind in FINE_WHEN_CLEAN],
        }

    def daily(self, as_of: datetime) -> Daily:
        parts = self.parts()
        questions = self.rows(queries.DISCREPANCIES)
        return Daily(
            day=self.day,
            as_of=as_of,
            files=self.files(parts),
            couriers=self.courier_days(parts),
            documents=self.documents(queries.DOCUMENTS),
            discrepancies=tuple(self.discrepancy(q) for q in questions if not q["service"]),
            services=tuple(self.discrepancy(q) for q in questions if q["service"]),
            rejected=tuple(RejectedRow(**row) for row in self.rows(queries.REJECTED)),
            troubles=tuple(map(self.trouble, self.rows(queries.TROUBLES))),
            dropped_again=tuple(DroppedAgain(**row) for row in self.rows(queries.DROPPED_AGAIN)),
            carried=self.carried(),
            transfers=tuple(
                transfer_of(row, self.couriers.get(row["courier"]), self.day)
                for row in self.rows(queries.TRANSFERS)
            ),
            finished_later=tuple(
                FinishedLater(row["name"], moscow_day(row["received_at"]))
                for row in self.rows(queries.FINISHED_LATER)
            ),
        )

    def rows(self, query: str) -> list[Row]:
        with self.conn.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute(query, self.bounds)
            return [dict(row) for row in cursor.fetchall()]

    def title(self, courier: str) -> str:
        terms = self.couriers.get(courier)
        return terms.title if terms else courier

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
        terms = self.couriers.get(courier)
        return terms is not None and terms.dry_run

    def files(self, parts: Mapping[tuple[int, str, str], Parts]) -> tuple[FileDay, ...]:
        reports: dict[int, list[Row]] = defaultdict(list)
        for row in self.rows(queries.REPORTS):
            reports[row["file_id"]].append(row)
        doubts: dict[int, list[str]] = defaultdict(list)
        for row in self.rows(queries.DOUBTS):
            doubts[row["file_id"]].append(row["sentence"])
        noted: dict[int, list[str]] = defaultdict(list)
        for row in self.rows(queries.NOTED):
            noted[row["file_id"]].append(noted_in_words(row["purpose"], row["rows"]))
        rejected = {row["file_id"]: row["rows"] for row in self.rows(queries.REJECTED_ROWS)}
        return tuple(
            replace(
                self.file(row, [r["courier"] for r in reports[row["id"]]]),
                rows_read=sum(r["rows_read"] for r in reports[row["id"]]),
                ignored=_ignored(reports[row["id"]]),
                rejected_rows=rejected.get(row["id"], 0),
                doubts=tuple(doubts[row["id"]]),
                noted=tuple(noted[row["id"]]),
                parts=tuple(
                    FilePart(courier, self.title(courier), currency, part)
                    for (file_id, courier, currency), part in sorted(parts.items())
                    if file_id == row["id"]
                ),
            )
            for row in self.rows(queries.FILES)
        )

    def file(self, row: Row, couriers: Iterable[str] = ()) -> FileDay:
        codes = dict.fromkeys([*couriers, *([row["courier"]] if row["courier"] else [])])
        return FileDay(
            file_id=row["id"],
            name=row["name"],
            zone=row["zone"],
            state=FileState(row["state"]),
            reason=row["reason"],
            couriers=tuple(self.title(code) for code in codes),
            received_at=row["received_at"],
            finished_at=row["finished_at"],
            partition_key=row["partition_key"],
            link=self.link(row["claimed_by"]),
        )

    def link(self, run_id: str | None) -> str:
        """The run of `settle_report` that claimed the file, in the Airflow 3 UI."""
        if not run_id or not self.public_url:
            return ""
        return f"{self.public_url}/dags/settle_report/runs/{quote(run_id, safe='')}"

    def documents(self, query: str) -> tuple[DocumentCount, ...]:
        return tuple(
            DocumentCount(
                file_id=row["file_id"],
                file=row["file"],
                courier=row["courier"],
                courier_title=self.title(row["courier"]),
                kind=PostingKind(row["kind"]),
                state=PostingState(row["state"]),
                currency=row["currency"],
                count=row["count"],
                amount=_minor(row["amount"]),
            )
            for row in self.rows(query)
        )

    def discrepancy(self, row: Row) -> Discrepancy:
        given = {key: value for key, value in row.items() if key != "service"}
        given["verdict"] = VerdictKind(row["verdict"])
        given["suggestions"] = tuple(Suggestion(**one) for one in row["suggestions"])
        return Discrepancy(courier_title=self.title(row["courier"]), **given)

    def trouble(self, row: Row) -> Trouble:
        return Trouble(
            courier_title=self.title(row.pop("courier")),
            kind=PostingKind(row.pop("kind")),
            state=PostingState(row.pop("state")),
            **row,
        )

    def carried(self) -> Carried:
        return Carried(
            files=tuple(self.file(row) for row in self.rows(queries.CARRIED_FILES)),
            discrepancies=tuple(
                OpenDiscrepancies(
                    courier=row["courier"],
                    courier_title=self.title(row["courier"]),
                    verdict=VerdictKind(row["verdict"]),
                    currency=row["currency"],
                    count=row["count"],
                    stake=_minor(row["stake"]),
                    oldest=moscow_day(row["oldest"]),
                )
                for row in self.rows(queries.CARRIED_DISCREPANCIES)
            ),
            documents=self.documents(queries.CARRIED_DOCUMENTS),
        )


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


def _ignored(reports: Iterable[Row]) -> tuple[Ignored, ...]:
    rows: dict[str, int] = defaultdict(int)
    payout: dict[str, int] = defaultdict(int)
    for report in reports:
        for entry in report["ignored"]:
            rows[entry["reason"]] += entry["rows"]
            payout[entry["reason"]] += entry.get("payout", 0)
    return tuple(
        Ignored(reason, count, Minor(payout[reason])) for reason, count in sorted(rows.items())
    )
