"""Every shipped scheme: what it plans, how its page draws it, and who owes whom afterwards.

Renew the goldens after an intended change: SVERKA_REGENERATE_GOLDENS=1 pytest tests/posting/…
"""

import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sverka.moysklad.wire import id_of, minor
from sverka.posting.approve import approve
from sverka.posting.preview import preview
from sverka.posting.preview_told import as_text
from sverka.settings import INCLUDE
from tests.posting.conftest import Desk
from tests.posting.golden_report import COURIER, FEES, Golden, golden_report, money_came

GOLDEN = Path(__file__).parent / "golden" / "plans"
PAGE = INCLUDE.parent / "docs" / "schemes.md"
SHIPPED = sorted(path.stem for path in (INCLUDE / "posting_schemes").glob("*.yaml"))
SIGNS = {"paymentin": 1, "supply": 1, "salesreturn": 1, "demand": -1, "paymentout": -1}
"""Which way a document moves what the shop owes its agent."""


def told(desk: Desk, file_id: int) -> str:
    with preview(desk.services, file_id) as plan:
        text = "\n".join(as_text(plan)) + "\n"
        return text.replace(plan.head.seal, "<печать>") if plan.head.seal else text


def owed(desk: Desk) -> Counter[Any]:
    """What the shop owes every counterparty, by all that stands in MoySklad."""
    client = desk.sandbox.client()
    balance: Counter[Any] = Counter()
    for entity, sign in SIGNS.items():
        for row in client.rows(entity):
            balance[id_of(row["agent"])] += sign * minor(row["sum"])
    return balance


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scheme(desk: Desk, name: str) -> None:
    report = golden_report(desk, name)
    if report.scheme.book == "when_paid":
        assert desk.plan(report.file_id).documents == {}
        assert "деньги в банк ещё не пришли" in told(desk, report.file_id)
        money_came(desk, report.file_id)
    planned = desk.plan(report.file_id)
    same_as_golden(name, told(desk, report.file_id))
    drawn_as_planned(desk, report)
    before = owed(desk)
    approve(desk.services, report.file_id, "policy")
    assert desk.send(report.file_id).posted == sum(planned.documents.values())
    after = owed(desk)
    after.subtract(before)
    settles(desk, report, after)


def same_as_golden(name: str, text: str) -> None:
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("SVERKA_REGENERATE_GOLDENS"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def settles(desk: Desk, report: Golden, change: Counter[Any]) -> None:
    """Nobody is left with a debt that the report paid."""
    closed = Counter({order.agent.id: 0 for order in report.closed})
    for order in report.closed:
        closed[order.agent.id] += order.sum
    courier = desk.shop.couriers[COURIER].id
    unpaid = report.fees - report.kept
    if report.scheme.agent == "customer":
        # Money and goods that came back are together what was shipped.
        assert {agent: change[agent] for agent in closed} == dict(closed)
        assert change[courier] == unpaid
        return
    came_back = sum(order.sum for order in report.closed) - report.collected
    assert sum(change[agent] for agent in closed) == came_back
    assert change[courier] == report.collected + unpaid


NODE = re.compile(
    r'(\w+)\["(paymentin|supply|paymentout|salesreturn|customerorder\.state|demand\.state)'
    r' \((\d+)\)(?:<br>([^"]*))?"\]'
)
ARROW = re.compile(r"(\w+)(?:\[[^\]]*\]|\{[^}]*\})? (?:-->|-\. [^.]*\.->) (\w+)")


def drawn_as_planned(desk: Desk, report: Golden) -> None:
    """The diagram shows exactly the documents of the plan, and what each waits for."""
    drawn = diagram(report.scheme.name)
    nodes = {node: (kind, int(count)) for node, kind, count, _ in NODE.findall(drawn)}
    words = {kind: text for _, kind, _, text in NODE.findall(drawn)}
    rows = desk.books.run(
        "select p.kind, p.line_id is null, d.kind, p.document->'agent'->>'id' "
        "from posting p left join posting d on d.sync_id = p.depends_on"
    )
    assert dict(nodes.values()) == Counter(row[0] for row in rows)
    arrows = {
        (nodes[one][0], nodes[other][0])
        for one, other in ARROW.findall(drawn)
        if one in nodes and other in nodes
    }
    assert arrows == {(row[2], row[0]) for row in rows if row[2]}
    together = {"per report" if row[1] else "per row" for row in rows if row[0] == "supply"}
    assert together == {words["supply"]}
    courier = str(desk.shop.couriers[COURIER].id)
    payers = {row[3] == courier for row in rows if row[0] == "paymentin"}
    assert payers == {words["paymentin"] == "from the courier"}
    if "paymentout" in words:
        kept = {"all fees": sum(FEES.values()), "fee_cod only": FEES["fee_cod"]}
        assert report.kept == 2 * kept[words["paymentout"]]
    assert ("bank{" in drawn) == (report.scheme.book == "when_paid")


def diagram(name: str) -> str:
    found = re.findall(
        rf"^### `{name}`\n.*?```mermaid\n(.*?)```",
        PAGE.read_text("utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    assert len(found) == 1, f"docs/schemes.md has {len(found)} diagrams of {name}"
    [drawn] = found
    return str(drawn)


def test_the_page_draws_no_scheme_that_is_not_shipped() -> None:
    drawn = re.findall(r"^### `(\w+)`$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(drawn) == SHIPPED
