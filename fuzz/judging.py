"""What becomes of a spoiled file: the way from bytes to checked lines, without a database.

The checks are those of `sverka.checking` that decide about money: signs, the settlement equation,
control totals, and the share of rows that cannot be used.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sverka.couriers import Couriers
from sverka.errors import NeedsMapping, Refusal
from sverka.nouns import FEES, NETTED_FEES, Line, Purpose, RowKind, Settlement
from sverka.parsing.parse import parse
from sverka.parsing.parsed import ParsedReport
from sverka.reading import read
from sverka.recognition import Schemas, recognise

_ROUNDING = 100
_PLACE = ("sheet", "line_no", "occurrence")
"""Where a line stands; the counter of equal lines follows their order."""
_HEAD = (
    "courier",
    "schema",
    "report_no",
    "report_date",
    "payment_order_no",
    "payment_order_sum",
    "currency",
    "settlement",
)
_CHARGES = {RowKind.SERVICE, RowKind.FINE, RowKind.PICKUP}


@dataclass(slots=True)
class Result:
    """`outcome`: read, held, asked or refused; lines and heads only when it was read."""

    outcome: str
    reason: str = ""
    heads: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    put_aside: int = 0

    def said(self, without: Collection[str]) -> "Counter[str]":
        """The lines without some fields, countable."""
        shown = [{k: v for k, v in line.items() if k not in without} for line in self.lines]
        return Counter(str(line) for line in shown)

    def told(self, without: Collection[str]) -> list[str]:
        """The heads without some facts."""
        return [str({k: v for k, v in head.items() if k not in without}) for head in self.heads]


def result_of(data: bytes, name: str, schemas: Schemas, couriers: Couriers) -> Result:
    """Reads, recognises, parses and judges one file."""
    try:
        raw = read(data, name)
        found = recognise(raw, schemas, couriers)
        reports = parse(raw, found, "sha")
    except NeedsMapping as needs:
        return Result("asked", needs.where_and_why())
    except Refusal as refusal:
        return Result("refused", refusal.where_and_why())
    return judged(reports)


def judged(reports: Sequence[ParsedReport]) -> Result:
    """The lines that would go on, or why the file is held."""
    result = Result("read")
    for one in reports:
        bad = _bad_lines(one) if one.report.purpose is Purpose.SETTLEMENT else []
        if doubt := _doubt(one, bad):
            return Result("held", doubt)
        result.heads.append({name: getattr(one.report, name) for name in _HEAD})
        left = [line for line in one.lines if not any(line is other for other in bad)]
        result.lines += [
            {k: v for k, v in asdict(line).items() if k not in _PLACE} for line in left
        ]
        result.lines += [asdict(moved) | {"line_no": 0} for moved in one.movements]
        result.put_aside += len(bad) + len({row.line_no for row in one.rejected})
    return result


def _bad_lines(parsed: ParsedReport) -> list[Line]:
    model = parsed.report.settlement or _majority(parsed.lines)
    return [
        line for line in parsed.lines if _wrong_sign(line) or abs(_misfit(line, model)) > _ROUNDING
    ]


def _misfit(line: Line, model: Settlement) -> int:
    if not line.collected and not line.payout:
        return 0
    return line.collected - sum(getattr(line, fee) for fee in NETTED_FEES[model]) - line.payout


def _majority(lines: Sequence[Line]) -> Settlement:
    return max(Settlement, key=lambda model: sum(not _misfit(line, model) for line in lines))


def _wrong_sign(line: Line) -> bool:
    return (
        (line.row_kind is RowKind.ORDER and line.collected < 0)
        or (line.row_kind is RowKind.RETURN and line.collected > 0)
        or (line.row_kind in _CHARGES and line.collected != 0)
        or (line.row_kind is not RowKind.CORRECTION and min(getattr(line, f) for f in FEES) < 0)
    )


def _doubt(parsed: ParsedReport, bad: Sequence[Line]) -> str | None:
    sums = {
        name: sum(getattr(line, name) for line in parsed.lines)
        for name in ("collected", "payout", *FEES)
    }
    sums["vat"] = sum(line.vat or 0 for line in parsed.lines)
    totals = dict(parsed.report.totals)
    if parsed.report.payment_order_sum is not None and parsed.report.purpose is Purpose.SETTLEMENT:
        totals["payment_order_sum"] = parsed.report.payment_order_sum
    for name, printed in totals.items():
        if printed != sums["payout" if name == "payment_order_sum" else name]:
            return f"итог {name}: напечатано {printed}"
    aside = len(bad) + len(parsed.rejected)
    if 2 * aside > len(parsed.lines) + len(parsed.rejected):
        return "не подходит больше половины строк"
    return None
