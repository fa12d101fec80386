"""A report that is uploaded again, in whatever shape, adds nothing; what it shares counts once.

Files go the whole way, from the inbox through reading to posting. Documents are counted and summed
in MoySklad's sandbox, against the records that the files were written from.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from sverka import settling
from sverka.demo.registers import payable
from sverka.demo.shop import Shop, build_shop
from sverka.intake.intake import take
from sverka.intake.zones import Zone
from sverka.moysklad.sandbox import seed
from sverka.moysklad.wire import minor
from sverka.posting.errors import ChangedDocument
from sverka.services import Services, services_from
from sverka.settings import INCLUDE, Settings
from tests.conftest import FrozenClock, fresh_database
from tests.posting.conftest import DOCUMENTS, Desk
from tests.posting.killing import HEAVY
from tests.posting.racing import Track, track
from tests.posting.uploading import SHAPES, Record, Register, booked, xlsx
from tests.support.books import Books
from tests.support.sandbox import RunningSandbox, running_sandbox


@dataclass
class Firm:
    """A shop with an inbox: files are dropped, and MoySklad shows what came of them."""

    shop: Shop
    services: Services
    sandbox: RunningSandbox
    clock: FrozenClock
    folder: Path
    records: Iterator[Record]
    before: frozenset[str] = frozenset()
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def drop(self, name: str, data: bytes) -> None:
        """Drops a file and settles all that waits for a run; only the day's report is left out."""
        inbox = self.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        (inbox / name).write_bytes(data)
        keys = take(self.services, [Zone("папка", str(inbox))], wait=self._wait)
        for key in keys:
            file_id = settling.claim(self.services, key, f"run {key}")
            if file_id is not None:
                for step in settling.STEPS:
                    step(self.services, file_id)
        self.clock.advance(seconds=60)

    def _wait(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)

    @property
    def desk(self) -> Desk:
        """As what races are held at."""
        books = object.__new__(Books)
        books.url = self.services.settings.database_url
        return Desk(
            self.shop, books, self.sandbox, self.services, self.clock, self.folder / "couriers"
        )

    def register(self, size: int, number: str | None = "") -> Register:
        """A new report about orders that no other test uses."""
        number = f"{next(self.numbers)}" if number == "" else number
        return Register(number, tuple(next(self.records) for _ in range(size)))

    def documents(self) -> dict[str, dict[str, int]]:
        """The live documents that the shop did not have in the beginning: id → sum, by kind."""
        client = self.sandbox.client()
        return {
            kind: {
                row["id"]: minor(row["sum"])
                for row in client.rows(kind)
                if row["id"] not in self.before
            }
            for kind in DOCUMENTS
        }


def sums(documents: dict[str, dict[str, int]]) -> dict[str, int]:
    return {kind: sum(found.values()) for kind, found in documents.items() if found}


def more(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return dict(Counter(after) - Counter(before))


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=600)


@pytest.fixture(scope="module")
def firm(
    server_url: str,
    template_database: str,
    shop: Shop,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Firm]:
    folder = tmp_path_factory.mktemp("firm")
    shutil.copytree(INCLUDE / "couriers", folder / "couriers")
    [own, its] = [fresh_database(server_url, one) for one in (template_database, "template0")]
    database, sandbox_database = next(own), next(its)
    seed(sandbox_database, shop)
    with running_sandbox(sandbox_database) as sandbox:
        settings = Settings(
            database,
            f"file://{folder}",
            {},
            (),
            sandbox.connection,
            settle_seconds=0,
            couriers=folder / "couriers",
        )
        clock = FrozenClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
        orders = (order for order in payable(shop.orders) if order.courier == "gorod")
        records = (Record(one.name, one.demands[0].track, one.sum) for one in orders)
        firm = Firm(shop, services_from(settings, clock), sandbox, clock, folder, records)
        firm.before = frozenset(one for some in firm.documents().values() for one in some)
        yield firm
    for database_ in (own, its):
        next(database_, None)


@pytest.fixture(scope="module")
def original(firm: Firm) -> Register:
    """A report that is in the books."""
    register = firm.register(6)
    before = sums(firm.documents())
    firm.drop("Городской курьер реестр.xlsx", xlsx(register))
    assert more(sums(firm.documents()), before) == booked(register.records)
    return register


@pytest.mark.parametrize("shape", SHAPES)
def test_a_report_in_another_shape_adds_no_document(
    firm: Firm, original: Register, shape: str
) -> None:
    name, write = SHAPES[shape]
    before = firm.documents()
    firm.drop(name, write(original))
    assert firm.documents() == before


@pytest.mark.parametrize("shape", [one for one in SHAPES if one != "the same bytes"])
def test_every_shape_is_a_report_that_would_be_booked(firm: Firm, shape: str) -> None:
    """Otherwise «adds no document» would say nothing of it."""
    name, write = SHAPES[shape]
    register = firm.register(2)
    before = sums(firm.documents())
    firm.drop(f"первый {name}", write(register))
    assert more(sums(firm.documents()), before) == booked(register.records)


@pytest.mark.parametrize(("shape", "number"), [("rows reordered", ""), ("CSV of Excel", None)])
def test_what_two_reports_share_counts_once(firm: Firm, shape: str, number: str | None) -> None:
    """Overlapping periods: under numbers of their own, and without numbers at all."""
    first = firm.register(6, number)
    later = replace(firm.register(3, number), records=first.records[3:] + firm.register(3).records)
    before = firm.documents()
    firm.drop("период 1 Городской курьер.xlsx", xlsx(first))
    between = firm.documents()
    name, write = SHAPES[shape]
    firm.drop(f"период 2 {name}", write(later))
    union = first.records + later.records[3:]
    assert more(sums(firm.documents()), sums(before)) == booked(union)
    assert between["paymentin"].items() <= firm.documents()["paymentin"].items()


def two_halves(firm: Firm) -> tuple[Record, Record]:
    """An order, and a parcel that took half of its money: enough for the fees to stay small."""
    whole = next(one for one in firm.records if one.collected % 2 == 0 and one.collected > 200_000)
    return whole, replace(whole, collected=whole.collected // 2)


def test_honest_identical_lines_stay_two(firm: Firm) -> None:
    """Two parcels of one order at half its price each, the same in every column."""
    _, half = two_halves(firm)
    register = firm.register(2)
    register = register.but(half, *register.records, half)
    before = firm.documents()
    firm.drop("Городской курьер две посылки.xlsx", xlsx(register))
    after = firm.documents()
    assert more(sums(after), sums(before)) == booked(register.records)
    assert len(after["paymentin"]) - len(before["paymentin"]) == 4
    for shape in ("rows reordered", "CSV of Excel"):
        name, write = SHAPES[shape]
        firm.drop(f"снова {name}", write(register))
    assert firm.documents() == after


def test_a_third_identical_line_is_not_booked(firm: Firm) -> None:
    whole, half = two_halves(firm)
    register = firm.register(1)
    before = firm.documents()
    firm.drop("Городской курьер три строки.xlsx", xlsx(register.but(half, half, half)))
    found = more(sums(firm.documents()), sums(before))
    assert found.get("paymentin", 0) <= whole.collected


@pytest.fixture(scope="module")
def racers() -> Iterator[Track]:
    with track(*HEAVY) as running:
        yield running


class TestAtOnce:
    """Whole runs in processes of their own, each in its turn as the locks allow."""

    def test_a_report_in_all_shapes_is_booked_once(self, firm: Firm, racers: Track) -> None:
        register = firm.register(4)
        before = firm.documents()
        keys = self.dropped(firm, *((name, write(register)) for name, write in SHAPES.values()))
        assert len(keys) == len(SHAPES) - 1, "equal bytes are one file"
        ended = racers.race(firm.desk, *(("run", f"run {key}|{key}") for key in keys))
        assert [one.trouble for one in ended if one.trouble] == []
        assert more(sums(firm.documents()), sums(before)) == booked(register.records)

    def test_a_cleared_run_beside_a_live_one_books_nothing_twice(
        self, firm: Firm, racers: Track
    ) -> None:
        """Both have the name of the one run that has the file, so both go on with it."""
        register = firm.register(4)
        before = firm.documents()
        [key] = self.dropped(firm, ("Городской курьер реестр.xlsx", xlsx(register)))
        racers.race(firm.desk, *[("run", f"run 1|{key}")] * 3)
        [last] = racers.race(firm.desk, ("run", f"run 1|{key}"))
        assert last.trouble == ""
        assert more(sums(firm.documents()), sums(before)) == booked(register.records)

    def test_of_two_runs_one_does_nothing(self, firm: Firm, racers: Track) -> None:
        register = firm.register(4)
        before = firm.documents()
        [key] = self.dropped(firm, ("Городской курьер реестр.xlsx", xlsx(register)))
        ended = racers.race(firm.desk, *(("run", f"run {n}|{key}") for n in range(4)))
        assert [one.trouble for one in ended if one.trouble] == []
        assert len([one for one in ended if one.result is not None]) == 1
        assert more(sums(firm.documents()), sums(before)) == booked(register.records)

    def dropped(self, firm: Firm, *files: tuple[str, bytes]) -> list[str]:
        """Drops and takes them; the keys of the runs that are wanted."""
        inbox = firm.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        for number, (name, data) in enumerate(files):
            (inbox / f"{number} {name}").write_bytes(data)
        return take(firm.services, [Zone("папка", str(inbox))], wait=lambda _: None)


class TestTheSameKeyWithAnotherBody:
    def test_is_refused_with_both_fingerprints(self, desk: Desk) -> None:
        [order] = desk.orders("dalli")[:1]
        desk.mirror(order)
        file_id = desk.books.file("dalli")
        desk.books.line(file_id, order.name, order.sum)
        desk.plan(file_id)
        [[known, body]] = desk.books.run(
            "select fingerprint, document::text from posting where kind = 'paymentin'"
        )
        # Somebody approved another body under this key, and its line is not known to be booked.
        desk.books.run(
            "update posting set state = 'approved', line_id = null, line_key = null, "
            "order_id = null, fingerprint = %s where kind = 'paymentin'",
            "f" * 64,
        )
        with pytest.raises(ChangedDocument) as refused:
            desk.plan(file_id)
        assert (refused.value.known, refused.value.new) == ("f" * 64, known)
        assert known[:12] in str(refused.value)
        assert "f" * 12 in str(refused.value)
        assert desk.books.run(
            "select document::text, state from posting where kind = 'paymentin'"
        ) == [(body, "approved")]
        assert desk.in_moysklad() == {}
