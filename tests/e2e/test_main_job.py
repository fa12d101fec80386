"""A courier's report is dropped; the shop's books and the report of the day are right."""

import json
from collections import Counter, defaultdict

import pytest
import requests

from local.up import bring_up, drop_demo
from sverka.demo.expected import Expected, Fate
from sverka.nouns import PostingKind
from tests.e2e.installation import Installation
from tests.support.demo_files import Registers

pytestmark = pytest.mark.e2e

DOCUMENTS = ("paymentin", "supply", "paymentout", "salesreturn")


def _posted_sums(installation: Installation, truth: Expected) -> dict[str, dict[str, int]]:
    """Courier → kind → Σ sum of the demo's documents as the sandbox has them, minor units."""
    rows = installation.query(
        "select moysklad_id, posting.courier from posting join file on file.id = file_id"
        " where file.name = any(%s)",
        [file.name for file in truth.files],
    )
    courier_of = {str(row["moysklad_id"]): row["courier"] for row in rows}
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for kind in DOCUMENTS:
        for document in installation.moysklad.rows(kind):
            if document["id"] in courier_of:
                sums[courier_of[document["id"]]][kind] += int(document["sum"])
    return sums


def test_the_books_hold_what_the_reports_say_to_the_kopeck(
    demo_settled: Installation, truth: Expected
) -> None:
    assert {
        courier: {kind: amount for kind, amount in kinds.items() if amount}
        for courier, kinds in _posted_sums(demo_settled, truth).items()
    } == {
        courier: {str(kind): int(amount) for kind, amount in kinds.items() if amount}
        for courier, kinds in truth.sums().items()
    }


def test_every_line_has_the_verdict_its_author_meant(
    demo_settled: Installation, truth: Expected
) -> None:
    demo = [file.name for file in truth.files]
    rows = demo_settled.query(
        "select verdict, count(*) from verdict join line on line.id = line_id"
        " join report on report.id = report_id join file on file.id = file_id"
        " where file.name = any(%s) group by 1",
        demo,
    )
    assert {row["verdict"]: row["count"] for row in rows} == {
        str(kind): count for kind, count in truth.verdicts().items()
    }


def test_orders_end_in_their_final_state(demo_settled: Installation) -> None:
    states = {str(id_): name for name, id_ in demo_settled.moysklad.states("customerorder").items()}
    ours = {
        str(row["order_id"])
        for row in demo_settled.query(
            "select order_id from posting where kind = 'customerorder.state'"
        )
    }
    assert ours
    final = Counter(
        states[order["state"]["meta"]["href"].rsplit("/", 1)[1]]
        for order in demo_settled.moysklad.rows("customerorder")
        if order["id"] in ours
    )
    assert set(final) == {"Выполнен", "Возвращен"}


def test_a_held_file_and_a_price_list_are_in_quarantine_with_a_reason(
    demo_settled: Installation, truth: Expected
) -> None:
    files = demo_settled.files()
    for file in truth.files:
        if file.fate in {Fate.HELD, Fate.NO_REPORT}:
            assert files[file.name]["state"] == "quarantined"
            assert files[file.name]["reason"]
        if file.fate == Fate.SETTLED:
            assert files[file.name]["state"] == "settled"


def test_every_file_is_one_run_that_carries_its_name(
    demo_settled: Installation, truth: Expected
) -> None:
    keys = [run["partition_key"] for run in demo_settled.settle_runs()]
    for file in truth.files:
        wanted = 0 if file.fate == Fate.REPEATED else 1
        assert sum(key.startswith(f"{file.name} · ") for key in keys) == wanted


def test_the_report_of_the_day_agrees_with_the_books(
    demo_settled: Installation, truth: Expected
) -> None:
    folder = demo_settled.state.storage / "reports" / "latest"
    assert {path.name for path in folder.iterdir()} == {
        "otchet.html",
        "otchet.xlsx",
        "report.json",
    }
    report = json.loads((folder / "report.json").read_text("utf-8"))
    booked = sum(kinds[PostingKind.PAYMENTIN] for kinds in truth.sums().values())
    demo = {file.name for file in truth.files}
    paid_in = [
        document["amount"]
        for document in report["documents"]
        if document["kind"] == "paymentin" and document["file"] in demo
    ]
    assert sum(paid_in) == booked


def test_the_report_is_a_page_of_the_ui_and_only_for_those_who_log_in(
    demo_settled: Installation,
) -> None:
    page = f"{demo_settled.url}/sverka/report/latest/otchet.html"
    assert requests.get(page, timeout=30).status_code == 401
    answer = requests.get(page, headers=demo_settled.bearer(), timeout=30)
    assert answer.status_code == 200
    assert "Расхождения" in answer.text


def test_saying_make_up_again_changes_nothing(
    demo_settled: Installation, demo_files: dict[str, bytes]
) -> None:
    assert demo_files
    before = demo_settled.query("select count(*) as n, max(planned_at) as last from posting")
    bring_up(demo_settled.state, demo_settled.extras)
    assert drop_demo(demo_settled.state) == 0
    assert (
        demo_settled.query("select count(*) as n, max(planned_at) as last from posting") == before
    )


def test_the_same_bytes_under_another_name_are_noticed_and_not_taken(
    demo_settled: Installation, demo_files: dict[str, bytes]
) -> None:
    runs = len(demo_settled.settle_runs())
    name, data = next(iter(demo_files.items()))
    for zone in demo_settled.zones.values():
        zone.drop(f"копия {name}", data)
    demo_settled.wait_until(
        lambda: not any(zone.look() for zone in demo_settled.zones.values()),
        what="the copies to leave the inbox",
    )
    assert f"копия {name}" not in demo_settled.files()
    seen = demo_settled.query("select zone from sighting where name = %s", f"копия {name}")
    assert {row["zone"] for row in seen} == set(demo_settled.zones)
    assert len(demo_settled.settle_runs()) == runs


def test_a_burst_of_twenty_files_gives_twenty_runs(
    demo_settled: Installation, registers: Registers
) -> None:
    burst = [registers.of(2) for _ in range(20)]
    for name, data, _ in burst:
        demo_settled.zones["folder"].drop(name, data)
    demo_settled.wait_for_files([name for name, _, _ in burst], seconds=400)
    keys = [run["partition_key"] for run in demo_settled.settle_runs()]
    for name, _, orders in burst:
        assert sum(key.startswith(f"{name} · ") for key in keys) == 1
        posted = demo_settled.query(
            "select count(*) from posting join file on file.id = file_id"
            " where name = %s and kind = 'paymentin' and posting.state = 'posted'",
            name,
        )
        assert posted[0]["count"] == len(orders)
