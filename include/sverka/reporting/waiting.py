"""What goes on by itself: money whose term has not passed, files and documents on their way."""

from dataclasses import dataclass

from sverka.money import Minor
from sverka.nouns import FileState, PostingState
from sverka.reporting.daily import Daily, DocumentCount, nonzero
from sverka.reporting.summary import counted, documents_in, in_money
from sverka.texts import Texts

ON_THE_WAY = (PostingState.APPROVED, PostingState.SENDING, PostingState.UNSURE)


@dataclass(frozen=True, slots=True)
class Expected:
    """Money of one courier that nobody is late with; minor units. Transfers are in reports already."""

    courier: str | None
    currency: str
    orders: int
    on_the_way: Minor
    not_due: Minor
    transfers: Minor


def expected(daily: Daily) -> tuple[Expected, ...]:
    """What is waited for from whom, the most money first."""
    found = (
        Expected(
            one.courier,
            one.currency,
            one.stages["on_the_way"].orders + one.stages["not_due"].orders,
            one.stages["on_the_way"].amount,
            one.stages["not_due"].amount,
            Minor(one.transfers - one.late_transfers),
        )
        for one in daily.stand.owed
    )
    some = (one for one in found if one.on_the_way or one.not_due or one.transfers)
    return tuple(sorted(some, key=lambda e: -(e.on_the_way + e.not_due + e.transfers)))


def waited_for(daily: Daily) -> dict[str, Minor]:
    """All money that is waited for, by currency."""
    return nonzero(
        (one.currency, Minor(one.on_the_way + one.not_due + one.transfers))
        for one in expected(daily)
    )


def goes_on(daily: Daily, say: Texts) -> tuple[str, ...]:
    """What goes on by itself, in sentences; never a problem."""
    return (*_files(daily, say), *_documents(daily, say), *_finished(daily, say))


def _files(daily: Daily, say: Texts) -> list[str]:
    working = len(daily.files_in(FileState.REGISTERED, FileState.PROCESSING))
    stalled = len(daily.files_in(FileState.STALLED))
    return [
        *(
            [say("В работе {files}.", files=say.counted(working, "файл", "файла", "файлов"))]
            if working
            else []
        ),
        *(
            [
                say(
                    "{files}: Сверка повторит сама.",
                    files=say.counted(stalled, "файл отложен", "файла отложено", "файлов отложено"),
                )
            ]
            if stalled
            else []
        ),
    ]


def _documents(daily: Daily, say: Texts) -> list[str]:
    told = []
    count, money = counted(on_the_way(daily))
    if count:
        told.append(
            say(
                "{documents} в отправке или на проверке, поступления {money}.",
                documents=say.counted(count, "документ", "документа", "документов"),
                money=in_money(money, say),
            )
        )
    count, money = counted(only_planned(daily))
    if count:
        told.append(
            say(
                "{documents} только в плане, поступления {money}: не отправлялись.",
                documents=say.counted(count, "документ", "документа", "документов"),
                money=in_money(money, say),
            )
        )
    return told


def _finished(daily: Daily, say: Texts) -> list[str]:
    return [
        say(
            "Обработан «{file}» от {day}: он в отчёте за тот день.",
            file=file.name,
            day=say.short_day(file.came_on),
        )
        for file in daily.finished_later
    ]


def on_the_way(daily: Daily) -> tuple[DocumentCount, ...]:
    """Documents that go on by themselves: planned in a file in work, approved, sent, looked up."""
    planned = _planned(daily, FileState.PROCESSING)
    return planned + documents_in(daily.documents, *ON_THE_WAY)


def only_planned(daily: Daily) -> tuple[DocumentCount, ...]:
    """Planned documents of files that are done: the courier's terms do not let them be sent."""
    return _planned(daily, FileState.SETTLED)


def _planned(daily: Daily, state: FileState) -> tuple[DocumentCount, ...]:
    asked = {plan.file_id for plan in daily.stand.plans}
    files = {file.file_id for file in daily.files_in(state)} - asked
    planned = documents_in(daily.documents, PostingState.PLANNED)
    return tuple(d for d in planned if d.file_id in files)
