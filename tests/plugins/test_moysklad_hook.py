"""The connection type `moysklad` and what becomes of its fields."""

import json
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest

from sverka.demo.shop import Shop, build_shop
from sverka.errors import Misconfigured
from sverka.moysklad.budget import key_of
from sverka.moysklad.errors import Transient
from sverka.services import services_from
from sverka.settings import MoySkladConnection, from_environment
from tests.support.sandbox import Held, RunningSandbox, running_sandbox, sandbox

__all__ = ["sandbox"]

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
            MoySkladConnection("http://sandbox:8899/api/remap/1.2", token="t"),
        ),
        (
            {"host": "http://127.0.0.1/", "port": 8899, "password": "t"},
            MoySkladConnection("http://127.0.0.1:8899/api/remap/1.2", token="t"),
        ),
        (
            {"host": "http://127.0.0.1:8899", "port": 80, "password": "t"},
            MoySkladConnection("http://127.0.0.1:8899/api/remap/1.2", token="t"),
        ),
        (
            {"host": "proxy.example/moysklad/1.2/", "password": "t"},
            MoySkladConnection("https://proxy.example/moysklad/1.2", token="t"),
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


@pytest.mark.parametrize("seconds", ["soon", "-5", "1.5", "²"])
def test_a_waiting_time_that_is_none_is_said_in_words(
    seconds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sverka_airflow.hooks.moysklad import MoySkladHook

    fields = {"conn_type": "moysklad", "password": "t", "extra": {"answer_seconds": seconds}}
    monkeypatch.setenv("AIRFLOW_CONN_MOYSKLAD", json.dumps(fields))
    with pytest.raises(Misconfigured, match=seconds):
        MoySkladHook().connection()
    works, words = MoySkladHook().test_connection()
    assert not works
    assert seconds in words


@pytest.fixture(autouse=True)
def _installation(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a task: the request limits are kept in Sverka's database."""
    monkeypatch.setenv("SVERKA_DATABASE_URL", database_url)
    monkeypatch.setenv("SVERKA_STORAGE_URL", str(tmp_path))


@pytest.fixture(scope="module")
def shop() -> Shop:
    return build_shop(orders=200)


def ways_in(origin: str) -> dict[str, dict[str, Any]]:
    """What a person may type into Airflow's form, or a machine put into its environment."""
    where = urlsplit(origin)
    token = {"password": "sandbox", "extra": {"answer_seconds": 20}}
    return {
        "token": token | {"host": f"{origin}/api/remap/1.2"},
        "server only": token | {"host": origin},
        "host and port": token | {"schema": "http", "host": where.hostname, "port": where.port},
        "login": {"host": origin, "login": "admin@sandbox", "password": "sandbox"},
        "token in extra": {"host": origin, "extra": json.dumps({"token": "sandbox"})},
    }


@pytest.mark.parametrize("way", ways_in(""))
def test_a_connection_made_in_airflow_gives_a_client_that_works(
    way: str, sandbox: RunningSandbox, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sverka_airflow.hooks.moysklad import MoySkladHook

    fields = {"conn_type": "moysklad"} | ways_in(sandbox.origin)[way]
    monkeypatch.setenv("AIRFLOW_CONN_MOYSKLAD", json.dumps(fields))
    assert MoySkladHook().get_conn().account_id() == shop.account_id
    works, words = MoySkladHook().test_connection()
    assert works
    assert str(shop.account_id) in words


def test_a_connection_may_also_be_given_as_a_uri(
    sandbox: RunningSandbox, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sverka_airflow.hooks.moysklad import MoySkladHook

    place = urlsplit(sandbox.origin).netloc
    monkeypatch.setenv("AIRFLOW_CONN_MOYSKLAD", f"moysklad://:sandbox@{place}/http")
    assert MoySkladHook().get_conn().account_id() == shop.account_id


def test_answer_seconds_is_how_long_the_client_waits(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sverka_airflow.hooks.moysklad import MoySkladHook

    held = Held()
    with running_sandbox(empty_database_url, virtual_time=held) as sandbox:
        fields = {"host": sandbox.origin, "password": "sandbox", "extra": {"answer_seconds": 1}}
        monkeypatch.setenv("AIRFLOW_CONN_MOYSKLAD", json.dumps({"conn_type": "moysklad"} | fields))
        sandbox.plan_fault("slow")
        with pytest.raises(Transient, match="Timeout"):
            MoySkladHook().get_conn().account_id()
        held.go.set()


def test_requests_of_the_hook_count_with_those_of_every_other_process(
    sandbox: RunningSandbox, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sverka_airflow.hooks.moysklad import MoySkladHook

    fields = {"conn_type": "moysklad", "host": sandbox.origin, "password": "sandbox"}
    monkeypatch.setenv("AIRFLOW_CONN_MOYSKLAD", json.dumps(fields))
    hook = MoySkladHook()
    services = services_from(replace(from_environment(), moysklad=hook.connection()))
    hook.get_conn().account_id()
    services.moysklad().account_id()
    with psycopg2.connect(database_url) as conn, conn.cursor() as cursor:
        cursor.execute("select user_key from moysklad_budget")
        assert cursor.fetchall() == [(key_of(hook.connection()),)]


@pytest.mark.parametrize(
    ("fields", "word"),
    [({"password": "wrong"}, "401"), ({}, "MOYSKLAD_TOKEN")],
)
def test_the_button_in_airflow_says_why_a_connection_does_not_work(
    fields: dict[str, Any], word: str, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sverka_airflow.hooks.moysklad import MoySkladHook

    given = {"conn_type": "moysklad", "host": sandbox.origin} | fields
    monkeypatch.setenv("AIRFLOW_CONN_MOYSKLAD", json.dumps(given))
    works, words = MoySkladHook().test_connection()
    assert not works
    assert word in words


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


def test_airflow_finds_the_provider_and_its_hooks() -> None:
    from airflow.sdk.module_loading import import_string

    from sverka_airflow.provider import get_provider_info

    info = get_provider_info()
    points = metadata.entry_points(group="apache_airflow_provider")
    [point] = [one for one in points if one.value.startswith("sverka_airflow")]
    assert point.load() is get_provider_info
    assert point.dist is not None
    assert info["package-name"] == point.dist.name
    assert {kind["connection-type"] for kind in info["connection-types"]} == {
        "moysklad",
        "telegram",
    }
    for kind in info["connection-types"]:
        hook = import_string(kind["hook-class-name"])
        assert (hook.conn_type, hook.hook_name) == (kind["connection-type"], kind["hook-name"])
