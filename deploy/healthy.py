"""`python -m deploy.healthy`: is the component of this container alive? Exit code 0 says yes.

Airflow's own checks import the whole of Airflow, seconds of CPU twice a minute in every container;
these ask the same questions directly.
"""

import os
import socket
import sys
import urllib.request
from collections.abc import Callable, Mapping

SILENCE_SECONDS = 90
"""A component notes a heartbeat every five seconds; after this it is dead or stuck."""


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Asks the component that SVERKA_COMPONENT names; says why when the answer is no."""
    component = environ.get("SVERKA_COMPONENT", "")
    check = CHECKS.get(component)
    if check is None:
        return 0  # its first process is all that can be looked at, and Docker does that
    try:
        reason = check(environ)
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is no
        reason = f"{type(error).__name__}: {error}"
    if reason:
        print(f"{component}: {reason}", file=sys.stderr)
    return 1 if reason else 0


def _http(url: str) -> Callable[[Mapping[str, str]], str]:
    def check(_: Mapping[str, str]) -> str:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own address
            return "" if answer.status == 200 else f"{url} answers {answer.status}"

    return check


def _port(number: int) -> Callable[[Mapping[str, str]], str]:
    def check(_: Mapping[str, str]) -> str:
        with socket.create_connection(("127.0.0.1", number), timeout=5):
            return ""

    return check


def _job(kind: str) -> Callable[[Mapping[str, str]], str]:
    def check(environ: Mapping[str, str]) -> str:
        import psycopg2

        url = environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "")
        conn = psycopg2.connect(url, connect_timeout=5)
        try:
            with conn, conn.cursor() as cursor:
                cursor.execute(
                    "select extract(epoch from now() - max(latest_heartbeat)) from job"
                    " where job_type = %s and hostname = any(%s) and state = 'running'",
                    (kind, list(_names())),
                )
                [silent] = cursor.fetchone() or [None]
        finally:
            conn.close()
        if silent is None:
            return f"no {kind} of {' or '.join(_names())} runs"
        return "" if silent < SILENCE_SECONDS else f"silent for {silent:.0f} s"

    return check


def _names() -> list[str]:
    """What this container may be called: Airflow writes down the canonical name of the first."""
    plain = socket.gethostname()
    try:
        found = socket.getaddrinfo(plain, None, 0, socket.SOCK_DGRAM, 0, socket.AI_CANONNAME)
    except OSError:
        found = []
    canonical = [address[3] for address in found if address[3]]
    return list(dict.fromkeys([*canonical, plain, socket.getfqdn()]))


def _celery(environ: Mapping[str, str]) -> str:
    from celery import Celery

    app = Celery(broker=environ["AIRFLOW__CELERY__BROKER_URL"])
    name = f"celery@{socket.gethostname()}"
    return "" if app.control.ping(destination=[name], timeout=10) else f"{name} does not answer"


CHECKS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "api-server": _http("http://127.0.0.1:8080/api/v2/version"),
    "scheduler": _http("http://127.0.0.1:8974/health"),
    "dag-processor": _job("DagProcessorJob"),
    "triggerer": _job("TriggererJob"),
    "worker": _celery,
    "metrics": _http("http://127.0.0.1:9464/health"),
    "sandbox": _port(8090),
}

if __name__ == "__main__":
    sys.exit(main())
