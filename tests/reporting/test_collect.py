"""What the day's report says, read back from rows put into the database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg2.extras
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.nouns import FileState
from sverka.reporting.collect import SHOWN, collect
from sverka.reporting.daily import Daily, Ignored
from sverka.reporting.parts import Parts
from sverka.sums import Sums
from tests.reporting.conftest import COURIERS
from tests.support.rows import (
    ACCOUNT,
    DAY,
    NOON,
    a_discrepant_line,
    a_file,
    a_line,
    a_matched_line,
    a_posting,
    a_rejected_row,
    a_report,
    a_sighting,
    a_verdict,
    an_id,
    insert,
    rows_add_up,
)

Read = Callable[..., Daily]
YESTERDAY = NOON - timedelta(days=1)


def only_parts(daily: Daily) -> Parts:
    (courier,) = daily.couriers
    return courier.parts


def test_an_empty_day_has_nothing_and_adds_up(daily: Read) -> None:
    report = daily()
    assert (report.files, report.couriers, report.stand.shown) == ((), (), ())
    assert report.totals() == {}
    assert report.adds_up


@pytest.mark.parametrize(
    ("received_at", "belongs"),
    [
        (datetime(2026, 11, 19, 20, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 19, 21, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 20, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 20, 21, 0, 0, tzinfo=UTC), False),
    ],
)
def test_the_day_begins_and_ends_at_midnight_in_moscow(
    conn: Connection, daily: Read, received_at: datetime, belongs: bool
) -> None:
    a_file(conn, received_at=received_at)
    assert bool(daily().files) is belongs


def test_a_file_that_is_finished_after_midnight_stays_with_the_day_it_came(
    conn: Connection, daily: Read
) -> None:
    file_id = a_file(conn, "ночной.xlsx", finished_at=NOON + timedelta(days=1))
    a_matched_line(conn, a_report(conn, file_id))
    tomorrow = daily(DAY + timedelta(days=1))
    assert only_parts(daily()).posted.lines == 1
    assert tomorrow.couriers == ()
    assert [file.name for file in tomorrow.finished_later] == ["ночной.xlsx"]
    assert tomorrow.finished_later[0].came_on == DAY


def test_the_days_add_up_to_everything(conn: Connection, daily: Read) -> None:
    for offset in range(3):
        file_id = a_file(conn, received_at=NOON + timedelta(days=offset))
        a_matched_line(conn, a_report(conn, file_id), collected=1000 * (offset + 1))
    sums = [only_parts(daily(DAY + timedelta(days=n))).reported for n in range(3)]
    assert sum(s.collected for s in sums) == 6000
    assert sum(s.lines for s in sums) == 3


def test_every_kind_of_line_lands_in_its_part(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn))
    a_matched_line(conn, report_id, collected=1)
    a_discrepant_line(conn, report_id, "underpaid", collected=2, expected=12)
    a_verdict(conn, a_line(conn, report_id, collected=4), "already_settled")
    a_line(conn, report_id, collected=8, accepted=False)
    a_line(conn, report_id, collected=16)
    a_verdict(conn, a_line(conn, report_id, collected=32), "service_row")
    parts = only_parts(daily())
    assert parts.reported.collected == 63
    assert parts.matched.collected == 1
    assert parts.discrepant.collected == 2
    assert parts.repeated.collected == 4
    assert parts.rejected.collected == 8
    assert parts.unreconciled.collected == 16
    assert parts.service.collected == 32
    assert parts.adds_up


@pytest.mark.parametrize(
    ("verdict", "clean", "is_discrepancy"),
    [
        ("matched", True, False),
        ("matched", False, True),
        ("matched_within_tolerance", True, False),
        ("returned", True, False),
        ("returned", False, True),
        ("partially_delivered", True, False),
        ("partially_delivered", False, True),
        ("return_not_booked", False, True),
        ("underpaid", True, True),
        ("fee_above_tariff", True, True),
        ("unknown_order", False, True),
        ("service_row", False, False),
        ("already_settled", False, False),
    ],
)
def test_a_line_is_a_discrepancy_unless_its_verdict_is_good_and_clean(
    conn: Connection, daily: Read, verdict: str, clean: bool, is_discrepancy: bool
) -> None:
    line_id = a_line(conn, a_report(conn, a_file(conn)))
    a_verdict(conn, line_id, verdict, clean=clean)
    report = daily()
    assert bool(report.stand.shown) is is_discrepancy
    assert bool(only_parts(report).discrepant.lines) is is_discrepancy


def test_a_service_without_an_order_is_listed_apart_and_is_no_problem(
    conn: Connection, daily: Read
) -> None:
    line_id = a_line(conn, a_report(conn, a_file(conn)), collected=0, fee_other=700, payout=-700)
    a_verdict(conn, line_id, "service_row", received=0)
    report = daily()
    assert report.stand.shown == ()
    assert [(s.rule, s.stake) for s in report.services] == [("service_row", 700)]
    assert only_parts(report).stake == 0


def test_a_discrepancy_leads_to_its_file_sheet_row_and_order(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn, "реестр 7.xlsx"))
    a_discrepant_line(
        conn,
        report_id,
        "underpaid",
        order="М-5",
        sheet="Лист1",
        line_no=14,
        track_ref="RR1",
        collected=90000,
        expected=100000,
        sentence="Не хватает 100,00 ₽.",
    )
    (found,) = daily().stand.shown
    assert (found.file, found.sheet, found.line_no) == ("реестр 7.xlsx", "Лист1", 14)
    assert (found.order, found.track_ref, found.courier) == ("М-5", "RR1", "gorod")
    assert (found.expected, found.received, found.difference) == (100000, 90000, -10000)
    assert (found.stake, found.sentence) == (10000, "Не хватает 100,00 ₽.")
    assert not found.booked


def test_an_order_found_by_its_parcel_alone_is_called_by_its_number_in_moysklad(
    conn: Connection, daily: Read
) -> None:
    order_id = an_id("order", "10669")
    insert(
        conn,
        "snapshot_order",
        id=order_id,
        name="10669",
        name_key="10669",
        moment=NOON,
        organization_id=an_id("shop"),
        agent_id=an_id("buyer"),
        sum=100000,
        payed_sum=0,
        currency="RUB",
        applicable=True,
        updated=NOON,
        fetched_at=NOON,
    )
    line_id = a_line(conn, a_report(conn, a_file(conn)), order_ref=None, track_ref="1405")
    a_verdict(conn, line_id, "cancelled_in_books", order_id=order_id)
    (found,) = daily().stand.shown
    assert (found.order, found.order_id) == ("10669", str(order_id))


@pytest.mark.parametrize(
    ("line", "expected", "stake"),
    [
        ({"collected": 90000}, 100000, 10000),
        ({"collected": 110000}, 100000, 10000),
        ({"collected": 90000}, None, 90000),
        ({"collected": 100000}, 100000, 100000),
        ({"collected": 0}, 70000, 70000),
        ({"collected": 0, "fee_delivery": 300, "payout": -300}, None, 300),
        ({"collected": 0, "fee_delivery": 300, "payout": 0}, None, 300),
        ({"collected": -5000}, None, 5000),
    ],
)
def test_the_money_in_question_is_the_difference_or_all_there_is(
    conn: Connection, daily: Read, line: dict[str, int], expected: int | None, stake: int
) -> None:
    report_id = a_report(conn, a_file(conn))
    a_discrepant_line(conn, report_id, "not_shipped", expected=expected, **line)
    report = daily()
    assert report.stand.shown[0].stake == stake
    assert only_parts(report).stake == stake


def test_the_most_money_comes_first(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn))
    for collected in (300, 90000, 4000):
        a_discrepant_line(conn, report_id, "unknown_order", collected=collected)
    assert [one.stake for one in daily().stand.shown] == [90000, 4000, 300]


def test_a_line_is_posted_only_when_all_its_documents_are(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn))
    done, half = (a_line(conn, report_id, collected=c) for c in (100, 1000))
    for line_id in (done, half):
        a_verdict(conn, line_id)
        a_posting(conn, report_id, line_id)
    a_posting(conn, report_id, half, "supply", state="unsure")
    assert only_parts(daily()).posted == Sums(1, Minor(100), Minor(10000), Minor(-9900))


def test_a_document_of_the_whole_report_counts_for_the_lines_it_stands_for(
    conn: Connection, daily: Read
) -> None:
    report_id = a_report(conn, a_file(conn))
    line_id = a_matched_line(conn, report_id)
    supply = a_posting(conn, report_id, None, "supply", state="approved")
    insert(
        conn,
        "posting_line",
        line_key=an_id("any"),
        kind="supply",
        revision=1,
        sync_id=supply,
        line_id=line_id,
    )
    assert only_parts(daily()).posted.lines == 0


def test_reversed_documents_are_not_posted_ones(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn))
    line_id = a_line(conn, report_id)
    a_verdict(conn, line_id)
    a_posting(conn, report_id, line_id, state="reversed")
    assert only_parts(daily()).posted.lines == 0


def test_currencies_are_never_added_together(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn))
    a_matched_line(conn, report_id, collected=100, currency="EUR")
    a_matched_line(conn, report_id, collected=7)
    totals = daily().totals()
    assert list(totals) == ["RUB", "EUR"]
    assert (totals["RUB"].reported.collected, totals["EUR"].reported.collected) == (7, 100)


def test_a_file_shows_every_row_it_had(conn: Connection, daily: Read) -> None:
    file_id = a_file(conn)
    report_id = a_report(
        conn, file_id, ignored=[{"reason": "строка итогов", "rows": 2, "payout": 500}]
    )
    a_matched_line(conn, report_id)
    a_rejected_row(conn, report_id, line_no=9)
    a_rejected_row(conn, report_id, line_no=9, column_name="Дата")
    rejected = a_line(conn, report_id, accepted=False)
    a_rejected_row(conn, report_id, line_id=rejected)
    with conn.cursor() as cursor:
        cursor.execute("update report set rows_read = 5")
    (file,) = daily().files
    assert file.rows_read == 5
    assert file.ignored == (Ignored("строка итогов", 2, Minor(500)),)
    assert (file.rejected_rows, file.lines) == (1, 2)
    assert file.adds_up


def test_a_row_that_nobody_accounts_for_is_noticed(conn: Connection, daily: Read) -> None:
    a_matched_line(conn, a_report(conn, a_file(conn), rows_read=2))
    report = daily()
    assert not report.files[0].adds_up
    assert not report.adds_up


def test_rejected_rows_name_column_value_and_reason(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn, "реестр.xlsx"))
    a_rejected_row(conn, report_id, line_no=3, column_name="Сумма", value="сто", reason="Не сумма.")
    (row,) = daily().rejected
    assert (row.file, row.line_no, row.column) == ("реестр.xlsx", 3, "Сумма")
    assert (row.value, row.reason) == ("сто", "Не сумма.")


def test_doubts_of_the_checks_stand_with_the_file(conn: Connection, daily: Read) -> None:
    file_id = a_file(conn)
    for rule, severity, passed in (
        ("a", "warning", False),
        ("b", "warning", True),
        ("c", "critical", False),
    ):
        insert(
            conn,
            "check_result",
            file_id=file_id,
            rule=rule,
            severity=severity,
            passed=passed,
            rows_checked=1,
            rows_refused=0,
            sentence=f"Сомнение {rule}.",
            checked_at=NOON,
        )
    assert daily().files[0].doubts == ("Сомнение a.",)


def test_the_link_leads_to_the_run_in_airflow(conn: Connection, daily: Read) -> None:
    a_file(conn, claimed_by="manual__2026-11-20T09:00:00+00:00")
    link = "https://airflow.example.org/dags/settle_report/runs/manual__2026-11-20T09%3A00%3A00%2B00%3A00"
    assert daily().files[0].link == link
    assert daily(public_url="").files[0].link == ""


def test_a_content_that_came_again_is_told_with_the_name_it_was_taken_under(
    conn: Connection, daily: Read
) -> None:
    file_id = a_file(conn, "первый.xlsx", received_at=YESTERDAY)
    a_sighting(conn, file_id, name="второй.xlsx", seen_at=NOON)
    (again,) = daily().dropped_again
    assert (again.name, again.accepted_as) == ("второй.xlsx", "первый.xlsx")
    assert again.accepted_at == YESTERDAY


def test_a_first_drop_is_no_repetition(conn: Connection, daily: Read) -> None:
    a_file(conn)
    assert daily().dropped_again == ()


def test_a_refused_file_that_began_anew_is_no_repetition(conn: Connection, daily: Read) -> None:
    file_id = a_file(conn, received_at=NOON - timedelta(hours=2))
    a_sighting(conn, file_id, name="исправлено.xlsx", seen_at=NOON)
    with conn.cursor() as cursor:
        cursor.execute("update file set received_at = %s", (NOON,))
    assert daily().dropped_again == ()


def test_an_unsure_document_is_no_discrepancy_and_a_refused_one_is(
    conn: Connection, daily: Read
) -> None:
    report_id = a_report(conn, a_file(conn))
    line_id = a_line(conn, report_id, order="М-1")
    a_posting(conn, report_id, line_id, state="unsure", amount=900, error="Нет ответа.")
    a_posting(conn, report_id, line_id, state="rejected", amount=100, error="Не принято.")
    a_posting(conn, report_id, None, "supply", state="failed", amount=50)
    day = daily()
    assert [(one.amount, one.error) for one in day.unsure] == [(900, "Нет ответа.")]
    assert [(one.stake, one.verdict, one.sentence) for one in day.stand.shown] == [
        (100, "rejected", "Не принято."),
        (50, "failed", ""),
    ]
    assert (day.stand.shown[0].order, day.stand.shown[1].line_no) == ("М-1", None)


class TestWhatRemainsFromEarlierDays:
    @pytest.mark.parametrize(
        ("state", "remains"),
        [
            ("settled", False),
            ("registered", True),
            ("processing", True),
            ("stalled", True),
            ("quarantined", True),
        ],
    )
    def test_files_remain_until_they_are_done(
        self, conn: Connection, daily: Read, state: str, remains: bool
    ) -> None:
        a_file(conn, state=state, received_at=YESTERDAY)
        found = [file.state for file in daily().carried.files]
        assert found == ([FileState(state)] if remains else [])

    def test_discrepancies_remain_with_count_and_money(self, conn: Connection, daily: Read) -> None:
        report_id = a_report(conn, a_file(conn, received_at=YESTERDAY))
        a_discrepant_line(conn, report_id, "underpaid", collected=90, expected=100)
        a_discrepant_line(conn, report_id, "underpaid", collected=80, expected=100)
        (total,) = daily().stand.questions
        assert (total.verdict, total.count, total.stake) == ("underpaid", 2, 30)
        assert [one.age for one in daily().stand.shown] == [1, 1]

    def test_a_payment_booked_for_the_order_resolves_it(
        self, conn: Connection, daily: Read
    ) -> None:
        order = an_id("order")
        report_id = a_report(conn, a_file(conn, received_at=YESTERDAY))
        line_id = a_line(conn, report_id, collected=90)
        a_verdict(conn, line_id, "underpaid", order_id=order, decided_at=YESTERDAY)
        later = a_report(conn, a_file(conn))
        a_posting(conn, later, a_line(conn, later), order_id=order)
        assert daily().stand.count == 0

    def test_an_earlier_payment_resolves_nothing(self, conn: Connection, daily: Read) -> None:
        order = an_id("order")
        report_id = a_report(conn, a_file(conn, received_at=YESTERDAY))
        other = a_line(conn, report_id)
        a_posting(conn, report_id, other, order_id=order, posted_at=YESTERDAY - timedelta(days=2))
        line_id = a_line(conn, report_id, collected=90)
        a_verdict(conn, line_id, "underpaid", order_id=order, decided_at=YESTERDAY)
        assert daily().stand.count == 1

    def test_the_plan_of_a_trial_run_does_not_remain(self, conn: Connection, daily: Read) -> None:
        report_id = a_report(conn, a_file(conn, received_at=YESTERDAY))
        a_posting(conn, report_id, None, state="planned", dry_run=True)
        assert daily().carried.documents == ()

    @pytest.mark.parametrize("state", ["settled", "processing"])
    def test_a_plan_that_waits_for_a_person_remains(
        self, conn: Connection, daily: Read, state: str
    ) -> None:
        report_id = a_report(conn, a_file(conn, state, state=state, received_at=YESTERDAY))
        a_posting(conn, report_id, None, state="planned")
        assert [document.file for document in daily().carried.documents] == [state]

    def test_nothing_of_today_is_counted_as_old(self, conn: Connection, daily: Read) -> None:
        report_id = a_report(conn, a_file(conn, state="quarantined"))
        a_posting(conn, report_id, None, state="approved")
        carried = daily().carried
        assert (carried.files, carried.documents) == ((), ())


KINDS = ("matched", "underpaid", "already_settled", "service_row", "rejected", "none", "returned")
LINES = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.booleans(),
        st.sampled_from(["RUB", "EUR"]),
        st.integers(-(10**12), 10**12),
        st.integers(-(10**9), 10**9),
    ),
    max_size=25,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lines=LINES)
def test_no_kopeck_is_lost_or_counted_twice(
    conn: Connection, daily: Read, lines: list[tuple[str, bool, str, int, int]]
) -> None:
    report_id = a_report(conn, a_file(conn))
    for kind, clean, currency, collected, fee in lines:
        line_id = a_line(
            conn,
            report_id,
            collected=collected,
            fee_other=fee,
            currency=currency,
            accepted=kind != "rejected",
        )
        if kind not in {"rejected", "none"}:
            a_verdict(conn, line_id, kind, clean=clean, received=collected)
            if clean:
                a_posting(conn, report_id, line_id)
                a_posting(conn, report_id, line_id, "supply", state="unsure")
    rows_add_up(conn)
    report = daily()
    try:
        assert report.adds_up
        for currency in ("RUB", "EUR"):
            expected = sum(line[3] for line in lines if line[2] == currency)
            total = report.totals().get(currency, Parts())
            assert total.accounted.collected == total.reported.collected == expected
        assert sum(p.reported.lines for p in report.totals().values()) == len(lines)
    finally:
        conn.rollback()


def test_no_line_of_a_hundred_thousand_is_compared_with_every_other(
    conn: Connection, daily: Read
) -> None:
    report_id = a_report(conn, a_file(conn), rows_read=100_000)
    rows = [(report_id, n, 100000, 10000, 90000, str(n), str(an_id(n))) for n in range(100_000)]
    with conn.cursor() as cursor:
        psycopg2.extras.execute_values(
            cursor,
            """insert into line (report_id, line_no, row_kind, collected, fee_delivery, fee_cod,
                   fee_insurance, fee_return, fee_storage, fee_other, payout, currency, identity,
                   occurrence, line_key) values %s""",
            rows,
            template="(%s, %s, 'order', %s, %s, 0, 0, 0, 0, 0, %s, 'RUB', %s, 1, %s)",
            page_size=5000,
        )
        cursor.execute(
            """insert into verdict (line_id, verdict, rule, clean, received, sentence, decided_at)
               select id, case when line_no %% 20 = 0 then 'unknown_order' else 'matched' end,
                      'rule', line_no %% 20 <> 0, collected, 'Потому что.', %s from line""",
            (NOON,),
        )
        cursor.execute(
            """insert into posting (sync_id, account, courier, kind, file_id, report_id, line_id,
                   line_key, amount, document, fingerprint, state, moysklad_id, planned_at)
               select gen_random_uuid(), %s, 'gorod', 'paymentin', r.file_id, r.id, l.id,
                      l.line_key, l.collected, '{}', 'f', 'posted', gen_random_uuid(), %s
                 from line l join report r on r.id = l.report_id join verdict v on v.line_id = l.id
                where v.clean""",
            (ACCOUNT, NOON),
        )
    daily()  # brings the discrepancies up to now, which is not what is measured
    with conn.cursor() as cursor:
        # All of it takes a second or two; ten thousand million comparisons take a quarter of an hour.
        cursor.execute("set local statement_timeout = '60s'")
    report = collect(conn, DAY, as_of=NOON, public_url="", couriers=COURIERS)
    assert report.stand.count == 5000
    assert len(report.stand.shown) == SHOWN
    assert only_parts(report).reported.lines == 100_000
    assert only_parts(report).posted.lines == 95_000
    assert report.adds_up
