"""What `sverka parse FILE --json` prints: the report and its lines under their documented names."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from sverka.couriers import Couriers
from sverka.errors import NeedsMapping, Refusal
from sverka.money import in_words_of_money
from sverka.nouns import Line, Report
from sverka.parsing.parse import parse
from sverka.parsing.parsed import ParsedReport
from sverka.reading import read
from sverka.recognition import Schemas, recognise
from sverka.settings import INCLUDE

_NOT_PRINTED = ("identity", "occurrence")


def parsed_file(
    data: bytes,
    name: str,
    *,
    courier_schemas: Path = INCLUDE / "courier_schemas",
    couriers: Path = INCLUDE / "couriers",
) -> dict[str, Any]:
    """Reads, recognises and parses one file; never raises for a file that cannot be taken."""
    schemas = Schemas.load(courier_schemas)
    terms = Couriers.load(couriers)
    try:
        raw = read(data, name)
        recognised = recognise(raw, schemas, terms)
        return as_json(parse(raw, recognised, sha256(data).hexdigest()))
    except Refusal as refusal:
        return as_json(refusal)


def as_json(outcome: Sequence[ParsedReport] | Refusal) -> dict[str, Any]:
    """The parsed reports of one file, or the refusal that stopped it, as plain JSON values.

    `status` is `parsed`, `needs_mapping` or `rejected`; `reason` is Russian and None for
    `parsed`. `report` is the first report; when there are several, `reports` lists all with the
    number of `lines` each has in `lines`, which holds the lines of all of them in order. Money is
    minor units.
    """
    if isinstance(outcome, Refusal):
        status = "needs_mapping" if isinstance(outcome, NeedsMapping) else "rejected"
        return _answer(status, outcome.where_and_why(), ())
    return _answer("parsed", None, outcome)


def _answer(status: str, reason: str | None, parsed: Sequence[ParsedReport]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "status": status,
        "reason": reason,
        "report": _report(parsed[0].report) if parsed else None,
        "lines": [_line(line) for one in parsed for line in one.lines],
        "rejected": [asdict(row) for one in parsed for row in one.rejected],
        "ignored": [asdict(rows) for one in parsed for rows in one.ignored],
    }
    if len(parsed) > 1:
        answer["reports"] = [_report(one.report) | {"lines": len(one.lines)} for one in parsed]
    return answer


def _report(report: Report) -> dict[str, Any]:
    period = {"from": _iso(report.period_from), "to": _iso(report.period_to)}
    return {
        "courier": report.courier,
        "schema": report.schema,
        "schema_version": report.schema_version,
        "report_no": report.report_no,
        "report_date": _iso(report.report_date),
        "period": period if report.period_from or report.period_to else None,
        "payment_order_no": report.payment_order_no,
        "payment_order_date": _iso(report.payment_order_date),
        "payment_order_sum": report.payment_order_sum,
        "currency": report.currency,
        "settlement": report.settlement,
        "totals": report.totals,
        "file_sha256": report.file_sha256,
        "revision": report.revision,
        "supersedes": report.supersedes,
    }


def _line(line: Line) -> dict[str, Any]:
    printed = asdict(line)
    for name in _NOT_PRINTED:
        del printed[name]
    return printed | {"occurred_on": _iso(line.occurred_on)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_text(printed: dict[str, Any]) -> str:
    """A printed answer in a few Russian lines for the terminal."""
    if printed["status"] != "parsed":
        return str(printed["reason"])
    reports = printed.get("reports") or [printed["report"] | {"lines": len(printed["lines"])}]
    texts = [_report_in_words(report) for report in reports]
    if not printed["lines"] and not printed["rejected"]:
        texts.append("Операций нет.")
    for name, title in (("collected", "Принято с покупателей"), ("payout", "К перечислению")):
        total = sum(line[name] for line in printed["lines"])
        texts.append(f"{title}: {in_words_of_money(total, printed['report']['currency'])}")
    texts += [f"Не операции: {rows['rows']} стр., {rows['reason']}" for rows in printed["ignored"]]
    texts += [f"Не прочитано: {_place(row)}: {row['reason']}." for row in printed["rejected"]]
    return "\n".join(texts)


def _place(row: dict[str, Any]) -> str:
    sheet = f"лист «{row['sheet']}», " if row["sheet"] else ""
    column = f", колонка «{row['column']}»" if row["column"] else ""
    return f"{sheet}строка {row['line_no']}{column}"


def _report_in_words(report: dict[str, Any]) -> str:
    number = f" № {report['report_no']}" if report["report_no"] else ""
    day = f" от {report['report_date']}" if report["report_date"] else ""
    courier = report["courier"] or "курьер не назван"
    return f"{courier}: {report['schema']}{number}{day}, строк: {report['lines']}"
