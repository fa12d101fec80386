"""Brings Sverka's database to the newest schema with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from sverka.database.connection import hold

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Applies what is missing, once, whoever else is starting at the same moment.

    `url` is a libpq URL. Running it again changes nothing.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = url
    with hold(url, "migrate"):
        command.upgrade(config, "head")
