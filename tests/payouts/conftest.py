"""A bank with its statements, reports about money, and a shop that waits for the one to show the other."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from sverka import settling
from sverka.errors import TryLater
from sverka.intake import ledger
from sverka.intake.storage import Storage
from sverka.payouts import claim, note_statement, rematch
from sverka.recognition.known import known_couriers
from sverka.services import Services
from sverka.settings import INCLUDE
from tests.conftest import FrozenClock
from tests.payouts.cases import ACCOUNT, DAY, INN, key
from tests.posting.conftest import Desk, desk, sandbox, settings_of, shop
from tests.support.books import Books

__all__ = ["desk", "sandbox", "shop"]

FEE = 10_000
STEPS = (settling.plan, settling.approve, settling.send, settling.finish)


class Bank:
    """Reports and statements in the database; nothing of MoySklad."""

    def __init__(self, books: Books, services: Services, couriers: Path) -> None:
        self.books = books
        self.services = services
        self.couriers = couriers
        self.terms("dalli", inn=f"'{INN}'")

    def terms(self, courier: str, **changes: Any) -> None:
        """Changes the courier's file."""
        path = self.couriers / f"{courier}.yaml"
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line.partition(":")[0] not in changes]
        added = [f"{name}: {value}" for name, value in changes.items()]
        path.write_text("\n".join([*kept, *added]) + "\n", encoding="utf-8")

    def reported(self, *payouts: int, name: str | None = None, **head: Any) -> int:
        """A file with one report, a line for each sum; the same `name` gives the same lines."""
        file_id = self.books.file("dalli", **head)
        self.lines(file_id, *payouts, name=name)
        return file_id

    def lines(
        self, file_id: int, *payouts: int, ordinal: int = 0, name: str | None = None, **other: Any
    ) -> None:
        for number, payout in enumerate(payouts):
            known = {"identity": f"{name}/{number}"} if name else {}
            self.books.line(file_id, "1", payout, ordinal=ordinal, **known, **other)

    def claimed(self, *file_ids: int) -> None:
        """The files passed their checks and are planned."""
        couriers = known_couriers(self.services)
        with self.services.connect() as conn:
            for file_id in file_ids:
                claim(conn, file_id, {"dalli": True, "gorod": False}, self.services.clock())
                rematch(conn, couriers, self.services.clock())

    def movement(self, amount: int, name: str = "m", **other: Any) -> dict[str, Any]:
        return {
            "line_no": 1,
            "account": ACCOUNT,
            "direction": "in",
            "number": "77",
            "document_date": DAY,
            "moved_on": DAY + timedelta(days=1),
            "amount": amount,
            "currency": "RUB",
            "counterparty": "ООО «Далли Сервис»",
            "counterparty_inn": INN,
            "movement_key": key(name),
        } | other

    def read(self, *movements: dict[str, Any], **head: Any) -> int:
        """A statement that is read and not yet checked."""
        file_id = self.books.file("bank", reports=0)
        days = {"period_from": DAY, "period_to": DAY + timedelta(days=1)}
        facts = {"schema": "bank_1c_statement", "purpose": "statement"}
        report = self.books.report(file_id, "bank", 1, **(facts | days | head))
        for movement in movements:
            self.books.insert("bank_movement", movement | {"report_id": report})
        return file_id

    def statement(self, *movements: dict[str, Any], **head: Any) -> int:
        file_id = self.read(*movements, **head)
        note_statement(self.services, file_id)
        return file_id

    def woken(self) -> list[int]:
        """The files that the next sweep gives another run."""
        with self.services.connect() as conn:
            keys = ledger.offer(conn, self.services.clock())
        found = self.books.run(
            "select id from file where partition_key = any(%s) order by id", keys
        )
        return [file_id for (file_id,) in found]

    def payouts(self) -> list[tuple[Any, ...]]:
        """What is known of every report's money, without moments."""
        return self.books.run(
            "select file_id, ordinal, state, rule, movement_key::text, received, expected, sentence "
            "from payout order by file_id, ordinal"
        )

    def states(self, file_id: int) -> list[str]:
        found = self.books.run(
            "select state from payout where file_id = %s order by ordinal", file_id
        )
        return [state for (state,) in found]

    def events(self) -> list[tuple[Any, ...]]:
        return self.books.run(
            "select kind, file_id from journal where starts_with(kind, 'payout.') order by id"
        )


class Shop(Bank):
    """The desk of a shop whose «Dalli» is booked when the bank has the money."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.books, desk.services, desk.couriers)
        self.desk = desk
        self.unused = iter(desk.orders("dalli"))
        self.terms("dalli", posting_scheme="net_when_paid")

    def report(self, count: int = 1, **head: Any) -> int:
        """A file of one report about orders that nobody settled yet."""
        file_id = self.books.file("dalli", **head)
        self.rows(file_id, count)
        return file_id

    def rows(self, file_id: int, count: int, ordinal: int = 0) -> None:
        orders = [next(self.unused) for _ in range(count)]
        self.desk.mirror(*orders)
        for order in orders:
            fees = {"fee_delivery": FEE, "payout": order.sum - FEE}
            self.books.line(file_id, order.name, order.sum, ordinal=ordinal, **fees)

    def payout(self, file_id: int, ordinal: int = 0) -> int:
        [[total]] = self.books.run(
            "select sum(l.payout)::bigint from line l join report r on r.id = l.report_id "
            "where r.file_id = %s and r.ordinal = %s",
            file_id,
            ordinal,
        )
        return int(total)

    def run(self, file_id: int) -> dict[str, Any]:
        """The steps from planning on, as a run does them; what each returned."""
        for _ in range(10):
            try:
                return {step.__name__: step(self.services, file_id) for step in STEPS}
            except TryLater as later:
                self.desk.clock.advance(seconds=later.seconds)
        raise AssertionError("the run never came to an end")

    def verdicts(self, file_id: int) -> list[tuple[Any, ...]]:
        return self.books.run(
            "select v.verdict, split_part(v.rule, '+', 2), v.clean, v.sentence from verdict v "
            "join line l on l.id = v.line_id join report r on r.id = l.report_id "
            "where r.file_id = %s order by l.id",
            file_id,
        )

    def days(self, file_id: int) -> list[tuple[str, str | None]]:
        """Day and incoming number of the file's documents, as MoySklad has them."""
        found = set()
        for kind, moysklad_id in self.books.run(
            "select kind, moysklad_id::text from posting where file_id = %s and state = 'posted' "
            "and kind in ('paymentin', 'supply', 'paymentout')",
            file_id,
        ):
            body = self.desk.sandbox.client().get(kind, UUID(moysklad_id))
            assert body is not None
            found.add((body["moment"][:10], body.get("incomingNumber")))
        return sorted(found, key=str)


@pytest.fixture
def bank(database_url: str, clock: FrozenClock, tmp_path: Path) -> Bank:
    couriers = tmp_path / "couriers"
    shutil.copytree(INCLUDE / "couriers", couriers)
    settings = settings_of(database_url, "http://nowhere.invalid", couriers, tmp_path)

    def nowhere() -> Any:
        raise AssertionError("matching does not ask MoySklad")

    services = Services(settings, Storage(settings.storage_url, {}), nowhere, clock)
    return Bank(Books(database_url), services, couriers)


@pytest.fixture
def waiting(desk: Desk) -> Shop:
    """The shop whose courier is booked when paid."""
    return Shop(desk)
