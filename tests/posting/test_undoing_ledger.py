"""What is written down of an undo: each posting is taken back once, and never more than asked."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from sverka.database.connection import Connection
from sverka.posting.undoing_ledger import (
    Asked,
    Settled,
    approved_of,
    begin,
    files_in_doubt,
    finish,
    intend,
    left,
    mark_sending,
    settle,
    take_back_unsent,
    taken_back,
    without_call,
)
from sverka.services import Services
from tests.support.books import NOW, Books

WHO = "бухгалтер"
LATER = NOW + timedelta(hours=1)
STATES = ("planned", "approved", "sending", "posted", "unsure", "rejected", "failed", "reversed")
REVERSALS = ("planned", "sending", "unsure", "done", "kept")


def begun(conn: Connection, file_id: int, because_of: int | None = None) -> int:
    return begin(conn, Asked(file_id, WHO, "не тот месяц", because_of), NOW)


def postings(books: Books, file_id: int) -> dict[str, UUID]:
    """One in every state; and two that failed in MoySklad or never got there."""
    found = {state: books.posting(file_id, state=state) for state in STATES}
    return found | {"stands": books.posting(file_id, state="failed", moysklad_id=uuid4())}


def states(books: Books, ids: dict[str, UUID]) -> dict[str, str]:
    rows = dict(books.run("select sync_id::text, state from posting"))
    return {name: rows[str(sync_id)] for name, sync_id in ids.items()}


def reversals(books: Books, undo_id: int) -> dict[UUID, str]:
    rows = books.run("select sync_id::text, state from reversal where undo_id = %s", undo_id)
    return {UUID(sync_id): state for sync_id, state in rows}


def reversal(books: Books, undo_id: int, sync_id: UUID, state: str = "planned") -> UUID:
    words = "Изменили." if state == "kept" else None
    row = {"undo_id": undo_id, "sync_id": sync_id, "state": state, "words": words}
    books.insert("reversal", row | {"planned_at": NOW})
    return sync_id


def events(books: Books, file_id: int) -> list[tuple[Any, ...]]:
    return books.run(
        'select kind, by, detail, "at" from journal where file_id = %s order by id', file_id
    )


def test_an_interrupted_undo_goes_on_and_another_begins_anew(
    books: Books, conn: Connection
) -> None:
    file_id, other = books.file(), books.file()
    whole = begun(conn, file_id)
    part = begun(conn, file_id, other)
    assert len({whole, part, begun(conn, other)}) == 3
    assert begun(conn, file_id) == whole
    assert begun(conn, file_id, other) == part
    finish(conn, whole, Asked(file_id, WHO), LATER)
    assert begun(conn, file_id) > part
    rows = books.run(
        "select because_of, asked_by, reason, asked_at, finished_at from undo "
        "where file_id = %s order by id",
        file_id,
    )
    assert rows == [
        (None, WHO, "не тот месяц", NOW, LATER),
        (other, WHO, "не тот месяц", NOW, None),
        (None, WHO, "не тот месяц", NOW, None),
    ]


def test_the_journal_says_who_asked_why_and_what_came_of_it(books: Books, conn: Connection) -> None:
    file_id, other = books.file(), books.file()
    undo_id = begun(conn, file_id, other)
    for state in ("kept", "done", "done"):
        reversal(books, undo_id, books.posting(file_id), state)
    reversal(books, begun(conn, other), books.posting(other), "done")
    finish(conn, undo_id, Asked(file_id, WHO), LATER)
    assert events(books, file_id) == [
        (
            "undo.asked",
            WHO,
            {"undo": undo_id, "reason": "не тот месяц", "because_of": other},
            NOW,
        ),
        ("undo.done", WHO, {"undo": undo_id, "reversals": {"kept": 1, "done": 2}}, LATER),
    ]


def test_what_was_ever_approved_and_is_not_taken_back_is_undone(
    books: Books, conn: Connection
) -> None:
    file_id, other = books.file(), books.file()
    ids = postings(books, file_id)
    postings(books, other)
    wanted = {sync_id for state, sync_id in ids.items() if state not in ("planned", "reversed")}
    assert approved_of(conn, file_id) == sorted(wanted)


def test_what_an_earlier_undo_kept_is_looked_at_again_and_what_is_done_stays_done(
    books: Books, conn: Connection
) -> None:
    file_id, other = books.file(), books.file()
    first, second = begun(conn, file_id), begun(conn, file_id, other)
    old = {state: reversal(books, first, books.posting(file_id), state) for state in REVERSALS}
    new = books.posting(file_id)
    intend(conn, second, [new, *old.values()], LATER)
    assert reversals(books, first) == {old["done"]: "done"}
    now = {name: reversals(books, second)[old[name]] for name in REVERSALS if name != "done"}
    assert now == {
        "planned": "planned",
        "sending": "sending",
        "unsure": "unsure",
        "kept": "planned",
    }
    assert reversals(books, second)[new] == "planned"
    told = "select words, planned_at from reversal where sync_id = %s"
    assert books.run(told, old["kept"]) == [(None, NOW)]
    assert books.run(told, new) == [(None, LATER)]


def test_only_what_is_certainly_not_in_moysklad_ends_without_a_call(
    books: Books, conn: Connection
) -> None:
    file_id, other = books.file(), books.file()
    ids, others = postings(books, file_id), postings(books, file_id)
    undo_id, another = begun(conn, file_id), begun(conn, file_id, other)
    for undo, some in ((undo_id, ids), (another, others)):
        for sync_id in some.values():
            reversal(books, undo, sync_id)
    take_back_unsent(conn, undo_id, WHO, LATER)
    unsent = {"approved", "rejected", "failed"}
    before = {name: name for name in STATES} | {"stands": "failed"}
    assert states(books, ids) == {
        name: "reversed" if name in unsent else state for name, state in before.items()
    }
    assert states(books, others) == before
    done = {sync_id for sync_id, state in reversals(books, undo_id).items() if state == "done"}
    assert done == {ids[name] for name in unsent}
    settled = "select count(*) from reversal where settled_at = %s and undo_id = %s"
    assert books.run(settled, LATER, undo_id) == [(3,)]
    told = [event for event in events(books, file_id) if event[0] == "posting.reversed"]
    assert [(by, at, detail["undo"]) for _, by, detail, at in told] == [(WHO, LATER, undo_id)] * 3


def test_a_preview_counts_what_needs_no_call_and_what_nobody_knows(
    books: Books, conn: Connection
) -> None:
    file_id, other = books.file(), books.file()
    postings(books, file_id)
    postings(books, other)
    books.posting(file_id, state="approved")
    assert without_call(conn, file_id) == (4, 2)


def test_files_in_doubt_are_looked_up_first(books: Books, conn: Connection) -> None:
    files = [books.file() for _ in range(4)]
    undo_id, another = begun(conn, files[0]), begun(conn, files[1])
    for file_id, state in zip(files, ("unsure", "posted", "sending", "failed"), strict=True):
        for _ in range(2):
            reversal(books, undo_id, books.posting(file_id, state=state))
    reversal(books, another, books.posting(files[1], state="unsure"))
    assert files_in_doubt(conn, undo_id) == [files[0], files[2]]


@pytest.mark.parametrize("state", REVERSALS)
def test_moysklad_is_needed_until_everything_is_done(
    books: Books, conn: Connection, state: str
) -> None:
    file_id, other = books.file(), books.file()
    undo_id = begun(conn, file_id)
    assert not left(conn, undo_id)
    reversal(books, begun(conn, other), books.posting(other))
    reversal(books, undo_id, books.posting(file_id), "done")
    reversal(books, undo_id, books.posting(file_id), state)
    assert left(conn, undo_id) is (state != "done")


def test_what_this_undo_has_taken_back_is_known_by_its_moysklad_id(
    books: Books, conn: Connection
) -> None:
    file_id, other = books.file(), books.file()
    undo_id = begun(conn, file_id)
    gone = uuid4()
    reversal(books, undo_id, books.posting(file_id, moysklad_id=gone), "done")
    reversal(books, undo_id, books.posting(file_id, state="reversed"), "done")
    reversal(books, undo_id, books.posting(file_id), "kept")
    reversal(books, begun(conn, other), books.posting(other), "done")
    assert taken_back(conn, undo_id) == {gone}


def test_what_somebody_else_has_settled_meanwhile_is_not_taken_back(
    books: Books, conn: Connection, services: Services
) -> None:
    file_id = books.file()
    undo_id = begun(conn, file_id)
    ids = {name: reversal(books, undo_id, one) for name, one in postings(books, file_id).items()}
    done = reversal(books, undo_id, books.posting(file_id), "done")
    kept = reversal(books, undo_id, books.posting(file_id), "kept")
    not_asked = reversal(books, undo_id, books.posting(file_id))
    ours = {ids["posted"], ids["failed"], ids["stands"], kept}
    assert mark_sending(services, [*ids.values(), done, kept]) == ours
    now = reversals(books, undo_id)
    assert {sync_id for sync_id, state in now.items() if state == "sending"} == ours
    assert (now[done], now[not_asked]) == ("done", "planned")
    mark_sending(services, [kept])
    attempts = "select attempts, sent_at from reversal where sync_id = %s"
    assert books.run(attempts, kept) == [(2, services.clock())]
    assert books.run(attempts, ids["posted"]) == [(1, services.clock())]


def test_what_became_of_each_is_written_to_it_and_to_its_posting(
    books: Books, conn: Connection, services: Services
) -> None:
    file_id = books.file()
    undo_id = begun(conn, file_id)
    ids = {name: reversal(books, undo_id, books.posting(file_id)) for name in REVERSALS}
    other = reversal(books, undo_id, books.posting(file_id), "sending")
    link = "https://online.moysklad.ru/app/#paymentin/edit?id=1"
    settle(services, [Settled(ids["planned"], "planned"), Settled(ids["unsure"], "unsure")], by=WHO)
    settle(services, [Settled(ids["kept"], "kept", "Изменили сумму.", link)], by=WHO)
    settle(services, [Settled(ids["done"], "done", "Удалили не мы.")], by=WHO)
    settle(services, [Settled(ids["sending"], "done", link=link)], by="система")
    settle(services, [], by=WHO)
    now = services.clock()
    rows = books.run(
        "select sync_id::text, state, words, link, settled_at from reversal where undo_id = %s",
        undo_id,
    )
    assert {UUID(row[0]): row[1:] for row in rows} == {
        ids["planned"]: ("planned", None, None, None),
        ids["unsure"]: ("unsure", None, None, None),
        ids["kept"]: ("kept", "Изменили сумму.", link, now),
        ids["done"]: ("done", "Удалили не мы.", None, now),
        ids["sending"]: ("done", None, link, now),
        other: ("sending", None, None, None),
    }
    assert states(books, ids | {"other": other}) == {
        **dict.fromkeys([*REVERSALS, "other"], "posted"),
        "done": "reversed",
        "sending": "reversed",
    }
    told = [(k, by, d.get("words")) for k, by, d, _ in events(books, file_id) if "posting" in k]
    assert told == [
        ("posting.kept", WHO, "Изменили сумму."),
        ("posting.reversed", WHO, "Удалили не мы."),
        ("posting.reversed", "система", None),
    ]


def test_a_return_that_is_gone_leaves_the_snapshot_at_once(
    books: Books, conn: Connection, services: Services
) -> None:
    file_id = books.file()
    undo_id = begun(conn, file_id)
    shipped = books.demand(books.order(f"order of {file_id}"))
    back, kept, paid, nobodys = (books.salesreturn(shipped, 1) for _ in range(4))
    for moysklad_id, kind, state in [
        (back, "salesreturn", "done"),
        (kept, "salesreturn", "kept"),
        (paid, "paymentin", "done"),
    ]:
        sync_id = books.posting(file_id, kind, moysklad_id=moysklad_id)
        reversal(books, undo_id, sync_id)
        settle(services, [Settled(sync_id, state, "Слова.")], by=WHO)
    gone = books.run(
        "select id::text from snapshot_salesreturn where deleted and id = any(%s::uuid[])",
        [str(one) for one in (back, kept, paid, nobodys)],
    )
    assert gone == [(str(back),)]
