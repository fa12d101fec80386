"""The tasks of `watch_inbox`."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sverka.intake.intake import Round


def look_round() -> "Round":
    """One round over all zones; a zone that cannot even be opened stops no other."""
    from airflow.sdk.exceptions import AirflowException

    from sverka.errors import Misconfigured
    from sverka.intake.intake import look_round as look
    from sverka_airflow.services import task_services
    from sverka_airflow.zones import open_zone

    services = task_services()
    zones, shut = [], []
    for zone in services.settings.zones:
        try:
            zones.append(open_zone(zone))
        except (AirflowException, Misconfigured) as error:
            shut.append(f"Папка «{zone.name}» не настроена, файлы из неё не забираются: {error}")
    result = look(services, zones, wait=time.sleep)
    result.troubles.extend(shut)
    return result
