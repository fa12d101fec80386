"""MoySklad's way to say no: `{"errors": [{"error": …, "code": …}]}` (docs, «Обработка ошибок»)."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Refused:
    """One element of a bulk write that MoySklad did not take; `code` is its own error code.

    `text` is MoySklad's sentence, in Russian unless the account is set otherwise.
    """

    code: int | None
    text: str


def first_refusal(answer: Any) -> Refused | None:
    """The refusal in an answer, or None when the answer is something else.

    Only `error` is guaranteed by the docs; `code` may be missing. Several errors are joined into
    one text under the first code.
    """
    errors = answer.get("errors") if isinstance(answer, dict) else None
    if not isinstance(errors, list) or not errors:
        return None
    known = [error for error in errors if isinstance(error, dict)]
    texts = [str(error.get("error_message") or error.get("error") or "") for error in known]
    code = known[0].get("code") if known else None
    return Refused(
        code=code if isinstance(code, int) else None,
        text="; ".join(text for text in texts if text) or "без пояснения",
    )
