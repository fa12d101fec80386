"""The MoySklad sandbox: a local server that enforces the documented rules of JSON API 1.2.

`app(database_url)` is the ASGI application, `python -m sverka.moysklad.sandbox` runs it, and
`seed(database_url, shop)` loads a demo shop. State is in PostgreSQL, in the schema `sandbox`.
"""

from sverka.moysklad.sandbox.seeding import seed
from sverka.moysklad.sandbox.server import app

__all__ = ["app", "seed"]
