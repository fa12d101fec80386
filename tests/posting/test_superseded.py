"""When a correction goes by itself, when a person is asked, and what is done step by step."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg2.extras import Json

from sverka.approval import ASK
from sverka.couriers import Courier, Couriers
from sverka.database.connection import connect
from sverka.errors import Misconfigured, TryLater
from sverka.money import Minor
from sverka.moysklad.documents import to_stored
from sverka.moysklad.errors import Unsure
from sverka.posting import supersede as module
from sverka.posting import undoing
from sverka.posting.ledger import Planned
from sverka.posting.send import Sent
from sverka.posting.supersede import before_planning, preview, separate, supersede
from sverka.posting.supersede_found import Edition, Found
from sverka.posting.supersede_ledger import ask
from sverka.posting.supersede_lines import Booking, Difference
from sverka.posting.supersede_told import question
from sverka.posting.undo import undo
from sverka.services import Services
from tests.posting.conftest import Noted
from tests.posting.test_undoing import Account, changed
from tests.posting.test_undoing_compare import PAYMENT
from tests.support.books import NOW, SPACE, Books
from tests.support.shelf import uid

WHO = "бухгалтер"
AUTO = Courier("gorod", "Город", ("Город",), "ООО «Город»", "net", supersede="auto", dry_run=False)
SENT = Sent(1, 0, 0, 0)


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def services(services: Noted, account: Account, monkeypatch: pytest.MonkeyPatch) -> Noted:
    terms(monkeypatch, AUTO)
    return replace(services, moysklad=lambda: account)  # type: ignore[arg-type, return-value]


def terms(monkeypatch: pytest.MonkeyPatch, *couriers: Courier) -> None:
    known = Couriers({one.code: one for one in couriers})
    for where in (module, undoing):
        monkeypatch.setattr(where, "known_couriers", lambda _: known)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What is planned, approved and sent afterwards."""
    done: list[tuple[Any, ...]] = []

    def plan(given: Services, file_id: int) -> Planned:
        assert isinstance(given, Services)
        done.append(("plan", file_id))
        return Planned({}, {}, "the seal")

    def approve(given: Services, file_id: int, by: str, *, seal: str | None = None) -> None:
        assert isinstance(given, Services)
        done.append(("approve", file_id, by, seal))

    def send(given: Services, file_id: int) -> Sent:
        assert isinstance(given, Services)
        done.append(("send", file_id))
        return SENT

    for step in (plan, approve, send):
        monkeypatch.setattr(module, step.__name__, step)
    return done


# --- by itself, or by a person ------------------------------------------------------------------

KEY, BOOKED = uid("key"), Booking(uid("in"), 1, "paymentin", "posted", uid("key"), None, shared=False, own=False)  # fmt: skip
MATCH = Found(Edition(0, 0), Edition(0, 0), "gorod", "55", date(2026, 11, 19), date(2026, 11, 19), "old.xlsx", sure=True)  # fmt: skip
TAKES = Difference(frozenset({KEY}), frozenset(), 0, True, Minor(5), Minor(4), (BOOKED,))
ADDS = replace(TAKES, changed=frozenset(), more=1)
SAME = replace(ADDS, other=False, more=0)
WAITS = replace(ADDS, bookings=(replace(BOOKED, state="approved"),))


def decided(
    monkeypatch: pytest.MonkeyPatch,
    services: Services,
    file_id: int,
    *matches: tuple[Found, Difference],
) -> tuple[str | None, list[tuple[Found, Difference, str]]]:
    """The question, and what was carried out in whose name."""
    done: list[Any] = []
    by_edition = {match.new: differs for match, differs in matches}
    monkeypatch.setattr(module, "found", lambda *_: [match for match, _ in matches])
    monkeypatch.setattr(module, "difference", lambda _, new, __: by_edition[new])

    def carry_out(given: Services, *how: Any) -> None:
        assert given is services
        done.append(how)

    monkeypatch.setattr(module, "_carry_out", carry_out)
    return before_planning(services, file_id), done


def questions(books: Books, file_id: int) -> list[tuple[Any, ...]]:
    return books.run(
        "select sentence, rows_refused, checked_at from check_result where file_id = %s", file_id
    )


@pytest.mark.parametrize(
    ("sure", "change", "differs", "asks", "carries"),
    [
        (True, {}, TAKES, False, True),
        (False, {}, TAKES, True, False),
        (True, {"supersede": "ask"}, TAKES, True, False),
        (True, {"approval": ASK}, TAKES, True, False),
        (True, {"dry_run": True}, TAKES, True, False),
        (True, {}, replace(TAKES, changed=frozenset(), removed=frozenset({KEY})), False, True),
        # Nothing booked has to go: nobody is asked, whatever the terms.
        (True, {"supersede": "ask"}, ADDS, False, True),
        (False, {}, ADDS, False, False),
        (True, {}, SAME, False, False),
        (True, {}, WAITS, False, False),
    ],
)
def test_a_person_is_asked_unless_the_terms_and_the_reports_are_sure(
    services: Noted,
    books: Books,
    monkeypatch: pytest.MonkeyPatch,
    sure: bool,
    change: dict[str, Any],
    differs: Difference,
    asks: bool,
    carries: bool,
) -> None:
    terms(monkeypatch, replace(AUTO, **change))
    file_id = books.file()
    with connect(books.url) as conn:
        ask(conn, file_id, "Прежний вопрос?", 9, NOW)
    match = replace(MATCH, sure=sure)
    words, done = decided(monkeypatch, services, file_id, (match, differs))
    assert done == ([(match, differs, "policy")] if carries else [])
    if asks:
        assert words is not None
        assert f"номером файла {file_id}" in words
        assert questions(books, file_id) == [(words, 1, services.clock())]
    else:
        assert (words, questions(books, file_id)) == (None, [])
    assert services.locks == ["account"]


def test_while_one_question_is_open_nothing_is_carried_out(
    services: Noted, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_id = books.file()
    unsure = replace(MATCH, new=Edition(0, 1), sure=False, report_no="56")
    removed = replace(TAKES, removed=frozenset({uid("a"), uid("b")}))
    third = replace(MATCH, new=Edition(0, 2), sure=False, report_no="57")
    words, done = decided(
        monkeypatch, services, file_id, (MATCH, TAKES), (unsure, TAKES), (third, removed)
    )
    assert done == []
    asked = [(unsure, TAKES), (third, removed)]
    assert words == " ".join(question(one, differs, file_id) for one, differs in asked)
    [(_, lines, _)] = questions(books, file_id)
    assert lines == 4


# --- step by step, against MoySklad -------------------------------------------------------------


class Pair:
    """A booked report and its corrected edition with another sum in the row; one payment each."""

    def __init__(self, books: Books, **other: Any) -> None:
        self.books = books
        courier = f"gorod {uuid4()}"
        self.old, self.new = books.file(courier), books.file(courier)
        for file_id in (self.old, self.new):
            books.run("update report set courier = 'gorod' where file_id = %s", file_id)
            number = str(self.old)
            books.run("update report set report_no = %s where file_id = %s", number, file_id)
        self.line = books.line(self.old, "1", 100, identity=f"row of {self.old}")
        self.changed = books.line(self.new, "1", 101, identity=f"row of {self.old}")
        row = {"moysklad_id": PAYMENT.moysklad_id, "amount": PAYMENT.amount, "attempts": 1}
        row |= {"document": Json(to_stored(PAYMENT.document)), "line_id": self.line}
        self.payment = books.posting(self.old, order_id=uuid4(), **row | other)

    def state(self) -> str:
        [[state]] = self.books.run("select state from posting where sync_id = %s", self.payment)
        return str(state)

    def decisions(self) -> list[tuple[Any, ...]]:
        return self.books.run(
            "select old_file_id, verdict, decided_by, decided_at from supersession "
            "where file_id = %s",
            self.new,
        )

    def undos(self) -> list[tuple[Any, ...]]:
        return self.books.run(
            "select file_id, asked_by, finished_at is not null from undo where because_of = %s",
            self.new,
        )


def test_what_differs_goes_and_the_corrected_file_is_booked_in_the_persons_name(
    services: Noted, account: Account, books: Books, steps: list[tuple[Any, ...]]
) -> None:
    pair = Pair(books)
    row = {"line_id": pair.line, "verdict": "matched", "rule": "sum.equal", "clean": True}
    books.insert("verdict", row | {"received": 0, "sentence": "Сошлось.", "decided_at": NOW})
    with connect(books.url) as conn:
        ask(conn, pair.new, "Заменить?", 1, NOW)
    result = supersede(services, pair.new, WHO)
    assert account.called == [("paymentin", [PAYMENT.moysklad_id])]
    assert pair.state() == "reversed"
    assert pair.decisions() == [(pair.old, "supersedes", WHO, services.clock())]
    assert pair.undos() == [(pair.old, WHO, True)]
    assert steps == [
        ("plan", pair.new),
        ("approve", pair.new, WHO, "the seal"),
        ("send", pair.new),
    ]
    assert questions(books, pair.new) == []
    [[revision, verdict, decided_at]] = books.run(
        "select r.revision, v.verdict, v.decided_at from report r, verdict v "
        "where r.file_id = %s and v.line_id = %s",
        pair.new,
        pair.line,
    )
    assert (revision, verdict, decided_at) == (2, "already_settled", services.clock())
    [one] = result.reports
    assert (one.held, one.found.sure, result.sent) == (0, True, SENT)
    assert one.difference.changed
    [taken] = one.undone.taken
    assert (taken.count, taken.amount, one.undone.file_id) == (1, PAYMENT.amount, pair.old)
    assert services.locks == ["account"]
    # The second time nothing is left to do.
    assert supersede(services, pair.new, WHO).reports == ()
    assert len(account.called) == 1


def test_a_preview_tells_the_same_and_changes_nothing(
    services: Noted, account: Account, books: Books
) -> None:
    pair = Pair(books)
    extra = {"line_id": pair.line, "order_id": uuid4()}
    books.posting(pair.old, state="approved", **extra)
    books.posting(pair.old, state="planned", **extra)
    [[name]] = books.run("select name from file where id = %s", pair.old)
    for shown in (preview(services, pair.new), preview(services, pair.new, of=pair.old)):
        [one] = shown.reports
        assert (shown.sent, one.held) == (None, 0)
        undone = one.undone
        assert [(taken.kind.value, taken.count) for taken in undone.taken] == [("paymentin", 1)]
        assert (undone.unsent, undone.withdrawn, undone.gone, undone.kept) == (1, 1, 0, ())
        assert (undone.file_id, undone.file, undone.dry_run) == (pair.old, name, True)
    assert (account.called, pair.decisions(), pair.undos()) == ([], [], [])
    account.delete("paymentin", [PAYMENT.moysklad_id])
    [one] = preview(services, pair.new).reports
    assert (one.undone.taken, one.undone.gone) == ((), 1)


def test_a_row_that_a_person_touched_stays_as_it_was_booked(
    services: Noted, account: Account, books: Books, steps: list[tuple[Any, ...]]
) -> None:
    pair = Pair(books)
    changed(account, PAYMENT, sum=1)
    [one] = preview(services, pair.new).reports
    assert (one.held, len(one.undone.kept), one.undone.taken) == (1, 1, ())
    assert (one.undone.unsent, one.undone.unsure) == (0, 0)
    [one] = supersede(services, pair.new, WHO).reports
    assert (one.held, one.undone.taken, account.called) == (1, (), [])
    assert pair.state() == "posted"
    assert [step[0] for step in steps] == ["plan", "approve", "send"]


def test_an_older_file_that_a_person_names_is_superseded(
    services: Noted, account: Account, books: Books, steps: list[tuple[Any, ...]]
) -> None:
    pair = Pair(books)
    books.run("update report set report_no = null where file_id in (%s, %s)", pair.old, pair.new)
    assert supersede(services, pair.new, WHO).reports == ()
    assert pair.state() == "posted"
    assert len(supersede(services, pair.new, WHO, of=pair.old).reports) == 1
    assert pair.state() == "reversed"
    assert len(steps) == 6


def test_what_was_only_approved_or_planned_goes_without_moysklad(
    services: Noted, account: Account, books: Books, steps: list[tuple[Any, ...]]
) -> None:
    pair = Pair(books, state="approved", posted_at=None, moysklad_id=None)
    plan = books.posting(pair.old, state="planned", line_id=pair.line)
    [one] = supersede(services, pair.new, WHO).reports
    assert pair.state() == "reversed"
    assert books.run("select 1 from posting where sync_id = %s", plan) == []
    assert (one.undone.unsent, one.undone.withdrawn) == (1, 1)
    assert (account.called, account.asked) == ([], [])
    assert steps


@pytest.mark.parametrize("state", ["sending", "unsure"])
def test_what_nobody_knows_of_is_looked_up_first(
    services: Noted, account: Account, books: Books, steps: list[tuple[Any, ...]], state: str
) -> None:
    pair = Pair(books, state=state, posted_at=None, moysklad_id=None)
    books.run("update posting set sent_at = %s where sync_id = %s", services.clock(), pair.payment)
    asked: list[list[UUID]] = []

    def find(_: str, ids: list[UUID]) -> dict[UUID, Any]:
        asked.append(ids)
        return {}

    account.find_by_sync_ids = find  # type: ignore[attr-defined]
    [shown] = preview(services, pair.new).reports
    assert (shown.undone.unsent, shown.undone.unsure) == (0, 1)
    with pytest.raises(TryLater) as later:
        supersede(services, pair.new, WHO)
    assert (later.value.seconds, asked, steps) == (330, [[pair.payment]], [])
    assert pair.decisions() == []
    # When it cannot come any more it is approved again, and then taken back without a call.
    books.run("update posting set sent_at = %s where sync_id = %s", date(2026, 1, 1), pair.payment)
    supersede(services, pair.new, WHO)
    assert (pair.state(), account.called) == ("reversed", [])


@pytest.mark.parametrize("again", ["supersede", "before_planning"])
def test_what_was_interrupted_goes_on_with_the_next_run(
    services: Noted, account: Account, books: Books, steps: list[tuple[Any, ...]], again: str
) -> None:
    pair = Pair(books)
    account.answers["paymentin"] = Unsure("ответ потерян")
    with pytest.raises(TryLater):
        supersede(services, pair.new, WHO)
    assert (pair.state(), pair.undos(), steps) == ("posted", [(pair.old, WHO, False)], [])
    account.answers.clear()
    if again == "supersede":
        assert supersede(services, pair.new, "другой").reports == ()
    else:
        assert before_planning(services, pair.new) is None
    assert pair.state() == "reversed"
    assert pair.undos() == [(pair.old, WHO, True)]
    assert len(account.called) == 2


def test_undoing_the_corrected_file_ends_what_it_began_to_take_back(
    services: Noted,
    account: Account,
    books: Books,
    steps: list[tuple[Any, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = Couriers({AUTO.code: AUTO})
    monkeypatch.setattr("sverka.posting.undo.known_couriers", lambda _: known)
    pair = Pair(books)
    account.answers["paymentin"] = Unsure("ответ потерян")
    with pytest.raises(TryLater):
        supersede(services, pair.new, WHO)
    account.answers.clear()
    undo(services, pair.new, "другой")
    assert (pair.state(), pair.undos()) == ("reversed", [(pair.old, WHO, True)])
    assert (pair.decisions(), steps) == ([], [])


def test_another_account_is_never_touched(
    services: Noted, account: Account, books: Books, steps: list[tuple[Any, ...]]
) -> None:
    pair = Pair(books)
    account.id = uuid4()
    books.run("insert into account (id, currency) values (%s, 'RUB')", SPACE)
    try:
        with pytest.raises(Misconfigured):
            supersede(services, pair.new, WHO)
    finally:
        books.run("truncate account")
    assert (account.called, steps, pair.state()) == ([], [], "posted")


def test_separate_reports_are_booked_as_the_terms_allow(
    services: Noted, account: Account, books: Books, steps: list[tuple[Any, ...]]
) -> None:
    pair = Pair(books)
    with connect(books.url) as conn:
        ask(conn, pair.new, "Заменить?", 1, NOW)
    assert separate(services, pair.new, WHO) == SENT
    assert pair.decisions() == [(pair.old, "separate", WHO, services.clock())]
    assert questions(books, pair.new) == []
    assert steps == [
        ("plan", pair.new),
        ("approve", pair.new, "policy", None),
        ("send", pair.new),
    ]
    assert (account.called, pair.state()) == ([], "posted")
    assert services.locks == ["account"]
    assert before_planning(services, pair.new) is None
