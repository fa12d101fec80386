"""The connection type `moysklad` and what becomes of its fields."""

import json
from importlib import metadata
from typing import Any

import pytest

from sverka.settings import MoySkladConnection

SERVICE = "https://api.moysklad.ru/api/remap/1.2"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"password": "token"}, MoySkladConnection(SERVICE, token="token")),
        (
            {"login": "admin@shop", "password": "secret"},
            MoySkladConnection(SERVICE, login="admin@shop", password="secret"),
        ),
        (
            {"host": "http://127.0.0.1:8899/api/remap/1.2", "password": "t"},
            MoySkladConnection("http://127.0.0.1:8899/api/remap/1.2", token="t"),
        ),
        (
            {"host": "sandbox", "port": 8899, "schema": "http", "password": "t"},
            MoySkladConnection("http://sandbox:8899", token="t"),
        ),
        (
            {"extra": {"token": "from extra", "answer_seconds": "20"}},
            MoySkladConnection(SERVICE, token="from extra", answer_seconds=20),
        ),
    ],
)
def test_fields_become_a_connection(
    fields: dict[str, Any], expected: MoySkladConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sverka_airflow.hooks.moysklad import MoySkladHook

    monkeypatch.setenv("AIRFLOW_CONN_MOYSKLAD", json.dumps({"conn_type": "moysklad"} | fields))
    assert MoySkladHook().connection() == expected


def test_the_connection_of_airflow_wins_over_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from sverka_airflow.services import task_services

    monkeypatch.setenv("SVERKA_DATABASE_URL", "postgresql://nowhere.invalid/sverka")
    monkeypatch.setenv("SVERKA_STORAGE_URL", "/nonexistent")
    monkeypatch.setenv("MOYSKLAD_URL", "http://environment")
    assert task_services().settings.moysklad == MoySkladConnection("http://environment")

    monkeypatch.setenv(
        "AIRFLOW_CONN_MOYSKLAD", json.dumps({"conn_type": "moysklad", "password": "t"})
    )
    assert task_services().settings.moysklad == MoySkladConnection(SERVICE, token="t")


def test_airflow_finds_the_provider_and_its_hook() -> None:
    from airflow.sdk.module_loading import import_string

    from sverka_airflow.provider import get_provider_info

    info = get_provider_info()
    points = metadata.entry_points(group="apache_airflow_provider")
    [point] = [one for one in points if one.value.startswith("sverka_airflow")]
    assert point.load() is get_provider_info
    assert point.dist is not None
    assert info["package-name"] == point.dist.name
    [kind] = info["connection-types"]
    hook = import_string(kind["hook-class-name"])
    assert (hook.conn_type, hook.hook_name) == (kind["connection-type"], kind["hook-name"])
