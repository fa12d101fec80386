"""What must hold: after every step what is cheap, in the end everything."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sverka.audit.agreement import disagreements as of_journal
from sverka.audit.chain import walk
from tests.posting.simulation.documents import KINDS, Violation
from tests.posting.simulation.oracle import contradicts, expected
from tests.posting.simulation.world import World
from tests.support.witness import UNDONE, UNTOLD

if TYPE_CHECKING:
    from tests.posting.simulation.play import Play

DOCS = Path(__file__).parents[3] / "docs" / "posting.md"
NEVER_KEPT = ("sending", "unsure", "approved", "planned")

_WITHOUT = (
    "'planned_at', 'approved_at', 'sent_at', 'posted_at', 'attempts', 'settled_at', 'decided_at', "
    "'claimed_at', 'finished_at', 'fetched_at', 'loaded_at', 'updated_upto', 'checked_at', "
    "'asked_at', 'undo_id', 'offered_at'"
)
_TABLES = (
    "file",
    "report",
    "line",
    "verdict",
    "posting",
    "posting_line",
    "reversal",
    "supersession",
    "check_result",
    "snapshot_order",
    "snapshot_demand",
    "snapshot_salesreturn",
)
_PICTURE = " union all ".join(
    f"select '{table}' as place, (to_jsonb(t) - array[{_WITHOUT}])::text as row from {table} t"
    for table in _TABLES
) + (
    " union all select 'sandbox', jsonb_build_array(id, deleted is null, body)::text "
    "from sandbox.object where touched"
)
PICTURE = f"select string_agg(place || ' ' || row, chr(10) order by place, row) from ({_PICTURE}) p"


def everything(world: World) -> str:
    """All tables and the sandbox, without the times and the numbers of attempts."""
    [[picture]] = world.rows(PICTURE)
    return str(picture)


def always(world: World) -> None:
    """What holds after every process, however it ended.

    Raises:
        Violation: it does not hold.
    """
    [[told]] = world.rows("select count(*) from journal_inbox")
    if told:
        raise Violation("events wait in the inbox of the journal")


def in_the_end(play: "Play") -> None:
    """What holds when everything has come to rest.

    Raises:
        Violation: it does not hold.
    """
    for check in (
        _nothing_is_open,
        _no_way_back,
        _journal_agrees,
        _chain_holds,
        _no_refusals_of_our_own,
        _nothing_of_others,
        _posted_is_there,
        _there_is_posted,
        _nothing_lost_without_words,
        _all_that_is_sure_is_booked,
    ):
        if words := "; ".join(check(play)):
            raise Violation(f"{check.__name__[1:].replace('_', ' ')}: {words}")


def _nothing_is_open(play: "Play") -> Iterator[str]:
    for state, kind, file_id in play.world.rows(
        "select state, kind, file_id from posting where state in %s", NEVER_KEPT
    ):
        yield f"{kind} of file {file_id} is {state}"
    for (file_id,) in play.world.rows(
        "select file_id from undo where finished_at is null order by 1"
    ):
        yield f"an undo of file {file_id} never ended"


@cache
def documented() -> frozenset[tuple[str, str]]:
    """The changes of state that the diagram of docs/posting.md draws."""
    text = DOCS.read_text(encoding="utf-8").partition("## States of a posting")[2]
    diagram = text.partition("```mermaid")[2].partition("```")[0]
    return frozenset(re.findall(r"^\s*(\w+) --> (\w+)", diagram, re.MULTILINE))


def _no_way_back(play: "Play") -> Iterator[str]:
    for was, became, kind, number in play.world.rows(
        "select w.was, w.became, p.kind, count(*) from witnessed w "
        "join posting p on p.sync_id::text = w.key where w.what = 'posting' "
        "and w.was is not null and w.became is not null and w.was <> w.became group by 1, 2, 3"
    ):
        play.hit[f"change {was} → {became}"] += number
        found_there = (was, became) == ("approved", "posted")
        if (was, became) not in documented() or (found_there and not kind.endswith(".state")):
            yield f"{kind} went from {was} to {became}"


def _journal_agrees(play: "Play") -> Iterator[str]:
    for row in (*play.world.rows(UNTOLD), *play.world.rows(UNDONE)):
        yield f"{row}"
    with play.world.pool.take(play.life("journal")) as conn:
        yield from (one.words for one in of_journal(conn))
        conn.rollback()
    play.world.pool.give(conn)


def _chain_holds(play: "Play") -> Iterator[str]:
    with play.world.pool.take(play.life("chain")) as conn:
        walked = walk(conn)
        conn.rollback()
    play.world.pool.give(conn)
    if walked.broken:
        yield walked.broken.words


def _no_refusals_of_our_own(play: "Play") -> Iterator[str]:
    refused = play.world.application.control.requests.shown()["by_status"].get("429", 0)
    if refused:
        yield f"{refused} requests were too many"


def _nothing_of_others(play: "Play") -> Iterator[str]:
    """What others made stands as they made it."""
    gone = play.world.rows(
        "select id::text from sandbox.object where id = any(%s::uuid[]) and deleted is not null",
        [str(one) for one in play.world.archive.theirs - play.touched()],
    )
    for (id_,) in gone:
        yield f"{id_} was made by somebody else and is gone"


_OURS = """
    select p.moysklad_id::text, p.kind, p.amount, p.state from posting p
     where p.kind = any(%s) and p.moysklad_id is not null
"""


def _posted_is_there(play: "Play") -> Iterator[str]:
    """Σ posted = Σ in MoySklad, document by document."""
    archive, touched = play.world.archive, play.touched()
    alive = {str(one.id): one for one in archive.alive()}
    for id_, kind, amount, state in play.world.rows(_OURS, list(KINDS)):
        if state != "posted":
            continue
        found = alive.get(id_)
        if found is None and id_ not in {str(one) for one in touched}:
            yield f"{kind} {id_} is posted and does not stand there"
        if found is not None and found.sum != amount:
            yield f"{kind} {id_} is {found.sum} and was to be {amount}"


def _there_is_posted(play: "Play") -> Iterator[str]:
    states = {id_: state for id_, _, _, state in play.world.rows(_OURS, list(KINDS))}
    touched = play.touched()
    for one in play.world.archive.alive():
        state = states.get(str(one.id))
        if state != "posted" and not (state == "failed" and one.id in touched):
            kept = "and people touched it" if one.id in touched else ""
            yield f"{one.kind} {one.id} stands there, its posting is {state} {kept}"


_LOST = """
    select l.line_no, v.rule, f.id
      from line l join report r on r.id = l.report_id join file f on f.id = r.file_id
      left join verdict v on v.line_id = l.id
     where f.state = 'settled'
       and not exists (select from supersession s where s.old_file_id = f.id
                          and s.verdict = 'supersedes')
       and (v.line_id is null or v.sentence = '' or v.clean
            and (l.collected > 0 or l.fee_delivery + l.fee_cod + l.fee_return > 0)
            and not exists (select from posting p where p.line_id = l.id)
            and not exists (select from posting_line c where c.line_id = l.id))
"""


def _nothing_lost_without_words(play: "Play") -> Iterator[str]:
    for line, rule, file_id in play.world.rows(_LOST):
        yield f"row {line} of file {file_id} ({rule}) has neither documents nor words"
    for kind, state in play.world.rows(
        "select kind, state from posting "
        "where state in ('failed', 'rejected') and coalesce(error, '') = ''"
    ):
        yield f"{kind} is {state} and nobody says why"


def _all_that_is_sure_is_booked(play: "Play") -> Iterator[str]:
    if play.disturbed or play.clerk.tangled or play.separated or contradicts(play):
        return
    play.hit["undisturbed to the end"] += 1
    wanted = expected(play)
    found = play.world.archive.about()
    for about in sorted(wanted.documents - found.keys()):
        yield f"{about} is lost"
    for about in sorted(found.keys() - wanted.documents):
        yield f"{about} is too much"
    for entity, id_, name in sorted(wanted.states):
        [[state]] = play.world.rows(
            "select s.body ->> 'name' from sandbox.object o join sandbox.object s "
            "on s.id::text = split_part(o.body ->> 'state', '/', 4) where o.id = %s",
            id_,
        )
        if state != name:
            yield f"{entity} {id_} is «{state}», not «{name}»"
