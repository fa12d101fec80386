"""The one MoySklad account that a database of Sverka is for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sverka.database.connection import Connection
from sverka.errors import Misconfigured


def keep_to(conn: Connection, account: UUID, currencies: Sequence[dict[str, Any]]) -> None:
    """Notes the account and its currency of account the first time; afterwards makes sure.

    Raises:
        Misconfigured: the database is for another account. Mixed, the orders of one would be
            paid by the reports of the other, and what was booked there would count as booked here.
    """
    base = _currency_of_account(currencies)
    with conn.cursor() as cursor:
        cursor.execute(
            "insert into account (id, currency) values (%s, %s) on conflict do nothing",
            (str(account), base),
        )
        # The accountant may change it; the account itself never changes.
        cursor.execute("update account set currency = %s where id = %s", (base, str(account)))
    sure_of(conn, account)


def sure_of(conn: Connection, account: UUID) -> None:
    """Raises when the database is for another account.

    Raises:
        Misconfigured: as it says.
    """
    with conn.cursor() as cursor:
        cursor.execute("select exists (select from account where id <> %s)", (str(account),))
        row = cursor.fetchone()
    if row is not None and row[0]:
        raise Misconfigured(
            "База Сверки ведётся для другого аккаунта МоегоСклада. Верните прежнее подключение или "
            "заведите для этого аккаунта новую базу (SVERKA_DATABASE_URL)."
        )


def _currency_of_account(currencies: Sequence[dict[str, Any]]) -> str:
    own = [row for row in currencies if row.get("default")] or list(currencies)
    if len(own) != 1:
        raise Misconfigured("МойСклад не показывает, какая валюта — валюта учёта.")
    code: str = own[0]["isoCode"]
    return code
