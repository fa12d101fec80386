"""What every MoySklad account has from its first day: an employee, a department, a token."""

from typing import Any
from uuid import UUID, uuid5

from sverka.clock import Clock
from sverka.moysklad.sandbox.gate import Credentials
from sverka.moysklad.sandbox.storage import Store, Stored
from sverka.moysklad.sandbox.values import moscow_now

SPACE = UUID("0d5f7a62-6c1e-5b8f-8f0a-52d1f0c2a9e4")
"""The namespace of the sandbox's own ids (UUIDv5)."""


def create_standard_objects(store: Store, credentials: Credentials, clock: Clock) -> None:
    """Makes what is missing; the configured token is valid again after every start."""
    store.lock_writers()
    if store.account_id() is None:
        store.set_account_id(uuid5(SPACE, "account"))
    store.add_token(credentials.token, credentials.login)
    now = moscow_now(clock)
    bodies: dict[str, dict[str, Any]] = {
        "employee": {"name": "Администратор", "uid": credentials.login, "archived": False},
        "group": {"name": "Основной"},
    }
    for kind, body in bodies.items():
        store.insert_if_new(Stored(uuid5(SPACE, kind), kind, None, now, now, body=body))
