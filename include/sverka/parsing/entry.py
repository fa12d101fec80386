"""One record of a bank statement, asked by the schema's columns; what cannot be read refuses the file."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sverka.errors import Refusal
from sverka.money import Minor
from sverka.parsing.cells import BadCell, is_nothing
from sverka.parsing.dates import parse_date
from sverka.parsing.identifiers import parse_id
from sverka.parsing.numbers import parse_money
from sverka.recognition.schema import Column
from sverka.recognition.statement_facts import Columns

T = TypeVar("T")
AGAIN = "Выгрузите выписку из банка ещё раз."

Texts = Callable[[Mapping[str, Any], str], tuple[Column, list[str]]]
"""The column of a name, and its different filled texts in a record."""


def bare_account(text: str) -> str:
    """An account's number without the spaces and dots that people put into it."""
    return re.sub(r"[\s.\-]", "", text).upper()


@dataclass(slots=True)
class Entry:
    """A record with its place; `amount` is set when it is one payment of a bundle."""

    line_no: int
    record: Mapping[str, Any]
    texts: Texts
    amount: Minor | None = None

    def text(self, columns: Columns) -> str | None:
        """The first filled column; several different values in one say nothing."""
        for name in columns:
            column, texts = self.texts(self.record, name)
            if len(texts) == 1 and not is_nothing(texts[0]):
                return self._parsed(name, parse_id) if column.kind == "id" else texts[0]
        return None

    def joined(self, columns: Columns) -> str | None:
        """All texts of all columns, one after the other."""
        texts = (text for name in columns for text in self.texts(self.record, name)[1])
        return " ".join(texts) or None

    def money(self, name: str) -> Minor | None:
        """The amount of a column.

        Raises:
            Refusal: it cannot be read, or stands there twice and differs.
        """
        return self._parsed(name, parse_money)

    def day(self, columns: Columns) -> date | None:
        """The first day that the columns tell; see `money`."""
        days = (self._parsed(name, parse_date) for name in columns)
        return next((day for day in days if day is not None), None)

    def refusal(self, reason: str, name: str) -> Refusal:
        """A refusal that leads to the record and the key."""
        column, _ = self.texts(self.record, name)
        return Refusal(reason, line_no=self.line_no, column=column.headers[0])

    def _parsed(self, name: str, parse: Callable[[str], T]) -> T | None:
        _, texts = self.texts(self.record, name)
        if len(texts) > 1:
            shown = ", ".join(texts)
            raise self.refusal(f"значение указано дважды и по-разному: {shown}. {AGAIN}", name)
        try:
            return parse(texts[0]) if texts else None
        except BadCell as bad:
            raise self.refusal(f"{bad.reason}. {AGAIN}", name) from bad
