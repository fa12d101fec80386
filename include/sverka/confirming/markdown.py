"""Markdown from what strangers wrote: a file's words never become markup, links or pictures."""

import re
from collections.abc import Iterable, Sequence

LONGEST = 120
"""Characters of one cell; a form is read, not searched."""
LONGEST_ANSWERED = 4000
"""Characters of what the whole question is about: every changed column has to be seen."""

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&^$])")


def plain(text: str, longest: int = LONGEST) -> str:
    """The text on one line with everything that Markdown could take for markup escaped."""
    line = " ".join(text.split())
    if len(line) > longest:
        line = line[: longest - 1] + "…"
    return _MARKUP.sub(r"\\\1", line)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, or nothing when there are no rows."""
    lines = [" | ".join(plain(cell) for cell in row) for row in rows]
    if not lines:
        return ""
    rule = " | ".join("---" for _ in head)
    return "\n".join(f"| {line} |" for line in (" | ".join(head), rule, *lines))


def section(title: str, content: str) -> str:
    """A heading with its content, or nothing when there is none."""
    return f"### {title}\n\n{content}" if content else ""
