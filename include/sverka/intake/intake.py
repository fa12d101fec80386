"""Taking files from the landing zones: each whole, each once, none lost.

The order of steps makes a kill between any two harmless: archive by hash → register → remove.
Whatever was done already is found done when it is repeated.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from sverka.errors import SverkaError
from sverka.intake import ledger
from sverka.intake.archive import IN_MEMORY_LIMIT, archive, archive_oversized
from sverka.intake.names import shown_name
from sverka.intake.register import Arrival, first_seen, forget_arrival, is_taken, register
from sverka.intake.wholeness import looks_cut_off
from sverka.intake.zones import Entry, Zone
from sverka.services import Services

log = logging.getLogger(__name__)

CUT_OFF_REST = timedelta(seconds=60)
"""Bytes that look cut off are taken as they are only when nothing changed for this long."""

Wait = Callable[[float], None]
"""Waits that many seconds; `time.sleep` outside of tests."""


@dataclass
class Round:
    """What one round over the zones brought."""

    keys: list[str] = field(default_factory=list)
    """Partition keys of the files that need a run."""
    troubles: list[str] = field(default_factory=list)
    """Russian sentences about zones and files that could not be read this time."""


def take(services: Services, zones: Iterable[Zone], *, wait: Wait) -> list[str]:
    """Takes all whole files; the partition keys of all files that need a run, old ones included."""
    return look_round(services, zones, wait=wait).keys


def look_round(services: Services, zones: Iterable[Zone], *, wait: Wait) -> Round:
    """As `take`, and says what could not be read. One bad file or zone stops no other.

    Raises:
        psycopg2.Error: the database is away; nothing is removed from a zone without it.
    """
    result = Round()
    with services.hold("intake"):
        steady = _steady(services, zones, wait, result)
        for zone, entries in steady:
            for entry in entries:
                _one(services, zone, entry, result)
        with services.connect() as conn:
            result.keys = ledger.offer(conn, services.clock())
    return result


def _steady(
    services: Services, zones: Iterable[Zone], wait: Wait, result: Round
) -> list[tuple[Zone, list[Entry]]]:
    """The files that two looks, `settle_seconds` apart, saw the same."""
    before = [(zone, entries) for zone in zones if (entries := _look(zone, result))]
    if not before:
        return []
    wait(services.settings.settle_seconds)
    steady = []
    for zone, entries in before:
        now = set(_look(zone, result))
        steady.append((zone, [entry for entry in entries if entry in now]))
    return steady


def _look(zone: Zone, result: Round) -> list[Entry]:
    try:
        return zone.look()
    except SverkaError as error:
        _note(result, f"Папка «{zone.name}» недоступна, файлы из неё пока не забираются: {error}")
        return []


def _one(services: Services, zone: Zone, entry: Entry, result: Round) -> None:
    try:
        _take(services, zone, entry)
    except FileNotFoundError:
        log.info("%s was taken away from %s by somebody else", shown_name(entry.name), zone.name)
    except (SverkaError, OSError, ValueError) as error:
        name = shown_name(entry.name)
        _note(result, f"Файл «{name}» в папке «{zone.name}» не удалось забрать: {error}")


def _note(result: Round, trouble: str) -> None:
    log.error("%s", trouble)
    if trouble not in result.troubles:
        result.troubles.append(trouble)


def _take(services: Services, zone: Zone, entry: Entry) -> None:
    with services.connect() as conn:
        taken = is_taken(conn, zone.name, entry)
    if not taken:
        arrival = _archived(services, zone, entry)
        # Bytes that were overwritten while they were read are nobody's file; the next look has it.
        if arrival is None or not zone.sees(entry):
            return
        with services.connect() as conn:
            register(conn, arrival, services.clock())
            forget_arrival(conn, zone.name, entry.name)
    _remove(zone, entry)


def _archived(services: Services, zone: Zone, entry: Entry) -> Arrival | None:
    """The file's hash after its bytes are safe; None while it looks unfinished."""
    if entry.size > IN_MEMORY_LIMIT:
        sha256 = archive_oversized(services.storage, zone, entry)
        return Arrival(zone.name, entry, sha256, entry.size)
    data = zone.fetch(entry.name)
    if looks_cut_off(data):
        now = services.clock()
        with services.connect() as conn:
            since = first_seen(conn, zone.name, entry, now)
        if now - since < CUT_OFF_REST:
            log.info("%s looks cut off since %s; waiting", shown_name(entry.name), since)
            return None
    return Arrival(zone.name, entry, archive(services.storage, data), len(data))


def _remove(zone: Zone, entry: Entry) -> None:
    """Removes only what was taken. That it cannot be removed is no error: the sighting knows."""
    try:
        if zone.sees(entry):
            zone.remove(entry.name)
    except SverkaError as error:
        log.warning("%s stays in %s: %s", shown_name(entry.name), zone.name, error)
