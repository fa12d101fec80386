-- Transfers in question, each once: those that ask by themselves, and those whose term has passed while
-- the statements have every day that the money may have come on.
create temp table discrepancy_transfer on commit drop as
with covered as (
    select currency, account,
           range_agg(daterange(since, until, '[]')) filter (where since <= until) as days
      from ({covered}) c
     group by currency, account
), standing as (
    select distinct on (key) *
      from payout
     where state in ('waiting', 'missing', 'differs', 'contested')
     order by key, file_id, ordinal
)
select p.key, case p.state when 'waiting' then 'unpaid' else p.state end as verdict, p.courier,
       p.currency,
       case when p.state = 'differs' then abs(p.received - p.expected) else abs(p.expected) end as stake,
       p.file_id, least(p.at, %(now)s) as opened_at,
       case p.state when 'waiting'
            then replace(replace(%(unpaid)s, '{{sentence}}', p.sentence),
                         '{{due}}', day_in_words(p.due_on, %(months)s::text[]))
            else p.sentence end as sentence
  from standing p
 where p.state <> 'waiting'
    or p.due_on < %(today)s
       and exists (select from covered c where c.currency = p.currency)
       and not exists (
           select from covered c
            where c.currency = p.currency
              and not coalesce(c.days @> daterange(p.day - %(before)s::int, p.due_on, '[]'), false));
create unique index on discrepancy_transfer (key);
analyze discrepancy_transfer;
