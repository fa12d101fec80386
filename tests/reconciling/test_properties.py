"""What holds for any report: the order of its rows says nothing, and no kopeck disappears."""

import random
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest

from sverka.database.connection import connect
from sverka.money import Minor, in_words_of_money
from sverka.nouns import VerdictKind
from sverka.reconciling.reconcile import SQL, reconcile_in
from sverka.reconciling.rules import RULES
from tests.reconciling.conftest import terms
from tests.support.books import NOW, Books

ORDERS = 12


def rows(rng: random.Random) -> list[dict[str, Any]]:
    """Lines of every kind about a dozen orders, some about none, with copies."""
    lines = []
    for number in range(60):
        lines.append(
            {
                "order": f"N{rng.randrange(ORDERS + 3)}",
                "collected": rng.choice([0, 0, 5_000, 10_000, 10_000, 9_999, 10_001, -10_000]),
                "outcome": rng.choice(["delivered", "delivered", "returned", "lost", None]),
                "row_kind": rng.choice(["order"] * 8 + ["return", "service", "hold"]),
                "identity": f"row {number}",
                "occurrence": 1,
                "line_no": number + 1,
            }
        )
        if rng.random() < 0.2:
            copy = lines[-1] | {"occurrence": 2, "line_no": number + 1_000}
            lines.append(copy)
    return lines


def shop(books: Books, rng: random.Random) -> None:
    for number in range(ORDERS):
        paid = rng.choice([0, 0, 0, 5_000, 10_000])
        order = books.order(f"N{number}", 10_000, paid)
        for _ in range(rng.choice([0, 1, 1, 1, 2])):
            books.demand(order, 10_000)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_in_the_database_changes_no_verdict(
    books: Books, judge: Callable[..., Any], seed: int
) -> None:
    rng = random.Random(seed)
    shop(books, rng)
    lines = rows(rng)
    seen = []
    for _ in range(3):
        rng.shuffle(lines)
        file_id = books.file()
        own = {
            books.line(file_id, **line): (line["identity"], line["occurrence"]) for line in lines
        }
        found = judge(file_id)
        assert len(found) == len(lines)
        seen.append({own[line]: verdict for line, verdict in found.items()})
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize("seed", range(5))
def test_no_kopeck_disappears_and_no_order_is_paid_twice(
    books: Books, judge: Callable[..., Any], seed: int
) -> None:
    rng = random.Random(seed)
    shop(books, rng)
    file_id = books.file()
    for line in rows(rng):
        books.line(file_id, **line)
    judge(file_id)
    [[lines, reported]] = books.run("select count(*), sum(collected) from line")
    judged = books.run(
        "select verdict, count(*), sum(received) from verdict group by verdict order by verdict"
    )
    assert sum(row[1] for row in judged) == lines
    assert sum(row[2] for row in judged) == reported
    assert {row[0] for row in judged} <= {kind.value for kind in VerdictKind}
    overpaid = books.run(
        "select o.name from snapshot_order o join verdict v on v.order_id = o.id and v.clean "
        "join line l on l.id = v.line_id "
        "group by o.id having sum(l.collected) > o.sum - o.payed_sum and sum(l.collected) > 0"
    )
    assert overpaid == []
    mixed = books.run("select rule from verdict where difference <> received - expected")
    assert mixed == []


def test_judging_again_gives_the_same(books: Books, judge: Callable[..., Any]) -> None:
    rng = random.Random(7)
    shop(books, rng)
    file_id = books.file()
    for line in rows(rng):
        books.line(file_id, **line)
    assert judge(file_id) == judge(file_id)
    with connect(books.url) as conn:
        once = reconcile_in(conn, file_id, [terms()], lambda _: {}, NOW)
        twice = reconcile_in(conn, file_id, [terms()], lambda _: {}, NOW)
    assert once == twice


def test_every_rule_is_asked_for_in_the_sql_and_the_other_way_round() -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in SQL.glob("*.sql"))
    written += (SQL.parent / "inside.py").read_text(encoding="utf-8")
    for rule in RULES:
        assert f"'{rule.name}'" in written or f'"{rule.name}"' in written, rule.name
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_sentence_is_one_line_that_ends(rule: Any) -> None:
    money = dict.fromkeys(("expected", "received", "difference", "open", "total", "apart"), "3")
    filled = rule.sentence.format(order="1", track="2", **money)
    assert filled.endswith(".")
    assert "\n" not in filled
    assert "  " not in filled


def money_in_sql(url: str, amounts: list[int], currency: str) -> list[str]:
    head, _, _ = (SQL / "verdicts.sql").read_text(encoding="utf-8").partition("insert into")
    conn = psycopg2.connect(url)
    try:
        with conn.cursor() as cursor:
            cursor.execute(head.replace("%%", "%"))
            cursor.execute(
                "select pg_temp.in_words(a, %s) from unnest(%s::bigint[]) with ordinality as t(a, n)"
                " order by n",
                (currency, amounts),
            )
            return [row[0] for row in cursor.fetchall()]
    finally:
        conn.close()


def test_the_database_writes_money_as_python_does(database_url: str) -> None:
    rng = random.Random(3)
    amounts = [0, 1, -1, 99, 100, -100, 99_999, 100_000, 123_456_789, -(10**15)]
    amounts += [rng.randrange(-(10**12), 10**12) for _ in range(500)]
    for currency in ("RUB", "KZT"):
        expected = [in_words_of_money(Minor(amount), currency) for amount in amounts]
        assert money_in_sql(database_url, amounts, currency) == expected
