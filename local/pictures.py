"""Pictures for the docs, taken from the running installation: `make pictures`."""

import argparse
import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from local.environment import ADMIN
from local.state import HOST, REPOSITORY, State

IMAGES = REPOSITORY / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"


def main() -> int:
    """Logs in and photographs what the docs show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, default=REPOSITORY / ".state")
    chosen = State(parser.parse_args().state.resolve()).secrets()
    ui = f"http://{HOST}:{chosen.ui_port}"
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1360, "height": 900}, locale="ru-RU")
        log_in(page, ui, chosen.admin_password)
        _photograph(page, f"{ui}/plugin/discrepancies", "report")
        runs = page.request.get(f"{ui}/api/v2/dags/settle_report/dagRuns?state=success").json()
        newest = quote(runs["dag_runs"][-1]["dag_run_id"])
        _photograph(page, f"{ui}/dags/settle_report/runs/{newest}", "run")
        browser.close()
    return 0


def _photograph(page: Page, url: str, name: str) -> None:
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(3000)  # the frame with the page, and the charts, come after that
    page.screenshot(path=IMAGES / f"{name}.png")


def log_in(page: Page, ui: str, password: str) -> None:
    """Fills in the log-in form as a person would."""
    page.goto(f"{ui}/auth/login/")
    page.fill("input[name=username]", ADMIN)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/auth/" not in url)


if __name__ == "__main__":
    sys.exit(main())
