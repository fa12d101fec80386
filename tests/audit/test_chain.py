"""Whatever an owner of the database does to the journal, the walk names the first broken link."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.extras import Json

from sverka.audit.chain import GENESIS, hash_of, head_of
from sverka.audit.journal import Subject
from sverka.database.connection import connect
from tests.audit.conftest import Ledger, event, undoubted
from tests.support.books import NOW

WORDS = "id, at, kind, file_id, report_id, line_key::text, sync_id::text, moysklad_id::text, by, detail::text"


@pytest.fixture
def ten(ledger: Ledger) -> Ledger:
    ledger.fill(10)
    return ledger


def test_an_untouched_chain_holds(ten: Ledger) -> None:
    walked = ten.walked()
    assert walked.broken is None
    assert walked.links == 10
    with connect(ten.url) as conn:
        assert walked.head == head_of(conn)


def test_an_empty_journal_holds(ledger: Ledger) -> None:
    walked = ledger.walked()
    assert (walked.links, walked.head.id, walked.head.hash) == (0, 0, GENESIS)


CHANGES: dict[str, Any] = {
    "at": NOW + timedelta(microseconds=1),
    "kind": "posting.postee",
    "file_id": 6,
    "report_id": 1,
    "line_key": str(uuid4()),
    "sync_id": str(uuid4()),
    "moysklad_id": str(uuid4()),
    "by": "Аннa",  # the last letter is a Latin one
    "detail": Json({"amount": 50, "name": "№ 7 «é\n"}),
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_value_is_named(ten: Ledger, column: str) -> None:
    with ten.as_owner() as cursor:
        cursor.execute(f"update journal set {column} = %s where id = 5", (CHANGES[column],))
        assert cursor.rowcount == 1
    broken = ten.walked().broken
    assert broken is not None
    assert broken.id == 5
    assert "содержание" in broken.words


@pytest.mark.parametrize("column", ["file_id", "report_id", "line_key", "sync_id", "moysklad_id"])
def test_a_value_that_was_taken_away_is_named(ten: Ledger, column: str) -> None:
    with ten.as_owner() as cursor:
        cursor.execute(f"update journal set {column} = null where id = 10")
    broken = ten.walked().broken
    assert broken is not None
    assert broken.id == 10


def test_values_moved_between_columns_are_named(ledger: Ledger) -> None:
    key = uuid4()
    ledger.write(event(1, subject=Subject(line_key=key)))
    with ledger.as_owner() as cursor:
        cursor.execute("update journal set sync_id = line_key, line_key = null")
    assert ledger.walked().broken is not None


@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(data=st.data())
def test_one_flipped_byte_anywhere_is_named(ten: Ledger, data: st.DataObject) -> None:
    """In the words of `by`, in a JSON string, and in both hashes; put back afterwards."""
    number = data.draw(st.integers(1, 10))
    column = data.draw(st.sampled_from(["by", "detail", "previous", "hash"]))
    [[before]] = [[row[0]] for row in ten.rows(f"{column}, id") if row[1] == number]
    if column in {"previous", "hash"}:
        raw = bytearray(before)
        raw[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))
        after: Any = bytes(raw)
    else:
        text = before if column == "by" else before["name"]
        place = data.draw(st.integers(0, len(text) - 1))
        other = chr(ord(text[place]) ^ 1)
        changed = text[:place] + other + text[place + 1 :]
        after = changed if column == "by" else Json(before | {"name": changed})
    with ten.as_owner() as cursor:
        cursor.execute(f"update journal set {column} = %s where id = %s", (after, number))
    broken = ten.walked().broken
    assert broken is not None
    assert broken.id == number
    put_back = Json(before) if column == "detail" else before
    with ten.as_owner() as cursor:
        cursor.execute(f"update journal set {column} = %s where id = %s", (put_back, number))
    assert ten.walked().broken is None


def test_a_missing_link_is_named(ten: Ledger) -> None:
    with ten.as_owner() as cursor:
        cursor.execute("delete from journal where id = 4")
    walked = ten.walked()
    assert walked.broken is not None
    assert walked.broken.id == 4
    assert walked.broken.words.startswith("записи 4 нет")
    assert walked.links == 3


def test_several_missing_links_are_named(ten: Ledger) -> None:
    with ten.as_owner() as cursor:
        cursor.execute("delete from journal where id in (4, 5, 6)")
    broken = ten.walked().broken
    assert broken is not None
    assert broken.words.startswith("записи 4–6 нет")


def test_a_chain_without_its_beginning_does_not_hold(ten: Ledger) -> None:
    with ten.as_owner() as cursor:
        cursor.execute("delete from journal where id = 1")
    broken = ten.walked().broken
    assert broken is not None
    assert broken.id == 1


def test_links_that_closed_up_over_a_missing_one_are_named(ten: Ledger) -> None:
    with ten.as_owner() as cursor:
        cursor.execute("delete from journal where id = 4")
        for number in range(5, 11):
            cursor.execute("update journal set id = id - 1 where id = %s", (number,))
    broken = ten.walked().broken
    assert broken is not None
    assert broken.id == 4
    assert "не ту запись" in broken.words


def test_two_swapped_links_are_named(ten: Ledger) -> None:
    with ten.as_owner() as cursor:
        for before, after in ((3, 99), (7, 3), (99, 7)):
            cursor.execute("update journal set id = %s where id = %s", (after, before))
    broken = ten.walked().broken
    assert broken is not None
    assert broken.id == 3


def test_swapped_contents_under_their_old_links_are_named(ten: Ledger) -> None:
    with ten.as_owner() as cursor:
        cursor.execute(
            "update journal a set by = b.by, detail = b.detail, file_id = b.file_id from journal b "
            "where (a.id, b.id) in ((3, 7), (7, 3))"
        )
    broken = ten.walked().broken
    assert broken is not None
    assert broken.id == 3


@pytest.mark.parametrize("place", [11, 5])
def test_an_inserted_link_is_named(ten: Ledger, place: int) -> None:
    with ten.as_owner() as cursor:
        for number in range(10, place - 1, -1):
            cursor.execute("update journal set id = id + 1 where id = %s", (number,))
        cursor.execute(
            "insert into journal select %s, at, kind, file_id, report_id, line_key, sync_id, "
            "moysklad_id, by, detail, hash, sha256(hash) from journal where id = %s",
            (place, place - 1),
        )
    broken = ten.walked().broken
    assert broken is not None
    assert broken.id == place


def test_an_inserted_link_with_a_good_hash_breaks_the_next_one(ten: Ledger) -> None:
    """Who knows the recipe can forge one link, but must then forge all that follow."""
    with ten.as_owner() as cursor:
        cursor.execute(f"select {WORDS} from journal where id = 5")
        row = cursor.fetchone()
        cursor.execute("select hash from journal where id = 4")
        previous = bytes(cursor.fetchone()[0])
        forged = (*row[:8], "Борис", row[9])
        cursor.execute(
            "update journal set by = 'Борис', hash = %s where id = 5", (hash_of(previous, forged),)
        )
    broken = ten.walked().broken
    assert broken is not None
    assert broken.id == 6


def test_a_replaced_function_of_the_database_hides_nothing(ten: Ledger) -> None:
    with ten.as_owner() as cursor:
        cursor.execute("update journal set by = 'Борис' where id = 5")
        cursor.execute("create or replace function journal_link(state bytea, head bytea, words text) "
                       "returns bytea language sql immutable as 'select head'")  # fmt: skip
    broken = ten.walked().broken
    assert broken is not None
    assert broken.id == 5


def test_a_walk_from_the_middle_believes_what_is_before(ten: Ledger) -> None:
    with ten.as_owner() as cursor:
        cursor.execute("update journal set by = 'Борис' where id = 2")
    walked = ten.walked(first=4)
    assert walked.broken is None
    assert walked.links == 7


def test_a_walk_from_the_middle_notes_that_its_first_link_hangs_on_another(ten: Ledger) -> None:
    with ten.as_owner() as cursor:
        cursor.execute("update journal set hash = sha256(hash) where id = 3")
    broken = ten.walked(first=4).broken
    assert broken is not None
    assert broken.id == 4


def test_the_hashes_that_were_asked_for_are_met(ten: Ledger) -> None:
    met = ten.walked(wanted=[3, 10, 11]).met
    assert sorted(met) == [3, 10]


text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(by=text.filter(bool), detail=st.dictionaries(text, values, max_size=4))
def test_python_and_the_database_agree_on_every_text(
    ledger: Ledger, by: str, detail: dict[str, Any]
) -> None:
    """Quotes, control characters, surrogate pairs, huge numbers: the words must be the same."""
    start = len(ledger.rows("id"))
    ledger.write(event(1, by=by, detail=detail), event(2))
    walked = ledger.walked(first=start + 1)
    assert walked.broken is None
    [row] = [row for row in ledger.rows("id, detail") if row[0] == start + 1]
    assert row[1] == json.loads(json.dumps(detail))


def test_the_words_of_a_hash_are_as_documented(ledger: Ledger) -> None:
    """docs/trace.md tells an auditor how to recompute a hash; this is that recipe in SQL."""
    ledger.fill(1)
    with connect(ledger.url) as conn, conn.cursor() as cursor:
        undoubted(conn)
        cursor.execute(
            "select hash = sha256(previous || convert_to(journal_words(id, at, kind, file_id, "
            "report_id, line_key, sync_id, moysklad_id, by, detail), 'UTF8')) from journal"
        )
        assert cursor.fetchone() == (True,)
