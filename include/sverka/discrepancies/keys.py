"""The key of a discrepancy in a spreadsheet: which one, as it was seen, and that Sverka wrote it."""

import re
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from sverka.discrepancies.nouns import Discrepancy

_KEY = re.compile(r"D([1-9]\d{0,17})\.([1-9]\d{0,8})\.([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class CellKey:
    """What a cell says: the discrepancy's id, its version as it was shown, the checksum."""

    id: int
    seen: int
    checksum: str

    def is_of(self, mark: UUID) -> bool:
        """Whether it was written by this installation for the discrepancy with this mark.

        A courier knows its own rows, so nothing that follows from them may make a key.
        """
        return compare_digest(self.checksum, _checksum(self.id, self.seen, mark))


def encode(found: Discrepancy) -> str:
    """`D12.3.9f86d081884c`: the cell for a discrepancy as it stands."""
    return f"D{found.id}.{found.updated}.{_checksum(found.id, found.updated, found.mark)}"


def decode(text: str | None) -> CellKey | None:
    """The key in a cell; None when it is none. Spaces around it do not count."""
    found = _KEY.fullmatch((text or "").strip())
    return CellKey(int(found[1]), int(found[2]), found[3]) if found else None


def _checksum(discrepancy_id: int, seen: int, mark: UUID) -> str:
    return sha256(f"{discrepancy_id}.{seen}.{mark}".encode()).hexdigest()[:12]
