"""What is spoiled and by which tests it is judged, from `scope.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
PACKAGE = Path("include/sverka")


@dataclass(frozen=True, slots=True)
class Group:
    """Files that the same tests judge, and the modules of them that are wanted now."""

    name: str
    files: tuple[Path, ...]
    wanted: frozenset[str]
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The whole task; `equivalent` are mutants that change nothing, each with its reason."""

    groups: tuple[Group, ...]
    threshold: float
    budget: float
    texts: str
    equivalent: Sequence[Mapping[str, Any]]


def module_of(file: Path) -> str:
    """`include/sverka/posting/fees.py` → `posting.fees`; `….sql` keeps its ending."""
    inside = file.relative_to(PACKAGE).as_posix().replace("/sql/", "/")
    return inside.removesuffix(".py").replace("/", ".")


def scope_of(root: Path, only: str | None = None) -> Scope:
    """The scope of the tree at `root`; `only` is modules or patterns of them, with commas between.

    Raises:
        SystemExit: nothing has that name.
    """
    stored = tomllib.loads((HERE / "scope.toml").read_text(encoding="utf-8"))
    equivalent = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8"))
    groups = tuple(
        group
        for name, told in stored["groups"].items()
        for group in [_group(root, name, told, stored["skip_tests"], only)]
        if group.wanted
    )
    if not groups:
        raise SystemExit(f"no module is named {only}; mutants/scope.toml lists them")
    return Scope(
        groups,
        stored["threshold"],
        stored["budget_seconds"],
        stored["texts"],
        equivalent.get("mutant", []),
    )


def _group(
    root: Path, name: str, told: Mapping[str, Any], skip: Sequence[str], only: str | None
) -> Group:
    files = [
        file.relative_to(root)
        for pattern in told["files"]
        for file in sorted((root / PACKAGE).glob(pattern))
    ]
    tests = [
        found
        for pattern in told["tests"]
        for test in sorted(root.glob(pattern))
        for found in [test.relative_to(root).as_posix()]
        if not any(fnmatch(found, one) for one in skip)
    ]
    modules = [module_of(file) for file in files]
    patterns = only.split(",") if only else ["*"]
    wanted = frozenset(one for one in modules if any(fnmatch(one, each) for each in patterns))
    return Group(name, tuple(files), wanted, tuple(dict.fromkeys(tests)))
