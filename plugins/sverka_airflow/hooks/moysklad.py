"""The Airflow connection to MoySklad."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from airflow.sdk import BaseHook

if TYPE_CHECKING:
    from sverka.moysklad.client import MoySklad
    from sverka.settings import MoySkladConnection

API_ROOT = "/api/remap/1.2"
SERVICE_URL = f"https://api.moysklad.ru{API_ROOT}"


class MoySkladHook(BaseHook):
    """Reads a connection of the type `moysklad`.

    A token stands in the password field with an empty login, so Airflow masks and encrypts it.
    """

    conn_name_attr = "moysklad_conn_id"
    default_conn_name = "moysklad"
    conn_type = "moysklad"
    hook_name = "МойСклад"

    def __init__(self, moysklad_conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.moysklad_conn_id = moysklad_conn_id

    def connection(self) -> "MoySkladConnection":
        """The connection in Sverka's words.

        Raises:
            AirflowNotFoundException: Airflow has no connection with this id.
        """
        return moysklad_connection(self.get_connection(self.moysklad_conn_id))

    def get_conn(self) -> "MoySklad":
        """A client for this account, within the limits that all of Sverka's processes share.

        Raises:
            Misconfigured: `SVERKA_DATABASE_URL` is not set; the limits are kept there.
        """
        from sverka.services import client_of
        from sverka.settings import from_environment

        return client_of(self.connection(), from_environment().database_url)

    def test_connection(self) -> tuple[bool, str]:
        """For the button in Airflow: asks MoySklad whose account this is."""
        from sverka.errors import SverkaError

        try:
            account = self.get_conn().account_id()
        except (SverkaError, OSError) as error:
            return False, f"МойСклад не принял подключение: {error}"
        return True, f"МойСклад отвечает, аккаунт {account}"


def moysklad_connection(conn: Any) -> "MoySkladConnection":
    """An Airflow connection in Sverka's words.

    Raises:
        Misconfigured: `answer_seconds` is no number of seconds.
    """
    from sverka.settings import MoySkladConnection

    extra = conn.extra_dejson
    token = extra.get("token") or (conn.password if not conn.login else None)
    return MoySkladConnection(
        url=_url(conn),
        token=token or None,
        login=conn.login or None,
        password=conn.password if conn.login else None,
        answer_seconds=_seconds(extra.get("answer_seconds")),
    )


def _seconds(given: Any) -> int:
    from sverka.errors import Misconfigured

    text = str(given or 300)
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise Misconfigured(
            f"В подключении moysklad время ожидания ответа — «{text}», а нужно целое число секунд."
        )
    return int(text)


def _url(conn: Any) -> str:
    """The address of the API: a person may give the whole of it, or only where the server is."""
    if not conn.host:
        return SERVICE_URL
    host = str(conn.host).rstrip("/")
    url = urlsplit(host if "://" in host else f"{conn.schema or 'https'}://{host}")
    port = f":{conn.port}" if conn.port and url.port is None else ""
    return f"{url.scheme}://{url.netloc}{port}{url.path or API_ROOT}"
