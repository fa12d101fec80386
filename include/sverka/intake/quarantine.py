"""Quarantine: a file that cannot be taken, with a note beside it that says why in words."""

from sverka.clock import MOSCOW, moscow_day
from sverka.intake import ledger
from sverka.intake.archive import IN_MEMORY_LIMIT
from sverka.intake.ledger import FileRow
from sverka.intake.names import path_part
from sverka.services import Services

HASH_LENGTH = 8


def quarantine(services: Services, file_id: int, reason: str) -> None:
    """Puts a copy and the reason into `quarantine/<day>/`, then notes it in the register.

    `reason` is Russian, for the accountant: what happened and what to do next. The original stays
    in the archive. Doing it again changes nothing.
    """
    now = services.clock()
    with services.connect() as conn:
        row = ledger.file_of(conn, file_id)
    path = quarantine_path(row, moscow_day(now).isoformat())
    if row.size_bytes <= IN_MEMORY_LIMIT:
        services.storage.write(path, services.storage.read(row.archived))
    note = _note(services, row, reason)
    services.storage.write(f"{path}.причина.txt", note.encode("utf-8-sig"))
    with services.connect() as conn:
        ledger.quarantined(conn, file_id, reason, now)


def quarantine_path(row: FileRow, day: str) -> str:
    """Where the copy lies; `day` is ISO. Two files of one name differ by their hash."""
    return f"quarantine/{day}/{row.sha256[:HASH_LENGTH]} {path_part(row.name)}"


def _note(services: Services, row: FileRow, reason: str) -> str:
    received = row.received_at.astimezone(MOSCOW)
    return (
        f"Файл: {row.name}\r\n"
        f"Откуда: {row.zone}\r\n"
        f"Получен: {received:%d.%m.%Y %H:%M} (Москва)\r\n"
        "\r\n"
        f"{reason}\r\n"
        "\r\n"
        "Исправьте причину и положите файл в папку для отчётов ещё раз: он будет обработан заново.\r\n"
        f"Исходный файл хранится без изменений: {services.storage.uri(row.archived)}\r\n"
    )
