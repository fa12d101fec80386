"""The table of edges, `edges.md`: every row judged and planned in one pass over one file."""

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from sverka.couriers import Courier, as_yaml
from sverka.intake.storage import Storage
from sverka.money import Minor
from sverka.posting.plan import plan
from sverka.services import Services
from sverka.settings import Settings
from tests.conftest import fresh_database
from tests.support.batches import Batch, Row, inserted, line_row
from tests.support.books import NOW, SPACE, STATES, Books, state_id

TABLE = Path(__file__).with_name("edges.md")
SCHEMES = {"net": "net", "agent": "agent_fee_netted", "gross": "gross"}
FEES = {"fee": "fee_delivery", "cod": "fee_cod", "storage": "fee_storage", "ret": "fee_return"}
NETTED = {"net": tuple(FEES), "agent": ("cod",), "gross": ()}
OUTCOMES = {"part": "partially_delivered", "unknown": None}
KINDS = ("service", "fine", "hold", "hold_release", "correction")
STATE_KINDS = ("customerorder.state", "demand.state")
KIND = {"in": "paymentin", "out": "paymentout", "return": "salesreturn", "supply": "supply"}


@dataclass
class Case:
    """Books, terms, the rows of one order, and what is expected of them."""

    name: str
    books: str
    terms: str
    documents: str
    rows: list[tuple[str, str, str]] = field(default_factory=list)


def cases() -> list[Case]:
    found: list[Case] = []
    for text in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if not text.startswith("|") or cells[0] == "case" or set(cells[0]) == {"-"}:
            continue
        name, books, terms, row, verdict, rule, documents = cells
        if name:
            found.append(Case(name, books, terms, documents))
        found[-1].rows.append((row, verdict, rule))
    return found


CASES = cases()


def words(text: str) -> dict[str, str]:
    """`100000 fee=500 returned` → {"": "100000", "fee": "500", "returned": ""}."""
    found = {}
    for word in text.split():
        key, _, value = word.partition("=")
        number = word.lstrip("-").isdigit()
        found["" if number else key] = word if number else value
    return found


class Shelf:
    """What planning asks MoySklad for: names, states, and the goods of demands."""

    def __init__(self) -> None:
        self.goods: dict[UUID, tuple[int, ...]] = {}

    def account_id(self) -> UUID:
        return SPACE

    def find_one(self, entity: str, name: str) -> UUID:
        return uuid.uuid5(SPACE, f"{entity} {name}")

    def states(self, entity: str) -> dict[str, UUID]:
        return {name: state_id(entity, name) for name in STATES}

    def rows(self, entity: str, *, filters: Sequence[str], **_other: Any) -> Iterator[Row]:
        assert entity == "demand"
        for one in filters:
            demand = UUID(one.partition("=")[2])
            positions = [
                {"quantity": 1, "price": price, "assortment": self._product(demand, index)}
                for index, price in enumerate(self.goods[demand])
            ]
            yield {"id": str(demand), "positions": {"rows": positions, "meta": {"size": 0}}}

    @staticmethod
    def _product(demand: UUID, index: int) -> Row:
        href = f"https://api.moysklad.ru/entity/product/{uuid.uuid5(demand, str(index))}"
        return {"meta": {"type": "product", "href": href}, "name": f"Товар {index}"}


def put_on_the_books(batch: Batch, shelf: Shelf, number: str, books: str) -> None:
    for told in books.split(";"):
        given = words(told)
        if "order" not in given:
            continue
        total = int(given["order"])
        head = {"currency": "KZT" if "KZT" in given else "RUB"}
        order = batch.order(
            number,
            total,
            int(given.get("paid", 0)),
            state=given.get("state", "Отгружен"),
            deleted="deleted" in given,
            applicable="drafted" not in given,
            track=number + given["track"] if "track" in given else None,
            **head,
        )
        for _ in range(int(given.get("demands", 1))):
            shipped = int(given.get("shipped", total))
            paid = int(given.get("paid_to_demand", 0))
            demand = batch.demand(order, shipped, payed_sum=paid, **head)
            goods = given.get("goods", str(shipped)).split("+")
            shelf.goods[demand] = tuple(int(price) for price in goods)
            if "back" in given:
                batch.salesreturn(demand, int(given["back"]))
            if "draft" in given:
                batch.salesreturn(demand, int(given["draft"]), applicable=False)


def row_of(number: str, text: str, model: str) -> Row:
    given = words(text)
    collected = int(given[""])
    kept = sum(int(given.get(fee, 0)) for fee in NETTED[model])
    outcome = next(
        (w for w in (*OUTCOMES, "returned", "refused", "lost", "destroyed") if w in given), ""
    )
    same = {"identity": f"{number} {given.get('same')}"} if {"same", "again"} & set(given) else {}
    return {
        "order_ref": number,
        "track_ref": number + given["track"] if "track" in given else None,
        "collected": collected,
        "payout": int(given.get("payout", collected - kept)),
        "outcome": OUTCOMES.get(outcome, outcome) if outcome else "delivered",
        "row_kind": next((kind for kind in KINDS if kind in given), "order"),
        "currency": "KZT" if "KZT" in given else "RUB",
        **{name: int(given.get(fee, 0)) for fee, name in FEES.items()},
        **same,
    }


@dataclass
class Settled:
    """What was said of every row, and the documents of every case."""

    verdicts: dict[tuple[int, int], tuple[str, str, bool, int | None, int, int | None, str]]
    documents: dict[int, Counter[tuple[str, int]]]


def reports_of(index: int, case: Case) -> list[tuple[int, list[tuple[int, Row]]]]:
    """The rows of a case by the ordinals of their reports."""
    number, model = f"E{index:03}", case.terms.partition("±")[0]
    rows = [(at, row_of(number, text, model)) for at, (text, *_) in enumerate(case.rows)]
    if "again" in words(case.rows[0][0]):
        return [(10 * index + at, [row]) for at, row in enumerate(rows)]
    return [(10 * index, rows)]


def write_file(books: Books) -> tuple[int, dict[int, tuple[int, int]], dict[int, int]]:
    """A file with a report per case; which line is which row, and which report which case."""
    file_id = books.file(reports=0)
    at_report: dict[int, int] = {}
    keys: list[tuple[int, int]] = []
    lines: list[Row] = []
    for index, case in enumerate(CASES):
        courier = case.terms.replace("±", "-")
        for ordinal, rows in reports_of(index, case):
            report = books.report(file_id, courier, ordinal)
            at_report[report] = index
            seen: Counter[str] = Counter()
            for at, row in rows:
                identity = row.get("identity", f"{index}/{at}")
                seen[identity] += 1
                told = {"identity": identity, "occurrence": seen[identity]} | row
                lines.append(line_row(report, at + 1, courier, told))
                keys.append((index, at))
    ids = inserted(books, "line", lines, "id")
    return file_id, dict(zip(ids, keys, strict=True)), at_report


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The terms of the couriers that the table names."""
    found = tmp_path_factory.mktemp("couriers")
    for terms in {case.terms for case in CASES}:
        model, _, tolerance = terms.partition("±")
        code = terms.replace("±", "-")
        courier = Courier(
            code,
            f"Курьер {code}",
            (f"Курьер {code}",),
            f"ООО «{code}»",
            SCHEMES[model],
            tolerance=Minor(int(tolerance or 0)),
            dry_run=False,
        )
        (found / f"{code}.yaml").write_text(as_yaml(courier), encoding="utf-8")
    return found


@pytest.fixture(scope="module")
def settled(server_url: str, template_database: str, folder: Path) -> Iterator[Settled]:
    """One file with all cases, planned once."""
    for url in fresh_database(server_url, template_database):
        yield settle(Books(url), Shelf(), folder)


def settle(books: Books, shelf: Shelf, folder: Path) -> Settled:
    books.insert("account", {"id": SPACE, "currency": "RUB"})
    batch = Batch(books)
    for index, case in enumerate(CASES):
        put_on_the_books(batch, shelf, f"E{index:03}", case.books)
    batch.write()
    file_id, rows, reports = write_file(books)
    settings = Settings(books.url, f"file://{folder}", {}, (), None, couriers=folder)
    storage = Storage(settings.storage_url, {})
    plan(Services(settings, storage, lambda: shelf, lambda: NOW), file_id)
    return read(books, rows, reports)


def read(books: Books, rows: dict[int, tuple[int, int]], reports: dict[int, int]) -> Settled:
    verdicts = {
        rows[line]: (verdict, rule.rpartition("+")[2], clean, *rest)
        for line, verdict, rule, clean, *rest in books.run(
            "select line_id, verdict, rule, clean, expected, received, difference, sentence "
            "from verdict"
        )
    }
    documents: dict[int, Counter[tuple[str, int]]] = {
        index: Counter() for index in range(len(CASES))
    }
    for report, kind, amount in books.run("select report_id, kind, amount from posting"):
        documents[reports[report]][kind, amount] += 1
    return Settled(verdicts, documents)


def wanted(text: str) -> Counter[tuple[str, int]]:
    found: Counter[tuple[str, int]] = Counter()
    for word in text.split():
        kind, _, amount = word.partition("=")
        if kind == "done":
            found.update((state, 0) for state in STATE_KINDS)
        elif kind == "done_order":
            found["customerorder.state", 0] += 1
        else:
            found[KIND[kind], int(amount)] += 1
    return found


def test_the_table_has_enough_cases_and_each_name_once() -> None:
    assert len(CASES) >= 150
    names = Counter(case.name for case in CASES)
    # Sections may share a name such as «none»; the pair of books and row tells them apart.
    assert max(Counter((c.name, c.books, tuple(c.rows)) for c in CASES).values()) == 1, names
    assert all(case.rows for case in CASES)


@pytest.mark.parametrize(
    "index", range(len(CASES)), ids=lambda at: f"{at:03} {CASES[at].name} of {CASES[at].books}"
)
def test_an_edge(settled: Settled, index: int) -> None:
    case = CASES[index]
    for at, (row, verdict, rule) in enumerate(case.rows):
        found = settled.verdicts[index, at]
        said = found[1] if rule != "*" else rule
        assert (found[0], said) == (verdict, rule), f"{case.name}: {row}: {found}"
    documents = settled.documents[index]
    assert documents == wanted(case.documents), case.name


def test_only_a_clean_row_has_documents_and_every_clean_row_is_expected_to(
    settled: Settled,
) -> None:
    for index, case in enumerate(CASES):
        clean = [settled.verdicts[index, at][2] for at in range(len(case.rows))]
        assert any(clean) == bool(case.documents), case.name


def test_the_money_of_every_row_is_told_to_the_kopeck(settled: Settled) -> None:
    for (index, at), (_, rule, _, expected, received, difference, _) in settled.verdicts.items():
        row, *_ = CASES[index].rows[at]
        if not rule.startswith("contract."):
            assert received == int(words(row)[""]), CASES[index].name
        if expected is not None:
            assert difference == received - expected, CASES[index].name


def test_of_two_candidates_none_is_ever_booked(settled: Settled) -> None:
    several = [i for i, c in enumerate(CASES) if c.rows[0][1] == "ambiguous_order"]
    assert len(several) >= 8
    for index in several:
        assert not settled.documents[index]
        assert not settled.verdicts[index, 0][2]
