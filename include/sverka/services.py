"""What the steps on the data's way need from outside, put together in one place."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache

from sverka.clock import Clock, system_clock
from sverka.database.connection import Connection, connect, hold
from sverka.errors import Misconfigured
from sverka.intake.storage import Storage
from sverka.moysklad.client import MoySklad
from sverka.settings import Settings


@dataclass(frozen=True)
class Services:
    """Handed to every step; a test builds its own."""

    settings: Settings
    storage: Storage
    moysklad: Callable[[], MoySklad]
    clock: Clock = system_clock

    def connect(self) -> AbstractContextManager[Connection]:
        """One transaction on Sverka's database."""
        return connect(self.settings.database_url)

    def hold(self, lock: str) -> AbstractContextManager[None]:
        """A lock shared by all processes of this installation."""
        return hold(self.settings.database_url, lock)


def services_from(settings: Settings, clock: Clock = system_clock) -> Services:
    """The services for these settings; MoySklad is reached only when first asked for.

    All steps share one client: the limits count for the user, not for a step, and a new client
    would begin with a bucket that the last one has just emptied.
    """

    @cache
    def moysklad() -> MoySklad:
        if settings.moysklad is None:
            raise Misconfigured("no MoySklad connection: set MOYSKLAD_URL and MOYSKLAD_TOKEN")
        return MoySklad(settings.moysklad)

    return Services(
        settings=settings,
        storage=Storage(settings.storage_url, settings.storage_options),
        moysklad=moysklad,
        clock=clock,
    )
