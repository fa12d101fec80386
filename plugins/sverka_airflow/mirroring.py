"""The first task of `mirror_moysklad`."""

from typing import Any


def read_changes() -> dict[str, Any]:
    """Mirrors what changed in MoySklad; debts and discrepancies follow the new copy at once."""
    from dataclasses import asdict

    from sverka import watching
    from sverka.discrepancies import refresh
    from sverka.recognition.known import known_couriers
    from sverka.snapshot import mirror
    from sverka_airflow.services import task_services

    services = task_services()
    read = asdict(mirror(services))
    with services.connect() as conn:
        watching.refresh(conn, known_couriers(services))
        return read | asdict(refresh(conn, services.clock()))
