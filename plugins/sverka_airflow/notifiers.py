"""Airflow's notifiers of Sverka: they fill and empty the outbox (docs/notices.md).

Airflow's own `SmtpNotifier` sends at once and forgets: nothing would stop a retry from sending
twice, and nothing would try again after the mail server was away.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import BaseNotifier, DeadlineAlert, DeadlineReference, SyncCallback


class TellOfTask(BaseNotifier):
    """For `on_failure_callback` of tasks that belong to no file. Never raises."""

    def notify(self, context: Any) -> None:
        """One notice per task and day."""
        from sverka_airflow.telling import tell_of_task

        tell_of_task(context)


class TellOfAbsence(BaseNotifier):
    """For a deadline of the daily report. Never raises."""

    def notify(self, context: Any) -> None:  # noqa: ARG002 - the base class's signature
        """One notice per day into the outbox, if the report is not there."""
        from sverka_airflow.telling import tell_of_absence

        tell_of_absence()


TOLD: dict[str, Any] = {"on_failure_callback": TellOfTask()}
"""Default argument of tasks that belong to no file."""


def within_an_hour(title: str) -> DeadlineAlert:
    """A deadline an hour after the moment the run is for; `title` is shown on Airflow's home page.

    Runs by hand have no such moment and no deadline.
    """
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_LOGICAL_DATE,
        interval=timedelta(hours=1),
        # In a worker and not in the triggerer, where a look at the database would block all triggers.
        callback=SyncCallback(TellOfAbsence),
        name=title,
    )
