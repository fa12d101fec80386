"""An accountant opens the Airflow UI in a browser and reads the report."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from local.pictures import log_in
from tests.e2e.installation import PATIENCE_SECONDS, Installation

CHROMIUM = shutil.which("chromium")
PATIENCE = PATIENCE_SECONDS * 1000
"""Of the browser, in milliseconds."""

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(
        CHROMIUM is None, reason="chromium is not installed (apt-get install chromium)"
    ),
]


@pytest.fixture
def page(demo_settled: Installation) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page(locale="ru-RU")
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        log_in(page, demo_settled.url, demo_settled.chosen.admin_password)
        yield page
        browser.close()


def test_the_side_bar_leads_to_the_discrepancies(demo_settled: Installation, page: Page) -> None:
    page.goto(demo_settled.url)
    page.get_by_role("link", name="Расхождения").click()
    report = page.frame_locator("iframe")
    expect(report.get_by_role("heading", name="Расхождения")).to_be_visible()
    expect(report.get_by_role("heading", name="Курьеры")).to_be_visible()


def test_the_run_of_a_file_shows_its_name_and_words_an_accountant_knows(
    demo_settled: Installation, page: Page
) -> None:
    [run] = [
        r for r in demo_settled.settle_runs() if r["partition_key"].startswith("Dalli акт 4471.xml")
    ]
    page.goto(f"{demo_settled.url}/dags/settle_report/runs/{run['dag_run_id']}")
    expect(page.get_by_text("Dalli акт 4471.xml").first).to_be_visible()
    expect(page.get_by_text("Провести в МоёмСкладе").first).to_be_visible()


def test_nobody_reads_it_without_logging_in(demo_settled: Installation) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        stranger = browser.new_page()
        stranger.set_default_timeout(PATIENCE)
        answer = stranger.goto(f"{demo_settled.url}/sverka/report/latest/otchet.html")
        assert answer is not None
        assert answer.status == 401
        browser.close()
