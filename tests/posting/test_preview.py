"""`sverka plan`: everything that would be created, for people and for programs, and nothing done."""

import argparse
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from sverka.commands import plan as command
from sverka.errors import SverkaError
from sverka.moysklad.client import MoySklad
from sverka.posting.approve import approve
from sverka.posting.preview import preview
from sverka.posting.preview_told import as_json, as_text, plan_in_short
from tests.posting.conftest import Desk
from tests.posting.golden_report import golden_report

Sverka = Callable[..., int]


def out_of_reach() -> MoySklad:
    raise AssertionError("MoySklad was asked")


@pytest.fixture
def sverka(desk: Desk) -> Sverka:
    parser = argparse.ArgumentParser()
    services = replace(desk.services, moysklad=out_of_reach)
    command.add_parser(parser.add_subparsers(required=True), lambda: services)

    def run(*arguments: object) -> int:
        parsed = parser.parse_args([str(one) for one in arguments])
        code: int = parsed.run(parsed)
        return code

    return run


def everything(desk: Desk) -> list[Any]:
    postings = desk.books.run("select * from posting order by sync_id")
    return [postings, desk.books.run("select count(*) from journal"), desk.in_moysklad()]


def test_it_changes_nothing_and_asks_moysklad_nothing(
    desk: Desk, sverka: Sverka, capsys: pytest.CaptureFixture[str]
) -> None:
    seal = desk.plan(golden_report(desk, "net").file_id).seal
    before = everything(desk)
    assert sverka("plan", "report-1.xlsx") == 0
    printed = capsys.readouterr().out
    assert f"Печать плана: {seal}\n" in printed
    assert "входящие платежи (paymentin), 2 на" in printed
    assert "«Отгружен» → «Выполнен»" in printed
    assert everything(desk) == before
    with pytest.raises(SverkaError, match="не принимала"):
        sverka("plan", "нет такого.xlsx")


def test_the_json_has_every_document_with_names_and_links(
    desk: Desk, sverka: Sverka, capsys: pytest.CaptureFixture[str]
) -> None:
    report = golden_report(desk, "net_courier_agent")
    planned = desk.plan(report.file_id)
    assert sverka("plan", report.file_id, "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["seal"], printed["dry_run"]) == (planned.seal, False)
    documents = [one for order in printed["plan"] for one in order["documents"]]
    assert len(documents) == sum(planned.documents.values())
    totals = {one["kind"]: (one["documents"], one["amount"]) for one in printed["totals"]}
    assert totals == {
        kind: (count, planned.amounts[kind]) for kind, count in planned.documents.items()
    }
    [first, *_] = documents
    assert first["kind"] == "paymentin"
    assert first["agent"] == desk.shop.couriers["dalli"].name
    assert first["link"] == {
        "entity": "customerorder",
        "name": report.delivered.name,
        "sum": report.delivered.sum,
    }
    assert [one["line_no"] for one in printed["not_booked"]] == [5, 6]
    assert all(one["sentence"] for one in printed["not_booked"])


def test_a_dry_run_is_told_first(desk: Desk) -> None:
    report = golden_report(desk, "net")
    desk.terms("dalli", posting_scheme="net", dry_run="true")
    desk.plan(report.file_id)
    with preview(desk.services, report.file_id) as plan:
        _, first, second, *_ = as_text(plan)
        assert plan.head.dry_run
    assert first.startswith("ПРОБНЫЙ РЕЖИМ, Dalli:")
    assert second.startswith("Ничего не создано и не будет.")


def test_a_dry_run_that_began_after_the_plan_is_told_as_well(desk: Desk) -> None:
    report = golden_report(desk, "net")
    desk.plan(report.file_id)
    desk.terms("dalli", posting_scheme="net", dry_run="true")
    assert "ПРОБНЫЙ РЕЖИМ" in plan_in_short(desk.services, report.file_id)


def test_what_is_approved_stands_in_it_and_what_is_sent_does_not(desk: Desk) -> None:
    report = golden_report(desk, "net")
    number = sum(desk.plan(report.file_id).documents.values())
    approve(desk.services, report.file_id, "policy")
    short = plan_in_short(desk.services, report.file_id)
    assert f"Уже одобрено и ждёт отправки: {number}" in short
    # Nothing waits for an approval, so there is nothing to approve by a seal.
    assert "Печать" not in short
    desk.send(report.file_id)
    short = plan_in_short(desk.services, report.file_id)
    assert "Документов к созданию нет." in short
    assert f"Отправлено раньше документов: {number}." in short


def test_who_approves_is_told(desk: Desk) -> None:
    report = golden_report(desk, "net")
    desk.terms("dalli", posting_scheme="net", approval="nothing")
    desk.plan(report.file_id)
    assert "Dalli: документы ждут одобрения человека." in plan_in_short(
        desk.services, report.file_id
    )


def test_only_the_first_orders_and_rows_are_shown(desk: Desk) -> None:
    report = golden_report(desk, "net")
    desk.plan(report.file_id)
    with preview(desk.services, report.file_id) as plan:
        text = list(as_text(plan, shown=1))
    assert sum(line.startswith("Заказ ") for line in text) == 1
    assert "И ещё заказов: 3. Все покажет --json." in text
    assert text[-1] == "  и ещё строк: 1. Все покажет --json."


MANY = 8_000


def peak(work: Callable[[], int]) -> tuple[int, int]:
    """What the work gives, and the most bytes that Python held meanwhile."""
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_large_plan_is_read_page_by_page(desk: Desk) -> None:
    report = golden_report(desk, "net")
    desk.plan(report.file_id)
    desk.books.run(
        "insert into posting (sync_id, account, courier, kind, file_id, report_id, order_id, "
        "  amount, document, fingerprint, planned_at) "
        "select gen_random_uuid(), account, courier, kind, file_id, report_id, gen_random_uuid(), "
        f"  1, document, fingerprint, planned_at from posting, generate_series(1, {MANY}) "
        "where sync_id = (select sync_id from posting where kind = 'paymentin' limit 1)"
    )
    with preview(desk.services, report.file_id) as plan:
        pieces, streamed = peak(lambda: sum(1 for _ in as_json(plan)))
        _, at_once = peak(lambda: len(list(as_json(plan))))
    assert pieces > MANY
    assert streamed < at_once / 2
    with preview(desk.services, report.file_id) as plan:
        assert len(list(islice(as_text(plan), 5))) == 5
