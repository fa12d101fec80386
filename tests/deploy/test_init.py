"""What is prepared before everything else."""

import json
from typing import Any

from deploy.init import buckets, make_bucket, users
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


def test_only_who_has_a_password_becomes_a_user() -> None:
    assert users({"ADMIN_PASSWORD": "one"}) == [("admin", "Admin", "one")]
    given = {"ADMIN_USER": "boss", "ADMIN_PASSWORD": "1", "VIEWER_PASSWORD": "3"}
    assert users(given) == [("boss", "Admin", "1"), ("viewer", "Viewer", "3")]
    assert users({**given, "OPERATOR_PASSWORD": "2"})[1] == ("operator", "Op", "2")
    assert users({"ADMIN_PASSWORD": ""}) == []
