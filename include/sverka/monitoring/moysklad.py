"""MoySklad's side: what is left of the request limit, and how fresh the mirror is."""

import hashlib
from collections.abc import Iterator

from prometheus_client import Metric

from sverka.monitoring.families import age, gauge
from sverka.monitoring.looking import Look
from sverka.moysklad.bucket import Bucket
from sverka.snapshot.mirror import EVERYTHING

_ENTITY = {EVERYTHING: "everything"}


def budget(look: Look) -> Iterator[Metric]:
    """Units of the limit by user; the database's clock counts, as for the requests themselves."""
    with look.conn.cursor() as cursor:
        cursor.execute(_BUDGET)
        rows = [
            (anonymous(user), Bucket(*bucket).at(now), flying.bit_count(), waiting)
            for user, now, *bucket, flying, waiting in cursor.fetchall()
        ]
    yield gauge(
        "sverka_moysklad_units_left",
        "Units of the request limit left in this window.",
        ("user",),
        ((user, bucket.units) for user, bucket, _, _ in rows),
    )
    yield gauge(
        "sverka_moysklad_units_capacity",
        "Units of the request limit in a window.",
        ("user",),
        ((user, bucket.capacity) for user, bucket, _, _ in rows),
    )
    yield gauge(
        "sverka_moysklad_requests_in_flight",
        "Requests under way, or whose process died with them.",
        ("user",),
        ((user, flying) for user, _, flying, _ in rows),
    )
    yield gauge(
        "sverka_moysklad_requests_waiting",
        "1 when a request had to wait for its turn and nobody was let through since.",
        ("user",),
        ((user, int(waiting)) for user, _, _, waiting in rows),
    )


def snapshot(look: Look) -> Iterator[Metric]:
    """How long ago each part of the mirror was brought up to date."""
    with look.conn.cursor() as cursor:
        cursor.execute("select entity, loaded_at from snapshot_cursor order by entity")
        rows = [
            (_ENTITY.get(entity, entity), age(look.now, at)) for entity, at in cursor.fetchall()
        ]
    yield gauge(
        "sverka_snapshot_age_seconds",
        "Since this part of MoySklad was read successfully.",
        ("entity",),
        rows,
    )


def anonymous(user_key: str) -> str:
    """Tells users apart without their login."""
    return hashlib.sha256(user_key.encode()).hexdigest()[:8]


_BUDGET = """
    select user_key, extract(epoch from clock_timestamp())::float8 as now,
           capacity, units, opened, full_at, flying, waiting
      from moysklad_budget order by user_key
"""
