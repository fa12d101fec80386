"""`python -m deploy.sandbox`: the MoySklad sandbox with the demo shop, for trying Sverka out.

With `--reports FOLDER` it serves nothing and writes the couriers' reports of that shop, to be
dropped into the inbox.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sverka.demo.reports import demo_reports
from sverka.demo.shop import build_shop
from sverka.moysklad.sandbox import seed
from sverka.moysklad.sandbox.__main__ import main as serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Fills the sandbox's database, once, and serves it; or writes the reports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=Path, metavar="FOLDER")
    folder = parser.parse_args(arguments).reports
    if folder is not None:
        for name, data in demo_reports(build_shop()).items():
            (folder / name).write_bytes(data)
        return 0
    database, token = os.environ["SANDBOX_DATABASE_URL"], os.environ["MOYSKLAD_TOKEN"]
    seed(database, build_shop())
    serve(
        [
            *("--host", "0.0.0.0", "--port", "8090", "--token", token),  # noqa: S104 - a container
            *("--database-url", database),
        ]
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
