"""What people type into addresses and forms, made fit for the database."""

from typing import Annotated

from pydantic import AfterValidator

LONGEST = 300
"""Characters; nothing that is looked for is longer, Airflow's run ids have at most 250."""


def _cleaned(text: str) -> str:
    # PostgreSQL has no NUL in its texts.
    return text.replace("\0", "")[:LONGEST]


Asked = Annotated[str, AfterValidator(_cleaned)]
"""A text of a query, a path or a form."""
