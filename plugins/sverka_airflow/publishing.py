"""The task of `publish_discrepancies`."""

from datetime import date, timedelta
from typing import Any


def publish_day(day: str | None) -> dict[str, Any]:
    """Publishes the report of an ISO date, by default of yesterday in Moscow."""
    from sverka.clock import moscow_day
    from sverka.reporting import publish
    from sverka_airflow.services import task_services

    services = task_services()
    yesterday = moscow_day(services.clock()) - timedelta(days=1)
    published = publish(services, date.fromisoformat(day) if day else yesterday)
    return {"day": published.day.isoformat(), "paths": dict(published.paths)}
