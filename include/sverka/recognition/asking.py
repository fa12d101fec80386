"""How a person is asked about a layout: what changed, what is unknown, what to do."""

from sverka.couriers import Courier
from sverka.errors import NeedsMapping
from sverka.reading.raw import RawTable
from sverka.recognition.drift import Drift
from sverka.recognition.schema import Schema
from sverka.recognition.tables import ASK_ENGINEER, LocatedTable


def asked(why: str, located: LocatedTable | None, column: str | None = None) -> NeedsMapping:
    """A question about a table at its header."""
    if located is None:
        return NeedsMapping(f"{why}. {ASK_ENGINEER}")
    return NeedsMapping(
        f"{why}. {ASK_ENGINEER}",
        sheet=located.table.sheet,
        line_no=located.table.first_line + located.header,
        column=column,
    )


class AnotherCourier(NeedsMapping):
    """The columns are those of one courier's layout, but the file names another courier.

    `drift` is there when the columns changed as well.
    """

    def __init__(
        self,
        schema: Schema,
        owner: Courier,
        named: Courier,
        located: LocatedTable | None,
        drift: Drift | None,
    ) -> None:
        self.schema = schema
        self.owner = owner
        self.named = named
        changes = f" {drift.in_words()}" if drift else ""
        super().__init__(
            f"{self.in_words()}{changes} Чьи это деньги, решает человек. {ASK_ENGINEER}",
            sheet=located.table.sheet if located else None,
            line_no=located.table.first_line + located.header if located else None,
            drift=drift,
        )

    def in_words(self) -> str:
        """Whose the columns are and who is named, in one Russian sentence."""
        learned = self.schema.provenance.get("kind") == "learned"
        known = "её запомнили по отчёту курьера" if learned else "раскладка курьера"
        return (
            f"колонки как у раскладки «{self.schema.title}» ({known} «{self.owner.title}»), а назван в "
            f"файле другой курьер: «{self.named.title}»."
        )


def changed(drift: Drift) -> NeedsMapping:
    """A known layout that changed: the difference is shown, nothing is half-loaded."""
    columns = [one.title for one in drift.inserted]
    reason = f"похоже на «{drift.schema.title}», но колонки изменились. {drift.in_words()} "
    return NeedsMapping(
        f"{reason}Пока это не подтверждено, деньги могли бы попасть не туда. {ASK_ENGINEER}",
        sheet=drift.sheet,
        line_no=drift.line_no,
        column=columns[0] if len(columns) == 1 else None,
        drift=None if isinstance_generic(drift) else drift,
    )


def isinstance_generic(drift: Drift) -> bool:
    """True for the layout of nobody in particular: it is drafted anew, not patched."""
    return bool(getattr(drift.schema.layout, "generic", False))


def unmapped(table: RawTable, header: tuple[int, list[str]]) -> NeedsMapping:
    """A table that no layout knows, with the columns that were found."""
    index, texts = header
    return NeedsMapping(
        f"такую таблицу Сверка видит впервые. Найдены колонки: {quoted(texts[:30])}. Если это отчёт "
        "курьера, нужно один раз указать, в какой колонке номер заказа, в какой принято с покупателя и "
        f"в какой к перечислению. {ASK_ENGINEER} Прайс-лист, счёт или выписку уберите: денег курьера в "
        "них нет.",
        sheet=table.sheet,
        line_no=table.first_line + index,
    )


def quoted(texts: list[str]) -> str:
    """The texts in quotes, with commas."""
    return ", ".join(f"«{text}»" for text in texts)
