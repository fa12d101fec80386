"""The day's files, each with its way: read, ignored, rejected, noted, its sums."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sverka.discrepancies.words import answer_in_words
from sverka.money import Minor
from sverka.nouns import FileState
from sverka.reporting import queries
from sverka.reporting.daily import FileDay, Ignored
from sverka.reporting.links import Links
from sverka.reporting.parts import FilePart, Parts
from sverka.reporting.words import noted_in_words
from sverka.texts import Texts

Row = dict[str, Any]


class Files:
    """Puts files together; `rows` answers a query of `queries` for the day."""

    def __init__(
        self,
        rows: Callable[[str], list[Row]],
        links: Links,
        title: Callable[[str], str],
        say: Texts,
    ) -> None:
        self.rows = rows
        self.links = links
        self.title = title
        self.say = say

    def of_the_day(self, parts: Mapping[tuple[int, str, str], Parts]) -> tuple[FileDay, ...]:
        """The files that came on the day, in order of arrival."""
        reports = self._by_file(queries.REPORTS)
        doubts = self._by_file(queries.DOUBTS)
        noted = self._noted()
        rejected = {row["file_id"]: row["rows"] for row in self.rows(queries.REJECTED_ROWS)}
        return tuple(
            replace(
                self._file(row, [r["courier"] for r in reports[row["id"]]]),
                rows_read=sum(r["rows_read"] for r in reports[row["id"]]),
                ignored=_ignored(reports[row["id"]]),
                rejected_rows=rejected.get(row["id"], 0),
                doubts=tuple(doubt["sentence"] for doubt in doubts[row["id"]]),
                noted=tuple(noted[row["id"]]),
                parts=self._parts(row["id"], parts),
            )
            for row in self.rows(queries.FILES)
        )

    def carried(self) -> tuple[FileDay, ...]:
        """Files of earlier days that are not done, the newest first."""
        return tuple(self._file(row) for row in self.rows(queries.CARRIED_FILES))

    def _by_file(self, query: str) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self.rows(query):
            found[row["file_id"]].append(row)
        return found

    def _noted(self) -> dict[int, list[str]]:
        noted: dict[int, list[str]] = defaultdict(list)
        for row in self.rows(queries.NOTED):
            noted[row["file_id"]].append(noted_in_words(self.say, row["purpose"], row["rows"]))
        for row in self.rows(queries.DECISIONS_READ):
            noted[row["file_id"]] += answer_in_words(self.say, row["totals"], row["refused"])
        return noted

    def _parts(
        self, file_id: int, parts: Mapping[tuple[int, str, str], Parts]
    ) -> tuple[FilePart, ...]:
        return tuple(
            FilePart(courier, self.title(courier), currency, part)
            for (about, courier, currency), part in sorted(parts.items(), key=lambda one: one[0])
            if about == file_id
        )

    def _file(self, row: Row, couriers: Iterable[str] = ()) -> FileDay:
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
            link=self.links.run(row["claimed_by"]),
            page=self.links.file(row["id"]),
        )


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
