"""The audit journal, and what posting needs to be traced, undone and shared between processes."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds what makes a posting traceable and reversible."""
    # The driver gets the script as it is: SQLAlchemy's text() would read `:` as parameters.
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0003_posting.sql").read_text("utf-8"))
