"""What `make mutants` prints."""

from collections import Counter
from collections.abc import Iterable, Sequence

from mutants.run import Judged

NOTICED = ("killed", "timeout")
UNNOTICED = ("survived", "untouched", "unjudged")
NOT_COUNTED = ("stillborn", "equivalent")
_HEAD = ("module", "mutants", "killed", "timeouts", "survived", "untouched", "equivalent", "score")


def score(judged: Iterable[Judged]) -> float | None:
    """Per cent of the mutants that were noticed; None when there are none."""
    fates = Counter(one.fate for one in judged)
    counted = sum(fates[fate] for fate in NOTICED + UNNOTICED)
    return 100 * sum(fates[fate] for fate in NOTICED) / counted if counted else None


def table(judged: Sequence[Judged]) -> str:
    """A row per module and one for all."""
    modules = sorted({one.mutant.module for one in judged})
    rows = [_row(name, [one for one in judged if one.mutant.module == name]) for name in modules]
    shown = [_HEAD, *rows, _row("all", judged)]
    widths = [max(len(row[column]) for row in shown) for column in range(len(_HEAD))]
    return "\n".join(_aligned(row, widths) for row in shown)


def _row(name: str, judged: Sequence[Judged]) -> tuple[str, ...]:
    fates = Counter(one.fate for one in judged)
    counted = sum(fates[fate] for fate in NOTICED + UNNOTICED)
    found = score(judged)
    numbers = [counted, fates["killed"], fates["timeout"], fates["survived"] + fates["unjudged"]]
    numbers += [fates["untouched"], fates["equivalent"]]
    return name, *map(str, numbers), "—" if found is None else f"{found:.1f} %"


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        cell.ljust(width) if not n else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *rest])


def survivors(judged: Iterable[Judged]) -> str:
    """The mutants that nothing noticed, as diffs."""
    left = [one for one in judged if one.fate in UNNOTICED]
    return "\n\n".join(
        f"{one.mutant.place} ({one.fate})\n{one.mutant.diff}"
        for one in sorted(left, key=lambda one: (one.mutant.module, one.mutant.place))
    )
