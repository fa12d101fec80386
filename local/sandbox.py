"""Runs the MoySklad sandbox of a local installation: port and token come from its settings."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from sverka.moysklad.sandbox import app

from local.environment import database_url
from local.state import HOST, State


def main() -> int:
    """Serves until it is stopped."""
    state = State(Path(os.environ["SVERKA_LOCAL_STATE"]))
    port = urlsplit(os.environ["MOYSKLAD_URL"]).port
    uvicorn.run(
        app(database_url(state, "sandbox"), token=os.environ["MOYSKLAD_TOKEN"]),
        host=HOST,
        port=port or 80,
        access_log=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
