"""The doorbell of a landing zone."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from sverka_airflow.zones import open_zone_from_trigger

if TYPE_CHECKING:
    from sverka.intake.zones import Zone

log = logging.getLogger(__name__)

RING_AGAIN_SECONDS = 20
PATIENT_AFTER_SECONDS = 300
"""A file that still lies there after this long will not be taken by ringing more."""
RING_SELDOM_SECONDS = 300
LONGEST_PAUSE_SECONDS = 60


class Doorbell(BaseEventTrigger):
    """Rings when files lie in the zone, and again until they are taken.

    Level-triggered on purpose: Airflow 3.3.2 merges asset events and can strand the last ones of a
    burst (apache/airflow#56050), so an event says only «look», never which file. `run` never ends
    and never raises: a trigger that raises is restarted every two seconds for ever, and only the
    triggerer's log says so.
    """

    def __init__(self, zone: str) -> None:
        super().__init__()
        self.zone = zone

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "sverka_airflow.triggers.Doorbell", {"zone": self.zone}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        bell = Bell()
        failures = 0
        zone: Zone | None = None
        while True:
            try:
                zone = zone or await self._open()
                entries = await asyncio.to_thread(zone.look)
            except Exception:
                # Whatever it is, from a missing setting to a dead server: the bell must live on.
                failures += 1
                pause = min(2**failures, LONGEST_PAUSE_SECONDS)
                log.warning("zone %s: no look, next in %s s", self.zone, pause, exc_info=True)
                zone = None
                await asyncio.sleep(pause)
                continue
            failures = 0
            pending = frozenset(entry.name for entry in entries)
            if bell.rings(pending, time.monotonic()):
                yield TriggerEvent({"zone": self.zone, "files": len(pending)})
            await asyncio.sleep(_pause(zone.url))

    async def _open(self) -> "Zone":
        from sverka.settings import from_environment

        settings = {zone.name: zone for zone in from_environment().zones}
        return await open_zone_from_trigger(settings[self.zone])


class Bell:
    """Decides when to ring; times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._pending: frozenset[str] = frozenset()
        self._changed = 0.0
        self._rang = 0.0

    def rings(self, pending: frozenset[str], now: float) -> bool:
        """Whether to ring for this set of files at this moment."""
        new = pending - self._pending
        if pending != self._pending:
            self._changed = now
        self._pending = pending
        waited = now - self._rang
        patient = now - self._changed >= PATIENT_AFTER_SECONDS
        again = waited >= (RING_SELDOM_SECONDS if patient else RING_AGAIN_SECONDS)
        if new or (pending and again):
            self._rang = now
            return True
        return False


def _pause(url: str) -> float:
    """A look at this machine's folder costs nothing; a remote one costs its owner a request."""
    return 2.0 if url.startswith(("s3:", "sftp:")) else 1.0
