"""The pages in a real browser: by keyboard, by dropping files, without scripts, on a phone."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from sverka.discrepancies import refresh
from sverka.pages.counting import count
from tests.plugins.pages.conftest import Site
from tests.support.rows import NOON, a_discrepant_line, a_file, a_matched_line, a_report

CHROMIUM = shutil.which("chromium")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"
)

LONG = "реестр " + "оченьдлинноеимяфайлабезпробелов" * 4 + ".xlsx"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def address(mounted: FastAPI) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(mounted, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@dataclass
class Shop:
    """An operator's browser; `troubles` is what the console complained of."""

    site: Site
    browser: Browser
    address: str
    file_id: int

    def open(self, path: str = "", *, token: bool = True, **settings: object) -> Page:
        context: BrowserContext = self.browser.new_context(**settings)  # type: ignore[arg-type]
        if token:
            value = self.site.operator.cookies["_token"]
            context.add_cookies([{"name": "_token", "value": value, "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{self.address}/sverka/{path}")
        return page

    def states(self) -> list[str]:
        with self.site.conn.cursor() as cursor:
            cursor.execute("select state from discrepancy order by stake desc")
            found = [state for (state,) in cursor.fetchall()]
        self.site.conn.rollback()
        return found


@pytest.fixture
def shop(site: Site, browser: Browser, address: str) -> Iterator[Shop]:
    file_id = a_file(site.conn, LONG, courier="dalli")
    report = a_report(site.conn, file_id, "dalli")
    a_matched_line(site.conn, report, order="A" * 60)
    for expected in (130000, 120000, 110000):
        a_discrepant_line(site.conn, report, "underpaid", order=f"Z-{expected}", expected=expected)
    refresh(site.conn, NOON)
    count(site.conn, file_id, NOON)
    site.conn.commit()
    yield Shop(site, browser, address, file_id)
    for context in browser.contexts:
        context.close()


def test_a_decision_needs_no_mouse(shop: Shop) -> None:
    page = shop.open("discrepancies")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="К содержанию")
    assert skip.evaluate("one => one === document.activeElement && one.offsetLeft >= 0")
    page.keyboard.press("KeyJ")
    page.keyboard.press("KeyJ")
    page.keyboard.press("KeyK")
    page.keyboard.press("Space")
    picked = page.locator("input[name=pick]")
    assert [picked.nth(row).is_checked() for row in range(3)] == [True, False, False]
    page.locator("input[name=comment]").press_sequentially("доплатят /jk")
    page.keyboard.press("Enter")
    page.get_by_text("Записано:").wait_for()
    assert shop.states() == ["explained", "open", "open"]
    page.keyboard.press("Slash")
    page.keyboard.type("Z-110000")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders?q=Z-110000")


def test_every_focus_is_seen(shop: Shop) -> None:
    page = shop.open("discrepancies")
    for _ in range(25):
        page.keyboard.press("Tab")
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) != "none", page.evaluate("document.activeElement.outerHTML")


def test_several_files_are_dropped_on_the_form(shop: Shop) -> None:
    page = shop.open("upload")
    dropped = page.evaluate_handle(
        """() => {
            const given = new DataTransfer();
            given.items.add(new File(["one"], "акт.xlsx"));
            given.items.add(new File(["two"], "реестр.csv"));
            return given;
        }"""
    )
    page.dispatch_event("form.drop", "drop", {"dataTransfer": dropped})
    assert page.locator(".chosen").inner_text() == "акт.xlsx, реестр.csv"
    page.get_by_role("button", name="Загрузить").click()
    page.get_by_role("heading", name="Что принято").wait_for()
    landed = {path.name: path.read_text() for path in shop.site.inbox.iterdir()}
    assert landed == {"акт.xlsx": "one", "реестр.csv": "two"}


def test_everything_works_without_a_script(shop: Shop) -> None:
    page = shop.open("discrepancies", java_script_enabled=False)
    page.locator("select[name=verdict]").select_option("underpaid")
    page.get_by_role("button", name="Показать").click()
    page.locator("select[name=action]").select_option("resolve")
    page.locator("select[name=scope]").select_option("all")
    page.get_by_role("button", name="Записать").click()
    page.get_by_role("button", name="Да, записать: 3").click()
    page.get_by_text("Записано:").wait_for()
    assert shop.states() == ["resolved"] * 3
    page.goto(f"{shop.address}/sverka/upload")
    file = {"name": "акт.csv", "mimeType": "text/csv", "buffer": b"x"}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    page.get_by_role("button", name="Загрузить").click()
    page.get_by_role("heading", name="Что принято").wait_for()
    assert [path.name for path in shop.site.inbox.iterdir()] == ["акт.csv"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_a_phone_and_the_policy_stops_nothing(
    shop: Shop, scheme: str
) -> None:
    page = shop.open(viewport={"width": 375, "height": 800}, color_scheme=scheme)
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    file = f"files/{shop.file_id}"
    for path in ("", "files", file, f"{file}/lines", f"{file}/documents", f"{file}/plan",
                 "discrepancies", "discrepancies/1", "orders?q=Z-110000", "couriers/dalli",
                 "upload", "days"):  # fmt: skip
        page.goto(f"{shop.address}/sverka/{path}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 375, path
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(19, 24, 23)") is (scheme == "dark")
    assert troubles == []


def test_a_stranger_sees_nothing(shop: Shop) -> None:
    page = shop.open("discrepancies", token=False)
    assert "Not authenticated" in page.content()
    assert "Сверка" not in page.content()
