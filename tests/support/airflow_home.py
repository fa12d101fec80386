"""A temporary Airflow home, set when this module is imported: before airflow reads its settings."""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _prepare() -> None:
    """Points Airflow at this repository's DAGs and plugins and at nothing of the machine."""
    if "airflow" in sys.modules:
        raise RuntimeError("airflow was imported before its home was set")
    home = tempfile.mkdtemp(prefix="sverka-airflow-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ.update(
        AIRFLOW_HOME=home,
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__DAGS_FOLDER=str(ROOT / "dags"),
        AIRFLOW__CORE__PLUGINS_FOLDER=str(ROOT / "plugins"),
        AIRFLOW__API_AUTH__JWT_SECRET="only for tests, and long enough for the signature: "
        + "x" * 64,
    )


_prepare()
