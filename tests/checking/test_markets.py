"""The marketplaces' samples pass the checks of their own schemas; a row that hides money does not."""

from dataclasses import replace

import pytest

from sverka.checking import check
from sverka.couriers import Couriers
from sverka.parsing import ParsedReport, parse
from sverka.reading import read
from sverka.recognition import Schemas, recognise
from sverka.services import Services
from sverka.settings import INCLUDE
from tests.checking.conftest import Files, Stored
from tests.parsing import writers_markets as write
from tests.parsing.samples_markets import ACCRUAL, SAMPLES_MARKETS, TO_BUYER, D, ozon_row

SCHEMAS = INCLUDE / "courier_schemas"


@pytest.fixture
def installed(services: Services) -> Services:
    """The same services with the project's own schemas."""
    return replace(services, settings=replace(services.settings, courier_schemas=SCHEMAS))


def parsed(data: bytes) -> list[ParsedReport]:
    raw = read(data, "файл")
    recognised = recognise(raw, Schemas.load(SCHEMAS), Couriers.load(INCLUDE / "couriers"))
    return parse(raw, recognised, "sha")


def stored(one: ParsedReport) -> Stored:
    report = one.report
    return Stored(
        one.lines,
        settlement=report.settlement,
        totals=dict(report.totals),
        report_date=report.report_date,
        ignored=sum(rows.rows for rows in one.ignored),
        head={
            "courier": report.courier,
            "schema": report.schema,
            "schema_version": report.schema_version,
            "payment_order_date": report.payment_order_date,
        },
    )


@pytest.mark.parametrize("name", SAMPLES_MARKETS)
def test_a_sample_passes_the_checks_of_its_schema(
    installed: Services, files: Files, name: str
) -> None:
    reports = parsed(SAMPLES_MARKETS[name][0]())
    file_id = files.store(*map(stored, reports))
    checked = check(installed, file_id)
    assert files.reasons(file_id) == []
    assert checked.accepted == sum(len(report.lines) for report in reports)


def test_a_posting_whose_total_stands_in_one_row_is_not_accepted(
    installed: Services, files: Files
) -> None:
    fee, total = "Комиссия за продажу", "Итого"
    hides = ozon_row(
        TO_BUYER, "21621656-0045-1", **{"SKU": 1, ACCRUAL: D(1000), fee: D(-100), total: D(1350)}
    )
    fits = {ACCRUAL: D(1000), fee: D(-100), total: D(900)}
    others = [ozon_row(TO_BUYER, f"2162165{n}-0001-1", **fits) for n in range(3)]
    file_id = files.store(
        *map(stored, parsed(write.ozon_accruals(write.OZON_GEN1, [hides, *others])))
    )
    check(installed, file_id)
    assert [(line_no, rule) for line_no, rule, _ in files.reasons(file_id)] == [(3, "arithmetic")]
