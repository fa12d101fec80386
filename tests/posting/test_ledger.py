"""The table `posting` while planning: what is written down, what gives way, what the seal names."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from sverka.database.connection import Connection, connect
from sverka.money import Minor
from sverka.moysklad.documents import to_stored
from sverka.nouns import PostingKind
from sverka.posting.bookable import Bookable
from sverka.posting.drafts import Draft
from sverka.posting.errors import ChangedDocument
from sverka.posting.identity import fingerprint
from sverka.posting.ledger import (
    Planned,
    batch_of,
    note_plan,
    planned,
    started,
    try_again,
    withdraw,
    withdraw_dry_runs,
    write_down,
)
from tests.posting.test_arithmetic import LINE
from tests.posting.test_undoing_compare import PAYMENT, SUPPLY
from tests.support.books import NOW, SPACE, Books

LATER = NOW + timedelta(hours=1)
STATES = ("planned", "approved", "sending", "posted", "unsure", "rejected", "failed", "reversed")


@pytest.fixture
def conn(books: Books) -> Iterator[Connection]:
    with connect(books.url) as connection:
        connection.commit()
        yield connection


def report_of(books: Books, file_id: int) -> int:
    [[report_id]] = books.run("select id from report where file_id = %s", file_id)
    return int(report_id)


def states(books: Books, *ids: UUID) -> list[str | None]:
    found = dict(books.run("select sync_id::text, state from posting"))
    return [found.get(str(one)) for one in ids]


def events(books: Books, file_id: int) -> list[tuple[Any, ...]]:
    return books.run(
        "select kind, by, at, detail from journal where file_id = %s order by id", file_id
    )


def test_a_plan_that_nobody_approved_is_taken_back(books: Books, conn: Connection) -> None:
    file_id, other = books.file(), books.file()
    ids = [books.posting(file_id, state=state) for state in STATES]
    others = books.posting(other, state="planned")
    withdraw(conn, file_id)
    conn.commit()
    assert states(books, *ids, others) == [None, *STATES[1:], "planned"]


def dry(
    books: Books, file_id: int, line_id: int, *, per_report: bool = False, **other: Any
) -> UUID:
    """A document that a dry run has planned for the line."""
    [[key]] = books.run("select line_key::text from line where id = %s", line_id)
    own = {} if per_report else {"line_id": line_id, "line_key": key}
    sync_id = books.posting(file_id, **{"state": "planned", "dry_run": True, **own, **other})
    if per_report:
        row = {"line_key": key, "kind": "supply", "revision": 1, "line_id": line_id}
        books.insert("posting_line", row | {"sync_id": sync_id})
    return sync_id


@pytest.mark.parametrize("per_report", [False, True])
def test_the_money_that_a_dry_run_planned_is_free_for_a_live_courier(
    books: Books, conn: Connection, per_report: bool
) -> None:
    courier = f"courier {uuid4()}"
    earlier, unrelated, live = (books.file(courier) for _ in range(3))
    line = books.line(earlier, "1", identity="the same money")
    mine = dry(books, live, books.line(live, "1", identity="the same money"))
    held = dry(books, earlier, line, per_report=per_report)
    # The whole plan of that file goes: half of one would be a plan that nobody has seen.
    with_it = dry(books, earlier, books.line(earlier, "2"))
    stay = [
        dry(books, earlier, books.line(earlier, "3"), state="approved"),
        dry(books, earlier, books.line(earlier, "4"), dry_run=False),
        dry(books, unrelated, books.line(unrelated, "5")),
        mine,
    ]
    withdraw_dry_runs(conn, live, ["somebody else"], NOW)
    conn.commit()
    assert None not in states(books, held, with_it, *stay)
    withdraw_dry_runs(conn, live, ["somebody else", courier], LATER)
    conn.commit()
    assert states(books, held, with_it) == [None, None]
    assert None not in states(books, *stay)
    [(kind, by, at, detail)] = events(books, earlier)
    assert (kind, by, at) == ("plan.withdrawn", "plan", LATER)
    assert detail == {"because_of": live, "dry_run": True, "documents": 2}
    assert events(books, live) == events(books, unrelated) == []


@pytest.mark.parametrize("other", [{"state": "approved"}, {"dry_run": False}])
@pytest.mark.parametrize("per_report", [False, True])
def test_what_no_dry_run_holds_withdraws_nothing(
    books: Books, conn: Connection, other: dict[str, object], per_report: bool
) -> None:
    courier = f"courier {uuid4()}"
    earlier, live = books.file(courier), books.file(courier)
    line = books.line(earlier, "1", identity="the same money")
    dry(books, earlier, line, per_report=per_report, **other)
    plan = dry(books, earlier, books.line(earlier, "2"))
    books.line(live, "1", identity="the same money")
    withdraw_dry_runs(conn, live, [courier], NOW)
    conn.commit()
    assert states(books, plan) == ["planned"]


def test_the_journal_has_a_plan_once_and_its_withdrawal(books: Books, conn: Connection) -> None:
    file_id = books.file()
    nothing, first = Planned({}, {}, ""), Planned({"supply": 1}, {"supply": Minor(5)}, "ab")
    other = Planned({"supply": 1}, {"supply": Minor(6)}, "cd")
    for before, after in [(nothing, nothing), (nothing, first), (first, first), (first, other)]:
        note_plan(conn, file_id, before, after, NOW)
    note_plan(conn, file_id, other, nothing, LATER)
    conn.commit()
    documents = {"supply": 1}
    assert events(books, file_id) == [
        ("plan.made", "plan", NOW, {"seal": "ab", "before": "", "documents": documents, "amounts": {"supply": 5}}),
        ("plan.made", "plan", NOW, {"seal": "cd", "before": "ab", "documents": documents, "amounts": {"supply": 6}}),
        ("plan.withdrawn", "plan", LATER, {"seal": "", "before": "cd", "documents": {}, "amounts": {}}),
    ]  # fmt: skip


def test_the_batches_of_a_report_are_counted_by_their_shared_supplies(
    books: Books, conn: Connection
) -> None:
    file_id, other = books.file(), books.file()
    report_id = report_of(books, file_id)
    assert batch_of(conn, report_id) == 1
    books.posting(other, "supply")
    books.posting(file_id, "paymentout")
    books.posting(file_id, "supply", line_id=books.line(file_id))
    conn.commit()
    assert batch_of(conn, report_id) == 1
    for state in ("posted", "reversed"):
        books.posting(file_id, "supply", state=state)
    conn.commit()
    assert batch_of(conn, report_id) == 3


def line_of(books: Books, file_id: int, row: str, **other: Any) -> Bookable:
    line_id = books.line(file_id, row)
    [[key]] = books.run("select line_key::text from line where id = %s", line_id)
    found = {"line_id": line_id, "line_key": UUID(key), "report_id": report_of(books, file_id)}
    return replace(LINE, **{"revision": 3, "order_id": uuid4(), **found, **other})


def payment(*lines: Bookable, total: int = 70_000, **other: Any) -> Draft:
    document = replace(PAYMENT.document, sync_id=uuid4(), sum=Minor(total))
    return Draft(PostingKind.PAYMENTIN, document, Minor(total), lines, **other)


COLUMNS = (
    "account::text, courier, kind, file_id, report_id, line_id, line_key::text, revision, "
    "order_id::text, demand_id::text, amount, depends_on::text, document, fingerprint, "
    "previous_state_id::text, dry_run, planned_at, state, attempts"
)


def stored(books: Books, sync_id: UUID) -> tuple[Any, ...]:
    [row] = books.run(f"select {COLUMNS} from posting where sync_id = %s", sync_id)
    return row


def test_a_document_of_a_row_is_stored_with_all_that_it_is_about(
    books: Books, conn: Connection
) -> None:
    file_id = books.file()
    line = line_of(books, file_id, "1", dry_run=True)
    parent = payment(line)
    demand, state = uuid4(), uuid4()
    child = payment(line, total=5, depends_on=parent.sync_id, demand_id=demand, state_now=state)
    write_down(conn, SPACE, file_id, [parent, child], LATER)
    conn.commit()
    document = to_stored(child.document)
    assert stored(books, child.sync_id) == (
        str(SPACE), "any", "paymentin", file_id, line.report_id, line.line_id, str(line.line_key), 3,
        str(line.order_id), str(demand), 5, str(parent.sync_id), document, fingerprint(document),
        str(state), True, LATER, "planned", 0,
    )  # fmt: skip
    bare = stored(books, parent.sync_id)
    assert (bare[9], bare[11], bare[14]) == (None, None, None)
    assert books.run("select * from posting_line where line_id = %s", line.line_id) == []


def test_a_document_of_a_report_is_stored_with_the_rows_whose_fees_it_has(
    books: Books, conn: Connection
) -> None:
    file_id = books.file()
    fees = {"fee_cod": Minor(5)}
    first = line_of(books, file_id, "1", fees=fees)
    second = line_of(books, file_id, "2", fees=fees, revision=4)
    without = line_of(books, file_id, "3")
    document = replace(SUPPLY.document, sync_id=uuid4())
    draft = Draft(
        PostingKind.SUPPLY, document, Minor(10), (first, second, without), per_report=True
    )
    write_down(conn, SPACE, file_id, [draft], NOW)
    conn.commit()
    row = stored(books, draft.sync_id)
    assert row[:9] == (
        str(SPACE), "any", "supply", file_id, first.report_id, None, None, 1, None,
    )  # fmt: skip
    rows = books.run(
        "select line_key::text, kind, revision, line_id from posting_line where sync_id = %s "
        "order by line_id",
        draft.sync_id,
    )
    assert rows == [
        (str(one.line_key), "supply", revision, one.line_id)
        for one, revision in ((first, 3), (second, 4))
    ]


def test_the_same_document_again_is_the_one_that_is_there_and_no_other(
    books: Books, conn: Connection
) -> None:
    file_id = books.file()
    draft = payment(line_of(books, file_id, "1"))
    write_down(conn, SPACE, file_id, [draft], NOW)
    conn.commit()
    books.run("update posting set state = 'approved' where sync_id = %s", draft.sync_id)
    write_down(conn, SPACE, file_id, [draft], LATER)
    conn.commit()
    assert stored(books, draft.sync_id)[-3:] == (NOW, "approved", 0)
    other = replace(draft, document=replace(PAYMENT.document, sync_id=draft.sync_id, sum=Minor(1)))
    with pytest.raises(ChangedDocument) as refused:
        write_down(conn, SPACE, file_id, [other], LATER)
    known, new = (fingerprint(to_stored(one.document)) for one in (draft, other))
    error = refused.value
    assert (error.sync_id, error.known, error.new) == (draft.sync_id, known, new)


def test_what_was_refused_is_tried_again_and_what_moysklad_has_is_not(
    books: Books, conn: Connection
) -> None:
    file_id, other = books.file(), books.file()
    before = [books.posting(file_id, state=state, moysklad_id=uuid4()) for state in STATES]
    refused = {state: books.posting(file_id, state=state) for state in ("rejected", "failed")}
    sent = {
        state: books.posting(file_id, state=state, sent_at=NOW) for state in ("rejected", "failed")
    }
    others = books.posting(other, state="rejected")
    try_again(conn, file_id, "Мария", LATER)
    conn.commit()
    # A refused document has no id; one that failed with an id stands there as another one.
    expected = [state if state != "rejected" else "approved" for state in STATES]
    assert states(books, *before) == expected
    assert states(books, *refused.values()) == ["approved", "approved"]
    assert states(books, *sent.values()) == ["unsure", "unsure"]
    assert states(books, others) == ["rejected"]
    told = [event[:3] for event in events(books, file_id)]
    assert told == [("posting.retried", "Мария", LATER)] * 5


@pytest.mark.parametrize("state", STATES)
def test_a_file_has_started_when_anything_of_it_was_approved(
    books: Books, conn: Connection, state: str
) -> None:
    file_id = books.file()
    assert not started(conn, file_id)
    books.posting(file_id, state="planned")
    books.posting(books.file(), state="posted")
    conn.commit()
    assert not started(conn, file_id)
    books.posting(file_id, state=state)
    conn.commit()
    assert started(conn, file_id) is (state != "planned")


def test_a_plan_is_counted_summed_and_sealed(books: Books, conn: Connection) -> None:
    file_id = books.file()
    assert planned(conn, file_id) == Planned({}, {}, "")
    ids = [
        books.posting(file_id, kind, state="planned", amount=amount)
        for kind, amount in [("paymentin", 5), ("paymentin", 7), ("supply", 11)]
    ]
    conn.commit()
    first = planned(conn, file_id)
    assert (first.documents, first.amounts) == (
        {"paymentin": 2, "supply": 1},
        {"paymentin": 12, "supply": 11},
    )
    books.posting(books.file(), state="planned")
    for state in STATES[1:]:
        books.posting(file_id, state=state)
    conn.commit()
    assert planned(conn, file_id) == first
    # Another content of any document is another plan.
    books.run("update posting set fingerprint = '1' where sync_id = %s", ids[0])
    conn.commit()
    assert planned(conn, file_id).seal not in ("", first.seal)
