"""The demo's reports obey their couriers' contracts, and the ground truth tells of all of them."""

import csv
import io
import json
import zipfile
from decimal import Decimal
from itertools import product
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from sverka.demo.expected import Expected, Fate
from sverka.demo.reports import COPY, PRICE_LIST, REPEATED, demo_reports, expected
from sverka.demo.rows import one_way_to_miss
from sverka.demo.shop import Shop, build_shop
from sverka.nouns import PostingKind, VerdictKind


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop()


@pytest.fixture(scope="module")
def files(shop: Shop) -> dict[str, bytes]:
    return demo_reports(shop)


@pytest.fixture(scope="module")
def truth(shop: Shop) -> Expected:
    return expected(shop)


def load(data: bytes) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data))


def register(data: bytes) -> list[tuple[object, ...]]:
    """The rows of a register's table, its totals row last."""
    sheet = load(data)["Реестр"]
    rows = list(sheet.iter_rows(values_only=True))
    start = next(place for place, row in enumerate(rows) if row[0] == "№ п/п") + 2
    end = next(place for place, row in enumerate(rows) if row[1] == "Итого:")
    return rows[start : end + 1]


def money(value: object) -> Decimal:
    return Decimal(str(value))


def test_the_same_shop_gets_the_same_bytes(files: dict[str, bytes]) -> None:
    assert demo_reports(build_shop()) == files


def test_the_truth_speaks_of_every_file_in_the_order_of_arrival(
    files: dict[str, bytes], truth: Expected
) -> None:
    assert [file.name for file in truth.files] == list(files)
    assert len(truth.lines) >= 600


def test_a_demo_of_any_size_has_all_its_files() -> None:
    small = build_shop(orders=400)

    assert len(demo_reports(small)) == 10
    assert all(file.lines for file in expected(small).files if file.fate == Fate.SETTLED)


@pytest.mark.parametrize(
    "kind",
    [
        VerdictKind.MATCHED, VerdictKind.UNDERPAID, VerdictKind.OVERPAID, VerdictKind.UNKNOWN_ORDER,
        VerdictKind.AMBIGUOUS_ORDER, VerdictKind.ALREADY_SETTLED, VerdictKind.DUPLICATE_IN_REPORT,
        VerdictKind.NOT_SHIPPED, VerdictKind.CANCELLED_IN_BOOKS, VerdictKind.PARTIALLY_DELIVERED,
        VerdictKind.RETURNED, VerdictKind.RETURN_NOT_BOOKED, VerdictKind.LOST,
        VerdictKind.SERVICE_ROW,
    ],
)  # fmt: skip
def test_the_demo_shows_this_verdict(truth: Expected, kind: VerdictKind) -> None:
    assert truth.verdicts()[kind] > 0


def test_dalli_transfers_price_less_service_and_nothing_for_prepaid(
    files: dict[str, bytes],
) -> None:
    acts = [act for name in files if name.startswith("Dalli") for act in ET.fromstring(files[name])]

    assert [act.get("number") for act in acts] == ["4471", "4502", "4519"]
    for act in acts:
        orders = [dict(order.attrib) for order in act]
        rest = [o for o in orders if o["price"] != "0"]
        assert all(money(o["transfer"]) == money(o["price"]) - money(o["service"]) for o in rest)
        prepaid = [o for o in orders if o["price"] == "0"]
        assert prepaid
        assert all(o["transfer"] == "0" and money(o["service"]) > 0 for o in prepaid)
        assert sum(money(o["transfer"]) for o in orders) == money(act.get("price"))


def test_cdek_keeps_its_agent_fee_only(files: dict[str, bytes]) -> None:
    answer = json.loads(files["СДЭК реестры НП.json"], parse_float=Decimal, parse_int=Decimal)

    assert len(answer["registries"]) == 2
    for registry in answer["registries"]:
        orders = registry["orders"]
        assert all(
            o["transfer_sum"] == o["payment_sum"] - o["agent_commission_sum"] for o in orders
        )
        assert all(o["total_sum_without_agent"] > 0 for o in orders)
        assert sum(o["transfer_sum"] for o in orders) == registry["sum"]


@pytest.mark.parametrize("number", ["118", "125"])
def test_gorod_transfers_everything_and_its_totals_add_up(
    files: dict[str, bytes], number: str
) -> None:
    *rows, totals = register(files[f"Городской курьер реестр {number}.xlsx"])

    assert all(money(row[6]) == money(row[11]) for row in rows)
    assert all(money(row[7]) > 0 for row in rows)
    for column in range(6, 12):
        assert sum(money(row[column]) for row in rows) == money(totals[column])


def test_one_register_does_not_add_up(files: dict[str, bytes], truth: Expected) -> None:
    [held] = [file for file in truth.files if file.fate == Fate.HELD]
    *rows, totals = register(files[held.name])

    assert len(rows) == len(held.lines)
    assert money(totals[11]) > sum(money(row[11]) for row in rows)


def test_the_repeated_file_has_the_same_bytes_and_the_price_list_is_no_report(
    files: dict[str, bytes],
) -> None:
    assert files[COPY] == files[REPEATED]
    assert "Прайс" in load(files[PRICE_LIST]).sheetnames


def netting(data: bytes) -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        text = packed.read("transaction_date.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def netting_xlsx(data: bytes) -> list[dict[str, object]]:
    rows = list(load(data).worksheets[0].iter_rows(values_only=True))
    place = next(n for n, row in enumerate(rows) if "Ваш номер заказа" in row)
    return [dict(zip(map(str, rows[place]), row, strict=True)) for row in rows[place + 1 :]]


def test_the_markets_periods_overlap_and_its_forecast_comes_true(
    files: dict[str, bytes], truth: Expected
) -> None:
    first, second = (file for file in truth.files if file.courier == "yandex_market")
    october = netting_xlsx(files[first.name])
    november = netting(files[second.name])
    forecast = [row for row in october if str(row["Статус"]).startswith("Будет")]
    told_in_october = {row["Ваш номер заказа"] for row in october}
    told_in_november = {row["SHOP_ORDER_ID"] for row in november}

    assert len(forecast) == first.ignored > 0
    assert all(row["Номер платежного поручения"] is None for row in forecast)
    assert {row["Ваш номер заказа"] for row in forecast} <= told_in_november
    assert len(told_in_october & told_in_november) > len(
        {row["Ваш номер заказа"] for row in forecast}
    )


def test_money_of_the_overlap_is_expected_once(truth: Expected) -> None:
    first, second = (file for file in truth.files if file.courier == "yandex_market")
    clean = [
        (line.order_ref, line.track_ref, line.collected)
        for file in (first, second)
        for line in file.lines
        if line.clean
    ]
    again = [line for line in second.lines if line.verdict == VerdictKind.ALREADY_SETTLED]

    orders_of_first = {line.order_ref for line in first.lines if line.clean}
    orders_of_second = {line.order_ref for line in second.lines if line.clean}
    assert clean
    assert again
    assert not orders_of_first & orders_of_second


def test_a_clean_delivered_line_pays_exactly_what_is_due(shop: Shop, truth: Expected) -> None:
    """The truth is checked against the shop: what clean lines collect per order is its due."""
    due = {order.parcel: order.due for order in shop.orders if order.parcel}
    taken: dict[str, int] = {}
    for line in truth.lines:
        if line.clean and line.track_ref:
            taken[line.track_ref] = taken.get(line.track_ref, 0) + line.collected + line.returned

    assert len(taken) > 500
    wrong = {parcel: sum_ for parcel, sum_ in taken.items() if sum_ != due[parcel]}
    assert wrong == {}


def test_the_sums_of_documents_follow_the_contracts(truth: Expected) -> None:
    sums = truth.sums()

    assert set(sums) == {"cdek", "dalli", "gorod", "yandex_market"}
    assert all(of_courier[PostingKind.PAYMENTIN] > 0 for of_courier in sums.values())
    assert sums["gorod"][PostingKind.PAYMENTOUT] == 0
    assert sums["gorod"][PostingKind.SALESRETURN] > 0
    assert 0 < sums["dalli"][PostingKind.PAYMENTOUT] < sums["dalli"][PostingKind.SUPPLY]
    assert 0 < sums["cdek"][PostingKind.PAYMENTOUT] < sums["cdek"][PostingKind.SUPPLY]


def test_a_partly_bought_order_can_be_told_from_its_money_alone(shop: Shop) -> None:
    told = [(order, one_way_to_miss(order)) for order in shop.orders if len(order.positions) > 1]
    certain = [(order, missing) for order, missing in told if missing is not None]

    assert certain
    for order, missing in certain[:50]:
        choices = product(*(range(p.quantity + 1) for p in order.positions))
        ways = sum(
            sum(n * p.price for n, p in zip(chosen, order.positions, strict=True)) == missing
            for chosen in choices
        )
        assert ways == 1
