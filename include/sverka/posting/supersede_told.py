"""A corrected report in words: what differs, what goes, what a person has to decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sverka.money import in_words_of_money
from sverka.posting.send import Sent
from sverka.posting.supersede_found import Found
from sverka.posting.supersede_lines import Difference
from sverka.posting.undoing_told import Undone


@dataclass(frozen=True, slots=True)
class Corrected:
    """One corrected report: what differs from the older one, and what became of its documents.

    `undone` tells of the older report's documents, with `dry_run` of what would become of them.
    `held` are rows that stay as they were booked, because people changed their documents.
    """

    found: Found
    difference: Difference
    undone: Undone
    held: int

    @property
    def text(self) -> str:
        """The whole of it for a person, line by line."""
        return "\n".join(_lines(self))


@dataclass(frozen=True, slots=True)
class Superseded:
    """What a file's corrected reports did; `sent` is None while nothing is sent."""

    reports: tuple[Corrected, ...]
    sent: Sent | None = None

    @property
    def text(self) -> str:
        """The whole of it for a person, line by line."""
        if not self.reports:
            return (
                "Исправлять нечего: более раннего отчёта с таким номером нет или о нём уже решили."
            )
        parts = [one.text for one in self.reports]
        if self.sent is not None:
            parts.append(f"Документов исправленного отчёта в МоёмСкладе: {self.sent.posted}")
        return "\n".join(parts)


def question(found: Found, difference: Difference, file_id: int) -> str:
    """What stands in the report while a person has not decided."""
    alike = (
        "Это исправленный отчёт"
        if found.sure
        else "Похоже на исправленный отчёт, но дата у него другая, и точно этого не видно"
    )
    return (
        f"{alike}: № {found.report_no}{_day(found.old_date)} уже пришёл в файле «{found.old_file}». "
        f"{_numbers(difference)} К перечислению было {in_words_of_money(difference.before)}, стало "
        f"{in_words_of_money(difference.after)}. Чтобы не учесть деньги дважды, по новому файлу "
        "ничего не проведено. Чтобы заменить старый отчёт новым, запустите «Отмена отчёта» с "
        f"действием «Заменить старый отчёт этим» и номером файла {file_id}; если это два разных "
        "отчёта, выберите «Это отдельный отчёт»."
    )


def _day(day: date | None) -> str:
    return f" от {day:%d.%m.%Y}" if day else ""


def _numbers(difference: Difference) -> str:
    return (
        f"Из проведённых строк изменено {len(difference.changed)}, убрано "
        f"{len(difference.removed)}, новых строк {difference.more}."
    )


def _lines(corrected: Corrected) -> Iterator[str]:
    found = corrected.found
    yield f"Отчёт № {found.report_no}{_day(found.report_date)} заменяет файл «{found.old_file}»."
    yield _numbers(corrected.difference)
    yield corrected.undone.text
    if corrected.held:
        yield (
            f"Строк, которые остаются как были проведены: {corrected.held}. Их документы изменили в "
            "МоёмСкладе; решите по ним сами."
        )
