"""What reconciling has to know of the contract with each courier, in one row per courier."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from psycopg2.extras import execute_values

from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.recognition.known import known_couriers
from sverka.reconciling.affixes import PLACE_SUFFIXES
from sverka.schemes import Schemes
from sverka.services import Services


@dataclass(frozen=True, slots=True)
class Terms:
    """One courier's terms.

    `tolerance` is minor units; `netted` are the fee fields that the courier keeps from its
    transfer; an order in one of `returned_states` is not cancelled, it came back. What other
    files planned in a dry run is money that is still to come, unless this is a dry run too.
    `order_prefixes` and `order_suffixes` are what stands around order numbers
    (`sverka.reconciling.affixes`).
    """

    courier: str
    tolerance: Minor
    netted: tuple[str, ...]
    returned_states: tuple[str, ...]
    dry_run: bool = False
    order_prefixes: tuple[str, ...] = ()
    order_suffixes: tuple[str, ...] = PLACE_SUFFIXES


def terms_of(services: Services, codes: Iterable[str]) -> list[Terms]:
    """The terms of these couriers.

    Raises:
        Misconfigured: a courier or its posting scheme has no file.
    """
    couriers = known_couriers(services)
    schemes = Schemes.load(services.settings.posting_schemes)
    found = []
    for code in codes:
        courier = couriers.get(code)
        scheme = schemes.get(courier.posting_scheme)
        returned = tuple(states["customerorder"] for states in scheme.states.values())
        suffixes = courier.order_suffixes
        found.append(
            Terms(
                code,
                courier.tolerance,
                scheme.netted_fees,
                returned,
                courier.dry_run,
                courier.order_prefixes,
                PLACE_SUFFIXES if suffixes is None else suffixes,
            )
        )
    return found


def couriers_of(conn: Connection, file_id: int) -> list[str]:
    """The codes of the couriers whose settlements the file holds; nothing else needs their terms."""
    with conn.cursor() as cursor:
        cursor.execute(
            "select distinct courier from report where file_id = %s and purpose = 'settlement' "
            "order by 1",
            (file_id,),
        )
        return [row[0] for row in cursor.fetchall()]


def lay_out(conn: Connection, terms: Sequence[Terms]) -> None:
    """Puts the terms into the temporary table `contract` of this transaction."""
    with conn.cursor() as cursor:
        cursor.execute(
            "create temp table contract (courier text primary key, tolerance bigint not null, "
            "netted text[] not null, returned_states text[] not null, dry_run boolean not null) "
            "on commit drop"
        )
        rows = [
            (t.courier, t.tolerance, list(t.netted), list(t.returned_states), t.dry_run)
            for t in terms
        ]
        execute_values(
            cursor,
            "insert into contract values %s",
            rows,
            template="(%s, %s, %s::text[], %s::text[], %s)",
        )
