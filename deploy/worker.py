"""`python -m deploy.worker`: a Celery worker whose tasks find the heavy libraries imported already.

Celery forks its processes from this one, and Airflow forks a task from those; without it every
task spends seconds on imports, and memory of its own on them.
"""

import sys

from airflow.__main__ import main

from sverka_airflow.preload import import_heavy

if __name__ == "__main__":
    import_heavy()
    sys.argv = ["airflow", "celery", "worker", *sys.argv[1:]]
    main()
