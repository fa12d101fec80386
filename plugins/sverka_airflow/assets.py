"""The assets that wake the DAGs."""

import os

from airflow.sdk import Asset, AssetAny, AssetWatcher, CronTriggerTimetable
from airflow.sdk.definitions.timetables.assets import AssetOrTimeSchedule

from sverka_airflow.triggers import Doorbell

SETTLEMENT_FILE = Asset("settlement_file", group="sverka")
"""One partition per file that needs a run."""


def sweep_and_doorbells(cron: str) -> AssetOrTimeSchedule | CronTriggerTimetable:
    """Any zone's doorbell, and the clock in case a bell is broken; Moscow time."""
    sweep = CronTriggerTimetable(cron, timezone="Europe/Moscow")
    bells = doorbells()
    return AssetOrTimeSchedule(timetable=sweep, assets=AssetAny(*bells)) if bells else sweep


def doorbells() -> list[Asset]:
    """One asset with a watcher per configured zone; reads the environment and nothing else."""
    from sverka.settings import from_environment

    if not os.environ.get("SVERKA_DATABASE_URL"):
        return []
    return [
        Asset(
            f"inbox_{zone.name}",
            group="sverka",
            watchers=[AssetWatcher(name=f"doorbell_{zone.name}", trigger=Doorbell(zone.name))],
        )
        for zone in from_environment().zones
    ]
