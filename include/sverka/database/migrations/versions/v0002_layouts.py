"""Layouts that people confirm, reports that are no settlements, movements of bank statements."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds to the first release what it needs to learn layouts."""
    # The driver gets the script as it is: SQLAlchemy's text() would read `:` as parameters.
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0002_layouts.sql").read_text("utf-8"))
