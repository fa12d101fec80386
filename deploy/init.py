"""`python -m deploy.init`: databases, buckets and users; run before everything else at every start.

Says what it does on one line each; running it again changes nothing. With `--buckets` it makes only
the buckets: what is loaded from a backup brings the rest with it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress

from sverka.database.migrate import migrate


def main(arguments: list[str], environ: Mapping[str, str] = os.environ) -> int:
    """Prepares everything; raises when a part cannot be prepared."""
    for bucket in buckets(environ):
        _say(f"bucket {bucket}")
        make_bucket(environ, bucket)
    if arguments == ["--buckets"]:
        return 0
    _say("the database of Airflow")
    _python("airflow", "db", "migrate")
    _say("the database of Sverka")
    migrate(environ["SVERKA_DATABASE_URL"])
    _python("deploy.users")
    return 0


def buckets(environ: Mapping[str, str]) -> list[str]:
    """The buckets that the settings name, each once."""
    inboxes = [zone["url"] for zone in json.loads(environ["SVERKA_INBOXES"])]
    logs = environ.get("AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER", "")
    urls = [environ["SVERKA_STORAGE_URL"], *inboxes, logs]
    found = [url.removeprefix("s3://").split("/")[0] for url in urls if url.startswith("s3://")]
    return list(dict.fromkeys(found))


def make_bucket(environ: Mapping[str, str], name: str) -> None:
    """Makes the bucket unless it is there."""
    from s3fs import S3FileSystem

    options = json.loads(environ["SVERKA_STORAGE_OPTIONS"])
    storage = S3FileSystem(**options, skip_instance_cache=True, use_listings_cache=False)
    if not storage.exists(name):
        with suppress(FileExistsError):  # another `up` at the same moment was quicker
            storage.mkdir(name)


def _python(module: str, *arguments: str) -> None:
    """Runs a module that configures Airflow as it is imported."""
    quiet = {**os.environ, "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING"}
    subprocess.run([sys.executable, "-m", module, *arguments], check=True, env=quiet)


def _say(what: str) -> None:
    print(f"· {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
