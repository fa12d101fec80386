"""Alembic's entry: runs the migrations over one psycopg2 connection."""

import psycopg2
import sqlalchemy
from alembic import context

url: str = context.config.attributes["url"]
# The URL goes to libpq as it is: SQLAlchemy would need it in another dialect.
engine = sqlalchemy.create_engine(
    "postgresql+psycopg2://", creator=lambda: psycopg2.connect(url), poolclass=sqlalchemy.NullPool
)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
