"""One notice in words, before any channel dresses it up."""

import re
import unicodedata
from dataclasses import dataclass

from sverka.notices.channels import Kind

TITLE_LIMIT = 150
LINE_LIMIT = 400
"""Characters; a reason may quote a file at any length."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened and what to do next, for a person.

    `lines` tell what happened and how much money it is about; `next_step` is what the person does
    now. `path` is under `settings.public_url`; `attachments` are paths in the storage.
    """

    kind: Kind
    title: str
    lines: tuple[str, ...]
    next_step: str
    path: str
    attachments: tuple[str, ...] = ()

    @property
    def one_line_title(self) -> str:
        """Fit for the subject of an e-mail, whatever a file was called."""
        return one_line(self.title, TITLE_LIMIT)

    @property
    def body(self) -> str:
        """The lines, each in one piece."""
        return "\n".join(one_line(line, LINE_LIMIT) for line in self.lines)


def one_line(text: str, limit: int) -> str:
    """The text without line breaks, control and direction signs, at most `limit` characters long.

    Names and cells of files are anybody's: a line break would begin another header of an e-mail,
    and a direction sign turns `fdp.exe` into `exe.pdf`.
    """
    shown = "".join(" " if _breaks(sign) else sign for sign in text if not _hides(sign))
    plain = re.sub(" +", " ", shown).strip()  # a no-break space inside a sum stays
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def _breaks(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Zl", "Zp"}


def _hides(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cf", "Cs"}
