"""The pages of economics and returns: what was booked, for people who may see it."""

import itertools
import re
import shutil
import uuid
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from tests.conftest import fresh_database
from tests.economics.conftest import Booked
from tests.support.books import Books

CHROMIUM = shutil.which("chromium")
ORIGIN = "http://sverka.test"
KEPT, BACK, WAITS = (uuid.UUID(int=number) for number in (1, 2, 3))
ALL = {"first": "", "last": ""}
PATHS = ("/economics", "/returns", "/economics.xlsx", "/returns.xlsx")


@pytest.fixture(scope="module")
def shop(server_url: str, template_database: str) -> Iterator[str]:
    """A delivered order, one that cost more than it brought, one that came back, one that waits."""
    for url in fresh_database(server_url, template_database):
        booked = Booked(Books(url))
        order = booked.books.shipped("1001", 500_000, id=KEPT)
        booked.row(order, 500_000, fee_delivery=35_000, fee_cod=10_050)
        order = booked.books.shipped("<b>1002", 10_000, region="<i>Томская область")
        booked.row(order, 10_000, fee_delivery=35_000, courier="acme")
        order = booked.books.order("1003", 100_000, region="Москва", id=BACK)
        booked.books.salesreturn(booked.books.demand(order, 100_000), 100_000)
        booked.row(order, outcome="returned", fee_return=20_000)
        booked.row(booked.books.shipped("1004", id=WAITS), 77_700, state="approved")
        export = booked.books.file("gorod", purpose="statuses")
        booked.books.line(export, "1003", outcome="refused", reason="<u>Передумал")
        booked.books.run("insert into economics_queue (order_id) select id from snapshot_order")
        yield url


@pytest.fixture(autouse=True)
def served(shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVERKA_DATABASE_URL", shop)
    monkeypatch.setenv("SVERKA_STORAGE_URL", str(tmp_path))


@pytest.fixture
def let_in() -> Iterator[TestClient]:
    """A client whose user may read the DAG."""
    from sverka_airflow.pages import app

    guard = app.router.dependencies[0].dependency
    app.dependency_overrides[guard] = lambda: None
    yield TestClient(app, follow_redirects=False)
    app.dependency_overrides.clear()


def text_of(client: TestClient, path: str, **query: str) -> str:
    answer = client.get(path, params=ALL | query)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return unescape(answer.text).replace("\xa0", " ")


def test_the_page_works_out_what_waits_and_shows_it(let_in: TestClient) -> None:
    page = text_of(let_in, "/economics")
    assert "6 100,00 ₽" in page  # shipped
    assert "450,50 ₽" in page  # of the first order
    assert "4 549,50 ₽" in page  # left of it
    assert "себестоимость" in page.lower()
    assert "−250,00 ₽" in page
    assert "доставка съела больше" in page
    assert "пересчитывается" not in page
    assert "оплата покупателей: 1 документ на 777,00 ₽" in page


def test_filters_choose_and_totals_follow(let_in: TestClient) -> None:
    page = text_of(let_in, "/economics", courier="acme")
    assert ">1001<" not in page
    assert "Все 1 заказ:" in page
    page = text_of(let_in, "/economics", min_loss="200,00")
    assert "Все 2 заказа" in page
    assert "Все 1 заказ:" in text_of(let_in, "/economics", outcome="returned")
    assert "таких заказов нет" in text_of(let_in, "/economics", last="2020-01-01")


def test_the_page_of_an_order_says_what_was_left(let_in: TestClient) -> None:
    text_of(let_in, "/economics")
    assert "4 549,50 ₽" in text_of(let_in, f"/orders/{KEPT}")
    assert '−1 000,00 ₽ <span class="quiet"><u>Передумал' in text_of(let_in, f"/orders/{BACK}")
    assert "Что осталось" not in text_of(let_in, f"/orders/{WAITS}")


def test_returns_by_courier_region_reason_and_month(let_in: TestClient) -> None:
    page = text_of(let_in, "/returns")
    for words in (
        "33,33 %",
        "50,00 %",
        "1 000,00 ₽",
        "Москва",
        "Передумал",
        "ноябрь 2026",
    ):
        assert words in page


def test_a_group_of_returns_leads_to_its_orders(let_in: TestClient) -> None:
    page = let_in.get("/returns", params=ALL).text
    links = re.findall(r'<th scope="row"><a href="(/economics\?[^"]+)"', page)
    assert [unquote(link).partition("courier=")[2] for link in map(unescape, links)] == [
        *("gorod", "acme", "&reason=<u>Передумал", "&region=Москва", "&region=<i>Томская+область"),
        "",
    ]
    for link, orders in zip(links, ("2", "1", "1", "1", "1", "3"), strict=True):
        assert f"Все {orders}\xa0заказ" in let_in.get(unescape(link)).text


def test_what_the_books_say_stays_text(let_in: TestClient) -> None:
    for path in ("/economics", "/returns"):
        raw = let_in.get(path, params=ALL).text
        assert "<b>1002" not in raw
        assert "<i>Томская" not in raw
        assert "<u>Передумал" not in raw
    assert "&lt;b&gt;1002" in let_in.get("/economics", params=ALL).text


@pytest.mark.parametrize(
    "query",
    [
        {"first": "x", "last": "2026-13-40"},
        {"courier": "' or 1=1 --", "outcome": "nonsense", "min_loss": "1e9"},
        {"min_loss": "9" * 40, "after": "nonsense", "sort": "nonsense"},
        {"after": "9999999999999999999999~" + str(uuid.UUID(int=1)), "sort": "worst"},
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_what_cannot_be_read_in_the_address_counts_as_not_said(
    let_in: TestClient, path: str, query: dict[str, str]
) -> None:
    assert let_in.get(path, params=query).status_code == 200


@pytest.mark.parametrize("path", ["/economics.xlsx", "/returns.xlsx"])
def test_the_workbook_is_a_file_to_keep_and_leaves_none_behind(
    let_in: TestClient, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openpyxl import load_workbook

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    answer = let_in.get(path, params=ALL)
    assert "attachment" in answer.headers["content-disposition"]
    book = load_workbook(BytesIO(answer.content))
    assert len(book.worksheets) > 1
    assert list(tmp_path.glob("sverka-*")) == []


def test_too_many_orders_for_one_workbook_are_told_and_not_written(
    let_in: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sverka.economics.orders.MOST_IN_A_BOOK", 2)
    assert "возьмите дней поменьше" in text_of(let_in, "/economics")
    answer = let_in.get("/economics.xlsx", params=ALL | {"courier": ""})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/economics?first=&last=&courier=",
    )
    assert let_in.get("/economics.xlsx", params=ALL | {"courier": "gorod"}).status_code == 200


def test_by_default_the_last_thirty_days_are_shown(let_in: TestClient) -> None:
    from sverka.clock import moscow_day, system_clock

    today = moscow_day(system_clock())
    page = let_in.get("/economics").text
    assert f'name="last" value="{today}"' in page
    assert f'name="first" value="{date.fromordinal(today.toordinal() - 29)}"' in page


@pytest.mark.parametrize("path", PATHS)
def test_nobody_unknown_gets_in(path: str) -> None:
    from sverka_airflow.pages import app

    routes = {route.path for route in app.routes}  # type: ignore[attr-defined]
    assert path in routes
    from sverka_airflow.pages.guards import may_read

    assert may_read in [one.dependency for one in app.router.dependencies]


def test_in_english_there_is_no_russian_but_what_the_books_say(
    let_in: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVERKA_LANGUAGE", "en")
    for path in ("/economics", "/returns"):
        page = text_of(let_in, path)
        for quoted in ("Городской курьер", "Томская область", "Москва", "Передумал"):
            page = page.replace(quoted, "")
        assert re.findall("[А-Яа-яЁё]+", page) == []


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)")
def test_a_browser_shows_both_pages_on_a_phone_and_on_a_desk(let_in: TestClient) -> None:
    """Nothing is wider than the screen, nothing is refused by the page's own security policy."""
    from playwright.sync_api import sync_playwright

    def serve(route: Any) -> None:
        answer = let_in.get(route.request.url.removeprefix(ORIGIN))
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.content)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.route("**/*", serve)
        for path, width in itertools.product(("/economics", "/returns"), (375, 1280)):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{ORIGIN}{path}?first=&last=")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            heights = page.eval_on_selector_all("svg.funnel", "all => all.map(e => e.clientHeight)")
            assert heights
            assert min(heights) > 5
            assert page.get_by_role("img").first.get_attribute("aria-label")
        browser.close()
    assert said == []
