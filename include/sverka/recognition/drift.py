"""How a file differs from the known layout that it nearly is, in words and as a patch."""

from dataclasses import dataclass
from typing import NamedTuple

from sverka.recognition.bearing import column_named
from sverka.recognition.patching import patched
from sverka.recognition.schema import Schema

NAMELESS = "без названия, "
"""How people are told of a column without a header; its letter follows."""


class Renamed(NamedTuple):
    """A column under another name. `old` is the schema's first header, `new` the file's text."""

    old: str
    new: str
    why: str


class Inserted(NamedTuple):
    """An unknown column with amounts; `field` is the canonical field it is proposed for, if any.

    `negated`: its costs are printed below zero.
    """

    title: str
    field: str | None
    why: str
    negated: bool = False

    @property
    def has_name(self) -> bool:
        """False for a column without a header: no schema can name it."""
        return not self.title.startswith(NAMELESS)


class Changed(NamedTuple):
    """A column (or `файл` as a whole) and what is the matter with it, in Russian."""

    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Drift:
    """A known layout that changed. Titles are texts of the file, for `removed` of the schema.

    `moved` alone never holds a file: the order of columns is free. `spoiled` are columns whose
    values contradict their names: no patch of the schema can mend those.
    """

    schema: Schema
    sheet: str | None = None
    line_no: int | None = None
    renamed: tuple[Renamed, ...] = ()
    moved: tuple[str, ...] = ()
    inserted: tuple[Inserted, ...] = ()
    removed: tuple[Changed, ...] = ()
    doubled: tuple[Changed, ...] = ()
    unit_changed: tuple[Changed, ...] = ()
    spoiled: tuple[Changed, ...] = ()
    sheet_renamed: bool = False

    @property
    def holds(self) -> bool:
        """True when something changed that may change money."""
        return bool(
            self.renamed
            or self.inserted
            or self.removed
            or self.doubled
            or self.unit_changed
            or self.spoiled
            or self.sheet_renamed
        )

    @property
    def patches(self) -> bool:
        """True when `patched_text` is enough for the file to be read once a person agrees."""
        columns = [renamed.old for renamed in self.renamed] + [gone.title for gone in self.removed]
        return (
            self.holds
            and not (self.doubled or self.spoiled)
            and bool(self.schema.text)
            and all(one.has_name for one in self.inserted)
            and all(column_named(self.schema, title) for title in columns)
        )

    def patched_text(self) -> str:
        """The YAML of the schema, one version on, with what can be patched patched.

        Raises:
            Misconfigured: the schema's own text is not known.
        """
        return patched(self)

    def in_words(self) -> str:
        """The difference of the headers, Russian, one sentence per kind of change."""
        parts = [
            _listed(
                "Переименовано", [f"«{old}» → «{new}» ({why})" for old, new, why in self.renamed]
            ),
            _without("Не хватает", self.removed),
            _listed(
                "Новые колонки с суммами", [f"«{one.title}» ({one.why})" for one in self.inserted]
            ),
            _listed("Дважды", [f"{title} ({why})" for title, why in self.doubled]),
            _listed("Единицы", [f"{title}: {why}" for title, why in self.unit_changed]),
            _listed("Не то содержание", [f"«{title}»: {why}" for title, why in self.spoiled]),
            "Лист называется иначе." if self.sheet_renamed else "",
            _listed("Переставлено (это не мешает)", [f"«{title}»" for title in self.moved]),
        ]
        return " ".join(part for part in parts if part)


def _without(what: str, changes: tuple[Changed, ...]) -> str:
    """Titles with one reason are listed together."""
    reasons = dict.fromkeys(change.why for change in changes)
    items = [
        f"{', '.join(f'«{title}»' for title, why in changes if why == reason)} ({reason})"
        for reason in reasons
    ]
    return _listed(what, items)


def _listed(what: str, items: list[str]) -> str:
    return f"{what}: {'; '.join(items)}." if items else ""
