"""Writes the page of a file's checks into the storage, beside the report of its day."""

from datetime import datetime

from sverka.clock import moscow_day
from sverka.services import Services
from sverka.texts import Texts


def publish_page(services: Services, file_id: int) -> str | None:
    """Renders and writes the page; its path in the storage, or None when nothing was parsed.

    A file refused by its check has a page too, and after a repeated check it is a new one.

    Raises:
        Misconfigured: the schemas or couriers of this installation cannot be read.
    """
    from sverka.recognition.known import known
    from sverka.reporting.checks.collect import collect
    from sverka.reporting.checks.html import as_html

    schemas, couriers = known(services)
    say = Texts(services.settings.language)
    with services.connect() as conn:
        file = collect(conn, file_id, schemas, couriers, say)
    if file is None:
        return None
    path = page_path(file_id, file.received_at)
    services.storage.write(path, as_html(file, say))
    return path


def page_path(file_id: int, received_at: datetime) -> str:
    """Where the page of a file lies: in the folder of the Moscow day it came."""
    return f"reports/{moscow_day(received_at).isoformat()}/checks/{file_id:d}.html"
