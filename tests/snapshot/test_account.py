"""A database is for one MoySklad account."""

from typing import Any
from uuid import UUID

import pytest

from sverka.database.connection import connect
from sverka.errors import Misconfigured
from sverka.snapshot.account import keep_to, sure_of

OURS, ANOTHER = UUID(int=1), UUID(int=2)
ROUBLE = {"isoCode": "RUB", "default": True}
TENGE = {"isoCode": "KZT", "default": False}


def kept(url: str) -> list[tuple[Any, ...]]:
    with connect(url) as conn, conn.cursor() as cursor:
        cursor.execute("select id::text, currency from account")
        return cursor.fetchall()


def test_the_first_account_is_kept_with_its_currency(database_url: str) -> None:
    with connect(database_url) as conn:
        keep_to(conn, OURS, [TENGE, ROUBLE])
        keep_to(conn, OURS, [TENGE, ROUBLE])
    assert kept(database_url) == [(str(OURS), "RUB")]


def test_another_account_is_refused(database_url: str) -> None:
    with connect(database_url) as conn:
        keep_to(conn, OURS, [ROUBLE])
    with connect(database_url) as conn, pytest.raises(Misconfigured, match="другого аккаунта"):
        keep_to(conn, ANOTHER, [ROUBLE])
    assert kept(database_url) == [(str(OURS), "RUB")]


def test_before_the_first_reading_any_account_is_right(database_url: str) -> None:
    with connect(database_url) as conn:
        sure_of(conn, ANOTHER)


def test_a_changed_currency_of_account_is_noticed(database_url: str) -> None:
    with connect(database_url) as conn:
        keep_to(conn, OURS, [ROUBLE])
        keep_to(conn, OURS, [ROUBLE | {"default": False}, TENGE | {"default": True}])
    assert kept(database_url) == [(str(OURS), "KZT")]


@pytest.mark.parametrize("currencies", [[], [TENGE, TENGE]])
def test_without_a_currency_of_account_nothing_is_guessed(
    database_url: str, currencies: list[dict[str, Any]]
) -> None:
    with connect(database_url) as conn, pytest.raises(Misconfigured):
        keep_to(conn, OURS, currencies)


def test_the_only_currency_is_the_one_of_account(database_url: str) -> None:
    with connect(database_url) as conn:
        keep_to(conn, OURS, [TENGE])
    assert kept(database_url) == [(str(OURS), "KZT")]
