"""What became of the discrepancies since a moment: opened, resolved, reopened, aged, with money."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from psycopg2.extras import RealDictCursor

from sverka.clock import MOSCOW
from sverka.database.connection import Connection
from sverka.discrepancies.listing import AGES, Age
from sverka.money import Minor

_CHANGED = """
    with first as (
        select distinct on (discrepancy_id) discrepancy_id, from_state, from_stake, id
          from discrepancy_event
         where at >= %(since)s and (%(until)s is null or at < %(until)s)
         order by discrepancy_id, id
    ), last as (
        select distinct on (discrepancy_id) discrepancy_id, to_state, to_stake, how
          from discrepancy_event
         where at >= %(since)s and (%(until)s is null or at < %(until)s)
         order by discrepancy_id, id desc
    ), told as (
        select discrepancy_id, from_stake, to_stake,
               case when from_state is null and to_state <> 'resolved' then 'opened'
                    when from_state is null then 'passed'
                    when from_state = 'resolved' and to_state <> 'resolved' then 'reopened'
                    when from_state <> 'resolved' and to_state = 'resolved' then 'resolved'
                    when to_state <> 'resolved' and from_stake <> to_stake then 'changed' end as what,
               case when to_state = 'resolved' then how end as how
          from first join last using (discrepancy_id)
    )
    select t.what, t.how, d.courier, d.currency, count(*) as count,
           sum(case when t.what = 'changed' then t.to_stake - t.from_stake
                    when t.what = 'resolved' then t.from_stake
                    else t.to_stake end)::bigint as stake
      from told t join discrepancy d on d.id = t.discrepancy_id
     where t.what is not null
     group by t.what, t.how, d.courier, d.currency
     order by array_position(array['opened', 'reopened', 'changed', 'resolved', 'passed'], t.what),
              t.how, sum(abs(t.to_stake)) desc, d.courier, d.currency
"""

_AGED = """
    select d.bucket, d.currency, count(*), sum(now.to_stake)::bigint
      from (select id, currency, max(bucket) as bucket
              from discrepancy
              join unnest(%(days)s::interval[]) with ordinality as a (age, bucket)
                   on opened_at > %(since)s - a.age and opened_at <= %(until)s - a.age
             group by id) d
     cross join lateral (
           select to_state from discrepancy_event
            where discrepancy_id = d.id and at < %(since)s order by id desc limit 1) before
     cross join lateral (
           select to_state, to_stake from discrepancy_event
            where discrepancy_id = d.id and at < %(until)s order by id desc limit 1) now
     where before.to_state <> 'resolved' and now.to_state <> 'resolved'
     group by d.bucket, d.currency
     order by d.bucket, d.currency
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """Discrepancies of one courier and currency that became something else.

    `what`: `opened`; `reopened`; `changed`: they stand as before, with `stake` minor units more (or
    less); `resolved`, with what stood before and `how` (`ResolvedBy`); `passed`: opened and resolved
    in between. What stood at the first moment + opened + reopened + changed − resolved is what
    stands at the second.
    """

    what: Literal["opened", "reopened", "changed", "resolved", "passed"]
    how: str | None
    courier: str
    currency: str
    count: int
    stake: Minor


def changed_since(
    conn: Connection, moment: datetime, until: datetime | None = None
) -> tuple[Changed, ...]:
    """How what stands at `until` (or now) differs from what stood at `moment`.

    What happened at `moment` itself counts, what happened at `until` does not: days put end to end
    have everything once.
    """
    with conn.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute(_CHANGED, {"since": moment, "until": until})
        return tuple(Changed(**row) for row in cursor.fetchall())


def aged_since(conn: Connection, moment: datetime, until: datetime) -> tuple[Age, ...]:
    """What stood at both moments and came into an older bucket of `ages` between them.

    The youngest bucket first, with the money at stake at `until`; nothing of it is in
    `changed_since`, because being older changes no sum.
    """
    days = [timedelta(days=days) for days in AGES[1:]]
    ends = (*AGES[1:], None)
    with conn.cursor() as cursor:
        cursor.execute(_AGED, {"since": moment, "until": until, "days": days})
        return tuple(
            Age(AGES[bucket], ends[bucket], currency, count, Minor(stake))
            for bucket, currency, count, stake in cursor.fetchall()
        )


def day_in_moscow(day: date) -> tuple[datetime, datetime]:
    """The moments between which `changed_since` and `aged_since` tell of a Moscow day."""
    first, last = (datetime.combine(one, time(), MOSCOW) for one in (day, day + timedelta(days=1)))
    return first, last
