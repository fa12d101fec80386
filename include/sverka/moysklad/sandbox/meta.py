"""The `meta` of everything that an answer can mention."""

from dataclasses import dataclass
from typing import Any

from sverka.moysklad.sandbox.http import API_ROOT
from sverka.moysklad.sandbox.model import ENTITIES

Json = dict[str, Any]
_UI_NAMES = {"organization": "mycompany", "counterparty": "company", "store": "warehouse"}


@dataclass(frozen=True, slots=True)
class Metas:
    """Builds metas for a server whose API is at `base`."""

    base: str

    def of(self, path: str) -> Json:
        """The meta for a kept reference: its type is seen from the path."""
        steps = path.split("/")
        meta: Json = {"href": f"{self.base}/entity/{path}"}
        if "states" in steps:
            meta |= {"metadataHref": self._metadata(steps[0]), "type": "state"}
        elif "attributes" in steps:
            meta |= {"type": "attributemetadata"}
        elif "accounts" in steps:
            meta |= {"metadataHref": self._metadata(steps[0]), "type": "account"}
        elif "positions" in steps:
            kind = ENTITIES[steps[0]].position_type
            meta |= {"metadataHref": self._metadata(steps[0]), "type": kind}
        else:
            meta |= {"metadataHref": self._metadata(steps[0]), "type": steps[0]}
        meta["mediaType"] = "application/json"
        if len(steps) == 2:
            meta["uuidHref"] = self._ui(*steps)
        return meta

    def collection(self, path: str, kind: str, size: int, *, limit: int = 1000) -> Json:
        """The meta of a MetaArray."""
        return {
            "href": f"{self.base}/entity/{path}",
            "type": kind,
            "mediaType": "application/json",
            "size": size,
            "limit": limit,
            "offset": 0,
        }

    def _metadata(self, kind: str) -> str:
        return f"{self.base}/entity/{kind}/metadata"

    def _ui(self, kind: str, id_: str) -> str:
        origin = self.base.removesuffix(API_ROOT)
        return f"{origin}/app/#{_UI_NAMES.get(kind, kind)}/edit?id={id_}"
