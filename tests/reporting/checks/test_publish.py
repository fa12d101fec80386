"""The page of a file's checks: what a person reads on it, and that a file's text stays text."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sverka.checking import check
from sverka.checking.rules import MONEY, PLACE
from sverka.errors import Refusal
from sverka.intake import ledger
from sverka.money import Minor
from sverka.nouns import Outcome
from sverka.reporting.checks import page_path, publish_page
from sverka.services import Services
from tests.checking.conftest import (
    RECEIVED,
    Files,
    Stored,
    files,
    order_line,
    services,
    write_schema,
)

__all__ = ["files", "services"]  # the stored files of tests/checking

Page = Callable[..., str]


@pytest.fixture
def page(services: Services, files: Files) -> Page:
    """Checks the reports as one file and returns its page as a person reads it."""

    def publish(*reports: Stored, **columns: Any) -> str:
        file_id = files.store(*reports)
        with services.connect() as conn:
            for name, value in columns.items():
                conn.cursor().execute(
                    f"update file set {name} = %s where id = %s", (value, file_id)
                )
        try:
            check(services, file_id)
        except Refusal as refusal:
            with services.connect() as conn:
                ledger.quarantined(conn, file_id, refusal.where_and_why(), RECEIVED)
        path = publish_page(services, file_id)
        assert path == f"reports/2026-11-20/checks/{file_id}.html"
        return services.storage.read(path).decode()

    return publish


def text_of(page: str) -> str:
    """The page's words without markup."""
    body = page[page.index("<body>") :]
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("\u00a0", " ").split())


def good(count: int = 3) -> list[Any]:
    return [order_line(n) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (Stored(good()), "Все строки приняты: 3 строки, с покупателей принято 3 000,00 ₽."),
        (Stored(good(1)), "Единственная строка принята, с покупателей принято 1 000,00 ₽."),
        (
            Stored([*good(), order_line(9, payout=Minor(1))]),
            "Принято 3 из 4 строк, с покупателей принято 3 000,00 ₽; 1 строка отложена на 1 000,00 ₽.",
        ),
        (
            Stored([*good(), order_line(9, payout=Minor(1))], unreadable=["нет суммы."]),
            "Принято 3 из 5 строк, с покупателей принято 3 000,00 ₽; 2 строки отложено на 1 000,00 ₽.",
        ),
        (Stored(good(), payment_order_sum=1), "Файл отложен целиком: ни одна его строка дальше"),
        (Stored([]), "Операций в файле нет: проверять нечего."),
    ],
)
def test_the_verdict_is_one_sentence(page: Page, report: Stored, sentence: str) -> None:
    assert sentence in text_of(page(report))


def test_the_head_says_whose_file_in_which_layout_and_how_the_layout_is_known(page: Page) -> None:
    text = text_of(page(Stored(good()), name="реестр 118.xlsx"))

    assert "Проверка: реестр 118.xlsx" in text
    assert "Реестр, версия 1 составлена по обычаю таких отчётов" in text
    assert "20 ноября, 12:00" in text


def test_a_person_who_confirmed_the_layout_is_named(page: Page, files: Files) -> None:
    files.rows(
        """insert into confirmed_schema (code, version, schema, confirmed_by, confirmed_at)
           values ('plain', 1, 'schema', 'buh', '2026-11-19 22:30+00')"""
    )

    assert "версия 1 подтверждена: buh, 20 ноября 2026" in text_of(page(Stored(good())))


def test_every_row_read_is_somewhere_in_the_funnel(page: Page) -> None:
    lines = [*good(), order_line(9, payout=Minor(1))]
    text = text_of(page(Stored(lines, unreadable=["нет суммы."], ignored=5)))

    for part in (
        "Прочитано 10 строк",
        "Не операции 5 строк не операция × 5 5,00 ₽",
        "Отложено 2 строки Не прочитано 1 строка",
        "Принято 3 строки С покупателей 3 000,00 ₽ К перечислению 2 640,00 ₽",
    ):
        assert part in text


def test_a_refused_row_can_be_found_and_understood(page: Page) -> None:
    text = text_of(page(Stored([*good(), order_line(17, payout=Minor(90000))])))

    assert "Принято − удержано = к перечислению строки отложены Не выполнено: 1 из 4 строк" in text
    assert (
        "лист «Реестр» строка 17 10017 к перечислению 900,00 ₽ Принято с покупателя 1 000,00 ₽ − "
        "доставка 120,00 ₽ — должно быть к перечислению 880,00 ₽, а указано 900,00 ₽; разница 20,00 ₽."
    ) in text


def test_a_warning_is_told_from_a_refusal(page: Page) -> None:
    text = text_of(page(Stored([*good(), order_line(17, outcome=Outcome.REFUSED)])))

    assert "За неврученный заказ денег не принято замечание Не выполнено: 1 из 1 строки" in text
    assert "Нарушено" not in text


def test_totals_stand_as_printed_beside_as_counted(page: Page) -> None:
    report = Stored(good(), totals={"payout": 264001, "rows": 3}, payment_order_sum=264000)
    text = text_of(page(report))

    assert "К перечислению 2 640,01 ₽ 2 640,00 ₽ 0,01 ₽" in text
    assert "Сумма платёжного поручения 2 640,00 ₽ 2 640,00 ₽ сходится" in text
    assert "Число строк 3 3 сходится" in text
    assert "Почему и что делать Контрольный итог не сходится" in text


def test_a_total_that_cannot_be_counted_says_so(page: Page) -> None:
    assert "«mystery» 0,05 ₽ нечем проверить" in text_of(
        page(Stored(good(), totals={"mystery": 5}))
    )


def test_the_model_is_named_with_the_rows_that_obey_it(page: Page) -> None:
    lines = [*good(), order_line(8, payout=Minor(88050)), order_line(9, payout=Minor(1))]
    reports = [
        Stored(lines, head={"report_no": "118/11"}),
        Stored(
            [order_line(20, payout=Minor(100000))], settlement="gross", head={"report_no": "119"}
        ),
    ]
    text = text_of(page(*reports))

    assert (
        "№ 118/11 от 18 ноября 2026 За вычетом всех услуг принято − все услуги = к перечислению "
        "5 3 1 1"
    ) in text
    assert "№ 119 от 18 ноября 2026 Без вычетов принято = к перечислению 1 1 0 0" in text


def test_every_rule_is_on_the_page_once(page: Page) -> None:
    html = page(Stored([*good(), order_line(9, payout=Minor(1))]))
    text = text_of(html)

    for rule in (*PLACE, *MONEY):
        sentence = rule.sentence[0].upper() + rule.sentence[1:]
        assert len(re.findall(re.escape(sentence) + r"(?!, до копейки)", text)) == 1, rule.code


def test_more_refused_rows_than_shown_are_counted(page: Page) -> None:
    bad = [order_line(n, payout=Minor(1)) for n in range(101, 131)]

    assert "Показано 20 из 30. Остальные — в таблице Excel" in text_of(
        page(Stored([*good(40), *bad]))
    )


HOSTILE = '<script>alert(1)</script><img src=x onerror="x">&amp;'


def test_what_couriers_wrote_never_becomes_markup(page: Page) -> None:
    bad = order_line(9, order_ref=HOSTILE, sheet=HOSTILE, payout=Minor(1))
    html = page(
        Stored(
            [*good(), bad],
            unreadable=[HOSTILE],
            totals={HOSTILE: 1},
            head={"report_no": HOSTILE},
        ),
        name=HOSTILE,
    )

    assert "<script" not in html
    assert "<img" not in html
    assert html.count("&lt;script&gt;") >= 5


def test_the_page_needs_nothing_from_outside(page: Page) -> None:
    html = page(Stored(good()))

    assert re.findall(r"(?:src|url\(|@import|<link)", html) == []
    assert set(re.findall(r'href="([^"]*)"', html)) == {"../otchet.html"}
    assert "prefers-color-scheme: dark" in html
    assert 'name="viewport"' in html


def test_the_same_data_make_the_same_page(services: Services, files: Files) -> None:
    file_id = files.store(Stored(good()))
    check(services, file_id)
    path = publish_page(services, file_id) or ""
    first = services.storage.read(path)
    publish_page(services, file_id)

    assert services.storage.read(path) == first


def test_a_file_that_was_never_parsed_has_no_page(services: Services, files: Files) -> None:
    file_id = files.store()

    assert publish_page(services, file_id) is None
    assert not services.storage.exists(page_path(file_id, RECEIVED))


def test_the_page_lies_in_the_moscow_day_of_the_file() -> None:
    late = RECEIVED.replace(hour=21, minute=30)

    assert page_path(7, late) == "reports/2026-11-21/checks/7.html"


def test_rows_of_a_report_of_statuses_have_no_money_in_the_verdict(
    services: Services, files: Files
) -> None:
    write_schema(services.settings.courier_schemas, "purpose: statuses\n")
    line = replace(
        order_line(1), collected=Minor(0), payout=Minor(0), occurred_on=date(2026, 11, 17)
    )
    file_id = files.store(Stored([line], settlement=None, head={"purpose": "statuses"}))
    check(services, file_id)

    text = text_of(services.storage.read(publish_page(services, file_id) or "").decode())
    assert "Единственная строка принята. " in text
    assert "Вид статусы доставки" in text
    assert "Модель расчётов" not in text
