"""What can go wrong on the way of a file, told apart by what has to happen next."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sverka.recognition.drift import Drift


class SverkaError(Exception):
    """Base of all errors that Sverka raises on purpose."""


class Refusal(SverkaError):
    """The file cannot be taken as it is; it goes to quarantine with this reason.

    `reason` is Russian, for the accountant: what happened and what to do next. Trying again
    without a change cannot help.
    """

    def __init__(
        self,
        reason: str,
        *,
        sheet: str | None = None,
        line_no: int | None = None,
        column: str | None = None,
    ) -> None:
        self.reason = reason
        self.sheet = sheet
        self.line_no = line_no
        self.column = column
        super().__init__(self.where_and_why())

    def where_and_why(self) -> str:
        """The reason with its place: sheet, row and column as far as they are known."""
        place = [
            f"лист «{self.sheet}»" if self.sheet else "",
            f"строка {self.line_no}" if self.line_no is not None else "",
            f"колонка «{self.column}»" if self.column else "",
        ]
        known = ", ".join(part for part in place if part)
        sentence = f"{known}: {self.reason}" if known else self.reason
        return sentence[:1].upper() + sentence[1:]


class NeedsMapping(Refusal):
    """A table was found, but no schema knows its layout; a person has to name its columns.

    `drift` is what changed when a known layout is nearly there; None for an unknown one.
    """

    def __init__(
        self,
        reason: str,
        *,
        sheet: str | None = None,
        line_no: int | None = None,
        column: str | None = None,
        drift: "Drift | None" = None,
    ) -> None:
        self.drift = drift
        super().__init__(reason, sheet=sheet, line_no=line_no, column=column)


class TryLater(SverkaError):
    """Nothing is wrong with the file; another service is not ready. The step may be repeated.

    `seconds` says when a repetition makes sense.
    """

    def __init__(self, message: str, *, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(message)


class Misconfigured(SverkaError):
    """A setting, a schema, a posting scheme or the shop's MoySklad lacks something by name."""
