"""Recognition: one schema per file, by content; what does not fit is asked about, never guessed."""

from collections.abc import Callable

import pytest

from sverka.couriers import Couriers
from sverka.demo.workbooks import workbook
from sverka.errors import NeedsMapping, Refusal
from sverka.reading import read
from sverka.recognition import Recognised, Schemas, recognise
from sverka.recognition.recognise import fits
from tests.parsing.samples import SAMPLES

Recognise = Callable[[bytes, str], Recognised]


@pytest.fixture
def recognised(schemas: Schemas, couriers: Couriers) -> Recognise:
    return lambda data, name: recognise(read(data, name), schemas, couriers)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_fits_its_schema_and_no_other(schemas: Schemas, name: str) -> None:
    build, own = SAMPLES[name]
    raw = read(build(), name)
    fitting = {schema.code for schema in schemas if fits(raw, schema)}
    assert len(schemas.by_code) >= 4
    assert fitting == {own}


@pytest.mark.parametrize(
    ("name", "courier"),
    [
        ("dalli_money_act.xml", "dalli"),
        ("cdek_cod_registry.json", "cdek"),
        ("yandex_netting.zip", "yandex_market"),
        ("cod_register.xlsx", "gorod"),
    ],
)
def test_the_courier_is_known_from_the_layout_or_the_title(
    recognised: Recognise, name: str, courier: str
) -> None:
    found = recognised(SAMPLES[name][0](), "файл")
    assert found.courier is not None
    assert found.courier.code == courier


HEADER = ["№ заказа", "Принято от получателя, руб.", "К перечислению,\n руб."]


def table(*rows: list[str], sheet: str = "Лист1") -> bytes:
    return workbook({sheet: [*rows]})


@pytest.mark.parametrize(
    ("data", "name", "courier"),
    [
        (table(HEADER, sheet="Городской курьер"), "x", "gorod"),
        (table(HEADER), "реестр городской_курьер 5.xlsx", "gorod"),
        (table(["СДЭК"], HEADER), "городской курьер.xlsx", "cdek"),
        (table(["СДЭК и Далли"], HEADER), "x", None),
        (table(HEADER), "x", None),
    ],
)
def test_the_courier_of_a_plain_register_is_who_it_names(
    recognised: Recognise, data: bytes, name: str, courier: str | None
) -> None:
    found = recognised(data, name).courier
    assert (found.code if found else None) == courier


@pytest.mark.parametrize(
    "header",
    [
        ["К перечислению", "Трек-номер", "Сумма НП (руб.)"],
        ["Прочее поле", "НОМЕР  ЗАКАЗА", "Наложенный платёж, ₽", "Сумма к выплате"],
        ["N заказа:", "Собрано", "Перечислено "],
    ],
)
@pytest.mark.parametrize("above", [0, 3, 25])
def test_columns_may_stand_in_any_order_under_any_title(
    recognised: Recognise, header: list[str], above: int
) -> None:
    found = recognised(table(*[["Отчёт"]] * above, header), "x")
    assert found.schema.code == "cod_register"
    assert found.tables[0].header == above


def test_a_header_of_two_rows_is_joined(recognised: Recognise) -> None:
    upper = ["Номер заказа", "Деньги", "", "Услуги", ""]
    lower = ["", "Принято от получателя", "К перечислению", "Доставка", "Агентское вознаграждение"]
    found = recognised(table(upper, lower), "x").tables[0]
    assert found.columns == {
        "order": 0, "collected": 1, "payout": 2, "fee_delivery": 3, "fee_cod": 4,
    }  # fmt: skip
    assert found.first == 2


def test_two_columns_of_one_meaning_are_asked_about(recognised: Recognise) -> None:
    header = [*HEADER, "Сумма НП"]
    with pytest.raises(NeedsMapping, match="означают одно и то же"):
        recognised(table(header), "x")


def test_a_known_layout_that_lost_a_column_shows_the_difference(recognised: Recognise) -> None:
    data = SAMPLES["yandex_netting.zip"][0]()
    text = read(data, "x").tables[0].rows
    renamed = ["STATUS_NEW" if cell == "PAYMENT_STATUS" else cell or "" for cell in text[0]]
    with pytest.raises(NeedsMapping) as asked:
        recognised(table(renamed), "x")
    assert "Яндекс Маркет" in asked.value.reason
    assert "«Статус»" in asked.value.reason
    assert "«STATUS_NEW»" in asked.value.reason


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'{"orders": []}', "orders"),
        (b"[]", "список"),
        (b"<statusReport><act/></statusReport>", "statusReport"),
        (b"<moneyTransfers><from>2026-01-01</from></moneyTransfers>", "from"),
        (b'<moneyTransfers error="2"/>', "вернул ошибку: «2»"),
        (b'{"registries": [], "errors": [{"message": "no access"}]}', "no access"),
        (b"1;2\n3;4\n", "заголовками"),
    ],
)
def test_a_file_that_is_no_money_report_is_refused(
    recognised: Recognise, data: bytes, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        recognised(data, "x")
    assert not isinstance(refused.value, NeedsMapping)
