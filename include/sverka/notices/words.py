"""What people are told about files."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from sverka.database.connection import Connection
from sverka.discrepancies import Filter, open_ones
from sverka.notices.channels import Kind
from sverka.notices.files import File
from sverka.notices.notice import Notice
from sverka.texts import Texts

LISTED = 10
"""Files of one notice that are named."""
NAMED = 5
"""Discrepancies of one file that are named, the most money first."""


def notice_of(
    conn: Connection, kind: Kind, files: Sequence[File], say: Texts, now: datetime
) -> Notice:
    """One notice about all of them: fifty files that come together are no fifty messages."""
    if kind is Kind.DISCREPANCIES and len(files) == 1:
        return _in_question(conn, files[0], say, now)
    return _together(kind, files, say)


def _in_question(conn: Connection, file: File, say: Texts, now: datetime) -> Notice:
    page = open_ones(conn, Filter(file_id=file.id), now, limit=NAMED)
    return Notice(
        kind=Kind.DISCREPANCIES,
        title=f"{_counted(file, say)}: {file.shown}",
        lines=(
            say("Отчёт обработан, но не всё в нём сошлось с заказами."),
            *(f"• {say.money(one.stake, one.currency)}. {one.sentence}" for one in page.items),
        ),
        next_step=_discrepancies(say, 1)[1],
        path=f"/sverka/files/{file.id}",
    )


def _together(kind: Kind, files: Sequence[File], say: Texts) -> Notice:
    only = files[0] if len(files) == 1 else None
    titles, step = _WORDS[kind](say, len(files))
    told = [_told(kind, file, say) for file in files[:LISTED]]
    named = [f"• {file.shown}: {words}" for file, words in zip(files, told, strict=False)]
    if len(files) > LISTED:
        named.append(say("… и ещё {n}.", n=say.number(len(files) - LISTED)))
    return Notice(
        kind=kind,
        title=f"{titles}: {only.shown}" if only else titles,
        lines=tuple(told if only else named),
        next_step=step,
        path=_path(kind, only),
    )


def _told(kind: Kind, file: File, say: Texts) -> str:
    if kind is Kind.DISCREPANCIES:
        return _counted(file, say)
    if not file.stakes:
        return file.reason
    documents = say.counted(file.count, "документ", "документа", "документов")
    waits = say("Под вопросом {count} на {money}.", count=documents, money=_money(file, say))
    return f"{waits} {file.reason}"


def _counted(file: File, say: Texts) -> str:
    count = say.counted(file.count, "расхождение", "расхождения", "расхождений")
    return say("{count} на {money}", count=count, money=_money(file, say))


def _money(file: File, say: Texts) -> str:
    return ", ".join(say.money(stake, currency) for currency, stake in file.stakes)


def _path(kind: Kind, only: File | None) -> str:
    if only is None:
        listed = "discrepancies" if kind is Kind.DISCREPANCIES else f"files?state={kind}"
        return f"/sverka/{listed}"
    if kind is Kind.WAITING and only.run_id:
        return f"/dags/settle_report/runs/{quote(only.run_id, safe='')}"
    return f"/sverka/files/{only.id}"


def _quarantined(say: Texts, number: int) -> tuple[str, str]:
    return (
        say("Отчёт не принят")
        if number == 1
        else say("Не принято: {files}", files=say.counted(number, "отчёт", "отчёта", "отчётов")),
        say("Исправьте причину и положите файл в папку для отчётов ещё раз."),
    )


def _stalled(say: Texts, number: int) -> tuple[str, str]:
    return (
        say("Отчёт не обрабатывается")
        if number == 1
        else say("Стоят: {files}", files=say.counted(number, "отчёт", "отчёта", "отчётов")),
        say(
            "Сверка пробует снова каждые полчаса. Передайте это тому, кто её обслуживает: само "
            "оно за час не прошло."
        ),
    )


def _waiting(say: Texts, number: int) -> tuple[str, str]:
    return (
        say("Отчёт ждёт вашего ответа")
        if number == 1
        else say("Ждут ответа: {files}", files=say.counted(number, "отчёт", "отчёта", "отчётов")),
        say("Откройте запуск файла и ответьте: до ответа по нему ничего не проводится."),
    )


def _discrepancies(say: Texts, number: int) -> tuple[str, str]:
    return (
        say("Расхождения: {files}", files=say.counted(number, "отчёт", "отчёта", "отчётов")),
        say("Решите по каждому расхождению: у каждого написано, что делать."),
    )


_WORDS = {
    Kind.QUARANTINED: _quarantined,
    Kind.STALLED: _stalled,
    Kind.WAITING: _waiting,
    Kind.DISCREPANCIES: _discrepancies,
}
