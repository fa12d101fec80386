"""The real Airflow tells people: a report that is absent by its deadline, and then the report.

The mail connection stands in the environment, the bot's was entered in Airflow, as people do it.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from sverka.clock import moscow_day
from tests.e2e.installation import Installation
from tests.support.told import BOT_CONNECTION, Told

pytestmark = pytest.mark.e2e

REPORT, NOTICES = "publish_discrepancies", "send_notices"


def ask(installation: Installation, method: str, path: str, **body: object) -> requests.Response:
    url = f"{installation.url}/api/v2{path}"
    answer = requests.request(method, url, json=body, headers=installation.bearer(), timeout=30)
    answer.raise_for_status()
    return answer


def pause(installation: Installation, dag: str, *, paused: bool) -> None:
    ask(installation, "PATCH", f"/dags/{dag}", is_paused=paused)


def run(installation: Installation, dag: str, logical_date: datetime | None) -> None:
    date = logical_date and logical_date.isoformat()
    ask(installation, "POST", f"/dags/{dag}/dagRuns", logical_date=date)


def notices(installation: Installation, kind: str) -> list[str]:
    return [
        row["title"] for row in installation.query("select title from notice where kind = %s", kind)
    ]


@pytest.fixture
def bot_entered(installation: Installation, told: Told) -> None:
    ask(
        installation,
        "POST",
        "/connections",
        connection_id=BOT_CONNECTION,
        conn_type="telegram",
        password="1:secret",
        extra=json.dumps({"api_url": told.api_url}),
    )


@pytest.fixture
def stands_still(installation: Installation) -> Iterator[None]:
    """Somebody has switched the report off, and nothing else looks for it."""
    for dag in (REPORT, NOTICES):
        pause(installation, dag, paused=True)
    yield
    for dag in (REPORT, NOTICES):
        pause(installation, dag, paused=False)


def test_a_report_that_misses_its_deadline_is_told_and_so_is_the_report(
    installation: Installation, told: Told, bot_entered: None, stands_still: None
) -> None:
    now = datetime.now(UTC)
    older = moscow_day(now) - timedelta(days=5)
    installation.query(
        "insert into published_report values (%s, %s, 'reports/older', '{}') returning day",
        older,
        now - timedelta(days=4),
    )
    seven = now.replace(hour=4, minute=0, second=0, microsecond=0) - timedelta(days=1)
    run(installation, REPORT, seven)
    installation.wait_until(
        lambda: bool(notices(installation, "no_report")), what="the missed deadline"
    )
    pause(installation, NOTICES, paused=False)
    run(installation, NOTICES, None)
    installation.wait_until(
        lambda: (
            any("Нет отчёта" in text for text in told.messages)
            and any("Нет отчёта" in subject for subject in told.mails)
        ),
        what="its notices",
    )
    pause(installation, REPORT, paused=False)
    installation.wait_until(
        lambda: bool(notices(installation, "report")), what="the report's notice"
    )
    [title] = notices(installation, "report")
    installation.wait_until(
        lambda: title in told.mails and any(title in text for text in told.messages),
        what="the report in the mail",
    )
    assert told.mails.count(title) == 1
