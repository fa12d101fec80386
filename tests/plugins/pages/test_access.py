"""No page and no file for anybody who is not logged in; deciding is not for those who may only look.

The routes are walked, not listed: a page that is added tomorrow is held to the same. They are asked
for in the whole Airflow API server, which has found the plugin in its folder by itself.
"""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from tests.plugins.pages.conftest import OURS, Site

VALUES = {
    "day": "2026-11-20", "file": "otchet.html", "page": "1.html", "code": "dalli",
    "order_id": "00000000-0000-4000-8000-000000000001",
}  # fmt: skip


@pytest.fixture(scope="session")
def mounted() -> FastAPI:
    from airflow.api_fastapi.app import create_app
    from airflow.utils.db import initdb

    initdb()
    return create_app(apps="core")


def routes(values: dict[str, str] = VALUES) -> Iterator[tuple[str, str]]:
    """Method and address of every route; what has no value is called 1."""
    from sverka_airflow.pages import app

    def below(found: list[BaseRoute]) -> Iterator[APIRoute]:
        for route in found:
            if isinstance(route, APIRoute):
                yield route
            else:
                yield from below(getattr(route, "routes", []))

    for route in below(app.routes):
        path = re.sub(r"{(\w+)}", lambda name: values.get(name[1], "1"), route.path)
        for method in sorted(route.methods):
            yield method, f"/sverka{path}"


def test_there_are_routes_and_each_is_a_route_of_ours() -> None:
    from sverka_airflow.pages import app

    known = set(routes())
    assert len(known) >= len(app.routes) >= 18
    assert {("GET", "/sverka/"), ("POST", "/sverka/upload"), ("POST", "/sverka/discrepancies")} <= (
        known
    )


def test_nobody_unknown_gets_anything(site: Site) -> None:
    browser = site.anonymous()
    for method, path in routes():
        for headers in ({}, {"Authorization": "Bearer forged"}, {"Cookie": "_token=forged"}, OURS):
            answer = browser.request(method, path, headers=headers)
            assert answer.status_code in ({401} if not headers else {401, 403}), (method, path)
            assert "Сверка" not in answer.text


def test_a_viewer_sees_every_page_and_no_page_breaks(site: Site) -> None:
    browser = site.viewer
    for method, path in routes():
        if method == "GET":
            answer = browser.get(path, params={"run_id": "x"})
            assert answer.status_code in {200, 307, 404}, (path, answer.text)


def test_a_viewer_changes_nothing(site: Site) -> None:
    browser = site.viewer
    refused = [path for method, path in routes() if method != "GET"]
    assert refused
    for path in refused:
        answer = browser.post(path, headers=OURS, data={"action": "resolve"})
        assert answer.status_code == 403, path
        assert "На это нет права" in answer.text
    assert list(site.inbox.iterdir()) == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", **OURS},
        {"Sec-Fetch-Site": "none"},
        {"Authorization": "Bearer anything"},
    ],
    ids=str,
)
def test_a_form_of_another_site_is_refused(site: Site, headers: dict[str, str]) -> None:
    browser = site.operator
    for method, path in routes():
        if method != "GET":
            answer = browser.request(method, path, headers=headers, data={"action": "resolve"})
            assert answer.status_code in {401, 403}, (path, answer.status_code)


def test_a_form_of_ours_is_taken_with_either_sign_of_the_browser(site: Site) -> None:
    for headers in (OURS, {"Sec-Fetch-Site": "same-origin"}):
        data = {"action": "resolve"}
        answer = site.operator.post("/sverka/discrepancies", headers=headers, data=data)
        assert answer.status_code == 303, answer.text


def test_only_own_files_may_be_style_or_script(site: Site) -> None:
    for path in ("/sverka/", "/sverka/files", "/sverka/files/1", "/sverka/static/page.js"):
        answer = site.viewer.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'; style-src 'self'; script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "private" in answer.headers["cache-control"]
