"""Planning without MoySklad's server: what is asked of it, what is written, what is left alone."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest

from sverka.couriers import Courier, as_yaml
from sverka.errors import Misconfigured
from sverka.posting.ledger import Planned
from sverka.posting.plan import plan
from tests.posting.conftest import Noted
from tests.support.books import SPACE, STATES, Books, state_id

COURIER = Courier("gorod", "Город", ("Город",), "ООО «Город»", "net", dry_run=False)
BY_REPORT = replace(COURIER, code="report", names=("По отчёту",), posting_scheme="net_by_report")
DRY = replace(COURIER, code="dry", names=("Пробный",), dry_run=True)
WAITS = replace(COURIER, code="waits", names=("Ждёт",), posting_scheme="net_when_paid")


@dataclass
class Account:
    """The dictionaries of MoySklad; `lacks` are names that it does not have."""

    id: UUID = SPACE
    lacks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.asked: list[str] = []

    def account_id(self) -> UUID:
        return self.id

    def find_one(self, entity: str, name: str) -> UUID:
        self.asked.append(f"{entity} {name}")
        if name in self.lacks:
            raise Misconfigured(f"Нет «{name}»")
        return uuid5(SPACE, f"{entity} {name}")

    def states(self, entity: str) -> dict[str, UUID]:
        self.asked.append(entity)
        return {name: state_id(entity, name) for name in STATES if name not in self.lacks}


@pytest.fixture(scope="module")
def books(books: Books) -> Books:
    """Of an account in rubles."""
    books.insert("account", {"id": SPACE, "currency": "RUB"})
    return books


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def services(services: Noted, account: Account, tmp_path: Path) -> Noted:
    for one in (COURIER, BY_REPORT, DRY, WAITS):
        (tmp_path / f"{one.code}.yaml").write_text(as_yaml(one), encoding="utf-8")
    settings = replace(services.settings, couriers=tmp_path)
    return replace(services, settings=settings, moysklad=lambda: account)  # type: ignore[arg-type, return-value]


def delivered(books: Books, courier: str = "gorod", count: int = 1, **line: Any) -> int:
    """A file of delivered orders, each with a fee that the courier keeps."""
    file_id = books.file(courier)
    for _ in range(count):
        name = str(uuid4())
        books.shipped(name)
        row = {"fee_delivery": 300, "payout": 99_700, "identity": name} | line
        books.line(file_id, name, 100_000, **row)
    return file_id


def events(books: Books, file_id: int) -> list[tuple[Any, ...]]:
    return books.run(
        "select kind, at, detail ->> 'before', detail ->> 'seal' from journal "
        "where file_id = %s order by id",
        file_id,
    )


def rows(books: Books, file_id: int) -> list[tuple[Any, ...]]:
    return books.run(
        "select sync_id::text, kind, state, amount, account::text, planned_at, dry_run "
        "from posting where file_id = %s order by sync_id",
        file_id,
    )


def test_a_clean_row_is_planned_in_every_document_that_its_scheme_wants(
    services: Noted, account: Account, books: Books
) -> None:
    file_id = delivered(books)
    found = plan(services, file_id)
    money = {"paymentin": 100_000, "supply": 300, "paymentout": 300}
    states = {"customerorder.state": 0, "demand.state": 0}
    assert found.documents == dict.fromkeys([*money, *states], 1)
    assert found.amounts == money | states
    stored = rows(books, file_id)
    now = services.clock()
    assert {row[1]: row[2:] for row in stored} == {
        kind: ("planned", amount, str(SPACE), now, False)
        for kind, amount in (money | states).items()
    }
    assert events(books, file_id) == [("plan.made", now, "", found.seal)]
    [[parent]] = books.run(
        "select d.kind from posting p join posting d on d.sync_id = p.depends_on "
        "where p.file_id = %s and p.kind = 'paymentout'",
        file_id,
    )
    assert parent == "supply"
    assert services.locks == ["account"]
    # Only what these documents refer to was asked of MoySklad.
    assert "counterparty ООО «Город»" in account.asked
    assert [one for one in account.asked if "state" in one] == []
    # A second planning writes the same.
    assert plan(services, file_id) == found
    assert rows(books, file_id) == stored
    assert len(events(books, file_id)) == 1


def test_a_plan_whose_rows_are_not_clean_any_more_is_withdrawn(
    services: Noted, account: Account, books: Books
) -> None:
    file_id = delivered(books)
    seal = plan(services, file_id).seal
    books.run(
        "update line set collected = 1 where report_id in (select id from report where file_id = %s)",
        file_id,
    )
    account.asked.clear()
    assert plan(services, file_id) == Planned({}, {}, "")
    assert rows(books, file_id) == []
    assert [row[0::2] for row in events(books, file_id)] == [
        ("plan.made", ""),
        ("plan.withdrawn", seal),
    ]
    assert account.asked == []


def test_what_was_approved_is_left_alone(services: Noted, books: Books) -> None:
    file_id = delivered(books)
    plan(services, file_id)
    books.run("update posting set state = 'approved' where file_id = %s", file_id)
    stored = rows(books, file_id)
    assert plan(services, file_id) == Planned({}, {}, "")
    assert rows(books, file_id) == stored


def test_the_fees_of_a_report_are_one_document(services: Noted, books: Books) -> None:
    file_id = delivered(books, "report", 3)
    found = plan(services, file_id)
    assert found.documents["supply"] == found.documents["paymentout"] == 1
    assert found.amounts["supply"] == 900
    [[lines]] = books.run(
        "select count(*) from posting_line c join posting p using (sync_id) "
        "where p.file_id = %s and p.kind = 'supply'",
        file_id,
    )
    assert lines == 3
    # Rows that become clean later are another batch.
    books.run("update posting set state = 'approved' where file_id = %s", file_id)
    name = str(uuid4())
    books.shipped(name)
    books.line(file_id, name, 100_000, fee_delivery=300, payout=99_700)
    again = plan(services, file_id)
    assert (again.documents["supply"], again.amounts["supply"]) == (1, 300)


def test_a_live_courier_takes_the_money_that_a_dry_run_had_planned(
    services: Noted, books: Books, tmp_path: Path
) -> None:
    first = delivered(books, "dry", identity="the same money")
    assert plan(services, first).documents["paymentin"] == 1
    assert {row[-1] for row in rows(books, first)} == {True}
    [[order]] = books.run(
        "select l.order_ref from line l join report r on r.id = l.report_id where r.file_id = %s",
        first,
    )
    live = as_yaml(replace(DRY, dry_run=False))
    (tmp_path / "dry.yaml").write_text(live, encoding="utf-8")
    second = books.file("dry")
    same = {"fee_delivery": 300, "payout": 99_700, "identity": "the same money"}
    books.line(second, order, 100_000, **same)
    assert plan(services, second).documents["paymentin"] == 1
    assert rows(books, first) == []
    assert {row[-1] for row in rows(books, second)} == {False}


def test_what_waits_for_the_bank_is_not_planned(services: Noted, books: Books) -> None:
    file_id = delivered(books, "waits")
    assert plan(services, file_id) == Planned({}, {}, "")
    verdicts = books.run(
        "select v.verdict from verdict v join line l on l.id = v.line_id "
        "join report r on r.id = l.report_id where r.file_id = %s",
        file_id,
    )
    assert verdicts == [("unpaid",)]


def test_what_moysklad_lacks_is_named_all_at_once_and_nothing_is_planned(
    services: Noted, account: Account, books: Books
) -> None:
    file_id = delivered(books)
    account.lacks = ("ООО «Город»", "Выполнен")
    with pytest.raises(Misconfigured) as refused:
        plan(services, file_id)
    words = str(refused.value).splitlines()
    assert "Нет «ООО «Город»»" in words
    assert [line for line in words if "«Выполнен» у заказов покупателей" in line]
    assert [line for line in words if "«Выполнен» у отгрузок" in line]
    assert len(words) == 3
    assert rows(books, file_id) == []


def test_another_account_is_never_planned_for(
    services: Noted, account: Account, books: Books
) -> None:
    file_id = delivered(books)
    account.id = uuid4()
    with pytest.raises(Misconfigured):
        plan(services, file_id)
    assert (rows(books, file_id), events(books, file_id)) == ([], [])


def test_a_row_whose_fees_alone_are_new_gets_them_and_nothing_else(
    services: Noted, books: Books
) -> None:
    """An unchanged row of a corrected report, whose shared supply the correction took back."""
    file_id = delivered(books, "report", 2)
    plan(services, file_id)
    books.run(
        "update posting set state = 'posted', moysklad_id = sync_id where file_id = %s", file_id
    )
    new = books.file("report")
    for name, identity in books.run(
        "select order_ref, identity from line l join report r on r.id = l.report_id "
        "where r.file_id = %s",
        file_id,
    ):
        row = {"fee_delivery": 300, "payout": 99_700, "identity": identity}
        books.line(new, name, 100_000, **row)
    undo = {"file_id": file_id, "because_of": new, "asked_by": "policy"}
    undo_id = books.insert("undo", undo | {"asked_at": services.clock()}, "id")
    books.run(
        "insert into reversal (sync_id, undo_id, state, planned_at) select sync_id, %s, 'done', "
        "planned_at from posting where file_id = %s and kind in ('supply', 'paymentout')",
        undo_id,
        file_id,
    )
    books.run(
        "update posting set state = 'reversed' where file_id = %s "
        "and kind in ('supply', 'paymentout')",
        file_id,
    )
    found = plan(services, new)
    assert (found.documents, found.amounts) == (
        {"supply": 1, "paymentout": 1},
        {"supply": 600, "paymentout": 600},
    )
