"""Which lines go on, and which files are held as a whole."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sverka.checking import aside, check
from sverka.errors import Misconfigured, Refusal
from sverka.money import Minor
from sverka.nouns import Line, Outcome, PaymentMethod, RowKind
from sverka.services import Services
from sverka.settings import INCLUDE
from tests.checking.conftest import REPORT_DAY, Files, Stored, order_line, write_schema
from tests.support import pooled
from tests.support.waiting import until


def good(count: int = 9) -> list[Line]:
    return [order_line(line_no) for line_no in range(1, count + 1)]


def test_a_report_that_adds_up_goes_on_whole(services: Services, files: Files) -> None:
    file_id = files.store(
        Stored(good(), totals={"collected": 900000, "payout": 792000}, payment_order_sum=792000)
    )

    checked = check(services, file_id)

    assert (checked.accepted, checked.rejected) == (9, 0)
    assert all(files.accepted(file_id).values())
    assert all(finding.passed for finding in checked.findings)


FITTING_ROWS: list[tuple[str, str, dict[str, Any]]] = [
    ("a prepaid order with services settled elsewhere", "net", {"collected": 0, "payout": 0}),
    ("a service withheld", "net", {"row_kind": RowKind.SERVICE, "order_ref": None, "outcome": None,
                                   "collected": 0, "payout": -12000}),
    ("a correction that gives a fee back", "net",
     {"row_kind": RowKind.CORRECTION, "collected": 0, "fee_delivery": -12000, "payout": 12000}),
    ("money returned to the buyer", "net",
     {"row_kind": RowKind.RETURN, "outcome": Outcome.RETURNED, "collected": -100000,
      "fee_delivery": 0, "payout": -100000}),
    ("delivery invoiced separately", "agent_fee_netted", {"fee_cod": 3000, "payout": 97000}),
    ("everything invoiced separately", "gross", {"fee_cod": 3000, "payout": 100000}),
    ("a card payment", "net", {"payment_method": PaymentMethod.CARD}),
    ("only a track number", "net", {"order_ref": None, "track_ref": "1400000001"}),
    ("no date", "net", {"occurred_on": None}),
    ("no money at all", None, {"collected": 0, "payout": 0}),
    ("a month after the report", "net", {"occurred_on": REPORT_DAY + timedelta(days=31)}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("settlement", "changes"),
    [case[1:] for case in FITTING_ROWS],
    ids=[case[0] for case in FITTING_ROWS],
)
def test_a_row_that_fits_is_accepted(
    services: Services, files: Files, settlement: str, changes: dict[str, Any]
) -> None:
    file_id = files.store(Stored([order_line(1, **changes)], settlement=settlement))

    assert check(services, file_id).rejected == 0
    assert files.accepted(file_id) == {1: True}


MISFITS: list[tuple[str, str, dict[str, Any]]] = [
    ("arithmetic", "net", {"payout": 90000}),
    ("arithmetic", "net", {"payout": 88101}),
    ("arithmetic", "net", {"payout": -88000}),
    ("arithmetic", "agent_fee_netted", {"fee_cod": 3000, "payout": 85000}),
    ("arithmetic", "gross", {"payout": 88000}),
    ("order_sign", "net", {"collected": -100000, "payout": -112000}),
    ("return_sign", "net", {"row_kind": RowKind.RETURN}),
    ("charge_sign", "net", {"row_kind": RowKind.SERVICE}),
    ("charge_sign", "net", {"row_kind": RowKind.FINE}),
    ("charge_sign", "net", {"row_kind": RowKind.PICKUP}),
    ("hold_sign", "net", {"row_kind": RowKind.HOLD}),
    ("release_sign", "net", {"row_kind": RowKind.HOLD_RELEASE, "collected": 0,
                             "payout": -12000}),
    ("fee_sign", "net", {"fee_delivery": -12000, "payout": 112000}),
    ("reference", "net", {"order_ref": None}),
    ("reference", "net", {"order_ref": " ", "track_ref": ""}),
    ("reference", "net", {"row_kind": RowKind.RETURN, "collected": 0, "order_ref": None,
                          "payout": -12000}),
    ("date_plausible", "net", {"occurred_on": REPORT_DAY + timedelta(days=32)}),
    ("date_plausible", "net", {"occurred_on": REPORT_DAY - timedelta(days=731)}),
    ("date_plausible", "net", {"occurred_on": date(1, 1, 1)}),
    ("currency", "net", {"currency": "руб"}),
    ("currency", "net", {"currency": "KZT"}),
    ("amount_plausible", "net", {"collected": 59564845443_00, "payout": 59564845323_00}),
    ("amount_plausible", "gross", {"fee_delivery": 59564845443_00, "payout": 100000}),
    ("row_kind", "net", {"row_kind": "gift"}),
    ("outcome", "net", {"outcome": "eaten"}),
    ("payment_method", "net", {"payment_method": "barter"}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "settlement", "changes"), MISFITS)
def test_a_row_that_does_not_fit_is_put_aside_alone_and_by_that_rule(
    services: Services, files: Files, rule: str, settlement: str, changes: dict[str, Any]
) -> None:
    base = {"net": {}, "agent_fee_netted": {"payout": 100000}, "gross": {"payout": 100000}}
    fitting = [order_line(n, **base[settlement]) for n in (1, 2)]
    file_id = files.store(Stored([*fitting, order_line(3, **changes)], settlement=settlement))

    checked = check(services, file_id)

    assert (checked.accepted, checked.rejected) == (2, 1)
    assert files.accepted(file_id) == {1: True, 2: True, 3: False}
    assert [found[:2] for found in files.reasons(file_id)] == [(3, rule)]


@pytest.mark.parametrize(
    ("payout", "model"),
    [(88000, "net"), (97000, "agent_fee_netted"), (100000, "gross")],
)
def test_one_wrong_row_does_not_free_the_others_from_the_arithmetic(
    services: Services, files: Files, payout: int, model: str
) -> None:
    """Parsing leaves the model open as soon as a single row misfits; most rows tell it."""
    fees: dict[str, Any] = {"fee_cod": 3000, "fee_delivery": 9000}
    rows = [order_line(n, payout=payout, **fees) for n in (1, 2, 3)]
    file_id = files.store(Stored([*rows, order_line(4, payout=50000, **fees)], settlement=None))

    check(services, file_id)

    [(line_no, rule, reason)] = files.reasons(file_id)
    assert (line_no, rule) == (4, "arithmetic")
    assert ("вознаграждение" in reason) is (model != "gross")


def test_the_reason_names_the_place_and_the_money(services: Services, files: Files) -> None:
    file_id = files.store(Stored([*good(2), order_line(17, payout=Minor(90000))]))

    check(services, file_id)

    [(_, _, reason)] = files.reasons(file_id)
    assert reason.replace("\u00a0", " ") == (
        "Лист «Реестр», строка 17: принято с покупателя 1 000,00 ₽ − доставка 120,00 ₽ — должно "
        "быть к перечислению 880,00 ₽, а указано 900,00 ₽; разница 20,00 ₽. Строка отложена, "
        "документов по ней не будет. Уточните её у курьера и положите исправленный отчёт в папку для отчётов."
    )


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("arithmetic_rounding", {"payout": Minor(88001)}),
        ("arithmetic_rounding", {"payout": Minor(87900)}),
        ("date_usual", {"occurred_on": REPORT_DAY + timedelta(days=2)}),
        ("date_usual", {"occurred_on": REPORT_DAY - timedelta(days=121)}),
        ("amount_usual", {"collected": Minor(100_000_001), "payout": Minor(99_988_001)}),
        ("refused_with_money", {"outcome": Outcome.REFUSED}),
        ("fees_usual", {"fee_delivery": Minor(100001), "payout": Minor(-1)}),
        ("vat_inside", {"vat": Minor(12001)}),
        ("repeated", {"occurrence": 2}),
    ],
)
def test_a_warning_is_kept_and_rejects_nothing(
    services: Services, files: Files, rule: str, changes: dict[str, Any]
) -> None:
    file_id = files.store(Stored([order_line(1, **changes)]))

    checked = check(services, file_id)

    assert (checked.accepted, checked.rejected) == (1, 0)
    refused = "select rule, severity, rows_refused from check_result where not passed"
    assert (rule, "warning", 1) in files.rows(refused)
    assert files.reasons(file_id) == []


def test_rows_that_cannot_be_told_apart_are_both_put_aside(
    services: Services, files: Files
) -> None:
    twins = [order_line(5, identity="same"), order_line(6, identity="same")]
    file_id = files.store(Stored([*good(3), *twins]))

    check(services, file_id)

    assert [found[:2] for found in files.reasons(file_id)] == [
        (5, "identity_unique"),
        (6, "identity_unique"),
    ]


def test_honest_identical_rows_with_their_own_occurrence_are_accepted(
    services: Services, files: Files
) -> None:
    twins = [order_line(5, identity="same"), order_line(6, identity="same", occurrence=2)]

    assert check(services, files.store(Stored(twins))).accepted == 2


def test_the_same_money_in_two_reports_of_a_file_is_shown(services: Services, files: Files) -> None:
    """Reconciling books it once; a person should know that the courier named it twice."""
    file_id = files.store(Stored(good(2)), Stored([order_line(2), order_line(3)]))

    assert check(services, file_id).rejected == 0
    assert files.rows("select rows_refused from check_result where rule = 'repeated'") == [(2,)]


def test_more_refused_rows_than_a_sample_holds_are_all_put_aside(
    services: Services, files: Files
) -> None:
    """Great Expectations on SQL names only 20 refused rows unless told otherwise."""
    bad = [order_line(n, payout=Minor(1)) for n in range(101, 160)]
    file_id = files.store(Stored([*good(60), *bad]))

    assert check(services, file_id).rejected == 59
    assert not any(files.accepted(file_id)[n] for n in range(101, 160))
    [(sample,)] = files.rows("select jsonb_array_length(sample) from check_result where not passed")
    assert sample == 20


def test_a_row_refused_by_two_rules_is_one_row_with_two_reasons(
    services: Services, files: Files
) -> None:
    bad = order_line(5, order_ref=None, payout=Minor(1))
    file_id = files.store(Stored([*good(3), bad]))

    assert check(services, file_id).rejected == 1
    assert [found[1] for found in files.reasons(file_id)] == ["arithmetic", "reference"]


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ({"payout": 792001}, "к перечислению — в файле указано 7 920,01 ₽, по строкам выходит 7 920,00 ₽, разница 0,01 ₽"),
        ({"payout": 791999}, "разница −0,01 ₽"),
        ({"collected": 1000000}, "принято с покупателя — в файле указано 10 000,00 ₽"),
        ({"fee_delivery": 0}, "доставка — в файле указано 0,00 ₽, по строкам выходит 1 080,00 ₽"),
        ({"fees": 108001}, "услуги курьера — в файле указано 1 080,01 ₽"),
        ({"rows": 10}, "число строк — в файле указано 10, по строкам выходит 9, разница 1"),
    ],
)  # fmt: skip
def test_a_printed_total_that_differs_holds_the_file_and_says_by_how_much(
    services: Services, files: Files, printed: dict[str, int], words: str
) -> None:
    file_id = files.store(Stored(good(), totals=printed))

    with pytest.raises(Refusal) as refusal:
        check(services, file_id)

    assert words in refusal.value.reason.replace("\u00a0", " ")
    assert not any(files.accepted(file_id).values())


def test_the_money_that_comes_is_named_first(services: Services, files: Files) -> None:
    totals = {"fee_delivery": 1, "collected": 1, "payout": 1, "fee_cod": 1}
    file_id = files.store(Stored(good(), totals=totals, payment_order_sum=1))

    with pytest.raises(Refusal) as refusal:
        check(services, file_id)

    places = [
        refusal.value.reason.index(f"{name} — ")
        for name in ("сумма платёжного поручения", "к перечислению", "принято с покупателя")
    ]
    assert places == sorted(places)
    assert "(и ещё 2)" in refusal.value.reason


def test_the_payment_order_has_to_equal_the_rows(services: Services, files: Files) -> None:
    file_id = files.store(Stored(good(), payment_order_sum=800000))

    with pytest.raises(Refusal, match="сумма платёжного поручения") as refusal:
        check(services, file_id)

    assert "разница 80,00" in refusal.value.reason


def test_a_total_that_cannot_be_recounted_holds_the_file(services: Services, files: Files) -> None:
    file_id = files.store(Stored(good(), totals={"mystery": 5}))

    with pytest.raises(Refusal, match="нечем проверить: «mystery»"):
        check(services, file_id)


def test_unreadable_rows_that_hide_money_of_a_total_hold_the_file(
    services: Services, files: Files
) -> None:
    report = Stored(good(), totals={"payout": 880000}, unreadable=["сумма «1O0» не число."])
    file_id = files.store(report)

    with pytest.raises(Refusal) as refusal:
        check(services, file_id)

    assert "не смогла прочитать строк: 1" in refusal.value.reason
    assert "сумма «1O0» не число." in refusal.value.reason


def test_an_unreadable_row_without_money_does_not_hold_the_file(
    services: Services, files: Files
) -> None:
    report = Stored(good(), totals={"payout": 792000}, unreadable=["нет номера заказа."])

    assert check(services, files.store(report)).accepted == 9


@pytest.mark.parametrize(("bad", "held"), [(5, False), (6, True)])
def test_a_file_is_held_when_more_than_half_of_its_rows_misfit(
    services: Services, files: Files, bad: int, held: bool
) -> None:
    rows = [order_line(n, payout=Minor(1)) for n in range(101, 101 + bad)]
    file_id = files.store(Stored([*good(10 - bad), *rows]))

    if not held:
        assert check(services, file_id).rejected == bad
        return
    with pytest.raises(Refusal, match="Не подходит больше половины строк: 6 из 10"):
        check(services, file_id)
    assert not any(files.accepted(file_id).values())


def test_a_file_that_parsing_could_hardly_read_is_held(services: Services, files: Files) -> None:
    file_id = files.store(Stored(good(1), unreadable=["нет суммы.", "нет суммы."]))

    with pytest.raises(Refusal, match="Не прочитано строк: 2 из 3"):
        check(services, file_id)


def test_one_report_of_a_file_that_does_not_add_up_holds_them_all(
    services: Services, files: Files
) -> None:
    """They came in one file from one hand: what is wrong in one may be wrong in the other."""
    file_id = files.store(
        Stored(good(2), payment_order_sum=176000),
        Stored([order_line(5)], payment_order_sum=1),
    )

    with pytest.raises(Refusal, match="Контрольный итог не сходится"):
        check(services, file_id)
    assert not any(files.accepted(file_id).values())


def test_a_report_without_operations_is_fine(services: Services, files: Files) -> None:
    checked = check(services, files.store(Stored([], totals={"payout": 0})))

    assert (checked.accepted, checked.rejected) == (0, 0)


def test_an_empty_report_that_prints_money_is_held(services: Services, files: Files) -> None:
    with pytest.raises(Refusal, match="Контрольный итог не сходится"):
        check(services, files.store(Stored([], totals={"payout": 100})))


def test_checking_again_says_the_same(services: Services, files: Files) -> None:
    file_id = files.store(Stored([*good(), order_line(17, payout=Minor(90000))]))
    first = check(services, file_id)
    before = (files.reasons(file_id), files.accepted(file_id))

    again = check(services, file_id)

    assert again == first
    assert (files.reasons(file_id), files.accepted(file_id)) == before


def test_a_corrected_line_is_accepted_on_the_next_check(services: Services, files: Files) -> None:
    file_id = files.store(Stored([*good(), order_line(17, payout=Minor(90000))]))
    check(services, file_id)
    files.rows("update line set payout = 88000 where line_no = 17")

    assert check(services, file_id).rejected == 0
    assert files.reasons(file_id) == []


def test_other_files_are_left_alone(services: Services, files: Files) -> None:
    other = files.store(Stored([*good(2), order_line(3, payout=Minor(1))]))
    check(services, other)
    before = files.reasons(other)

    check(services, files.store(Stored(good())))

    assert files.reasons(other) == before
    assert files.accepted(other)[3] is False


def test_what_parsing_rejected_stays_rejected(services: Services, files: Files) -> None:
    file_id = files.store(Stored(good(), unreadable=["нет номера заказа."]))
    check(services, file_id)

    assert files.rows("select rule from rejected where line_id is null") == [("number",)]


def test_a_check_that_crashes_holds_the_file(services: Services, files: Files) -> None:
    """A regular expression on a number has no answer; silence must not pass for success."""
    write_schema(
        services.settings.courier_schemas,
        """
expectations:
  - {rule: odd, expect: column_values_to_match_regex, column: collected, regex: x, sentence: "x"}
""",
    )
    file_id = files.store(Stored(good()))

    with pytest.raises(Refusal, match="Проверка файла не выполнилась"):
        check(services, file_id)
    assert not any(files.accepted(file_id).values())


def test_no_connection_and_no_table_is_left_behind(services: Services, files: Files) -> None:
    tables = "select count(*) from pg_class where relkind in ('r', 'v', 'm')"
    before = files.rows(tables)
    file_id = files.store(Stored(good(), totals={"payout": 792000}))

    check(services, file_id)

    pooled.forget(services.settings.database_url)  # those that only the tests keep for later
    others = (
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and backend_type = 'client backend' and pid <> pg_backend_pid()"
    )
    until(lambda: files.rows(others) == [(0,)])  # a closed one takes a moment to go
    assert files.rows(tables) == before


def test_the_schemas_own_expectations_are_part_of_the_suite(
    services: Services, files: Files
) -> None:
    write_schema(
        services.settings.courier_schemas,
        """
expectations:
  - rule: small
    expect: column_values_to_be_between
    column: collected
    max_value: 99999
    sentence: "до 1 000 ₽ за заказ"
""",
    )
    small = [order_line(n, collected=Minor(50000), payout=Minor(38000)) for n in (1, 2)]
    file_id = files.store(Stored([*small, order_line(3)]))

    check(services, file_id)

    [(line_no, rule, reason)] = files.reasons(file_id)
    assert (line_no, rule) == (3, "plain.small")
    assert "до 1 000 ₽ за заказ" in reason


def test_without_a_date_of_the_report_the_day_the_file_came_is_its_date(
    services: Services, files: Files
) -> None:
    late = order_line(3, occurred_on=date(2026, 12, 22))
    file_id = files.store(Stored([*good(2), late], report_date=None))

    check(services, file_id)

    assert [found[:2] for found in files.reasons(file_id)] == [(3, "date_plausible")]


def test_a_report_dated_ahead_does_not_excuse_operations_of_the_future(
    services: Services, files: Files
) -> None:
    late = order_line(3, occurred_on=date(2026, 12, 22))
    file_id = files.store(Stored([*good(2), late], report_date=date(2026, 12, 15)))

    check(services, file_id)

    assert [found[:2] for found in files.reasons(file_id)] == [(3, "date_plausible")]


@pytest.mark.parametrize(("day", "passed"), [(13, True), (12, False)])
def test_an_operation_outside_the_period_is_shown(
    services: Services, files: Files, day: int, passed: bool
) -> None:
    period = {"period_from": date(2026, 11, 16), "period_to": date(2026, 11, 18)}
    line = order_line(1, occurred_on=date(2026, 11, day))

    assert check(services, files.store(Stored([line], head=period))).rejected == 0
    shown = files.rows("select passed from check_result where rule = 'date_in_period'")
    assert shown == [(passed,)]


HELD_HEADS: list[tuple[dict[str, Any], str]] = [
    ({"rows_read": 10}, "Прочитано строк: 10, а учтено: 9"),
    ({"rows_read": 8}, "Прочитано строк: 8, а учтено: 9"),
    ({"report_date": date(2026, 12, 22)}, "на 32 дн. позже дня, когда пришёл файл"),
    ({"head": {"payment_order_date": date(2027, 11, 20)}}, "на 365 дн. позже дня"),
    (
        {"head": {"period_from": date(2026, 11, 18), "period_to": date(2026, 11, 17)}},
        "кончается раньше, чем начинается",
    ),
]


@pytest.mark.parametrize(("changes", "words"), HELD_HEADS)
def test_a_report_that_contradicts_itself_is_held(
    services: Services, files: Files, changes: dict[str, Any], words: str
) -> None:
    file_id = files.store(Stored(good(), **changes))

    with pytest.raises(Refusal, match=words):
        check(services, file_id)
    assert not any(files.accepted(file_id).values())


def test_rows_unread_and_ignored_are_accounted_for(services: Services, files: Files) -> None:
    report = Stored(good(), unreadable=["нет номера заказа."], ignored=4, rows_read=14)

    assert check(services, files.store(report)).accepted == 9


def test_a_record_of_two_operations_is_one_row_read(services: Services, files: Files) -> None:
    """A realization row tells what was sold and what came back: two lines of one row."""
    twice = [order_line(5, identity="sold"), order_line(5, identity="returned")]

    assert check(services, files.store(Stored(twice, rows_read=1))).accepted == 2


@pytest.mark.parametrize(
    ("misfits", "held"),
    [
        ([30] * 20, False),  # rounding may lean a little
        ([31] * 20, True),
        ([-100] * 9, True),
        ([100, -100] * 10, False),  # rounding goes both ways
    ],
)
def test_a_fee_that_nobody_reads_does_not_pass_for_rounding(
    services: Services, files: Files, misfits: list[int], held: bool
) -> None:
    lines = [
        order_line(n, payout=Minor(88000 - misfit)) for n, misfit in enumerate(misfits, start=1)
    ]
    file_id = files.store(Stored(lines))

    if not held:
        assert check(services, file_id).rejected == 0
        return
    with pytest.raises(Refusal, match="так не округляют"):
        check(services, file_id)


def test_a_report_of_statuses_goes_on_without_arithmetic(services: Services, files: Files) -> None:
    write_schema(services.settings.courier_schemas, "purpose: statuses\n")
    lines = [order_line(n, payout=Minor(0)) for n in (1, 2)]
    file_id = files.store(
        Stored([*lines, order_line(3)], settlement=None, head={"purpose": "statuses"})
    )

    assert check(services, file_id).accepted == 2
    assert [found[:2] for found in files.reasons(file_id)] == [(3, "no_transfer")]


def test_a_statement_is_complete_when_every_record_is_a_movement(
    services: Services, files: Files
) -> None:
    """Its balances are not among its rows: they are reconciled where it is parsed."""
    shipped = replace(services.settings, courier_schemas=INCLUDE / "courier_schemas")
    services = replace(services, settings=shipped)
    head = {"purpose": "statement", "schema": "bank_1c_statement"}
    statement = Stored([], rows_read=1, totals={"start": 5}, head=head)
    file_id = files.store(statement)

    with pytest.raises(Refusal, match="Прочитано строк: 1, а учтено: 0"):
        check(services, file_id)
    files.rows(
        """insert into bank_movement (report_id, line_no, account, direction, moved_on, amount,
                                      currency, movement_key)
           select id, 1, '40702810', 'in', '2026-11-18', 100, 'RUB', gen_random_uuid() from report"""
    )
    assert check(services, file_id).accepted == 0


def test_a_check_of_the_whole_file_that_fails_holds_it(services: Services, files: Files) -> None:
    write_schema(
        services.settings.courier_schemas,
        """
expectations:
  - {rule: short, expect: table_row_count_to_be_between, max_value: 5,
     sentence: "в этом отчёте не больше пяти строк"}
""",
    )
    file_id = files.store(Stored(good()))

    with pytest.raises(Refusal, match="не больше пяти строк»: в файле 9"):
        check(services, file_id)
    assert not any(files.accepted(file_id).values())


def test_a_misspelt_expectation_is_no_verdict_on_the_file(services: Services, files: Files) -> None:
    write_schema(
        services.settings.courier_schemas,
        """
expectations:
  - {rule: typo, expect: column_values_to_be_betwen, column: payout, sentence: "x"}
""",
    )
    file_id = files.store(Stored(good()))

    with pytest.raises(Misconfigured, match=r"plain\.typo.*column_values_to_be_between"):
        check(services, file_id)
    assert all(files.accepted(file_id).values())


@pytest.mark.parametrize("part", [1, 7, 1000])
def test_the_parts_in_which_a_file_is_gone_through_change_nothing(
    services: Services, files: Files, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(aside, "PART", part)
    bad = [order_line(n, order_ref=None, payout=Minor(1)) for n in range(101, 121)]
    twins = [order_line(n, identity="same") for n in (130, 131)]
    file_id = files.store(Stored([*good(30), *bad, *twins]))

    checked = check(services, file_id)

    assert (checked.accepted, checked.rejected) == (30, 22)
    reasons = [found[:2] for found in files.reasons(file_id)]
    both = [(n, rule) for n in range(101, 121) for rule in ("arithmetic", "reference")]
    assert reasons == [*both, (130, "identity_unique"), (131, "identity_unique")]
    [finding] = [f for f in checked.findings if f.rule.code == "arithmetic"]
    assert (finding.refused, len(finding.sample)) == (20, 20)


AMOUNTS = st.integers(-200_00, 200_00).map(Minor)
A_LINE = st.fixed_dictionaries(
    {
        "row_kind": st.sampled_from(RowKind),
        "outcome": st.sampled_from([None, *Outcome]),
        "order_ref": st.sampled_from([None, "", "10001", "W-42/1"]),
        "occurred_on": st.none() | st.dates(date(2024, 1, 1), date(2027, 12, 31)),
        "collected": AMOUNTS,
        "fee_delivery": AMOUNTS,
        "payout": AMOUNTS,
    }
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(A_LINE, min_size=1, max_size=8), fitting=st.integers(0, 8))
def test_every_line_is_accepted_or_put_aside_and_no_money_is_lost(
    services: Services, files: Files, rows: list[dict[str, Any]], fitting: int
) -> None:
    lines = [*good(fitting), *(order_line(n, **row) for n, row in enumerate(rows, start=50))]
    file_id = files.store(Stored(lines, settlement=None))

    held = False
    try:
        check(services, file_id)
    except Refusal:
        held = True

    stored = files.rows(
        """select l.accepted, exists (select from rejected j where j.line_id = l.id), l.payout
           from line l join report r on r.id = l.report_id where r.file_id = %s""",
        file_id,
    )
    assert len(stored) == len(lines)
    assert sum(payout for _, _, payout in stored) == sum(line.payout for line in lines)
    if held:
        assert not any(accepted for accepted, _, _ in stored)
    else:
        assert all(accepted is not aside for accepted, aside, _ in stored)
