"""What is prepared before everything else."""

import json
from typing import Any

import pytest

from deploy import init
from deploy.init import buckets, make_bucket
from tests.support.s3 import S3Server

ENVIRONMENT = {
    "SVERKA_STORAGE_URL": "s3://sverka/books",
    "SVERKA_INBOXES": json.dumps(
        [
            {"name": "s3", "url": "s3://inbox", "connection": "storage"},
            {"name": "other", "url": "s3://inbox/dalli"},
            {"name": "sftp", "url": "sftp://sftp/inbox"},
        ]
    ),
    "AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER": "s3://logs/tasks",
}


def test_every_bucket_of_the_settings_once() -> None:
    assert buckets(ENVIRONMENT) == ["sverka", "inbox", "logs"]


def test_a_storage_that_is_a_folder_needs_no_bucket() -> None:
    changed = {"SVERKA_STORAGE_URL": "file:///data", "SVERKA_INBOXES": "[]"}
    assert buckets(ENVIRONMENT | changed) == ["logs"]


def test_a_bucket_is_made_once(s3_server: S3Server) -> None:
    options: dict[str, Any] = s3_server.options
    environment = {"SVERKA_STORAGE_OPTIONS": json.dumps(options)}
    for _ in range(2):
        make_bucket(environment, "deploy-init")
    assert s3_server.filesystem().exists("deploy-init")


def test_a_bucket_that_another_start_makes_at_the_same_moment_is_as_good(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"SVERKA_STORAGE_OPTIONS": json.dumps(s3_server.options)}
    make_bucket(environment, "deploy-race")
    monkeypatch.setattr("s3fs.S3FileSystem.exists", lambda *_: False)
    make_bucket(environment, "deploy-race")


def test_passwords_are_no_arguments_of_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is on the machine may list its processes."""
    said: list[str] = []
    monkeypatch.setattr(init, "make_bucket", lambda *_: None)
    monkeypatch.setattr(init, "migrate", lambda *_: None)
    monkeypatch.setattr(init.subprocess, "run", lambda command, **_: said.extend(command))
    secret = {"ADMIN_PASSWORD": "let-me-in", "SVERKA_DATABASE_URL": "postgresql://"}
    init.main([], ENVIRONMENT | secret)
    assert said[-1] == "deploy.users"
    assert "let-me-in" not in " ".join(said)
