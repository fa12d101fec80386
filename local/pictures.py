"""Pictures for the docs, taken from the running installation: `make pictures`."""

import argparse
import sys
from pathlib import Path

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
        _log_in(page, ui, chosen.admin_password)
        for name, path, seen in (
            ("report", "/plugin/discrepancies", "iframe"),
            ("runs", "/dags/settle_report/runs", "text=Dalli"),
            ("dag", "/dags/settle_report", "text=Разбор отчёта"),
        ):
            page.goto(f"{ui}{path}")
            page.wait_for_selector(seen)
            page.wait_for_timeout(2500)
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()
    return 0


def _log_in(page: Page, ui: str, password: str) -> None:
    page.goto(f"{ui}/auth/login/")
    page.fill("input[name=username]", ADMIN)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{ui}/**")


if __name__ == "__main__":
    sys.exit(main())
