"""How this account is set up: what MoySklad's docs leave to its settings, to its people or open.

One running sandbox can be every such account in turn (`POST /sandbox/account`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any


class Replay(StrEnum):
    """What a create with a used syncId does.

    The docs promise only that the earlier object is returned («Назначение поля syncId»); one
    integrator saw it overwritten, and nothing is said of a create with another body.
    """

    RETURN = "return"
    UPDATE = "update"
    REFUSE = "refuse"


class TrashedSyncId(StrEnum):
    """What becomes of the syncId of a document in the bin; documented for retail shifts only."""

    RETURN = "return"
    """A create with it returns the trashed document."""
    REFUSE = "refuse"
    """It stays reserved and a create with it is refused, as 12000 says of retail shifts."""
    RELEASE = "release"
    """It is free again: a create with it makes a new document."""


class Right(StrEnum):
    """What an employee's role may forbid («Ошибки», 1016–1018, 1045, 1092)."""

    VIEW = "view"
    EDIT = "edit"
    DELETE = "delete"
    CREATE = "create"
    CONDUCT = "conduct"


@dataclass(frozen=True, slots=True)
class Account:
    """Settings of the account and the rights of the caller.

    `closed_until` is the last day of the closed period, `forbidden` holds `right:type` pairs such
    as `create:paymentin`, `filter_by_sync_id` follows the docs instead of a live account's 1034.
    """

    replay: Replay = Replay.RETURN
    trashed_sync_id: TrashedSyncId = TrashedSyncId.RETURN
    recycle_bin: bool = True
    unique_names: bool = False
    global_numbering: bool = False
    closed_until: date | None = None
    forbidden: frozenset[str] = field(default_factory=frozenset)
    filter_by_sync_id: bool = False

    def forbids(self, right: Right, kind: str) -> bool:
        """Whether the caller lacks this right on this type."""
        return f"{right}:{kind}" in self.forbidden

    def shown(self) -> dict[str, Any]:
        """The settings as JSON, as `account_from` reads them."""
        closed = self.closed_until.isoformat() if self.closed_until else None
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        return plain | {"closed_until": closed, "forbidden": sorted(self.forbidden)}


def account_from(given: Mapping[str, Any]) -> Account:
    """An account from JSON; what is not said is as usual.

    Raises:
        ValueError: an unknown setting or a wrong value.
    """
    known = {one.name for one in fields(Account)}
    if unknown := sorted(given.keys() - known):
        raise ValueError(f"unknown settings: {', '.join(unknown)}")
    closed = given.get("closed_until")
    return Account(
        replay=Replay(given.get("replay", Replay.RETURN)),
        trashed_sync_id=TrashedSyncId(given.get("trashed_sync_id", TrashedSyncId.RETURN)),
        recycle_bin=_flag(given, "recycle_bin", usual=True),
        unique_names=_flag(given, "unique_names", usual=False),
        global_numbering=_flag(given, "global_numbering", usual=False),
        closed_until=None if closed is None else date.fromisoformat(closed),
        forbidden=frozenset(_pair(one) for one in given.get("forbidden", ())),
        filter_by_sync_id=_flag(given, "filter_by_sync_id", usual=False),
    )


def _flag(given: Mapping[str, Any], name: str, *, usual: bool) -> bool:
    value = given.get(name, usual)
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, not {value!r}")  # noqa: TRY004
    return value


def _pair(text: str) -> str:
    right, _, kind = text.partition(":")
    if not kind:
        raise ValueError(f"a forbidden right is right:type, not {text!r}")
    return f"{Right(right)}:{kind}"
