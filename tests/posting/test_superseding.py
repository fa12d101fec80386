"""Which documents of a corrected report go: shared ones, touched ones, and whatever comes in between."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sverka import settling
from sverka.posting.undo import undo
from tests.posting.conftest import Desk
from tests.posting.corrected import (
    all_else,
    came_back,
    documents,
    edition,
    expected,
    less_fee,
    rows_of,
    run,
    superseded,
)
from tests.posting.undone import WHO, balance, call, moysklad_id


def test_a_touched_document_leaves_its_row_to_a_person(desk: Desk) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows)
    run(desk, old)
    [[line]] = desk.books.run("select id from line where order_ref = %s", rows[0].order.name)
    payment = moysklad_id(desk, "paymentin", line)
    call(desk, "PUT", f"paymentin/{payment}", {"paymentPurpose": "проверено бухгалтером"})
    better = [rows[0].but(fee=7_000), rows[1].but(fee=6_000), rows[2]]
    new = edition(desk, "dalli", better)
    result = superseded(desk, new)
    [report] = result.reports
    assert report.held == 1
    assert "Строк, которые остаются как были проведены: 1" in report.text
    # The touched row stays whole, as it was booked; the other one is corrected.
    assert balance(desk) == expected([rows[0], *better[1:]])
    assert desk.state_of("customerorder", rows[0].order.id) == "Выполнен"
    [[verdict, clean]] = desk.books.run(
        "select v.verdict, v.clean from verdict v join line l on l.id = v.line_id "
        "join report r on r.id = l.report_id where r.file_id = %s and l.order_ref = %s",
        new,
        rows[0].order.name,
    )
    assert (verdict, clean) == ("overpaid", False)


def test_a_shared_supply_is_made_anew_and_payments_of_other_rows_stay(desk: Desk) -> None:
    rows = rows_of(desk, "cdek")
    run(desk, edition(desk, "cdek", rows))
    payments = {row.order.name: documents(desk, row.order) for row in rows}
    better = less_fee(rows)
    new = edition(desk, "cdek", better)
    superseded(desk, new)
    assert balance(desk) == expected(better)
    assert desk.in_moysklad() == {"paymentin": 3, "supply": 1, "paymentout": 1}
    assert [documents(desk, row.order) == payments[row.order.name] for row in rows] == [
        False,
        True,
        True,
    ]
    run(desk, new)
    assert balance(desk) == expected(better)
    again = all_else(better)[:2]
    superseded(desk, edition(desk, "cdek", again))
    assert balance(desk) == expected(again)


def test_a_touched_shared_supply_holds_all_rows_that_it_would_have_to_change_for(
    desk: Desk,
) -> None:
    rows = rows_of(desk, "cdek")
    run(desk, edition(desk, "cdek", rows))
    [[supply]] = desk.books.run("select moysklad_id::text from posting where kind = 'supply'")
    call(desk, "PUT", f"supply/{supply}", {"description": "сверено"})
    result = superseded(desk, edition(desk, "cdek", less_fee(rows)))
    assert result.reports[0].held >= 1
    assert balance(desk) == expected(rows)


def test_in_a_dry_run_a_correction_takes_nothing_out_of_moysklad(desk: Desk) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    desk.terms("dalli", dry_run="true")
    superseded(desk, edition(desk, "dalli", less_fee(rows)))
    assert balance(desk) == expected(rows)


def test_a_lost_answer_of_the_old_report_is_looked_up_first(desk: Desk) -> None:
    rows = rows_of(desk)
    old = edition(desk, "dalli", rows)
    settling.plan(desk.services, old)
    settling.approve(desk.services, old)
    desk.sandbox.plan_fault("lose_reply", method="POST", after=1)
    with pytest.raises(Exception, match="Исход отправки неизвестен"):
        settling.send(desk.services, old)
    better = less_fee(rows)
    new = edition(desk, "dalli", better)
    run(desk, new)
    superseded(desk, new)
    run(desk, old)
    assert balance(desk) == expected(better)


@pytest.mark.parametrize("after", range(8))
@pytest.mark.parametrize("fault", ["lose_reply", "reset_before_commit"])
def test_a_fault_of_any_request_ends_in_the_corrected_balance(
    desk: Desk, fault: str, after: int
) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    better = came_back(less_fee(rows)[1:])
    new = edition(desk, "dalli", better)
    desk.sandbox.plan_fault(fault, method="POST", after=after)
    superseded(desk, new)
    assert balance(desk) == expected(better)


ROW = st.tuples(st.integers(1, 9_999), st.booleans())
EDITIONS = st.lists(
    st.tuples(ROW, st.dictionaries(st.integers(1, 3), ROW, max_size=3)), min_size=2, max_size=4
)
"""Editions of one report: its first row, without which they would not share one, and others."""


@given(EDITIONS, st.sampled_from(["dalli", "cdek"]))
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.timeout(300)
def test_any_row_of_editions_ends_in_the_balance_of_the_last(
    desk: Desk, editions: list[tuple[tuple[int, bool], dict[int, tuple[int, bool]]]], courier: str
) -> None:
    desk.books.run("truncate snapshot_order, snapshot_demand, snapshot_salesreturn")
    for [file_id] in desk.books.run("select id from file order by id desc"):
        undo(desk.services, file_id, WHO)
    assert balance(desk) == {}
    number = str(desk.books.files)
    base = rows_of(desk, courier, 4)
    for first, others in editions:
        # A row whose parcel came back keeps its fee unpaid, whatever the scheme.
        better = [
            base[n].but(fee=fee, outcome="returned" if back else "delivered")
            for n, (fee, back) in {0: first, **others}.items()
        ]
        file_id = edition(desk, courier, better, report_no=number)
        run(desk, file_id)
        superseded(desk, file_id)
        assert balance(desk) == expected(better)
