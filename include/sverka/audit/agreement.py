"""Whether the postings and the journal tell the same story, both ways."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sverka.database.connection import Connection

QUERY = (Path(__file__).parent / "sql" / "disagreements.sql").read_text(encoding="utf-8")

WORDS = {
    "no_posting": "в журнале есть, а среди документов Сверки такого нет: строку документа удалили",
    "no_event": "состояние «{state}», а в журнале о нём ни слова",
    "state": "состояние «{state}», а журнал кончается на «{told}» (запись {event})",
    "not_approved": "состояние «{state}», а кто его одобрил, в журнале не записано",
    "content": "одобряли другое содержание или другую сумму (запись {event})",
    "moysklad_id": "стоит не тот документ МоегоСклада, который записан в журнале (запись {event})",
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A posting that the journal tells otherwise; `words` are Russian."""

    sync_id: UUID
    what: str
    words: str


def disagreements(conn: Connection) -> Iterator[Disagreement]:
    """Every posting whose state, content or document is not the one in its last events."""
    with conn.cursor(name="disagreements") as cursor:
        cursor.execute(QUERY)
        for sync_id, kind, what, state, told, event in cursor:
            words = WORDS[what].format(state=state, told=told, event=event)
            yield Disagreement(UUID(sync_id), what, f"{kind or 'документ'} {sync_id}: {words}.")
