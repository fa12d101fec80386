"""What a discrepancy is, as SQL: the one definition for the daily report, the pages and the life.

`l` is a line, `v` its verdict (or null), `r` its report. Percent signs are doubled: every query
that uses these takes parameters.
"""

from sverka.nouns import VerdictKind

FINE_WHEN_CLEAN = (
    VerdictKind.MATCHED,
    VerdictKind.MATCHED_WITHIN_TOLERANCE,
    VerdictKind.PARTIALLY_DELIVERED,
    VerdictKind.RETURNED,
    VerdictKind.RETURN_NOT_BOOKED,
    VerdictKind.SERVICE_ROW,
)
"""Verdicts without a question as long as their rule lets the line be posted."""

FEES = """(l.fee_delivery + l.fee_cod + l.fee_insurance + l.fee_return + l.fee_storage
           + l.fee_other)"""

STAKE = f"""
    coalesce(nullif(abs(v.difference), 0), nullif(abs(v.received), 0),
             nullif(abs(v.expected), 0), nullif(abs(l.payout), 0), abs({FEES}))
"""
"""The money in question: the difference, or all there is when nothing can be compared."""

_FINE = ", ".join(f"'{kind}'" for kind in FINE_WHEN_CLEAN)

IN_QUESTION = f"""
    not (v.clean and v.verdict in ({_FINE}))
    and v.verdict not in ('already_settled', 'service_row')
    and v.rule not like '%%bank.waiting'
"""
"""An accepted line with this verdict needs a person. The index `verdict_in_question` has its first
two conditions, word for word. A line that agrees with the books and waits for the bank's money is
no question to anybody."""

PART = f"""
    case when not l.accepted then 'rejected'
         when v.line_id is null then 'unreconciled'
         when v.verdict = 'already_settled' then 'repeated'
         when {IN_QUESTION} then 'discrepant'
         when v.verdict = 'service_row' and not v.clean then 'service'
         else 'matched' end
"""
"""What became of a line: the closed list behind the conservation check."""

BOOKED_SINCE = """
    (exists (select from posting p
              where p.line_key = l.line_key and p.state = 'posted'
                and p.file_id <> r.file_id and p.posted_at > v.decided_at)
     or exists (select from posting p
                 where p.order_id = v.order_id and p.kind = 'paymentin' and p.state = 'posted'
                   and p.file_id <> r.file_id and p.posted_at > v.decided_at))
"""
"""Money was booked from another file after the verdict, for the same line or for its order: that
answers the question. What the same file booked for the order was known to the verdict."""
