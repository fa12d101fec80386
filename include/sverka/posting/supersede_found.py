"""Which reports a report may be a corrected edition of; never guessed from the sums alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sverka.database.connection import Connection
from sverka.errors import SverkaError
from sverka.posting.rows import named
from sverka.reconciling.keys import order_key

# A correction comes within a quarter; a number that comes round again in January is another
# report (couriers number from 1 every year).
APART = timedelta(days=92)


class Unclear(SverkaError):
    """Which report corrects which does not follow from what a person said."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A report by its place: reading a file again gives its reports new ids, never new places."""

    file_id: int
    ordinal: int


@dataclass(frozen=True, slots=True)
class Found:
    """A report and the older one that it seems to correct.

    `sure`: number and date are the same and rows are shared. Otherwise only a person can say.
    """

    new: Edition
    old: Edition
    courier: str
    report_no: str
    report_date: date | None
    old_date: date | None
    old_file: str
    sure: bool


_REPORTS = """
    select r.id, r.file_id, r.ordinal, r.courier, r.report_no, r.report_date, f.name,
           f.received_at, f.id = %(file)s as own,
           exists (select from supersession s
                    where s.old_file_id = r.file_id and s.old_ordinal = r.ordinal
                      and s.verdict = 'supersedes') as superseded
      from report r join file f on f.id = r.file_id
     where r.purpose = 'settlement' and r.report_no is not null
       and r.courier in (select courier from report where file_id = %(file)s)
     order by f.received_at desc, f.id desc, r.ordinal
"""

_SHARED = """
    with n as (select * from line where report_id = %(new)s and accepted),
         o as (select * from line where report_id = %(old)s and accepted)
    select (select count(*) from n where line_key in (select line_key from o)),
           (select count(*) from n where line_key in (select line_key from o)
                                      or order_key in (select order_key from o)
                                      or track_key in (select track_key from o))
"""


def found(conn: Connection, file_id: int) -> list[Found]:
    """Each report of the file with the newest older edition that nobody decided about yet."""
    with conn.cursor() as cursor:
        cursor.execute(_REPORTS, {"file": file_id})
        reports = list(named(cursor))
    own = [one for one in reports if one.own and not one.superseded]
    return [match for one in own if (match := next(_matches(conn, one, reports), None)) is not None]


def _matches(conn: Connection, new: Any, reports: Sequence[Any]) -> Iterator[Found]:
    for old in reports:
        if old.superseded or not _same_number(new, old) or _decided(conn, new, old):
            continue
        keys, orders = _shared(conn, new.id, old.id)
        if orders:
            same_day = new.report_date is not None and new.report_date == old.report_date
            yield _pair(new, old, sure=keys > 0 and same_day)


def _pair(new: Any, old: Any, *, sure: bool) -> Found:
    return Found(
        new=Edition(new.file_id, new.ordinal),
        old=Edition(old.file_id, old.ordinal),
        courier=new.courier,
        report_no=new.report_no or "без номера",
        report_date=new.report_date,
        old_date=old.report_date,
        old_file=old.name,
        sure=sure,
    )


def _same_number(new: Any, old: Any) -> bool:
    """Another file, before this one, of the same courier and number, and not long ago."""
    if (
        old.own
        or old.courier != new.courier
        or (old.received_at, old.file_id) >= (new.received_at, new.file_id)
        or order_key(old.report_no) != order_key(new.report_no)
    ):
        return False
    if new.report_date is None or old.report_date is None:
        return bool(new.received_at - old.received_at <= APART)
    apart: timedelta = new.report_date - old.report_date
    return abs(apart) <= APART


def _shared(conn: Connection, new: int, old: int) -> tuple[int, int]:
    """How many rows the two share by their identity, and how many by order or parcel."""
    with conn.cursor() as cursor:
        cursor.execute(_SHARED, {"new": new, "old": old})
        row = cursor.fetchone()
    assert row is not None, "the statement always gives a row"
    return int(row[0]), int(row[1])


def _decided(conn: Connection, new: Any, old: Any) -> bool:
    with conn.cursor() as cursor:
        cursor.execute(
            "select 1 from supersession where file_id = %s and ordinal = %s "
            "and old_file_id = %s and old_ordinal = %s",
            (new.file_id, new.ordinal, old.file_id, old.ordinal),
        )
        return cursor.fetchone() is not None


def said(conn: Connection, file_id: int, old_file_id: int) -> list[Found]:
    """The pairs of a file and the older one that a person named: by number, or each the only one.

    Raises:
        Unclear: it does not follow which report corrects which.
    """
    own, older = _reports(conn, file_id), _reports(conn, old_file_id)
    pairs = [(n, o) for n in own for o in older if n.report_no and _key(n) == _key(o)]
    if not pairs and len(own) == len(older) == 1:
        pairs = [(own[0], older[0])]
    courier = all(n.courier == o.courier for n, o in pairs)
    if not pairs or len({o.id for _, o in pairs}) < len(pairs) or not courier:
        raise Unclear(
            "Не видно, какой отчёт какой заменяет: в файлах разные номера отчётов или курьеры. Отмените "
            "старый файл целиком и проведите новый."
        )
    return [_pair(new, old, sure=True) for new, old in pairs]


def _reports(conn: Connection, file_id: int) -> list[Any]:
    with conn.cursor() as cursor:
        cursor.execute(
            "select r.id, r.file_id, r.ordinal, r.courier, r.report_no, r.report_date, f.name "
            "from report r join file f on f.id = r.file_id "
            "where r.file_id = %s and r.purpose = 'settlement' order by r.ordinal",
            (file_id,),
        )
        return list(named(cursor))


def _key(report: Any) -> str:
    return order_key(report.report_no) if report.report_no else ""
