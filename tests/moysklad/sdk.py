"""The vendor's own models of MoySklad (PyPI `moysklad-remap-12-sdk`), loaded when first needed.

Its thousand models take half a minute and 1.5 GB of every process that imports them, and a run of
the tests has three that only collect.
"""

import gc
import importlib
from functools import cache
from typing import Any

from pydantic import BaseModel


def model(name: str) -> type[BaseModel]:
    """The class `name` of the SDK, like `PaymentIn`."""
    found: type[BaseModel] = getattr(_sdk(), name)
    return found


@cache
def _sdk() -> Any:
    gc.disable()
    try:
        return importlib.import_module("moysklad_remap_12_sdk")
    finally:
        gc.freeze()  # nothing of it is ever freed, so later collections need not look through it
        gc.enable()
