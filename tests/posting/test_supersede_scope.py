"""Which documents a corrected report takes back: a row goes whole or stays whole, and no other goes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import pytest

from sverka.money import Minor
from sverka.nouns import PostingKind
from sverka.posting import supersede_scope
from sverka.posting.supersede_lines import Booking, Difference
from sverka.posting.supersede_scope import Scope, scope_of
from sverka.posting.undoing_look import Look, Seen
from sverka.posting.undoing_targets import STAGES, Target
from tests.posting.test_undoing_compare import PAYMENT
from tests.support.shelf import uid

IN, STATE, BACK = "paymentin", "customerorder.state", "salesreturn"


def line(name: str, *kinds: str, order: str | None = None, **other: Any) -> list[Booking]:
    """Documents of one row, `kind of row` each; they stand in MoySklad unless `state` says so."""
    one = Booking(
        uid(""), 1, "", "posted", uid(name), uid(order or f"order of {name}"), shared=False, own=False
    )  # fmt: skip
    return [replace(one, sync_id=uid(f"{kind} {name}"), kind=kind, **other) for kind in kinds]


def shared(kind: str, *rows: str, own: Iterable[str] = (), **other: Any) -> list[Booking]:
    """One document that stands for several rows."""
    return [
        replace(
            line(row, kind, **other)[0],
            sync_id=uid(f"the {kind}"),
            order_id=None,
            shared=True,
            own=row in own,
        )
        for row in rows
    ]


def scope(
    monkeypatch: pytest.MonkeyPatch,
    bookings: Sequence[Booking],
    *,
    changed: Iterable[str] = (),
    removed: Iterable[str] = (),
    touched: Iterable[str] = (),
) -> Scope:
    """The scope, when people have changed the `touched` documents in MoySklad."""
    stands = {one.sync_id: one.kind for one in bookings if one.state == "posted"}
    kept = {uid(name) for name in touched}

    def among(_: object, ids: Sequence[UUID], kind: PostingKind) -> list[Target]:
        assert list(ids) == sorted(ids)
        return [replace(PAYMENT, sync_id=i, kind=kind) for i in ids if stands.get(i) == kind.value]

    def look(_: object, stages: Mapping[PostingKind, Sequence[Target]]) -> list[Seen]:
        assert tuple(stages) == STAGES
        found = [one for stage in stages.values() for one in stage]
        assert found, "MoySklad is asked about nothing"
        return [Seen(one, Look.KEPT if one.sync_id in kept else Look.OURS) for one in found]

    monkeypatch.setattr(supersede_scope, "targets_among", among)
    monkeypatch.setattr(supersede_scope, "looked_through", look)
    differs = Difference(
        changed=frozenset(map(uid, changed)),
        removed=frozenset(map(uid, removed)),
        more=0,
        other=True,
        before=Minor(0),
        after=Minor(0),
        bookings=tuple(bookings),
    )
    return scope_of(cast("Any", None), cast("Any", None), differs)


def ids(*names: str) -> tuple[UUID, ...]:
    return tuple(sorted(map(uid, names)))


def test_only_the_documents_of_rows_that_differ_go(monkeypatch: pytest.MonkeyPatch) -> None:
    books = [*line("a", IN, STATE), *line("b", IN, STATE), *line("c", IN, STATE)]
    found = scope(monkeypatch, books, changed=["a"], removed=["c"])
    assert found.sent == ids(f"{IN} a", f"{STATE} a", f"{IN} c", f"{STATE} c")
    assert (found.planned, found.held) == ((), frozenset())
    assert {one.target.sync_id for one in found.seen} == set(found.sent)


def test_what_was_never_approved_is_only_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    books = [*line("a", IN), *line("a", STATE, state="planned"), *line("b", IN)]
    found = scope(monkeypatch, books, changed=["a"])
    assert (found.sent, found.planned) == (ids(f"{IN} a"), ids(f"{STATE} a"))


@pytest.mark.parametrize("state", ["planned", "approved", "rejected", "failed"])
def test_a_row_that_is_not_all_in_the_books_goes_although_it_is_the_same(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    books = [*line("a", IN), *line("b", IN), *line("b", STATE, state=state)]
    found = scope(monkeypatch, books, changed=["a"])
    assert {*found.sent, *found.planned} == set(ids(f"{IN} a", f"{IN} b", f"{STATE} b"))


def test_nothing_that_stands_in_moysklad_needs_no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    found = scope(monkeypatch, line("a", IN, STATE, state="approved"), changed=["a"])
    assert (found.sent, found.seen) == (ids(f"{IN} a", f"{STATE} a"), ())


@pytest.mark.parametrize(("kind", "opens"), [(IN, True), (BACK, True), ("supply", False)])
def test_an_order_that_loses_money_or_a_return_is_open_again(
    monkeypatch: pytest.MonkeyPatch, kind: str, opens: bool
) -> None:
    # The order's state was set for its other row.
    books = [*line("a", kind, order="1"), *line("b", IN, STATE, "demand.state", order="1")]
    found = scope(monkeypatch, books, changed=["a"])
    states = [f"{STATE} b", "demand.state b"] if opens else []
    assert found.sent == ids(f"{kind} a", *states)


def test_a_shared_document_is_made_anew_and_the_payments_of_other_rows_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books = [*line("a", IN), *line("b", IN), *shared("supply", "a", "b")]
    found = scope(monkeypatch, books, changed=["a"])
    assert found.sent == ids(f"{IN} a", "the supply")


def test_a_row_of_the_corrected_file_goes_whole_with_a_shared_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # `b` was booked from the corrected file before, and shares another document with `c`.
    books = [*line("a", IN), *line("b", IN, own=True), *line("c", IN, own=True), *line("d", IN)]
    books += shared("supply", "a", "b", "d", own="b")
    books += shared("paymentout", "b", "c", own="bc")
    found = scope(monkeypatch, books, changed=["a"])
    assert found.sent == ids(f"{IN} a", f"{IN} b", f"{IN} c", "the supply", "the paymentout")


def test_a_document_of_its_own_takes_no_other_row_along(monkeypatch: pytest.MonkeyPatch) -> None:
    books = [*line("a", IN, own=True), *line("b", IN, own=True)]
    assert scope(monkeypatch, books, changed=["a"]).sent == ids(f"{IN} a")


def test_a_row_that_a_person_touched_stays_whole_and_its_order_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books = [*line("a", IN, "supply", STATE), *line("b", IN, STATE)]
    found = scope(monkeypatch, books, changed=["a", "b"], touched=["supply a"])
    assert found.sent == ids(f"{IN} b", f"{STATE} b")
    assert found.held == {uid("a")}
    # What goes, and what holds the row.
    assert {one.target.sync_id for one in found.seen} == {*found.sent, uid("supply a")}


def test_a_state_that_a_person_set_holds_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    books = line("a", IN, STATE, "demand.state")
    touched = [f"{STATE} a", "demand.state a"]
    found = scope(monkeypatch, books, changed=["a"], touched=touched)
    assert found.sent == ids(f"{IN} a", *touched)
    assert found.held == frozenset()


@pytest.mark.parametrize("kind", [IN, BACK])
def test_an_order_that_keeps_money_of_a_held_row_stays_closed(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    books = [*line("a", kind, order="1"), *line("b", IN, STATE, order="1"), *line("c", IN, STATE)]
    found = scope(monkeypatch, books, changed=["a", "b", "c"], touched=[f"{kind} a"])
    assert found.sent == ids(f"{IN} b", f"{IN} c", f"{STATE} c")


def test_a_held_row_without_money_closes_no_order(monkeypatch: pytest.MonkeyPatch) -> None:
    books = [*line("a", "supply", order="1"), *line("b", IN, STATE, order="1")]
    found = scope(monkeypatch, books, changed=["a", "b"], touched=["supply a"])
    assert found.sent == ids(f"{IN} b", f"{STATE} b")


def test_rows_that_share_a_document_with_a_held_row_are_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books = [*line("a", IN), *line("b", IN), *line("c", IN), *line("d", IN)]
    books += shared("supply", "a", "b")
    books += shared("paymentout", "b", "c")
    found = scope(monkeypatch, books, changed="abcd", touched=[f"{IN} a"])
    assert found.held == {uid("a"), uid("b"), uid("c")}
    assert found.sent == ids(f"{IN} d")


def test_a_touched_shared_document_holds_the_rows_that_differ(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    books = [*line("a", IN), *line("b", IN), *line("c", IN), *shared("supply", "a", "b", "c")]
    found = scope(monkeypatch, books, changed=["a", "b"], touched=["the supply"])
    assert found.held == {uid("a"), uid("b")}
    assert found.sent == ()
