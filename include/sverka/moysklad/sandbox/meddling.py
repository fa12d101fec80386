"""What others do inside the service while a request is on its way: refusals and other people.

MoySklad docs, «Ошибки», 1065: an object that was changed or deleted by a parallel request is not
saved. What other employees do with a document is not announced to anybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sverka.moysklad.sandbox.errors import ApiError, rejected
from sverka.moysklad.sandbox.fault_plan import Strike
from sverka.moysklad.sandbox.faults import MEANWHILE, REFUSALS, FaultKind
from sverka.moysklad.sandbox.http import Answer, Request
from sverka.moysklad.sandbox.model import ENTITIES
from sverka.moysklad.sandbox.references import mentioned_ids
from sverka.moysklad.sandbox.saving import NOTHING, Rules, Writer
from sverka.moysklad.sandbox.storage import Database, Stored


@dataclass(slots=True)
class Meddling:
    """How others interfere with one request; `told` is what the log of faults says of it."""

    strike: Strike | None = None
    told: dict[str, Any] = field(default_factory=dict)

    def refusals(self, count: int) -> Mapping[int, ApiError]:
        """Which of `count` elements of a write are refused, and with what."""
        if self.strike is None or self.strike.fault.kind not in REFUSALS:
            return NOTHING
        chosen = self.strike.chosen(count)
        self.told["elements"] = list(chosen)
        return dict.fromkeys(chosen, _REFUSED[self.strike.fault.kind])

    def before(self, database: Database, request: Request, rules: Rules) -> None:
        """A colleague touches a document that a write names, a moment before it."""
        if self._is_meanwhile() and request.method != "GET":
            given = request.json() if request.body else {}
            self._touch(database, request, rules, [*_in_path(request), *mentioned_ids(given)])

    def after(self, database: Database, request: Request, rules: Rules, answer: Answer) -> None:
        """A colleague touches a document that a read has shown, a moment after it."""
        if self._is_meanwhile() and request.method == "GET" and answer.status == 200:
            rows = answer.content.get("rows", [])
            shown = [UUID(row["id"]) for row in rows if "id" in row]
            self._touch(database, request, rules, [*_in_path(request), *shown])

    def _is_meanwhile(self) -> bool:
        return self.strike is not None and self.strike.fault.kind in MEANWHILE

    def _touch(self, database: Database, request: Request, rules: Rules, ids: list[UUID]) -> None:
        assert self.strike is not None
        fault = self.strike.fault
        with database.transaction() as store:
            writer = Writer(store, request.base, rules)
            writer.shelf.load(ids)
            documents = (writer.shelf.get(id_) for id_ in ids)
            stored = next((d for d in documents if _is_touchable(d, fault.entity)), None)
            if stored is None:
                self.told["touched"] = None
                return
            entity = ENTITIES[stored.type]
            self.told["touched"] = f"{stored.type}/{stored.id}"
            try:
                if fault.kind is FaultKind.EDITED_MEANWHILE:
                    writer.update(entity, stored, dict(fault.change))
                else:
                    writer.delete(entity, stored)
            except ApiError as error:
                self.told["hindered"] = error.code


_REFUSED = {
    FaultKind.PARALLEL_EDIT: rejected(
        1065, "Ошибка сохранения объекта: объект уже изменен/удален в параллельном запросе"
    ),
    FaultKind.REFUSE_SOME: rejected(
        3007, "Ошибка валидации сохраняемого объекта: отклонено планом сбоев"
    ),
}


def _is_touchable(stored: Stored | None, kind: str) -> bool:
    return (
        stored is not None
        and stored.type in ENTITIES
        and ENTITIES[stored.type].is_document
        and stored.deleted is None
        and kind in {"", stored.type}
    )


def _in_path(request: Request) -> Iterator[UUID]:
    for step in request.path.split("/"):
        try:
            yield UUID(step)
        except ValueError:
            continue
