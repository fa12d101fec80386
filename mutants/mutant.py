"""One spoiled place of the code."""

from dataclasses import dataclass
from difflib import unified_diff


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one place.

    `place` is what a test must touch to notice it: a function as the trampoline names it, a module
    for its constants, or an SQL file. `name` switches it on: the trampoline's name of the mutant,
    or the constant's. `was` and `becomes` are the text before and after: a function's source, the
    constant's value, or the whole SQL file.
    """

    module: str
    place: str
    name: str
    was: str
    becomes: str
    sql: bool = False
    """A whole SQL file."""
    statement: bool = False
    """SQL in any place: what PostgreSQL does not understand of it is no mutant."""

    @property
    def kind(self) -> str:
        """How a test process switches it on."""
        if self.sql:
            return "file"
        return "function" if "__mutmut_" in self.name else "constant"

    @property
    def changed(self) -> tuple[str, str]:
        """The lines that differ, without indentation: what `equivalent.toml` names it by."""
        before, after = self.was.splitlines(), self.becomes.splitlines()
        gone = [line[1:].strip() for line in unified_diff(before, after, n=0) if _is(line, "-")]
        come = [line[1:].strip() for line in unified_diff(before, after, n=0) if _is(line, "+")]
        return " ".join(gone), " ".join(come)

    @property
    def diff(self) -> str:
        """For a person: the change with a line around it."""
        lines = unified_diff(self.was.splitlines(), self.becomes.splitlines(), n=1, lineterm="")
        return "\n".join(list(lines)[2:])


def _is(line: str, sign: str) -> bool:
    return line.startswith(sign) and not line.startswith(sign * 3)
