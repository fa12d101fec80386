"""What all pages of Sverka in the Airflow UI need: where to read, and the headers to answer with."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sverka.intake.storage import Storage
    from sverka.settings import Settings

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
"""A report quotes what couriers wrote; nothing in it may run as a script."""


def settings() -> "Settings":
    """The settings of this installation."""
    from sverka.settings import from_environment

    return from_environment()


def storage() -> "Storage":
    """The storage that the published pages lie in."""
    from sverka.intake.storage import Storage

    given = settings()
    return Storage(given.storage_url, given.storage_options)
