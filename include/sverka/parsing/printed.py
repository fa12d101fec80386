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
from sverka.nouns import Line, Movement, Purpose, Report
from sverka.parsing import control
from sverka.parsing.parse import parse
from sverka.parsing.parsed import ParsedReport
from sverka.reading import read
from sverka.reading.raw import RawFile
from sverka.recognition import Schemas, recognise
from sverka.settings import INCLUDE

_NOT_PRINTED = ("identity", "occurrence")


def parsed_file(
    data: bytes,
    name: str,
    *,
    courier_schemas: Path = INCLUDE / "courier_schemas",
    couriers: Path = INCLUDE / "couriers",
    known: tuple[Schemas, Couriers] | None = None,
) -> dict[str, Any]:
    """Reads, recognises and parses one file; never raises for a file that cannot be taken.

    `known` is what an installation knows, instead of the folders alone.
    An unknown layout is drafted: the answer then also has what `drafting.printing.as_proposal` says.
    """
    schemas, terms = known or (Schemas.load(courier_schemas), Couriers.load(couriers))
    digest = sha256(data).hexdigest()
    try:
        raw = read(data, name)
        recognised = recognise(raw, schemas, terms)
        return as_json(parse(raw, recognised, digest))
    except NeedsMapping as refusal:
        return proposed(raw, refusal, schemas, terms, digest)
    except Refusal as refusal:
        return as_json(refusal)


def proposed(
    raw: RawFile, refusal: NeedsMapping, schemas: Schemas, couriers: Couriers, digest: str
) -> dict[str, Any]:
    """The answer for an unknown layout: the draft and the lines under it, or why it is no report."""
    # Drafting is a later room: it reads its draft back with this one.
    from sverka.drafting import propose
    from sverka.drafting.printing import as_proposal

    try:
        draft = propose(raw, schemas, couriers, refusal)
        reports = draft.parsed(raw, couriers, digest)
    except Refusal as other:
        return as_json(other)
    reason = _asks(refusal)
    return _answer("needs_mapping", reason, reports) | as_proposal(draft, refusal)


def _asks(refusal: NeedsMapping) -> str:
    """The reason of a held file once there is a draft of its layout."""
    if refusal.drift is not None:
        return refusal.where_and_why()
    return (
        "Такую таблицу Сверка видит впервые и предлагает, как её читать. Сверьте предложение с файлом и "
        "подтвердите его; до этого по файлу ничего не проводится."
    )


def as_json(outcome: Sequence[ParsedReport] | Refusal) -> dict[str, Any]:
    """The parsed reports of one file, or the refusal that stopped it, as plain JSON values.

    `status` is `parsed`, `needs_mapping` or `rejected`; `reason` is Russian and None for
    `parsed`. A report that contradicts its own totals is `rejected` with its lines shown. `report` is the first report; when there are several, `reports` lists all with the
    number of `lines` each has in `lines`, which holds the lines of all of them in order. Money is
    minor units. `movements`, `warnings` and a line's `reason` are there when there are any, a
    report's `purpose` when it is no settlement.
    """
    if isinstance(outcome, Refusal):
        status = "needs_mapping" if isinstance(outcome, NeedsMapping) else "rejected"
        return _answer(status, outcome.where_and_why(), ())
    doubt = control.doubt(outcome)
    return _answer("rejected" if doubt else "parsed", doubt, outcome)


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
    movements = [_movement(movement) for one in parsed for movement in one.movements]
    warnings = list(dict.fromkeys(warning for one in parsed for warning in one.warnings))
    return (
        answer
        | ({"movements": movements} if movements else {})
        | ({"warnings": warnings} if warnings else {})
    )


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
    } | ({} if report.purpose is Purpose.SETTLEMENT else {"purpose": report.purpose})


def _line(line: Line) -> dict[str, Any]:
    printed = asdict(line)
    for name in _NOT_PRINTED:
        del printed[name]
    if line.reason is None:
        del printed["reason"]
    return printed | {"occurred_on": _iso(line.occurred_on)}


def _movement(movement: Movement) -> dict[str, Any]:
    days = {name: _iso(getattr(movement, name)) for name in ("document_date", "moved_on")}
    return asdict(movement) | days


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_text(printed: dict[str, Any]) -> str:
    """A printed answer in a few Russian lines for the terminal."""
    if "proposed_mapping" in printed:
        return "\n".join([str(printed["reason"]), *_draft_in_words(printed)])
    if printed["status"] != "parsed":
        return str(printed["reason"])
    reports = printed.get("reports") or [printed["report"] | {"lines": len(printed["lines"])}]
    texts = [_report_in_words(report) for report in reports]
    if not any(printed.get(rows) for rows in ("lines", "rejected", "movements")):
        texts.append("Операций нет.")
    texts += _amounts_in_words(printed)
    texts += [f"Не операции: {rows['rows']} стр., {rows['reason']}" for rows in printed["ignored"]]
    texts += [f"Не прочитано: {_place(row)}: {row['reason']}." for row in printed["rejected"]]
    texts += [f"Внимание: {warning}." for warning in printed.get("warnings", ())]
    return "\n".join(texts)


def _draft_in_words(printed: dict[str, Any]) -> list[str]:
    from sverka.drafting.printing import in_words_of_draft

    return in_words_of_draft(printed)


def _amounts_in_words(printed: dict[str, Any]) -> list[str]:
    """What a report is about: money of buyers, movements of a bank, or none at all."""
    currency = printed["report"]["currency"]
    movements = printed.get("movements", ())
    if printed["report"].get("purpose") == Purpose.STATEMENT:
        titles = (("in", "Поступило"), ("out", "Списано"))
        sums = {
            title: sum(one["amount"] for one in movements if one["direction"] == direction)
            for direction, title in titles
        }
    elif "purpose" in printed["report"]:
        return []
    else:
        sums = {
            title: sum(line[name] for line in printed["lines"])
            for name, title in (
                ("collected", "Принято с покупателей"),
                ("payout", "К перечислению"),
            )
        }
    return [f"{title}: {in_words_of_money(total, currency)}" for title, total in sums.items()]


def _place(row: dict[str, Any]) -> str:
    sheet = f"лист «{row['sheet']}», " if row["sheet"] else ""
    column = f", колонка «{row['column']}»" if row["column"] else ""
    return f"{sheet}строка {row['line_no']}{column}"


def _report_in_words(report: dict[str, Any]) -> str:
    number = f" № {report['report_no']}" if report["report_no"] else ""
    day = f" от {report['report_date']}" if report["report_date"] else ""
    nobody = "банк" if report.get("purpose") == Purpose.STATEMENT else "курьер не назван"
    courier = report["courier"] or nobody
    return f"{courier}: {report['schema']}{number}{day}, строк: {report['lines']}"
