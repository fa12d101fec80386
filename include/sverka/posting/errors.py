"""What can go wrong between a verdict and the books."""

from uuid import UUID

from sverka.errors import SverkaError


class ChangedDocument(SverkaError):
    """A document was approved or sent under this syncId, and now it would be another one.

    No refusal of the file: part of it may be in the books, so it must not go to quarantine.
    """

    def __init__(self, sync_id: UUID, known: str, new: str) -> None:
        self.sync_id = sync_id
        self.known = known
        self.new = new
        super().__init__(
            f"Документ {sync_id} уже подтверждён с другим содержанием (было {known[:12]}, стало "
            f"{new[:12]}). Ничего не изменено. Отмените проведение файла и положите его снова."
        )


class PlanChanged(SverkaError):
    """The plan is no longer the one that a person looked at."""
