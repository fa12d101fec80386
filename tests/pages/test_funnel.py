"""Every row and every kopeck of a file is in exactly one step of its funnel."""

from sverka.database.connection import Connection
from sverka.pages.counting import count
from sverka.pages.funnel import FileFunnel, Funnel, file_funnel
from sverka.sums import Sums
from tests.support.rows import (
    NOON,
    a_discrepant_line,
    a_file,
    a_line,
    a_matched_line,
    a_posting,
    a_rejected_row,
    a_report,
    a_verdict,
    rows_add_up,
)


def counted(conn: Connection, file_id: int) -> FileFunnel:
    count(conn, file_id, NOON)
    return file_funnel(conn, file_id)


def lines_by_step(funnel: FileFunnel) -> dict[str, int]:
    [one] = funnel.currencies
    return {step: sums.lines for step, sums in one.steps.items()}


def test_each_line_is_in_one_step_and_the_sums_are_the_files(conn: Connection) -> None:
    file_id = a_file(conn)
    report = a_report(conn, file_id, ignored=[{"reason": "итог", "rows": 2, "payout": 500}])
    a_matched_line(conn, report)
    a_verdict(conn, a_line(conn, report, collected=70000, payout=70000, fee_delivery=0))
    a_discrepant_line(conn, report, "underpaid", expected=120000)
    a_discrepant_line(conn, report, "service_row", collected=0, payout=-3000)
    a_discrepant_line(conn, report, "already_settled")
    rejected = a_line(conn, report, accepted=False)
    a_rejected_row(conn, report, line_id=rejected)
    a_rejected_row(conn, report)
    a_line(conn, report)
    rows_add_up(conn)
    funnel = counted(conn, file_id)
    assert lines_by_step(funnel) == {
        "posted": 1, "waiting": 1, "discrepant": 1, "service": 1, "repeated": 1, "rejected": 1,
        "unreconciled": 1,
    }  # fmt: skip
    assert (funnel.rows_read, funnel.lines, funnel.unread) == (10, 7, 1)
    assert [(one.reason, one.rows, one.payout) for one in funnel.ignored] == [("итог", 2, 500)]
    [one] = funnel.currencies
    assert one.all == Sums(7, 570000, 60000, 517000)  # type: ignore[arg-type] - Minor is an int
    assert sum(one.steps.values(), Sums()) == one.all
    assert funnel.adds_up


def test_a_line_is_posted_when_all_its_documents_are(conn: Connection) -> None:
    file_id = a_file(conn)
    report = a_report(conn, file_id)
    half = a_line(conn, report)
    a_verdict(conn, half)
    a_posting(conn, report, half)
    a_posting(conn, report, half, "supply", state="unsure")
    rows_add_up(conn)
    assert lines_by_step(counted(conn, file_id)) == {"waiting": 1}


def test_what_was_taken_back_is_not_posted_any_more(conn: Connection) -> None:
    file_id = a_file(conn, state="undone")
    report = a_report(conn, file_id)
    line = a_line(conn, report)
    a_verdict(conn, line)
    a_posting(conn, report, line, state="reversed")
    rows_add_up(conn)
    assert lines_by_step(counted(conn, file_id)) == {"waiting": 1}


def test_currencies_are_never_added(conn: Connection) -> None:
    file_id = a_file(conn)
    report = a_report(conn, file_id)
    a_line(conn, report)
    a_line(conn, report, currency="KZT")
    rows_add_up(conn)
    funnel = counted(conn, file_id)
    assert [one.currency for one in funnel.currencies] == ["KZT", "RUB"]
    assert funnel.adds_up


def test_a_row_that_is_nowhere_is_told(conn: Connection) -> None:
    file_id = a_file(conn)
    a_line(conn, a_report(conn, file_id, rows_read=2))
    assert not counted(conn, file_id).adds_up


def test_a_kopeck_that_is_nowhere_is_told() -> None:
    whole, part = Sums(2, payout=200), Sums(2, payout=199)  # type: ignore[arg-type]
    assert not Funnel("RUB", whole, {"posted": part}).adds_up
    assert Funnel("RUB", whole, {"posted": whole}).adds_up


def test_nothing_has_to_add_up_before_there_is_a_report(conn: Connection) -> None:
    funnel = counted(conn, a_file(conn, state="registered"))
    assert (funnel.begun, funnel.lines, funnel.currencies) == (False, 0, ())


def test_a_report_that_settles_nothing_is_no_part(conn: Connection) -> None:
    file_id = a_file(conn)
    a_line(conn, a_report(conn, file_id, purpose="statuses"))
    assert not counted(conn, file_id).begun


def test_documents_are_counted_by_kind_and_state_and_dry_runs_apart(conn: Connection) -> None:
    file_id = a_file(conn)
    report = a_report(conn, file_id, "dalli")
    line = a_line(conn, report)
    a_posting(conn, report, line, "supply", state="planned", amount=20, dry_run=True)
    a_posting(conn, report, line, amount=100)
    a_posting(conn, report, line, amount=150)
    told = [
        (one.kind, one.state, one.dry_run, one.count, one.amount)
        for one in counted(conn, file_id).documents
    ]
    assert told == [("paymentin", "posted", False, 2, 250), ("supply", "planned", True, 1, 20)]
