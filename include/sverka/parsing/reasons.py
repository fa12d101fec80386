"""Why a row of a report became no line, with the place where a person finds it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sverka.parsing.cells import BadCell
from sverka.parsing.parsed import RejectedRow
from sverka.recognition.schema import Part, Rule

MISSING = object()
"""Stands for a field that a record has to have and has not."""


class Reasons:
    """Rejected rows of one table or node; `titles` are its columns' names as a person sees them."""

    def __init__(self, titles: Sequence[str], place: Mapping[str, int], sheet: str | None) -> None:
        self._titles = titles
        self.place = place
        self.sheet = sheet

    def bad_cell(self, line_no: int, index: int, value: Any, bad: BadCell) -> RejectedRow:
        """A cell that is not what its column needs."""
        return self._row(line_no, index, None if value is MISSING else value, bad.rule, bad.reason)

    def bad_word(
        self, line_no: int, column: str, cells: Sequence[Any], bad: BadCell
    ) -> RejectedRow:
        """A word whose meaning nobody knows."""
        index = self.place[column]
        return self._row(line_no, index, cells[index], bad.rule, bad.reason)

    def unanswered(self, line_no: int, cells: Sequence[Any], part: Part) -> RejectedRow:
        """No rule takes the row."""
        asked = next((test.column for rule in part.rules for test in rule.when if test.words), None)
        index = self.place[asked] if asked else 0
        shown = "пусто" if cells[index] is None else f"«{cells[index]}»"
        return self._row(
            line_no,
            index,
            cells[index],
            "unknown_word",
            f"незнакомое значение ({shown}): что оно значит для денег, решает человек. Передайте файл "
            "тому, кто обслуживает Сверку",
        )

    def contradiction(self, line_no: int, cells: Sequence[Any], rule: Rule) -> RejectedRow:
        """The schema says that such a row contradicts itself."""
        index = self.place[rule.when[0].column] if rule.when else 0
        return self._row(line_no, index, cells[index], "contradiction", rule.reject or "")

    def skipped_money(self, line_no: int, cells: Sequence[Any], rule: Rule) -> RejectedRow:
        """By its rules an operation is not in the row, but its money is."""
        index = self.place[rule.when[0].column] if rule.when else 0
        return self._row(
            line_no,
            index,
            cells[index],
            "skipped_money",
            "по этой колонке операции в строке нет, а суммы у неё есть: чьи это деньги, решает человек. "
            "Уточните строку у курьера",
        )

    def nameless(self, line_no: int, column: str | None) -> RejectedRow:
        """Money of nobody knows which parcel."""
        return self._row(
            line_no,
            self.place[column] if column else 0,
            None,
            "no_reference",
            "нет ни номера заказа, ни трек-номера: неизвестно, чьи это деньги. Уточните строку у курьера",
        )

    def _row(self, line_no: int, index: int, value: Any, rule: str, reason: str) -> RejectedRow:
        shown = None if value is None else str(value)
        return RejectedRow(self.sheet, line_no, self._titles[index], shown, rule, reason)
