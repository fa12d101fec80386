"""What people see and decide: the life of a discrepancy, approvals, notices."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds what the report, the pages and the approvals remember."""
    # The driver gets the script as it is: SQLAlchemy's text() would read `:` as parameters.
    op.get_bind().exec_driver_sql(Path(__file__).with_name("0004_people.sql").read_text("utf-8"))
