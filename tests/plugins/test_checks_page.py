"""The page of a file's checks: for people who may see the reports, and for nobody else."""

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
def published(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """A file whose checks are published; its run is `run 1`."""
    monkeypatch.setenv("SVERKA_DATABASE_URL", database_url)
    monkeypatch.setenv("SVERKA_STORAGE_URL", str(tmp_path))
    conn = psycopg2.connect(database_url)
    with conn, conn.cursor() as cursor:
        cursor.execute(
            """insert into file (sha256, name, zone, size_bytes, partition_key, claimed_by,
                                 received_at)
               values ('a', 'a', 'z', 1, 'a', 'run 1', '2026-11-19 22:00+00') returning id"""
        )
        [file_id] = cursor.fetchone() or (0,)
    conn.close()
    storage = Storage(str(tmp_path), {})
    storage.write(f"reports/{DAY}/checks/{file_id}.html", "проверка файла".encode())
    storage.write(f"reports/{DAY}/secret.html", b"secret")
    return int(file_id)


@pytest.fixture
def let_in(published: int) -> Iterator[TestClient]:
    """A client whose user may read the DAG."""
    from sverka_airflow.pages import app

    guard = app.router.dependencies[0].dependency
    app.dependency_overrides[guard] = lambda: None
    yield TestClient(app)
    app.dependency_overrides.clear()


def test_a_run_leads_to_the_checks_of_its_file(let_in: TestClient) -> None:
    answer = let_in.get("/checks", params={"run_id": "run 1"})
    assert answer.status_code == 200
    assert answer.text == "проверка файла"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("run_id", ["another", "", "'; drop table file; --"])
def test_a_run_without_a_file_says_so_in_words(let_in: TestClient, run_id: str) -> None:
    answer = let_in.get("/checks", params={"run_id": run_id})
    assert answer.status_code == 404
    assert "Проверки ещё не было" in answer.text


def test_a_file_that_was_not_checked_yet_says_so_in_words(let_in: TestClient) -> None:
    answer = let_in.get(f"/report/{DAY}/checks/999.html")
    assert answer.status_code == 404
    assert "Проверки ещё не было" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"/report/{DAY}/checks/..%2Fsecret.html",
        f"/report/{DAY}/checks/secret.html",
        f"/report/{DAY}/checks/1.html%0a",
        f"/report/{DAY}/checks/１.html",
        "/report/latest/checks/1.html",
        "/report/..%2F/checks/1.html",
    ],
)
def test_nothing_but_a_date_and_a_number_reaches_the_storage(let_in: TestClient, path: str) -> None:
    answer = let_in.get(path)
    assert answer.status_code in {404, 422}
    assert answer.content != b"secret"


def token(role: str) -> str:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    user: Any = SimpleAuthManagerUser(username="somebody", role=role)
    return get_auth_manager().generate_jwt(user)


class TestBehindLogIn:
    """Mounted as Airflow mounts it, with its own auth manager."""

    @pytest.fixture
    def site(self, published: int) -> TestClient:
        from airflow.api_fastapi.app import create_auth_manager, init_auth_manager
        from airflow.utils.db import initdb

        from sverka_airflow.pages import app

        initdb()
        root = FastAPI()
        create_auth_manager()
        init_auth_manager(root)
        root.mount("/sverka", app)
        return TestClient(root)

    @pytest.mark.parametrize(
        "path", ["/sverka/checks?run_id=run 1", f"/sverka/report/{DAY}/checks/1.html"]
    )
    def test_nobody_unknown_gets_in(self, site: TestClient, path: str) -> None:
        assert site.get(path).status_code == 401
        forged = {"Authorization": "Bearer forged"}
        assert site.get(path, headers=forged).status_code in {401, 403}

    def test_a_viewer_gets_from_the_run_to_the_page(self, site: TestClient) -> None:
        site.cookies.set("_token", token("viewer"))
        answer = site.get("/sverka/checks?run_id=run 1")
        assert (answer.status_code, answer.text) == (200, "проверка файла")
        assert answer.url.path.startswith(f"/sverka/report/{DAY}/checks/")
