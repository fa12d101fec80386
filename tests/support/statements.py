"""How many statements a piece of work sends: a measure that no busy machine changes."""

from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - it is a class


def noted_statements(monkeypatch: pytest.MonkeyPatch, module: str) -> list[Any]:
    """Fills with every statement on connections that this module opens from now on."""
    statements: list[Any] = []

    class Noting(Cursor):
        def execute(self, query: Any, values: Any = None) -> None:
            statements.append(query)
            super().execute(query, values)

    def connect(*arguments: Any, **named: Any) -> Any:
        return psycopg2.connect(*arguments, cursor_factory=Noting, **named)

    monkeypatch.setattr(f"{module}.psycopg2", SimpleNamespace(connect=connect))
    return statements
