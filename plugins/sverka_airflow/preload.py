"""Imports that cost seconds, done once in the scheduler before it forks its workers.

Great Expectations costs about 6 s of CPU to import; a forked worker inherits it for nothing and
shares its memory.
"""

import importlib
import logging
import os
import sys

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


def preload(argv: list[str] = sys.argv) -> None:
    """In the scheduler only: no other component runs tasks."""
    if argv[1:2] != ["scheduler"]:
        return
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    for name in HEAVY:
        try:
            importlib.import_module(name)
        except ImportError:
            log.warning("cannot preload %s; the task that needs it will say more", name)
