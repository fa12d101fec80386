"""The answer to a workbook with decisions: what was applied, and which row was not, and why."""

from sverka.clock import moscow_day
from sverka.discrepancies.words import answer_in_words
from sverka.intake.ledger import FileRow
from sverka.intake.names import path_part
from sverka.nouns import Purpose
from sverka.services import Services
from sverka.texts import Texts

_TAKEN = """
    select r.totals, (select coalesce(jsonb_agg(to_jsonb(x) order by x.id), '[]')
                        from rejected x where x.report_id = r.id)
      from report r where r.file_id = %s and r.purpose = %s
"""


def answer(services: Services, row: FileRow) -> None:
    """Writes what became of a taken workbook's decisions, row by row, into the storage.

    `decisions/<day>/<hash> <name>.ответ.txt`, a text as Windows opens it. Repeating changes nothing.
    """
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute(_TAKEN, (row.id, Purpose.DECISIONS.value))
        counts, refused = cursor.fetchone() or ({}, [])
    say = Texts(services.settings.language)
    told = answer_in_words(say, counts, refused, len(refused))
    text = "\r\n".join([say("Файл: {name}", name=row.name), "", *told, ""])
    services.storage.write(answer_path(row), text.encode("utf-8-sig"))


def answer_path(row: FileRow) -> str:
    """Where the answer lies in the storage; two files of one name differ by their hash."""
    day = moscow_day(row.received_at).isoformat()
    return f"decisions/{day}/{row.sha256[:8]} {path_part(row.name)}.ответ.txt"
