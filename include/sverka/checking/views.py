"""What Great Expectations looks at: two queries over one file, computed where the data lies.

All amounts stay bigint: Great Expectations returns the sum of a bigint column as a float, so no
sum is left to it; differences are computed here and only compared with zero there.
"""

from collections.abc import Mapping

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
    "days_from_report",
    "order_collected",
    "return_collected",
    "charge_collected",
    "hold_payout",
    "release_payout",
    "lowest_fee",
    "refused_collected",
    "misfit",
    "rounding",
)
"""Every column of the lines query; the suite demands them all before anything else."""

TOTAL_COLUMNS = ("report_id", "field", "printed", "counted", "difference")

_ALL_FEES = " + ".join(f"l.{fee}" for fee in FEES)


def _kept(model: Settlement) -> str:
    """SQL: the fees of a line that this settlement model keeps from the transfer."""
    return " + ".join(f"l.{fee}" for fee in NETTED_FEES[model]) or "0"


def _netted(models: Mapping[int, Settlement]) -> str:
    """SQL: the fees kept from a line by the model of its report; null where it has none."""
    cases = (f"when {report:d} then {_kept(model)}" for report, model in models.items())
    return f"case l.report_id {' '.join(cases)} end" if models else "null::bigint"


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
from report r where r.file_id = {file_id:d}"""  # noqa: S608 - only constants and an integer are put in


def lines_query(file_id: int, models: Mapping[int, Settlement]) -> str:
    """The lines of the file with what the rules compute from them.

    `models` is the settlement model of each report. `misfit` is collected − netted fees − payout in minor units; a row without money on either
    side always fits (a prepaid order whose services are settled elsewhere). `rounding` repeats
    the misfits that are small enough to come from rounding.
    """
    return f"""
select *, case when abs(misfit) <= 100 then misfit end as rounding
from (
    select l.id as line_id, l.row_kind, l.order_ref, l.track_ref, l.outcome, l.occurred_on,
        l.payment_method, l.collected, {", ".join(f"l.{fee}" for fee in FEES)}, l.vat, l.payout,
        l.currency, {_ALL_FEES} as fees,
        coalesce(nullif(btrim(l.order_ref), ''), nullif(btrim(l.track_ref), ''),
            case when l.row_kind not in ('order', 'return') then 'not needed' end) as reference,
        count(*) over (partition by l.report_id, l.identity, l.occurrence) as copies,
        l.occurred_on - coalesce(r.report_date, r.payment_order_date, r.period_to)
            as days_from_report,
        case when l.row_kind = 'order' then l.collected end as order_collected,
        case when l.row_kind = 'return' then l.collected end as return_collected,
        case when l.row_kind in ('service', 'fine', 'pickup') then l.collected end
            as charge_collected,
        case when l.row_kind = 'hold' then l.payout end as hold_payout,
        case when l.row_kind = 'hold_release' then l.payout end as release_payout,
        case when l.row_kind <> 'correction' then least({", ".join(f"l.{fee}" for fee in FEES)})
            end as lowest_fee,
        case when l.row_kind = 'order' and l.outcome in ('refused', 'returned')
            then l.collected end as refused_collected,
        case when l.collected = 0 and l.payout = 0 then 0
            else l.collected - ({_netted(models)}) - l.payout end as misfit
    from line l join report r on r.id = l.report_id
    where r.file_id = {file_id:d}
) computed"""  # noqa: S608 - only constants and an integer are put in


def totals_query(file_id: int) -> str:
    """Every total the file prints beside the same sum of its lines, minor units."""
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
    where r.file_id = {file_id:d}
) compared"""  # noqa: S608 - only constants and an integer are put in
