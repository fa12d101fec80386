"""The Airflow connection to a bot of Telegram."""

from typing import TYPE_CHECKING

from airflow.sdk import BaseHook

if TYPE_CHECKING:
    from sverka.notices.telegram import Bot


class TelegramHook(BaseHook):
    """Reads a connection of the type `telegram`: the bot's token stands in the password field.

    The same fields as Airflow's provider for Telegram, which is not needed: its hook repeats a
    request without asking, and knows no other server than api.telegram.org.
    """

    conn_name_attr = "telegram_conn_id"
    default_conn_name = "telegram"
    conn_type = "telegram"
    hook_name = "Telegram"

    def __init__(self, telegram_conn_id: str = default_conn_name) -> None:
        super().__init__()
        self.telegram_conn_id = telegram_conn_id

    def get_conn(self) -> "Bot":
        """The bot.

        Raises:
            AirflowNotFoundException: Airflow has no connection with this id.
        """
        from sverka.notices.telegram import SERVICE_URL, Bot

        connection = self.get_connection(self.telegram_conn_id)
        url = connection.extra_dejson.get("api_url") or SERVICE_URL
        return Bot(connection.password or "", url)
