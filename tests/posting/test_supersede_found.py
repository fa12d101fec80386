"""Which older report a corrected one may be an edition of: known by its number, never by sums."""

from datetime import date, timedelta

import pytest

from sverka.database.connection import Connection
from sverka.posting.supersede_found import Edition, Found, Unclear, found, said
from tests.support.books import NOW, Books

DAY = date(2026, 11, 19)
APART = timedelta(days=92)


def report(books: Books, courier: str, *rows: str, reports: int = 1, **head: object) -> int:
    """A file with the rows in its first report; a row's name is its identity and its order."""
    file_id = books.file(courier, reports, **head)
    for row in rows:
        books.line(file_id, f"{courier} {row}", identity=row)
    return file_id


def pairs(conn: Connection, file_id: int) -> list[tuple[int, bool]]:
    return [(one.old.file_id, one.sure) for one in found(conn, file_id)]


def test_a_report_of_the_same_number_day_and_rows_is_surely_the_older_edition(
    books: Books, conn: Connection, courier: str
) -> None:
    old, new = report(books, courier, "a", "b"), report(books, courier, "b", "c")
    [[name]] = books.run("select name from file where id = %s", old)
    assert found(conn, new) == [
        Found(Edition(new, 0), Edition(old, 0), courier, "55", DAY, DAY, name, sure=True)
    ]
    assert found(conn, old) == []


def test_the_newest_edition_is_the_one_that_is_corrected(
    books: Books, conn: Connection, courier: str
) -> None:
    files = [report(books, courier, "a") for _ in range(3)]
    assert pairs(conn, files[2]) == [(files[1], True)]
    # The order of arrival counts, not that of the numbers.
    books.run("update file set received_at = %s where id = %s", NOW + timedelta(1), files[0])
    assert pairs(conn, files[0]) == [(files[2], True)]
    assert pairs(conn, files[2]) == [(files[1], True)]


def test_a_later_number_of_one_moment_corrects_the_earlier(
    books: Books, conn: Connection, courier: str
) -> None:
    first, second = report(books, courier, "a"), report(books, courier, "a")
    assert (pairs(conn, first), pairs(conn, second)) == ([], [(first, True)])


def test_the_number_is_read_as_people_write_it(
    books: Books, conn: Connection, courier: str
) -> None:
    old = report(books, courier, "a", report_no="№ А-55")  # Cyrillic
    assert pairs(conn, report(books, courier, "a", report_no="a-55")) == [(old, True)]
    assert pairs(conn, report(books, courier, "a", report_no="А-56")) == []


@pytest.mark.parametrize("head", [{"purpose": "statuses"}, {"report_no": None}])
@pytest.mark.parametrize("which", [0, 1])
def test_only_settlements_with_a_number_are_editions(
    books: Books, conn: Connection, courier: str, head: dict[str, object], which: int
) -> None:
    old = report(books, courier, "a", **(head if which == 0 else {}))
    new = report(books, courier, "a", **(head if which == 1 else {}))
    assert (pairs(conn, old), pairs(conn, new)) == ([], [])


def test_another_couriers_report_of_the_number_is_none(
    books: Books, conn: Connection, courier: str
) -> None:
    other = f"other {courier}"
    report(books, other, "a")
    new = books.file(courier)
    books.report(new, other, 1, report_no="56")
    books.line(new, f"{other} a", identity="a", ordinal=1)
    books.line(new, f"{other} a", identity="a")
    assert found(conn, new) == []


@pytest.mark.parametrize(
    ("row", "shares", "sure"),
    [
        ({"identity": "a", "order": "x"}, True, True),  # the row itself
        ({"identity": "x", "order": "a"}, True, False),  # its order
        ({"identity": "x", "order": "x", "track_ref": "77"}, True, False),  # its parcel
        ({"identity": "x", "order": "x"}, False, False),
        ({"identity": "a", "order": "a", "accepted": False}, False, False),
    ],
)
@pytest.mark.parametrize("which", [0, 1])
def test_reports_share_rows_by_identity_order_or_parcel(
    books: Books,
    conn: Connection,
    courier: str,
    row: dict[str, object],
    shares: bool,
    sure: bool,
    which: int,
) -> None:
    rows = [{"identity": "a", "order": "a", "track_ref": "77"}, row][:: -1 if which else 1]
    old, new = (books.file(courier) for _ in range(2))
    for file_id, one in zip((old, new), rows, strict=True):
        order = f"{courier} {one['order']}"
        books.line(file_id, **one | {"order": order})  # type: ignore[arg-type]
    assert pairs(conn, new) == ([(old, sure)] if shares else [])


@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_that_comes_round_again_after_a_quarter_is_another_report(
    books: Books, conn: Connection, courier: str, sign: int
) -> None:
    old = report(books, courier, "a")
    within = report(books, courier, "a", report_date=DAY + sign * APART)
    assert pairs(conn, within) == [(old, False)]
    books.run("update report set report_date = %s where file_id = %s", None, within)
    beyond = DAY + sign * (APART + timedelta(1))
    books.run("update report set report_date = %s where file_id = %s", beyond, within)
    assert pairs(conn, within) == []


@pytest.mark.parametrize("which", [0, 1])
def test_without_a_date_the_days_of_arrival_count_and_nothing_is_sure(
    books: Books, conn: Connection, courier: str, which: int
) -> None:
    files = [report(books, courier, "a"), report(books, courier, "a")]
    books.run("update report set report_date = null where file_id = %s", files[which])
    arrived = "update file set received_at = %s where id = %s"
    books.run(arrived, NOW + APART, files[1])
    assert pairs(conn, files[1]) == [(files[0], False)]
    books.run(arrived, NOW + APART + timedelta(seconds=1), files[1])
    assert pairs(conn, files[1]) == []


def test_two_reports_without_a_date_are_never_surely_one(
    books: Books, conn: Connection, courier: str
) -> None:
    old, new = (report(books, courier, "a", report_date=None) for _ in range(2))
    assert pairs(conn, new) == [(old, False)]


def decide(books: Books, new: int, old: int, verdict: str) -> None:
    books.insert(
        "supersession",
        {"file_id": new, "ordinal": 0, "old_file_id": old, "old_ordinal": 0}
        | {"verdict": verdict, "decided_by": "policy", "decided_at": NOW},
    )


def test_what_was_decided_is_not_asked_again(books: Books, conn: Connection, courier: str) -> None:
    first, second, third = (report(books, courier, "a") for _ in range(3))
    decide(books, third, second, "separate")
    # Two separate reports: the third may still correct the first.
    assert pairs(conn, third) == [(first, True)]
    decide(books, third, first, "separate")
    assert pairs(conn, third) == []
    assert pairs(conn, second) == [(first, True)]


def test_a_superseded_report_neither_corrects_nor_is_corrected(
    books: Books, conn: Connection, courier: str
) -> None:
    first, second, third = (report(books, courier, "a") for _ in range(3))
    decide(books, third, second, "supersedes")
    assert pairs(conn, second) == []
    fourth = report(books, courier, "a")
    assert pairs(conn, fourth) == [(third, True)]
    decide(books, fourth, third, "supersedes")
    assert pairs(conn, report(books, courier, "a")) == [(fourth, True)]
    assert found(conn, first) == []


def test_every_report_of_a_file_has_an_older_edition_of_its_own(
    books: Books, conn: Connection, courier: str
) -> None:
    old, new = books.file(courier), books.file(courier)
    for file_id in (old, new):
        books.report(file_id, courier, 1, report_no="56")
        for ordinal in (0, 1):
            row = f"{courier} {ordinal}"
            books.line(file_id, row, identity=row, ordinal=ordinal)
    assert [(one.new.ordinal, one.old) for one in found(conn, new)] == [
        (0, Edition(old, 0)),
        (1, Edition(old, 1)),
    ]


def test_a_person_pairs_two_files_by_the_numbers_of_their_reports(
    books: Books, conn: Connection, courier: str
) -> None:
    old, new = books.file(courier), books.file(courier)
    books.report(old, courier, 1, report_no="№ 56")
    books.report(new, courier, 1, report_no="56")
    books.report(new, courier, 2, report_no="57")
    books.report(new, courier, 3, report_no="57", purpose="statuses")
    books.report(old, courier, 3, report_no="57", purpose="statuses")
    named = said(conn, new, old)
    assert [(one.new, one.old) for one in named] == [
        (Edition(new, 0), Edition(old, 0)),
        (Edition(new, 1), Edition(old, 1)),
    ]
    assert all(one.sure for one in named)


@pytest.mark.parametrize("numbers", [(None, None), ("55", None), ("55", "56")])
def test_a_person_pairs_files_of_one_report_whatever_their_numbers(
    books: Books, conn: Connection, courier: str, numbers: tuple[str | None, str | None]
) -> None:
    new, old = (books.file(courier, report_no=number) for number in numbers)
    [one] = said(conn, new, old)
    assert (one.new, one.old) == (Edition(new, 0), Edition(old, 0))
    assert one.report_no == (numbers[0] or "без номера")


def test_what_a_person_says_must_tell_which_report_corrects_which(
    books: Books, conn: Connection, courier: str
) -> None:
    one, two = books.file(courier, report_no="1"), books.file(courier, 2, report_no=None)
    several, other = books.file(courier, 2, report_no="1"), books.file(f"other {courier}")
    for new, old in [
        (one, two),
        (two, one),
        (two, two),
        (several, one),
        (books.file(courier), other),
    ]:
        with pytest.raises(Unclear):
            said(conn, new, old)
