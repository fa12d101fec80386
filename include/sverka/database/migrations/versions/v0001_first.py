"""The first schema: files, reports, lines, the snapshot, verdicts, postings."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates everything of the first release."""
    # The driver gets the script as it is: SQLAlchemy's text() would read `:` as parameters.
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0001_first.sql").read_text("utf-8"))
