"""Imports that cost seconds, done once by whoever forks the processes that run tasks.

That is the scheduler (LocalExecutor) or a Celery worker.

Great Expectations costs about 6 s of CPU to import; a forked worker inherits it for nothing and
shares its memory.
"""

import importlib
import logging
import os
import sys
from collections.abc import Mapping

HEAVY = (
    "pandas",
    "great_expectations",
    "openpyxl",
    "python_calamine",
    "s3fs",
    "paramiko",
    "requests",
    "sverka.settling",
    "sverka.checking",
    "sverka.reporting",
)

log = logging.getLogger(__name__)


def preload(argv: list[str] = sys.argv, environ: Mapping[str, str] = os.environ) -> None:
    """In a scheduler with LocalExecutor only; Celery's workers load no plugin (deploy/worker.py)."""
    executor = environ.get("AIRFLOW__CORE__EXECUTOR", "LocalExecutor")
    if argv[1:2] == ["scheduler"] and executor == "LocalExecutor":
        import_heavy()


def import_heavy() -> None:
    """Imports what tasks need; what cannot be imported is left to the task that will say more."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    # It tells at length which of its own functions it does not document.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    for name in HEAVY:
        try:
            importlib.import_module(name)
        except ImportError:
            log.warning("cannot preload %s; the task that needs it will say more", name)
