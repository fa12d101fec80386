"""Which other documents a document's body links to."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sverka.moysklad.sandbox.model import BACKLINK_OF, Entity
from sverka.moysklad.sandbox.references import id_of


def links_of(entity: Entity, body: dict[str, Any]) -> Iterator[tuple[str, UUID, int | None]]:
    """Field, target and linkedSum of every link that the target shows on its side."""
    for kind, field in BACKLINK_OF:
        if kind != entity.type:
            continue
        if field == "operations":
            for operation in body.get("operations", []):
                yield field, id_of(operation["document"]), operation["linkedSum"]
        elif field in body:
            yield field, id_of(body[field]), None
