"""How a content that arrived enters the register: once per content, a sighting per arrival."""

from dataclasses import dataclass
from datetime import datetime

from sverka.audit.files import BY_SHA256, watched
from sverka.database.connection import Connection
from sverka.intake.names import partition_key, shown_name
from sverka.intake.zones import Entry


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry of a zone together with what its bytes are."""

    zone: str
    entry: Entry
    sha256: str
    size: int


def is_taken(conn: Connection, zone: str, entry: Entry) -> bool:
    """Whether this very file of the zone was taken before and only could not be removed."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select 1 from sighting where zone = %s and name = %s and signature = %s",
            (zone, shown_name(entry.name), entry.signature),
        )
        return cursor.fetchone() is not None


def register(conn: Connection, arrival: Arrival, now: datetime) -> int:
    """Registers the content if it is new, notes the sighting, returns the file's id.

    A content that is in quarantine, stalled or undone begins anew, under its new name: dropping a file
    again is how a person says that the obstacle is gone, and the advice for an unknown courier is
    to put the courier's name into the file's name.
    """
    name = shown_name(arrival.entry.name)
    row = {
        "sha256": arrival.sha256,
        "name": name,
        "zone": arrival.zone,
        "size": arrival.size,
        "key": partition_key(name, arrival.sha256),
        "signature": arrival.entry.signature,
        "now": now,
    }
    with watched(conn, BY_SHA256, arrival.sha256, by="intake", now=now), conn.cursor() as cursor:
        cursor.execute(
            """insert into file (sha256, name, zone, size_bytes, partition_key, received_at)
               values (%(sha256)s, %(name)s, %(zone)s, %(size)s, %(key)s, %(now)s)
               on conflict (sha256) do nothing""",
            row,
        )
        cursor.execute(
            """update file set name = %(name)s, zone = %(zone)s, partition_key = %(key)s,
                      state = 'registered', reason = null, claimed_by = null, offered_at = null,
                      finished_at = null, received_at = %(now)s
               where sha256 = %(sha256)s and state in ('quarantined', 'stalled', 'undone')""",
            row,
        )
        cursor.execute(
            """insert into sighting (file_id, zone, name, signature, seen_at)
               select id, %(zone)s, %(name)s, %(signature)s, %(now)s
               from file where sha256 = %(sha256)s
               on conflict (zone, name, signature) do nothing""",
            row,
        )
        cursor.execute("select id from file where sha256 = %(sha256)s", row)
        found = cursor.fetchone()
    assert found is not None
    return int(found[0])


def first_seen(conn: Connection, zone: str, entry: Entry, now: datetime) -> datetime:
    """When the file was first seen exactly like this; notes it if that is now."""
    key = (zone, shown_name(entry.name), entry.signature)
    with conn.cursor() as cursor:
        cursor.execute(
            """insert into arrival (zone, name, signature, first_seen) values (%s, %s, %s, %s)
               on conflict do nothing""",
            (*key, now),
        )
        cursor.execute(
            "select first_seen from arrival where zone = %s and name = %s and signature = %s", key
        )
        found = cursor.fetchone()
    assert found is not None
    moment: datetime = found[0]
    return moment


def forget_arrival(conn: Connection, zone: str, name: str) -> None:
    """The file under this name was taken; what was seen of it half-way is of no use any more."""
    with conn.cursor() as cursor:
        cursor.execute(
            "delete from arrival where zone = %s and name = %s", (zone, shown_name(name))
        )
