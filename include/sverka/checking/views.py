"""What Great Expectations looks at: two queries over one file, computed where the data lies.

All amounts stay bigint: Great Expectations returns the sum of a bigint column as a float, so no
sum is left to it; differences are computed here and only compared with zero there.
"""

from collections.abc import Mapping
from datetime import date

from sverka.checking.rules import ROUNDING
from sverka.nouns import FEES, NETTED_FEES, Settlement

LINE_COLUMNS = (
    "line_id",
    "row_kind",
    "order_ref",
    "track_ref",
    "outcome",
    "occurred_on",
    "payment_method",
    "collected",
    *FEES,
    "vat",
    "payout",
    "currency",
    "fees",
    "reference",
    "copies",
    "repeats",
    "days_from_report",
    "days_outside_period",
    "order_collected",
    "return_collected",
    "charge_collected",
    "hold_payout",
    "release_payout",
    "lowest_fee",
    "largest",
    "fees_over",
    "vat_over",
    "refused_collected",
    "misfit",
    "rounding",
)
"""Every column of the lines query; the suite demands them all before anything else."""

REPORT_COLUMNS = (
    "report_id",
    "field",
    "printed",
    "counted",
    "recounted",
    "difference",
    "lost",
    "one_sided",
    "days_ahead",
    "days_of_period",
)

_ALL_FEES = " + ".join(f"l.{fee}" for fee in FEES)

_LARGEST = ", ".join(f"abs(l.{amount})" for amount in ("collected", *FEES, "payout"))


def _kept(model: Settlement) -> str:
    """SQL: the fees of a line that this settlement model keeps from the transfer."""
    return " + ".join(f"l.{fee}" for fee in NETTED_FEES[model]) or "0"


def _models(models: Mapping[int, Settlement]) -> str:
    """SQL: the settlement model of each report as a table; a join, because a file may hold
    thousands of reports and a `case` of as many branches would be tried for every line."""
    rows = ", ".join(f"({report:d}::bigint, '{model}')" for report, model in models.items())
    return f"(values {rows or '(0::bigint, null)'}) m (report_id, model)"


_NETTED = "case m.model " + " ".join(f"when '{m}' then {_kept(m)}" for m in Settlement) + " end"

MISFIT = f"""case when l.collected = 0 and l.payout = 0 then 0
            else l.collected - ({_NETTED}) - l.payout end"""
"""SQL: collected − netted fees − payout in minor units, null where the report has no model. A row
without money on either side always fits: a prepaid order whose services are settled elsewhere."""


def models_query(file_id: int) -> str:
    """Report and its settlement model: the one it was read with, else the one most rows obey.

    Parsing names a model only if every row obeys it. One wrong row must not free the others from
    the arithmetic, so here the majority decides; of equals the first of `Settlement`.
    """
    values = ", ".join(
        f"('{model}', {rank}, {_kept(model)})" for rank, model in enumerate(Settlement)
    )
    return f"""
select r.id, coalesce(r.settlement, (
    select kept.model
    from line l cross join lateral (values {values}) kept (model, rank, amount)
    where l.report_id = r.id and (l.collected <> 0 or l.payout <> 0)
    group by kept.model, kept.rank
    order by count(*) filter (where l.collected - kept.amount = l.payout) desc, kept.rank
    limit 1
))
from report r where r.file_id = {file_id:d} and r.purpose = 'settlement'"""  # noqa: S608 - only constants and an integer are put in


def lines_query(
    file_id: int,
    models: Mapping[int, Settlement],
    received: date,
    ids: tuple[int, int] | None = None,
) -> str:
    """The lines of the file with what the rules compute from them.

    `models` is the settlement model of each report, `received` the day the file came, `ids` the
    first and the last line to look at. `rounding` repeats the misfits that are small enough to
    come from rounding. A column that a check does not ask for costs nothing: PostgreSQL leaves
    out the join behind `copies` and `repeats` then.
    """
    only = f"and l.id between {ids[0]:d} and {ids[1]:d}" if ids else ""
    return f"""
select *, case when abs(misfit) <= {ROUNDING} then misfit end as rounding
from (
    select l.id as line_id, l.row_kind, l.order_ref, l.track_ref, l.outcome, l.occurred_on,
        l.payment_method, l.collected, {", ".join(f"l.{fee}" for fee in FEES)}, l.vat, l.payout,
        l.currency, {_ALL_FEES} as fees,
        coalesce(nullif(btrim(l.order_ref), ''), nullif(btrim(l.track_ref), ''),
            case when l.row_kind not in ('order', 'return') then 'not needed' end) as reference,
        coalesce(d.times - d.reports + 1, 1) as copies,
        coalesce(d.reports - 1, 0)
            + case when l.row_kind = 'order' and l.collected <> 0 then l.occurrence - 1 else 0 end
            as repeats,
        l.occurred_on - least(coalesce(r.report_date, r.payment_order_date, r.period_to),
            date '{received:%Y-%m-%d}') as days_from_report,
        greatest(r.period_from - l.occurred_on, l.occurred_on - r.period_to) as days_outside_period,
        case when l.row_kind = 'order' then l.collected end as order_collected,
        case when l.row_kind = 'return' then l.collected end as return_collected,
        case when l.row_kind in ('service', 'fine', 'pickup') then l.collected end
            as charge_collected,
        case when l.row_kind = 'hold' then l.payout end as hold_payout,
        case when l.row_kind = 'hold_release' then l.payout end as release_payout,
        case when l.row_kind <> 'correction' then least({", ".join(f"l.{fee}" for fee in FEES)})
            end as lowest_fee,
        greatest({_LARGEST}) as largest,
        case when l.row_kind = 'order' and l.collected > 0
            then {_ALL_FEES} - l.collected end as fees_over,
        abs(l.vat) - abs({_ALL_FEES}) as vat_over,
        case when l.row_kind = 'order' and l.outcome in ('refused', 'returned')
            then l.collected end as refused_collected,
        {MISFIT} as misfit
    from line l
    join report r on r.id = l.report_id
    left join {_models(models)} on m.report_id = l.report_id
    left join (
        select c.line_key, count(*) as times, count(distinct c.report_id) as reports
        from line c join report o on o.id = c.report_id
        where o.file_id = {file_id:d}
        group by c.line_key having count(*) > 1
    ) d on d.line_key = l.line_key
    where r.file_id = {file_id:d} {only}
) computed"""  # noqa: S608 - only constants, integers and a date are put in


def modelled_query(file_id: int, models: Mapping[int, Settlement]) -> str:
    """Per report: rows with money, how many obey its model to the kopeck, how many by rounding."""
    return f"""
select report_id, count(*) as paid, count(*) filter (where misfit = 0) as fitting,
    count(*) filter (where misfit <> 0 and abs(misfit) <= {ROUNDING}) as rounded
from (
    select l.report_id, {MISFIT} as misfit
    from line l
    join report r on r.id = l.report_id
    left join {_models(models)} on m.report_id = l.report_id
    where r.file_id = {file_id:d} and (l.collected <> 0 or l.payout <> 0)
) misfits group by report_id"""  # noqa: S608 - only constants and integers are put in


def totals_query(file_id: int) -> str:
    """Every total the file prints beside the same sum of its lines, minor units.

    A bank statement is left out: its balances are reconciled where it is parsed.
    """
    sums = ", ".join(
        f"'{name}', coalesce(sum({expression}), 0)::bigint"
        for name, expression in {
            "collected": "l.collected",
            "payout": "l.payout",
            **{fee: f"l.{fee}" for fee in FEES},
            "fees": _ALL_FEES,
            "vat": "l.vat",
        }.items()
    )
    return f"""
select report_id, field, printed, counted, printed - counted as difference
from (
    select r.id as report_id, printed.field, printed.amount as printed,
        (sums.counted ->> case printed.field when 'payment_order_sum' then 'payout'
            else printed.field end)::bigint as counted
    from report r
    cross join lateral (
        select jsonb_build_object({sums}, 'rows', count(l.id)) as counted
        from line l where l.report_id = r.id
    ) sums
    cross join lateral (
        select key as field, value::bigint as amount from jsonb_each_text(r.totals)
        union all
        select 'payment_order_sum', r.payment_order_sum where r.payment_order_sum is not null
    ) printed
    where r.file_id = {file_id:d} and r.purpose <> 'statement'
) compared"""  # noqa: S608 - only constants and an integer are put in


def reports_query(file_id: int, models: Mapping[int, Settlement], received: date) -> str:
    """One row per report with its completeness and dates, and one per total that it prints.

    A record that tells two operations, or is unreadable for two reasons, is one row read.
    `one_sided` is the sum of small misfits when they all lean to one side: thirty kopecks a row
    and more is no rounding but a fee that nobody reads. It is 0 where rounding explains them.
    """
    return f"""
select report_id, field, printed, counted, counted as recounted, difference, null::bigint as lost, null::bigint as one_sided,
    null::int as days_ahead, null::int as days_of_period
from ({totals_query(file_id)}) totals
union all
select h.id, 'report', h.rows_read, h.accounted, 0, null,
    case when h.rows_read = h.accounted then 0 else h.rows_read - h.passed_over - (
        select count(distinct (place.sheet, place.line_no)) from (
            select l.sheet, l.line_no from line l where l.report_id = h.id
            union all
            select null, b.line_no from bank_movement b where b.report_id = h.id
            union all
            select j.sheet, j.line_no from rejected j where j.report_id = h.id and j.line_id is null
        ) place
    ) end,
    case when abs(h.rounding) <= greatest(500, 30 * h.paid) then 0 else h.rounding end,
    greatest(h.report_date, h.payment_order_date) - date '{received:%Y-%m-%d}',
    h.period_to - h.period_from
from (
    select r.*, lines.paid, coalesce(lines.rounding, 0) as rounding, ignored.total as passed_over,
        lines.total + movements.total + unread.total + ignored.total as accounted
    from report r
    cross join lateral (
        select count(*) as total,
            count(*) filter (where l.collected <> 0 or l.payout <> 0) as paid,
            sum({MISFIT}) filter (where abs({MISFIT}) <= {ROUNDING})::bigint as rounding
        from line l left join {_models(models)} on m.report_id = l.report_id
        where l.report_id = r.id
    ) lines
    cross join lateral (
        select count(*) as total from bank_movement b where b.report_id = r.id
    ) movements
    cross join lateral (
        select count(*) as total from rejected j where j.report_id = r.id and j.line_id is null
    ) unread
    cross join lateral (
        select coalesce(sum((entry ->> 'rows')::int), 0) as total
        from jsonb_array_elements(r.ignored) entry
    ) ignored
    where r.file_id = {file_id:d}
) h"""  # noqa: S608 - only constants, integers and a date are put in
