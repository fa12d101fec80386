"""Pictures for the docs, taken from the running installation: `make pictures`."""

import argparse
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

from local.environment import ADMIN
from local.scenes import set_scene
from local.state import HOST, REPOSITORY, State
from sverka.intake.zones import Zone

IMAGES = REPOSITORY / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
WIDTH = 1280
LARGEST = 200_000
"""Bytes of one picture; the docs are read over slow lines, too."""
SETTLED_MS = 3000
"""The frame with a page, and what Airflow asks for behind the page, come after the network rests."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: where to go, what to click on the way, how much of the page is shown.

    `path` is below the UI; `{run}` is the newest run of a report that went through, `{asked}` one
    that waits for an answer. `clicks` are selectors, one after the other.
    """

    name: str
    path: str
    clicks: tuple[str, ...] = ()
    height: int = 800


PICTURES = (
    Picture("report", "/plugin/discrepancies", height=900),
    Picture("run", "/dags/settle_report/runs/{run}"),
    Picture("question", "/dags/settle_report/runs/{asked}/tasks/ask/required_actions", height=920),
    Picture("undo", "/dags/undo_report", ("button:has-text('Запустить')",)),
    Picture("today", "/sverka/"),
    Picture("upload", "/sverka/upload", height=520),
    Picture("file", "/sverka/files", (".ledger a:has-text('Dalli акт 4471.xml')",), 1000),
    Picture(
        "order",
        "/sverka/files",
        (
            ".ledger a:has-text('Dalli акт 4471.xml')",
            ".button:has-text('Строки')",
            ".ledger tr:has-text('Входящий платёж') .order a",
        ),
        height=1000,
    ),
    Picture("couriers", "/sverka/couriers"),
    Picture("discrepancies", "/sverka/discrepancies", height=900),
    Picture("discrepancy", "/sverka/discrepancies?verdict=underpaid", (".ledger .why a",), 520),
    Picture("economics", "/sverka/economics"),
    Picture("returns", "/sverka/returns"),
    Picture("help", "/sverka/help#verdict.underpaid", height=640),
)


def main() -> int:
    """Logs in and photographs what the docs show; `--only` takes some of the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", type=Path, default=REPOSITORY / ".state")
    parser.add_argument("--only", nargs="*", choices=[one.name for one in PICTURES])
    given = parser.parse_args()
    state = State(given.state.resolve())
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            # The browser's own words, as on a button that chooses files: Debian has them in the
            # package chromium-l10n.
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=ru"],
            env=os.environ | {"LANGUAGE": "ru"},
        )
        for picture in _taken(browser, state, set(given.only or ())):
            print(f"{picture}: {picture.stat().st_size} bytes", flush=True)
        browser.close()
    return 0


def _taken(browser: Browser, state: State, only: set[str]) -> Iterator[Path]:
    chosen = state.secrets()
    ui = f"http://{HOST}:{chosen.ui_port}"
    page = browser.new_page(
        viewport={"width": WIDTH, "height": 800}, locale="ru-RU", color_scheme="light"
    )
    log_in(page, ui, chosen.admin_password)
    set_scene(Zone("folder", state.inbox.as_uri(), {}), lambda task: _questions(page, ui, task))
    runs = {"run": _newest(page, ui), "asked": _questions(page, ui, "ask")[0]["dag_run_id"]}
    places = {name: quote(run, safe="") for name, run in runs.items()}
    for picture in PICTURES:
        if not only or picture.name in only:
            yield _photograph(page, ui + picture.path.format(**places), picture)


def _photograph(page: Page, url: str, picture: Picture) -> Path:
    path = IMAGES / f"{picture.name}.png"
    page.set_viewport_size({"width": WIDTH, "height": picture.height})
    page.goto("about:blank")  # the same address with another anchor would load nothing
    page.goto(url)
    page.wait_for_load_state("networkidle")
    for selector in picture.clicks:
        page.locator(selector).first.click()
        page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLED_MS)
    page.screenshot(path=path)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes, more than {LARGEST}")
    return path


def _newest(page: Page, ui: str) -> str:
    found = page.request.get(f"{ui}/api/v2/dags/settle_report/dagRuns?state=success").json()
    return str(found["dag_runs"][-1]["dag_run_id"])


def _questions(page: Page, ui: str, task: str) -> list[dict[str, Any]]:
    """The task instances of this task that wait for a person's answer."""
    address = f"{ui}/api/v2/dags/settle_report/dagRuns/~/hitlDetails?response_received=false"
    waiting = (one["task_instance"] for one in page.request.get(address).json()["hitl_details"])
    return [one for one in waiting if one["task_id"] == task]


def log_in(page: Page, ui: str, password: str) -> None:
    """Fills in the log-in form as a person would."""
    page.goto(f"{ui}/auth/login/")
    page.fill("input[name=username]", ADMIN)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/auth/" not in url)


if __name__ == "__main__":
    sys.exit(main())
