"""The pages: published reports for people who may see them, and nothing for anybody else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from sverka.intake.storage import Storage

DAY = "2026-11-20"


@pytest.fixture
def published(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = Storage(str(tmp_path), {})
    for folder in (DAY, "latest"):
        for file in ("otchet.html", "otchet.xlsx", "report.json"):
            storage.write(f"reports/{folder}/{file}", f"{folder} {file} отчёт".encode())
    storage.write("reports/secret.txt", b"secret")
    storage.write("archive/ab/secret", b"secret")
    monkeypatch.setenv("SVERKA_DATABASE_URL", database_url)
    monkeypatch.setenv("SVERKA_STORAGE_URL", str(tmp_path))
    conn = psycopg2.connect(database_url)
    with conn, conn.cursor() as cursor:
        cursor.execute(
            "insert into published_report values (%s, now(), 'reports', '{}'::jsonb)", (DAY,)
        )
        cursor.execute(
            """insert into file (sha256, name, zone, size_bytes, partition_key, claimed_by,
                                 received_at)
               values ('a', 'a', 'z', 1, 'a', 'run 1', '2026-11-19 22:00+00')"""
        )
    conn.close()


@pytest.fixture
def let_in(published: None) -> Iterator[TestClient]:
    """A client whose user may read the DAG."""
    from sverka_airflow.pages import app

    guard = app.router.dependencies[0].dependency
    app.dependency_overrides[guard] = lambda: None
    yield TestClient(app, follow_redirects=False)
    app.dependency_overrides.clear()


@pytest.mark.parametrize("day", [DAY, "latest"])
@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("otchet.html", "text/html; charset=utf-8"),
        ("otchet.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("report.json", "application/json"),
    ],
)
def test_a_report_by_day(let_in: TestClient, day: str, file: str, kind: str) -> None:
    answer = let_in.get(f"/report/{day}/{file}")
    assert answer.status_code == 200
    assert answer.content.decode() == f"{day} {file} отчёт"
    assert answer.headers["content-type"] == kind
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert ("content-disposition" in answer.headers) == (file != "otchet.html")


@pytest.mark.parametrize(
    "path",
    [
        "/report/../secret.txt",
        "/report/latest/secret.txt",
        "/report/latest/..%2Fsecret.txt",
        "/report/..%2F..%2Farchive%2Fab/secret",
        "/report/2026-13-40/otchet.html",
        "/report/latest/otchet.html/..",
        "/report/%2e%2e/otchet.html",
    ],
)
def test_nothing_but_a_date_and_a_known_name_reaches_the_storage(
    let_in: TestClient, path: str
) -> None:
    answer = let_in.get(path)
    assert answer.status_code in {404, 422}
    assert b"secret" not in answer.content.replace(b"secret.txt", b"")


def test_a_day_without_a_report_says_so_in_words(let_in: TestClient) -> None:
    answer = let_in.get("/report/2020-01-01/otchet.html")
    assert answer.status_code == 404
    assert "Отчёта ещё нет" in answer.text
    assert let_in.get("/report/2020-01-01/otchet.xlsx").status_code == 404


def test_the_days_are_listed_with_links_that_work(let_in: TestClient) -> None:
    page = let_in.get("/days").text
    assert "20\u00a0ноября 2026, пятница" in page
    assert f'href="/report/{DAY}/otchet.html"' in page


def test_a_run_leads_to_the_moscow_day_its_file_came_in(let_in: TestClient) -> None:
    assert let_in.get("/run", params={"run_id": "run 1"}).headers["location"] == (
        f"report/{DAY}/otchet.html"
    )
    assert let_in.get("/run", params={"run_id": "'; drop"}).headers["location"] == (
        "report/latest/otchet.html"
    )


def test_there_are_no_schema_pages(let_in: TestClient) -> None:
    for path in ("/docs", "/redoc", "/openapi.json"):
        assert let_in.get(path).status_code == 404


class TestBehindAirflow:
    """Mounted as Airflow mounts it, with its own auth manager."""

    @pytest.fixture
    def site(self, published: None) -> TestClient:
        from airflow.api_fastapi.app import create_auth_manager, init_auth_manager
        from airflow.utils.db import initdb

        from sverka_airflow.pages import app

        initdb()
        root = FastAPI()
        create_auth_manager()
        init_auth_manager(root)
        root.mount("/sverka", app)
        return TestClient(root, follow_redirects=False)

    @staticmethod
    def token(role: str) -> str:
        from airflow.api_fastapi.app import get_auth_manager
        from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

        user: Any = SimpleAuthManagerUser(username="somebody", role=role)
        return get_auth_manager().generate_jwt(user)

    @pytest.mark.parametrize(
        "path", ["/sverka/report/latest/otchet.html", "/sverka/days", "/sverka/run?run_id=x"]
    )
    def test_nobody_unknown_gets_in(self, site: TestClient, path: str) -> None:
        assert site.get(path).status_code == 401
        bad = {"Authorization": "Bearer forged"}
        assert site.get(path, headers=bad).status_code in {401, 403}

    def test_a_viewer_gets_in_by_token_and_by_cookie(self, site: TestClient) -> None:
        path = "/sverka/report/latest/otchet.html"
        token = self.token("viewer")
        by_header = site.get(path, headers={"Authorization": f"Bearer {token}"})
        by_cookie = site.get(path, headers={"Cookie": f"_token={token}"})
        assert (by_header.status_code, by_cookie.status_code) == (200, 200)
        assert "latest otchet.html" in by_header.text
