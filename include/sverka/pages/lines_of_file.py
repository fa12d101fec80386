"""The lines of a file, page by page in the file's order, by verdict, step, outcome and number."""

from dataclasses import dataclass
from typing import Any

from sverka.database.connection import Connection
from sverka.discrepancies.definition import IN_QUESTION, PART
from sverka.pages.counting import is_counted
from sverka.pages.lines import LineRow, lines, with_documents
from sverka.pages.reading import PAGE, SQL, Listed, column, pair_of
from sverka.reconciling.keys import order_key, track_key

_OF_FILE = (SQL / "lines_of_file.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines a list has; None is all.

    `step` is one of `funnel.STEPS`, `text` an order's or parcel's number.
    """

    verdict: str | None = None
    outcome: str | None = None
    text: str | None = None
    step: str | None = None


def lines_of_file(
    conn: Connection, file_id: int, wanted: Wanted, after: str | None = None, *, limit: int = PAGE
) -> Listed[LineRow]:
    """As the file has them, report by report."""
    if wanted.step and _counted_as_none(conn, file_id, wanted.step):
        return Listed((), None)
    facts = lines(conn, column(conn, *query(file_id, wanted, after, limit + 1)))
    shown = with_documents(conn, facts[:limit])
    last = f"{shown[-1].line.ordinal}.{shown[-1].line.id}" if len(facts) > limit else None
    return Listed(tuple(shown), last)


def query(
    file_id: int, wanted: Wanted, after: str | None, limit: int
) -> tuple[str, dict[str, Any]]:
    """The statement that finds the ids of a page, and its values."""
    ordinal, line_id = pair_of(after) or (-1, 0)
    values: dict[str, Any] = {
        "file": file_id,
        "ordinal": ordinal,
        "line": line_id,
        "limit": limit,
        "verdict": wanted.verdict,
        "outcome": wanted.outcome,
        **_keys(wanted.text),
    }
    source = _SOURCES[_source(wanted)].format(
        conditions=_conditions(wanted), leading=_leading(wanted)
    )
    return _OF_FILE.format(source=source), values


def _counted_as_none(conn: Connection, file_id: int, step: str) -> bool:
    """Whether the funnel knows that no line ended so: to find none takes as long as reading all."""
    statement = "select true from funnel_step where file_id = %(file)s and step = %(step)s"
    known = column(conn, statement, {"file": file_id, "step": step})
    return not known and is_counted(conn, file_id)


def _keys(text: str | None) -> dict[str, str | None]:
    """The number as reconciling compares it: case, spaces and look-alike letters do not matter."""
    if not text:
        return {"order_key": None, "track_key": None}
    return {"order_key": order_key(text) or "", "track_key": track_key(text) or ""}


def _conditions(wanted: Wanted) -> str:
    """What a line and its verdict have to be."""
    chosen = []
    if wanted.verdict:
        chosen.append("v.verdict = %(verdict)s")
    if wanted.outcome:
        chosen.append("l.outcome = %(outcome)s")
    if wanted.step:
        chosen.append(_STEPS[wanted.step])
    return "".join(f" and {one}" for one in chosen)


def _leading(wanted: Wanted) -> str:
    """What an index of verdicts can tell alone."""
    chosen = ["v.verdict = %(verdict)s"] if wanted.verdict else []
    if wanted.step in _OF_VERDICTS:
        chosen.append(_OF_VERDICTS[wanted.step])
    return "".join(f" and {one}" for one in chosen)


def _source(wanted: Wanted) -> str:
    """What few lines have leads: its index finds them in a file of a million rows."""
    if wanted.text:
        return "text"
    return "verdict" if wanted.verdict or wanted.step in _OF_VERDICTS else "all"


_OF_VERDICTS = {
    "discrepant": IN_QUESTION,
    "service": "v.verdict = 'service_row'",
    "repeated": "v.verdict = 'already_settled'",
}

_POSTED = """exists (select from posting p where p.line_key = l.line_key and p.line_id = l.id
                                and p.state <> 'reversed'
                 union all
                select from posting_line c join posting p using (sync_id)
                 where c.line_id = l.id and p.state <> 'reversed')
    and not exists (select from posting p where p.line_key = l.line_key and p.line_id = l.id
                                and p.state not in ('reversed', 'posted')
                     union all
                    select from posting_line c join posting p using (sync_id)
                     where c.line_id = l.id and p.state not in ('reversed', 'posted'))"""
_MATCHED = f"({PART}) = 'matched'"

_STEPS = {
    "posted": f"{_MATCHED} and {_POSTED}",
    "waiting": f"{_MATCHED} and not ({_POSTED})",
    "discrepant": f"({PART}) = 'discrepant'",
    "service": f"({PART}) = 'service'",
    "repeated": f"({PART}) = 'repeated'",
    "rejected": "not l.accepted",
    "unreconciled": f"({PART}) = 'unreconciled'",
}

# `offset 0` keeps the verdicts leading: the planner takes all reports for equally long, and would read
# the longest from its beginning.
_SOURCES = {
    "all": """
        select l.id from line l left join verdict v on v.line_id = l.id
         where l.report_id = r.id and l.id > %(line)s * (r.ordinal = %(ordinal)s)::int{conditions}
         order by l.id limit %(limit)s
    """,
    "verdict": """
        select v.line_id as id
          from verdict v
         cross join lateral (select from line l
                              where l.id = v.line_id and l.report_id = r.id{conditions}
                             offset 0) its
         where v.line_id > greatest(%(line)s * (r.ordinal = %(ordinal)s)::int,
                                    (select min(o.id) - 1 from line o where o.report_id = r.id))
           and v.line_id <= (select max(o.id) from line o where o.report_id = r.id){leading}
         order by v.line_id limit %(limit)s
    """,
    "text": """
        select l.id
          from (select id from line where order_key = %(order_key)s
                union select id from line where track_key = %(track_key)s) named
          join line l on l.id = named.id
          left join verdict v on v.line_id = l.id
         where l.report_id = r.id and l.id > %(line)s * (r.ordinal = %(ordinal)s)::int{conditions}
         order by l.id limit %(limit)s
    """,
}
