"""What the steps on the data's way need from outside, put together in one place."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache

from sverka.clock import Clock, system_clock
from sverka.database.connection import Connection, connect, hold
from sverka.errors import Misconfigured
from sverka.intake.storage import Storage
from sverka.moysklad.budget import Budget, key_of
from sverka.moysklad.client import MoySklad
from sverka.moysklad.weights import weight_now
from sverka.settings import MoySkladConnection, Settings


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

    All steps share one client and so its connections; the request limits count for the user, and
    all processes share them through the database.
    """

    @cache
    def moysklad() -> MoySklad:
        if settings.moysklad is None:
            raise Misconfigured("no MoySklad connection: set MOYSKLAD_URL and MOYSKLAD_TOKEN")
        return client_of(settings.moysklad, settings.database_url, clock)

    return Services(
        settings=settings,
        storage=Storage(settings.storage_url, settings.storage_options),
        moysklad=moysklad,
        clock=clock,
    )


def client_of(
    connection: MoySkladConnection, database_url: str, clock: Clock = system_clock
) -> MoySklad:
    """A client that keeps to the user's limits together with all that use this database."""
    weight = weight_now(clock, with_token=bool(connection.token))
    return MoySklad(connection, pace=Budget(database_url, key_of(connection), weight))
