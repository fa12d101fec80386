"""`/sverka/help`: what to do about each verdict and refusal, and the guide with its pictures."""

import pytest

from sverka.pages.help import IMAGES
from tests.plugins.pages.conftest import Site


def test_help_explains_a_verdict_at_its_anchor(site: Site) -> None:
    page = site.viewer.get("/sverka/help").text
    assert "<h1>Что делать, когда…</h1>" in page
    assert '<h3>Недоплата <code id="verdict.underpaid">' in page


def test_the_guide_has_its_pictures(site: Site) -> None:
    browser = site.viewer
    page = browser.get("/sverka/help/operator").text
    pictures = [path for path in sorted(IMAGES.glob("*.png")) if f"images/{path.name}" in page]
    assert pictures
    answer = browser.get(f"/sverka/help/images/{pictures[0].name}")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content == pictures[0].read_bytes()


@pytest.mark.parametrize(
    "path",
    ["help/glossary", "help/what-now.md", "help/..%2fREADME", "help/images/..%2foperator.md",
     "help/images/none.png"],
)  # fmt: skip
def test_no_other_file_is_read(site: Site, path: str) -> None:
    assert site.viewer.get(f"/sverka/{path}").status_code == 404


def test_a_refused_file_leads_to_what_to_do(site: Site) -> None:
    with site.conn as conn, conn.cursor() as cursor:
        cursor.execute(
            "insert into file (sha256, name, zone, size_bytes, partition_key, received_at, state,"
            " reason) values (repeat('a', 64), 'a.xlsx', 'inbox', 0, 'a', now(), 'quarantined',"
            " 'Файл пуст: в нём 0 байт.') returning id"
        )
        [(file_id,)] = cursor.fetchall()
    page = site.viewer.get(f"/sverka/files/{file_id}").text
    assert '<a href="/sverka/help#refusal.empty">Что делать?</a>' in page
