"""Airflow connections become storage options; no secret travels through a DAG or a trigger."""

import json
from typing import Any

import pytest

from sverka.errors import Misconfigured
from sverka.settings import ZoneSettings


def connection(**fields: Any) -> Any:
    from airflow.sdk import Connection

    extra = fields.pop("extra", {})
    return Connection(conn_id="c", extra=json.dumps(extra), **fields)


@pytest.mark.parametrize(
    ("url", "fields", "options"),
    [
        (
            "s3://bucket/in",
            {
                "conn_type": "aws",
                "login": "key",
                "password": "secret",
                "extra": {"endpoint_url": "http://s3:9000", "region_name": "ru-1"},
            },
            {
                "key": "key",
                "secret": "secret",
                "endpoint_url": "http://s3:9000",
                "client_kwargs": {"region_name": "ru-1"},
            },
        ),
        ("s3://bucket/in", {"conn_type": "aws"}, {}),
        (
            "sftp:///in",
            {
                "conn_type": "sftp",
                "host": "sftp.shop.example",
                "port": 2222,
                "login": "shop",
                "password": "pass",
                "extra": {"host_key": "ssh-ed25519 AAAA", "private_key": "KEY"},
            },
            {
                "host": "sftp.shop.example",
                "port": 2222,
                "username": "shop",
                "password": "pass",
                "private_key": "KEY",
                "host_key": "ssh-ed25519 AAAA",
            },
        ),
    ],
)
def test_a_connection_as_options(url: str, fields: dict[str, Any], options: dict[str, Any]) -> None:
    from sverka_airflow.zones import storage_options

    assert storage_options(url, connection(**fields)) == options


@pytest.mark.parametrize(
    ("url", "kind"), [("s3://b", "sftp"), ("sftp://h/d", "aws"), ("/folder", "aws")]
)
def test_a_connection_of_another_kind_is_refused(url: str, kind: str) -> None:
    from sverka_airflow.zones import storage_options

    with pytest.raises(Misconfigured, match=f"type {kind}"):
        storage_options(url, connection(conn_type=kind, host="h"))


def test_a_missing_connection_is_an_error_and_not_anonymous_access(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from airflow.sdk.exceptions import AirflowNotFoundException

    from sverka_airflow.zones import open_zone

    with pytest.raises(AirflowNotFoundException):
        open_zone(ZoneSettings("z", "s3://bucket/in", connection="no_such_connection"))


def test_a_zone_with_a_connection_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    from sverka_airflow.zones import open_zone

    monkeypatch.setenv(
        "AIRFLOW_CONN_LANDING", json.dumps({"conn_type": "aws", "login": "k", "password": "s"})
    )
    zone = open_zone(
        ZoneSettings("z", "s3://b/in", connection="landing", options={"key": "from settings"})
    )
    assert (zone.name, zone.url) == ("z", "s3://b/in")
    assert zone._options == {"key": "from settings", "secret": "s"}
