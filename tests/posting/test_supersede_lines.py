"""What a corrected report says differently of what is booked, row by row."""

from datetime import date
from uuid import UUID, uuid4, uuid5

import pytest

from sverka.database.connection import Connection
from sverka.posting.supersede_found import Edition
from sverka.posting.supersede_lines import Booking, Difference, difference, family, report_of
from tests.support.books import NOW, SPACE, Books


def line(books: Books, file_id: int, row: str, collected: int = 100, **other: object) -> int:
    return books.line(file_id, row, collected, identity=row, **other)


def booked(books: Books, file_id: int, line_id: int, **other: object) -> UUID:
    return books.posting(file_id, line_id=line_id, **other)


def shared(books: Books, file_id: int, *line_ids: int, **other: object) -> UUID:
    sync_id = books.posting(file_id, "supply", **other)
    for line_id in line_ids:
        row = {"line_key": uuid4(), "kind": "supply", "revision": 1}
        books.insert("posting_line", row | {"sync_id": sync_id, "line_id": line_id})
    return sync_id


def compared(conn: Connection, new: int, old: int) -> Difference:
    return difference(conn, Edition(new, 0), Edition(old, 0))


def key(courier: str, row: str) -> UUID:
    return uuid5(SPACE, f"{courier} {row} 1")


@pytest.mark.parametrize(
    ("now", "differs"),
    [
        ({}, False),
        ({"occurred_on": date(2026, 1, 1)}, False),  # another day of the same delivery
        ({"line_no": 99}, False),
        ({"row_kind": "correction"}, True),
        ({"outcome": "returned"}, True),
        ({"outcome": None}, True),
        ({"order_key": "OTHER"}, True),
        ({"track_key": "77"}, True),
        ({"collected": 101}, True),
        ({"payout": 99}, True),
        ({"currency": "KZT"}, True),
        *(({f"fee_{name}": 1}, True) for name in ("delivery", "cod", "insurance", "return", "storage", "other")),
    ],
)  # fmt: skip
@pytest.mark.parametrize("per_report", [False, True])
def test_a_booked_row_that_says_something_else_of_the_money_is_changed(
    books: Books,
    conn: Connection,
    courier: str,
    now: dict[str, object],
    differs: bool,
    per_report: bool,
) -> None:
    old, new = books.file(courier), books.file(courier)
    one = line(books, old, "a")
    (shared if per_report else booked)(books, old, one)
    line(books, new, "a", **({"payout": 100} | now))  # type: ignore[arg-type]
    found = compared(conn, new, old)
    assert found.changed == ({key(courier, "a")} if differs else frozenset())
    assert (found.removed, found.more, found.other) == (frozenset(), 0, differs)
    assert found.takes_back is differs


def test_rows_that_are_left_out_new_or_not_booked_are_told_apart(
    books: Books, conn: Connection, courier: str
) -> None:
    old, new = books.file(courier), books.file(courier)
    for row in ("gone", "same"):
        booked(books, old, line(books, old, row, 100))
    line(books, old, "not booked, gone", 7)
    line(books, old, "not booked, changed", 20)
    for row, sum_ in [("same", 100), ("new", 30), ("newer", 5), ("not booked, changed", 21)]:
        line(books, new, row, sum_)
    found = compared(conn, new, old)
    assert found.removed == {key(courier, "gone")}
    assert found.changed == frozenset()
    assert found.takes_back
    assert (found.more, found.other, found.before, found.after) == (2, True, 227, 156)


def test_what_nobody_booked_takes_nothing_back(
    books: Books, conn: Connection, courier: str
) -> None:
    old, new = books.file(courier), books.file(courier)
    line(books, old, "a", 1)
    line(books, new, "a", 2)
    found = compared(conn, new, old)
    assert (found.takes_back, found.other, found.bookings, found.finished) == (
        False,
        True,
        (),
        True,
    )


def test_rows_that_were_not_accepted_are_not_compared(
    books: Books, conn: Connection, courier: str
) -> None:
    old, new = books.file(courier), books.file(courier)
    booked(books, old, line(books, old, "a"))
    line(books, old, "b", 50, accepted=False)
    line(books, new, "a", 999, accepted=False)
    found = compared(conn, new, old)
    assert found.removed == {key(courier, "a")}
    assert (found.before, found.after, found.more) == (100, 0, 0)


@pytest.mark.parametrize("per_report", [False, True])
@pytest.mark.parametrize(
    ("state", "dry_run", "counts"),
    [
        ("planned", False, True),
        ("planned", True, False),
        ("approved", True, True),
        ("posted", False, True),
        ("failed", False, True),
        ("reversed", False, False),
    ],
)
def test_what_is_live_counts_as_booked(
    books: Books,
    conn: Connection,
    courier: str,
    state: str,
    dry_run: bool,
    counts: bool,
    per_report: bool,
) -> None:
    old, new = books.file(courier), books.file(courier)
    one = line(books, old, "a")
    (shared if per_report else booked)(books, old, one, state=state, dry_run=dry_run)
    found = compared(conn, new, old)
    assert found.takes_back is counts
    assert [one.state for one in found.bookings] == ([state] if counts else [])
    assert found.finished is (not counts or state == "posted")


def test_every_document_is_told_with_the_rows_that_it_stands_for(
    books: Books, conn: Connection, courier: str
) -> None:
    old, new, third = (books.file(courier) for _ in range(3))
    a, b = line(books, old, "a"), line(books, old, "b")
    own = line(books, new, "b", 5)
    order = uuid4()
    payment = booked(books, old, a, order_id=order)
    supply = shared(books, old, a, b)
    newer = booked(books, new, own, kind="salesreturn", state="approved")
    fees = shared(books, new, own)
    booked(books, third, line(books, third, "a"))
    found = compared(conn, new, old)
    keys = {row: key(courier, row) for row in "ab"}
    assert set(found.bookings) == {
        Booking(payment, old, "paymentin", "posted", keys["a"], order, shared=False, own=False),
        Booking(supply, old, "supply", "posted", keys["a"], None, shared=True, own=False),
        Booking(supply, old, "supply", "posted", keys["b"], None, shared=True, own=False),
        Booking(newer, new, "salesreturn", "approved", keys["b"], None, shared=False, own=True),
        Booking(fees, new, "supply", "posted", keys["b"], None, shared=True, own=True),
    }
    assert not found.finished
    # `b` is booked as the new report has it and as the old one had it: that differs.
    assert found.changed == {keys["b"]}
    assert found.removed == {keys["a"]}


def test_what_older_editions_booked_counts_as_well(
    books: Books, conn: Connection, courier: str
) -> None:
    files = [books.file(courier) for _ in range(5)]
    for new, old, verdict in [(1, 0, "supersedes"), (2, 1, "supersedes"), (2, 4, "separate")]:
        row = {"file_id": files[new], "ordinal": 0, "old_file_id": files[old], "old_ordinal": 0}
        decided = {"verdict": verdict, "decided_by": "policy", "decided_at": NOW}
        books.insert("supersession", row | decided)
    for file_id in files:
        books.report(file_id, courier, 1, report_no="56")
        booked(books, file_id, line(books, file_id, f"of {file_id}"))
    reports = [report_of(conn, Edition(file_id, 0)) for file_id in files]
    assert sorted(family(conn, Edition(files[2], 0))) == reports[:3]
    found = compared(conn, files[3], files[2])
    assert found.removed == {key(courier, f"of {file_id}") for file_id in files[:3]}


def test_editions_in_a_ring_are_each_read_once(
    books: Books, conn: Connection, courier: str
) -> None:
    files = [books.file(courier) for _ in range(3)]
    for new, old in zip(files, [*files[1:], files[0]], strict=True):
        row = {"file_id": new, "ordinal": 0, "old_file_id": old, "old_ordinal": 0}
        decided = {"verdict": "supersedes", "decided_by": "policy", "decided_at": NOW}
        books.insert("supersession", row | decided)
    reports = [report_of(conn, Edition(file_id, 0)) for file_id in files]
    assert sorted(family(conn, Edition(files[0], 0))) == reports


def test_a_report_that_is_not_there_is_named(books: Books, conn: Connection, courier: str) -> None:
    file_id = books.file(courier)
    with pytest.raises(LookupError):
        report_of(conn, Edition(file_id, 1))
