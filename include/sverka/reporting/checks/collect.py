"""Reads what the page of checks says out of the database, a few questions per file."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from psycopg2.extras import RealDictCursor

from sverka.checking.views import modelled_query, models_query, totals_query
from sverka.clock import moscow_day
from sverka.couriers import Couriers
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.nouns import FileState, Purpose, Settlement
from sverka.recognition.schemas import Schemas
from sverka.reporting.checks.facts import (
    CheckedFile,
    Ignored,
    Part,
    Report,
    Rule,
    Total,
    Unread,
)
from sverka.texts import Texts

UNREAD = 50
"""Unread rows that the page names; the workbook of the day has all of them."""

Row = dict[str, Any]


def collect(
    conn: Connection, file_id: int, schemas: Schemas, couriers: Couriers, say: Texts
) -> CheckedFile | None:
    """The facts of a file; None when nothing of it was parsed, so nothing could be checked."""
    ask = _Asked(conn, file_id, say)
    reports = ask.rows("select * from report where file_id = %(file)s order by ordinal")
    if not reports:
        return None
    file = ask.rows("select * from file where id = %(file)s")[0]
    first = reports[0]
    schema = schemas.by_code.get(first["schema"])
    terms = couriers.by_code.get(first["courier"])
    rules = ask.rules()
    return CheckedFile(
        file_id=file_id,
        name=file["name"],
        state=FileState(file["state"]),
        reason=file["reason"],
        courier=terms.title if terms else first["courier"],
        layout=schema.title if schema else first["schema"],
        version=first["schema_version"],
        provenance=ask.provenance(first, schema.provenance if schema else {}),
        purpose=Purpose(first["purpose"]),
        received_at=file["received_at"],
        checked_at=ask.checked_at(),
        rows_read=sum(report["rows_read"] for report in reports),
        ignored=_ignored(reports),
        unread_rows=ask.unread_rows(),
        unread=ask.unread(),
        movements=ask.movements(),
        parts=ask.parts(),
        rules=rules,
        totals=ask.totals(),
        reports=ask.reports(reports),
    )


class _Asked:
    def __init__(self, conn: Connection, file_id: int, say: Texts) -> None:
        self.conn = conn
        self.file_id = file_id
        self.say = say

    def rows(self, query: str, **more: Any) -> list[Row]:
        with self.conn.cursor(cursor_factory=RealDictCursor) as cursor:
            cursor.execute(query, {"file": self.file_id, **more})
            return [dict(row) for row in cursor.fetchall()]

    def provenance(self, report: Row, given: Mapping[str, Any]) -> str:
        """A person's confirmation of this very version goes before what the layout says."""
        found = self.rows(
            "select confirmed_by, confirmed_at from confirmed_schema"
            " where code = %(code)s and version = %(version)s",
            code=report["schema"],
            version=report["schema_version"],
        )
        if found:
            day = moscow_day(found[0]["confirmed_at"])
            return self.say(
                "подтверждена: {by}, {day} {year}",
                by=found[0]["confirmed_by"],
                day=self.say.short_day(day),
                year=day.year,
            )
        return _provenance(self.say, str(given.get("kind")))

    def checked_at(self) -> Any:
        return self.rows("select max(checked_at) as at from check_result where file_id = %(file)s")[
            0
        ]["at"]

    def rules(self) -> tuple[Rule, ...]:
        found = self.rows("select * from check_result where file_id = %(file)s order by id")
        return tuple(
            Rule(
                code=row["rule"],
                sentence=row["sentence"],
                severity=row["severity"],
                passed=row["passed"],
                checked=row["rows_checked"],
                refused=row["rows_refused"],
                sample=tuple(row["sample"]),
            )
            for row in found
        )

    def parts(self) -> dict[str, tuple[Part, ...]]:
        found = self.rows(
            """
            select case when l.accepted then 'accepted' when j.line_id is null then 'held'
                        else 'aside' end as part,
                   l.currency, count(*) as rows, sum(l.collected) as collected,
                   sum(l.payout) as payout
              from line l join report r on r.id = l.report_id
              left join (select distinct j.line_id from rejected j join report o on o.id = j.report_id
                          where o.file_id = %(file)s) j on j.line_id = l.id
             where r.file_id = %(file)s
             group by 1, 2 order by 1, l.currency <> 'RUB', 2
            """
        )
        parts: dict[str, list[Part]] = defaultdict(list)
        for row in found:
            money = Minor(int(row["collected"])), Minor(int(row["payout"]))
            parts[row["part"]].append(Part(row["rows"], *money, row["currency"]))
        return {name: tuple(some) for name, some in parts.items()}

    def unread_rows(self) -> int:
        found = self.rows(
            "select count(distinct (r.id, j.sheet, j.line_no)) as rows"
            "  from rejected j join report r on r.id = j.report_id"
            " where r.file_id = %(file)s and j.line_id is null"
        )
        return int(found[0]["rows"])

    def unread(self) -> tuple[Unread, ...]:
        found = self.rows(
            "select j.sheet, j.line_no, j.column_name as column, j.value, j.reason"
            "  from rejected j join report r on r.id = j.report_id"
            " where r.file_id = %(file)s and j.line_id is null order by j.id limit %(shown)s",
            shown=UNREAD,
        )
        return tuple(Unread(**row) for row in found)

    def movements(self) -> int:
        found = self.rows(
            "select count(*) as rows from bank_movement b join report r on r.id = b.report_id"
            " where r.file_id = %(file)s"
        )
        return int(found[0]["rows"])

    def totals(self) -> tuple[Total, ...]:
        found = self.rows(
            f"select r.report_no, t.field, r.currency, t.printed, t.counted"  # noqa: S608 - a view of checking
            f" from ({totals_query(self.file_id)}) t join report r on r.id = t.report_id"
            " order by r.ordinal, t.field"
        )
        return tuple(Total(**row) for row in found)

    def reports(self, reports: list[Row]) -> tuple[Report, ...]:
        with self.conn.cursor() as cursor:
            cursor.execute(models_query(self.file_id))
            models = {report: Settlement(model) for report, model in cursor.fetchall() if model}
        counted = {row["report_id"]: row for row in self.rows(modelled_query(self.file_id, models))}
        return tuple(
            Report(
                report_no=report["report_no"],
                report_date=report["report_date"],
                model=models.get(report["id"]),
                **{
                    key: counted.get(report["id"], {}).get(key, 0)
                    for key in ("paid", "fitting", "rounded")
                },
            )
            for report in reports
        )


def _provenance(say: Texts, kind: str) -> str:
    return {
        "documented": say("описана в документации службы доставки"),
        "seen_in_code": say("известна по открытым программам"),
        "convention": say("составлена по обычаю таких отчётов"),
        "learned": say("составлена по присланному отчёту"),
    }.get(kind, say("происхождение не указано"))


def _ignored(reports: list[Row]) -> tuple[Ignored, ...]:
    rows: dict[str, int] = defaultdict(int)
    payout: dict[str, int] = defaultdict(int)
    for entry in (entry for report in reports for entry in report["ignored"]):
        rows[entry["reason"]] += entry["rows"]
        payout[entry["reason"]] += entry.get("payout", 0)
    return tuple(
        Ignored(reason, count, Minor(payout[reason]))
        for reason, count in sorted(rows.items())
        if count
    )
