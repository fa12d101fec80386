"""Names for intended documents that never change: the same line always gives the same syncId."""

import hashlib
import json
from typing import Any
from uuid import UUID, uuid5

from sverka.nouns import PostingKind
from sverka.posting.bookable import Bookable

SPACE = UUID("6f2b54a5-8a3c-5d51-9a54-3c1a3d3b7a10")
"""Sverka's own namespace. Changing it would book everything a second time."""


def of_line(account: UUID, line: Bookable, kind: PostingKind) -> UUID:
    """The syncId of a line's document of this kind in this MoySklad account."""
    return _sync_id(account, line.courier, str(line.line_key), kind, line.revision)


def of_report(account: UUID, first: Bookable, batch: int, kind: PostingKind) -> UUID:
    """The syncId of a document for many lines of one report.

    `batch` counts the times that lines of the report became clean and were booked together; one
    organization and store have one document each.
    """
    key = f"{first.sha256}/{first.ordinal}/{batch}/{first.organization}/{first.store}"
    return _sync_id(account, first.courier, key, kind, 1)


def fingerprint(stored: dict[str, Any]) -> str:
    """SHA-256 of a stored document: two documents under one syncId must not differ."""
    canonical = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _sync_id(account: UUID, courier: str, key: str, kind: PostingKind, revision: int) -> UUID:
    return uuid5(SPACE, json.dumps([str(account), courier, key, kind.value, revision]))
