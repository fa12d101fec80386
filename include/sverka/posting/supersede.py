"""A corrected report takes the place of an older one: only what differs goes and is booked anew."""

from datetime import datetime

from sverka.database.connection import Connection
from sverka.moysklad.client import MoySklad
from sverka.posting.approve import POLICY, approve
from sverka.posting.plan import plan
from sverka.posting.recover import recover
from sverka.posting.send import Sent, send
from sverka.posting.supersede_found import Found, found, said
from sverka.posting.supersede_ledger import (
    Decision,
    answered,
    ask,
    decide,
    give_up_verdicts,
    mark,
    unfinished,
    withdraw_planned,
)
from sverka.posting.supersede_lines import Difference, difference
from sverka.posting.supersede_scope import Scope, scope_of
from sverka.posting.supersede_told import Corrected, Superseded, question
from sverka.posting.undoing import Undoing, take_back
from sverka.posting.undoing_ledger import (
    Asked,
    begin,
    finish,
    intend,
    left,
    take_back_unsent,
)
from sverka.posting.undoing_look import Look
from sverka.posting.undoing_snapshot import refresh
from sverka.posting.undoing_told import Undone, counted, kept_of, told
from sverka.recognition.known import known_couriers
from sverka.services import Services
from sverka.snapshot.account import sure_of


def before_planning(services: Services, file_id: int) -> str | None:
    """Settles whether the file's reports correct older ones, before anything is planned for it.

    Returns the question, in Russian, while a person has to decide; then nothing may be planned.
    What was decided and interrupted goes on. Without a question a correction is noted by itself
    when nothing booked has to go, or when the courier's terms say `supersede: auto` and it is
    sure.

    Raises:
        TryLater: something is unsure, or MoySklad is away; doing it again continues.
    """
    with services.hold("account"):
        _go_on(services, file_id)
        with services.connect() as conn:
            mark(conn, file_id)
            matches = [(one, difference(conn, one.new, one.old)) for one in found(conn, file_id)]
        open_questions = [
            (one, differs)
            for one, differs in matches
            if differs.takes_back and not _by_itself(services, one)
        ]
        if open_questions:
            return _asked(services, file_id, open_questions)
        for one, differs in matches:
            if one.sure and (differs.takes_back or (differs.other and differs.finished)):
                _carry_out(services, one, differs, POLICY)
        with services.connect() as conn:
            answered(conn, file_id)
    return None


def supersede(services: Services, file_id: int, by: str, *, of: int | None = None) -> Superseded:
    """The file's reports take the place of the older ones that they correct; `by` has decided so.

    `of` names the older file where the reports have no number to be known by. Documents of rows
    that differ go as in `undo`; then the file is planned, approved in the name of `by` and sent.
    A row of which a person changed a document stays as it was booked. May be killed at any point
    and repeated.

    Raises:
        LookupError: there is no such file.
        TryLater, Terminal, Misconfigured: as in `undo`.
    """
    done: list[Corrected] = []
    with services.hold("account"):
        _go_on(services, file_id)
        with services.connect() as conn:
            matches = said(conn, file_id, of) if of is not None else found(conn, file_id)
        for one in matches:
            with services.connect() as conn:
                differs = difference(conn, one.new, one.old)
            done.append(_carry_out(services, one, differs, by))
        with services.connect() as conn:
            answered(conn, file_id)
    return Superseded(tuple(done), _book(services, file_id, by))


def separate(services: Services, file_id: int, by: str) -> Sent:
    """Says that the file's reports correct nothing, and books them as the courier's terms allow.

    Raises:
        TryLater, Terminal, Misconfigured: as in `send`.
    """
    with services.hold("account"), services.connect() as conn:
        for one in found(conn, file_id):
            decide(conn, Decision(one.new, one.old, "separate", by), services.clock())
        answered(conn, file_id)
    plan(services, file_id)
    approve(services, file_id, POLICY)
    return send(services, file_id)


def preview(services: Services, file_id: int, *, of: int | None = None) -> Superseded:
    """What `supersede` would take back now; changes nothing anywhere.

    Raises:
        LookupError: there is no such file.
        Transient: MoySklad does not answer.
    """
    reports = []
    with services.connect() as conn:
        for one in said(conn, file_id, of) if of is not None else found(conn, file_id):
            differs = difference(conn, one.new, one.old)
            scope = scope_of(services, conn, differs)
            reports.append(Corrected(one, differs, _would(one, differs, scope), len(scope.held)))
    return Superseded(tuple(reports))


def _would(match: Found, differs: Difference, scope: Scope) -> Undone:
    stand = {one.target.sync_id for one in scope.seen}
    unknown = {one.sync_id for one in differs.bookings if one.state in {"sending", "unsure"}}
    return Undone(
        file_id=match.old.file_id,
        file=match.old_file,
        taken=counted([one.target for one in scope.seen if one.look is Look.OURS]),
        gone=sum(one.look is Look.GONE for one in scope.seen),
        unsent=len({*scope.sent} - stand - unknown),
        withdrawn=len(scope.planned),
        kept=tuple(kept_of(one) for one in scope.seen if one.look is Look.KEPT),
        unsure=len({*scope.sent} & unknown),
        dry_run=True,
    )


def _book(services: Services, file_id: int, by: str) -> Sent:
    """Plans the corrected file; the person who decided on the exchange has approved it whole."""
    seal = plan(services, file_id).seal
    approve(services, file_id, by, seal=seal)
    return send(services, file_id)


def _by_itself(services: Services, match: Found) -> bool:
    courier = known_couriers(services).get(match.courier)
    return (
        match.sure
        and courier.supersede == "auto"
        and not courier.approval.asks_always
        and not courier.dry_run
    )


def _asked(services: Services, file_id: int, matches: list[tuple[Found, Difference]]) -> str:
    words = " ".join(question(one, differs, file_id) for one, differs in matches)
    lines = sum(len(differs.changed) + len(differs.removed) for _, differs in matches)
    with services.connect() as conn:
        ask(conn, file_id, words, lines, services.clock())
    return words


def _carry_out(services: Services, match: Found, differs: Difference, by: str) -> Corrected:
    """Decides and takes back. The caller holds the account's lock."""
    differs = _settled(services, match, differs)
    with services.connect() as conn:
        scope = scope_of(services, conn, differs)
        undo_id = _begin(conn, match, scope, by, services.clock())
    undone = _take_back(services, undo_id, _asked_for(match, by), withdrawn=len(scope.planned))
    return Corrected(match, differs, undone, len(scope.held))


def _asked_for(match: Found, by: str) -> Asked:
    return Asked(match.old.file_id, by, because_of=match.new.file_id)


def _take_back(services: Services, undo_id: int, asked: Asked, *, withdrawn: int = 0) -> Undone:
    with services.connect() as conn:
        needed = left(conn, undo_id)
    if needed:
        client = _sure_client(services)
        take_back(Undoing(services, client, undo_id, asked.by))
        refresh(services, client, undo_id)
    now = services.clock()
    with services.connect() as conn:
        finish(conn, undo_id, asked, now)
        give_up_verdicts(conn, asked.because_of, now)
        return told(conn, asked.file_id, undo_id, withdrawn=withdrawn)


def _sure_client(services: Services) -> MoySklad:
    client = services.moysklad()
    with services.connect() as conn:
        sure_of(conn, client.account_id())
    return client


def _settled(services: Services, match: Found, differs: Difference) -> Difference:
    """Looks up what nobody knows of, so that every document either stands there or does not."""
    doubtful = {one.file_id for one in differs.bookings if one.state in {"sending", "unsure"}}
    if not doubtful:
        return differs
    client = _sure_client(services)
    for file_id in sorted(doubtful):
        recover(services, client, file_id)
    with services.connect() as conn:
        return difference(conn, match.new, match.old)


def _begin(conn: Connection, match: Found, scope: Scope, by: str, now: datetime) -> int:
    """One transaction: the older report's lines are judged no more, and what goes is written down."""
    decide(conn, Decision(match.new, match.old, "supersedes", by), now)
    mark(conn, match.new.file_id)
    undo_id = begin(conn, _asked_for(match, by), now)
    intend(conn, undo_id, scope.sent, now)
    take_back_unsent(conn, undo_id, by, now)
    withdraw_planned(conn, scope.planned, now)
    return undo_id


def _go_on(services: Services, file_id: int) -> None:
    """Ends what an earlier run of this file began to take back."""
    with services.connect() as conn:
        begun = unfinished(conn, file_id)
    for undo_id, old_file_id, by in begun:
        _take_back(services, undo_id, Asked(old_file_id, by, because_of=file_id))
