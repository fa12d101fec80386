"""In which order a report lists its rows, and into how many files it is cut, says nothing.

One file holds the same report many times, each time about orders of its own and in another order
of rows: so a single pass judges all shuffles. SVERKA_PROPERTY_EXAMPLES sets how many.
"""

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from tests.reconciling.conftest import Verdict, terms
from tests.support.batches import Batch, Row, add_lines
from tests.support.books import Books

SHUFFLES = int(os.environ.get("SVERKA_PROPERTY_EXAMPLES", "200"))
ORDERS = 20
SIZES = (1, 2, 3, 5, 8, 13, 21, 34, 55)
NETTED = ("fee_delivery", "fee_storage")
CONTRACT = terms(tolerance=100, netted=NETTED)

# Sums of a few sizes, so that rows of one order meet its open sum, miss it by a kopeck, or are
# copies of one another.
AMOUNTS = (0, 0, 4_000, 6_000, 10_000, 10_000, 9_900, 9_899, 10_100, 10_101, -10_000)


def report(rng: random.Random, size: int) -> list[Row]:
    """Rows of every kind about a few orders; some rows share what tells a row from others."""
    rows: list[Row] = []
    while len(rows) < size:
        order = rng.randrange(ORDERS + 1)
        if rng.random() < 0.3:
            rows.append(plain(order, rng.choice([4_000, 6_000, 10_000, 10_000]), len(rows)))
            continue
        collected = rng.choice(AMOUNTS)
        fee = rng.choice([0, 0, 300, 300, 250])
        kind = rng.choice(["fee_delivery", "fee_storage", "fee_cod"])
        kept = fee if kind in NETTED and collected else 0
        outcomes = ["delivered"] * 6 + ["returned", "lost", "partially_delivered", None]
        row = {
            "order_ref": f"N{order}",
            "collected": collected,
            "payout": collected - kept + rng.choice([0] * 9 + [1]),
            "outcome": rng.choice(outcomes),
            "row_kind": rng.choice(["order"] * 9 + ["return", "service"]),
            "currency": rng.choice(["RUB"] * 9 + ["KZT"]),
            "fee_delivery": 0,
            "fee_storage": 0,
            "fee_cod": 0,
            kind: fee,
            "identity": f"parcel {order}" if rng.random() < 0.4 else f"row {len(rows)}",
        }
        rows += [row] * rng.choice([1, 1, 1, 1, 2, 3])
    return rows[:size]


def plain(order: int, collected: int, number: int) -> Row:
    """A row about which there is no question but how much is open on its order."""
    row = {"order_ref": f"N{order}", "collected": collected, "payout": collected}
    fees = {"fee_delivery": 0, "fee_storage": 0, "fee_cod": 0}
    said = {"outcome": "delivered", "row_kind": "order", "currency": "RUB"}
    return row | said | fees | {"identity": f"row {number}"}


def shop(batch: Batch, rng: random.Random, tags: Sequence[str]) -> None:
    """The same orders once for every tag."""
    for number in range(ORDERS):
        paid = rng.choice([0, 0, 0, 4_000, 10_000])
        demands = rng.choice([0, 1, 1, 1, 1, 2])
        back = rng.random() < 0.15
        for tag in tags:
            order = batch.order(f"{tag}N{number}", 10_000, paid)
            shipped = [batch.demand(order, 10_000) for _ in range(demands)]
            if back and shipped:
                batch.salesreturn(shipped[0], 10_000)


def tagged(row: Row, tag: str) -> Row:
    return row | {"order_ref": tag + row["order_ref"], "identity": tag + row["identity"]}


def told(verdict: Verdict, tag: str) -> Verdict:
    """What was said, without the ids and the names that tell one copy of the shop from another."""
    return replace(
        verdict, order_id=None, demand_id=None, sentence=verdict.sentence.replace(tag, "")
    )


def said_of(rows: Sequence[Row], lines: Sequence[int], found: Any, tag: str) -> list[str]:
    """Every row as it stands in the file with its verdict, sorted: rows have no names but content."""
    return sorted(
        f"{sorted(row.items(), key=str)} → {told(found[line], tag)}"
        for row, line in zip(rows, lines, strict=True)
    )


@pytest.mark.parametrize("size", SIZES)
def test_no_shuffle_changes_a_verdict(
    books: Books, judge: Callable[..., dict[int, Verdict]], size: int
) -> None:
    seed = size
    rng = random.Random(seed)
    rows = report(rng, size)
    tags = [f"u{number:04}-" for number in range(SHUFFLES)]
    batch = Batch(books)
    shop(batch, rng, tags)
    batch.write()
    shuffled = [rng.sample(rows, len(rows)) for _ in tags]
    everything = [
        tagged(row, tag) for tag, mine in zip(tags, shuffled, strict=True) for row in mine
    ]
    file_id = books.file()
    lines = add_lines(books, file_id, everything)
    found = judge(file_id, contract=CONTRACT)
    seen = [
        said_of(mine, lines[at * size : (at + 1) * size], found, tag)
        for at, (tag, mine) in enumerate(zip(tags, shuffled, strict=True))
    ]
    assert len(found) == size * len(tags)
    # The rows say enough for the shuffles to matter: some are booked, some are in doubt.
    if size > 10:
        assert len({verdict.rule for verdict in found.values()}) > 5
        assert {verdict.clean for verdict in found.values()} == {True, False}
    different = next((one for one in seen if one != seen[0]), seen[0])
    assert different == seen[0], f"seed {seed}"


# --- one file or many ---------------------------------------------------------------------------


def settle_in_parts(
    books: Books, judge: Any, parts: Sequence[Sequence[Row]], tag: str
) -> list[tuple[Row, Verdict]]:
    """Every part is a file; what is clean is booked before the next one comes."""
    said: list[tuple[Row, Verdict]] = []
    for part in parts:
        file_id = books.file()
        lines = add_lines(books, file_id, [tagged(row, tag) for row in part])
        found = judge(file_id, contract=CONTRACT)
        said += [(row, found[line]) for row, line in zip(part, lines, strict=True)]
        book(books, file_id)
    return said


def book(books: Books, file_id: int) -> None:
    """The payments of a file's clean lines, as sending leaves them."""
    books.run(
        "insert into posting (sync_id, account, courier, kind, file_id, report_id, line_id, "
        "line_key, order_id, amount, document, fingerprint, state, moysklad_id, planned_at, "
        "posted_at) select gen_random_uuid(), gen_random_uuid(), r.courier, 'paymentin', r.file_id, "
        "r.id, l.id, l.line_key, v.order_id, l.collected, '{}', '0', 'posted', gen_random_uuid(), "
        "v.decided_at, v.decided_at from verdict v join line l on l.id = v.line_id "
        "join report r on r.id = l.report_id "
        "where r.file_id = %s and v.clean and l.collected > 0",
        file_id,
    )


def cut(rng: random.Random, rows: Sequence[Row], parts: int, by: str) -> list[list[Row]]:
    """The rows in so many parts; all rows of one value of `by` in the same one."""
    place = {value: rng.randrange(parts) for value in sorted({str(row[by]) for row in rows})}
    found: list[list[Row]] = [[] for _ in range(parts)]
    for row in rng.sample(rows, len(rows)):
        found[place[str(row[by])]].append(row)
    return [part for part in found if part]


def sorted_by_content(said: Sequence[tuple[Row, Verdict]], tag: str) -> list[str]:
    return sorted(f"{sorted(row.items(), key=str)} → {told(one, tag)}" for row, one in said)


@pytest.mark.parametrize("seed", range(3))
def test_cut_between_orders_into_any_number_of_files_the_verdicts_are_the_same(
    books: Books, judge: Callable[..., dict[int, Verdict]], seed: int
) -> None:
    rng = random.Random(seed)
    rows = report(rng, 40)
    tags = [f"p{parts}-" for parts in (1, 2, 3, 7)]
    batch = Batch(books)
    shop(batch, rng, tags)
    batch.write()
    seen = []
    for tag, parts in zip(tags, (1, 2, 3, 7), strict=True):
        said = settle_in_parts(books, judge, cut(rng, rows, parts, "order_ref"), tag)
        seen.append(sorted_by_content(said, tag))
    assert seen[1:] == seen[:1] * 3, f"seed {seed}"


@pytest.mark.parametrize("seed", range(3))
def test_cut_through_orders_no_more_is_booked_than_is_open(
    books: Books, judge: Callable[..., dict[int, Verdict]], seed: int
) -> None:
    # A part of an order's money is less than what is open, so a person is asked; that is the price
    # of cutting. Money beyond what is open is never booked, in however many files it comes.
    rng = random.Random(seed)
    rows = report(rng, 40)
    batch = Batch(books)
    shop(batch, rng, ["c-"])
    batch.write()
    settle_in_parts(books, judge, cut(rng, rows, 6, "identity"), "c-")
    over = books.run(
        "select o.name, sum(p.amount) from posting p join snapshot_order o on o.id = p.order_id "
        "group by o.id having sum(p.amount) > greatest(o.sum - o.payed_sum, 0) + %s",
        CONTRACT.tolerance,
    )
    assert over == [], f"seed {seed}"
    [[booked]] = books.run("select count(*) from posting")
    assert booked > 0
