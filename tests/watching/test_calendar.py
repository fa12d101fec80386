"""Terms end on the days that people and banks reckon with: holidays, transfers, month ends, Moscow."""

from datetime import UTC, date, datetime

import pytest

from sverka.clock import moscow_day
from sverka.watching.calendar import BANKING, CALENDAR, after, is_working, months_after


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("begins", "days", "ends"),
    [
        ("2026-11-20", 0, "2026-11-20"),  # a Friday: today is the term
        ("2026-11-20", 1, "2026-11-23"),  # over a weekend
        ("2026-11-20", 5, "2026-11-27"),
        ("2026-11-21", 0, "2026-11-23"),  # a Saturday: the first banking day
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-11-22", 1, "2026-11-23"),
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-03", 1, "2026-11-05"),  # Unity Day on a Wednesday
        ("2026-11-03", 2, "2026-11-06"),
        ("2026-11-02", 5, "2026-11-10"),
        ("2026-12-30", 1, "2027-01-11"),  # 31 December 2026 is off, then the New Year holidays
        ("2026-12-29", 1, "2026-12-30"),
        ("2026-12-29", 2, "2027-01-11"),
        ("2026-12-30", 5, "2027-01-15"),
        ("2025-12-30", 1, "2026-01-12"),  # 9 January 2026 is off too
        ("2026-02-20", 1, "2026-02-24"),
        ("2026-03-06", 1, "2026-03-10"),  # 8 March on a Sunday moves to Monday
        ("2026-04-30", 1, "2026-05-04"),
        ("2026-05-08", 1, "2026-05-12"),  # 9 May on a Saturday moves to Monday
        ("2026-06-11", 1, "2026-06-15"),
        ("2027-02-19", 1, "2027-02-20"),  # a Saturday that is worked for Monday the 22nd
        ("2027-02-19", 2, "2027-02-24"),
        ("2027-05-07", 1, "2027-05-11"),
        ("2027-06-11", 1, "2027-06-15"),
        ("2027-11-03", 1, "2027-11-08"),  # 4 and 5 November are off
        ("2027-12-30", 1, "2028-01-10"),
        ("2024-04-26", 1, "2024-04-27"),  # a worked Saturday
        ("2024-04-26", 2, "2024-05-02"),
        ("2024-02-28", 1, "2024-02-29"),  # a leap day
        ("2024-12-27", 1, "2024-12-28"),
        ("2024-12-28", 1, "2025-01-09"),
        ("2025-10-31", 1, "2025-11-01"),
        ("2025-11-01", 1, "2025-11-05"),
    ],
)
def test_a_term_in_banking_days(begins: str, days: int, ends: str) -> None:
    assert after(d(begins), days, BANKING) == d(ends)


@pytest.mark.parametrize(
    ("begins", "days", "ends"),
    [
        ("2026-11-06", 14, "2026-11-20"),
        ("2026-11-07", 14, "2026-11-23"),  # ends on a Saturday: the next working day
        ("2026-11-08", 14, "2026-11-23"),
        ("2026-11-09", 14, "2026-11-23"),
        ("2026-10-21", 14, "2026-11-05"),  # ends on Unity Day
        ("2026-12-18", 14, "2027-01-11"),  # ends in the New Year holidays
        ("2026-12-28", 14, "2027-01-11"),
        ("2026-12-29", 14, "2027-01-12"),
        ("2026-01-31", 28, "2026-03-02"),
        ("2024-02-15", 14, "2024-02-29"),
        ("2027-02-06", 14, "2027-02-20"),  # ends on the worked Saturday
        ("2026-10-31", 30, "2026-11-30"),
        ("2026-11-30", 30, "2026-12-30"),
        ("2026-12-01", 30, "2027-01-11"),
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-22", 0, "2026-11-23"),
    ],
)
def test_a_term_in_calendar_days(begins: str, days: int, ends: str) -> None:
    assert after(d(begins), days, CALENDAR) == d(ends)


@pytest.mark.parametrize(
    ("day", "months", "same"),
    [
        ("2026-11-14", 6, "2027-05-14"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-08-30", 6, "2027-02-28"),
        ("2026-10-31", 6, "2027-04-30"),
        ("2026-12-31", 6, "2027-06-30"),
        ("2026-06-30", 6, "2026-12-30"),
        ("2026-07-01", 6, "2027-01-01"),
        ("2026-07-31", 5, "2026-12-31"),
        ("2026-09-30", 5, "2027-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-01", 1, "2027-01-01"),
    ],
)
def test_months_end_on_the_same_day_or_the_last_one(day: str, months: int, same: str) -> None:
    assert months_after(d(day), months) == d(same)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ((2026, 11, 20, 20, 59, 59), "2026-11-20"),
        ((2026, 11, 20, 21, 0, 0), "2026-11-21"),  # midnight in Moscow
        ((2026, 3, 29, 21, 0, 0), "2026-03-30"),  # no summer time when Europe has it
        ((2026, 7, 1, 20, 59, 59), "2026-07-01"),
        ((2026, 12, 31, 21, 0, 0), "2027-01-01"),
        ((2024, 2, 28, 21, 0, 0), "2024-02-29"),
    ],
)
def test_a_day_begins_at_midnight_in_moscow(moment: tuple[int, ...], day: str) -> None:
    assert moscow_day(datetime(*moment, tzinfo=UTC)) == d(day)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize("calendar", [BANKING, CALENDAR])
@pytest.mark.parametrize("days", [0, 1, 5, 14, 30])
def test_no_term_ends_on_a_day_off_or_goes_back(calendar: str, days: int) -> None:
    begins = [date.fromordinal(d("2026-01-01").toordinal() + n) for n in range(730)]
    ends = [after(day, days, calendar) for day in begins]
    assert all(map(is_working, ends))
    assert ends == sorted(ends)
    assert all((end - begin).days >= days for begin, end in zip(begins, ends, strict=True))
