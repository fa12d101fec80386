"""The copy of the tree that is spoiled; the tree itself is never touched."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Collection, Iterable
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path

from mutants import constants
from mutants.mutant import Mutant
from mutants.python import mutants_of
from mutants.scope import Scope, module_of
from mutants.sql import spoiled


def files_of(root: Path) -> list[str]:
    """What git knows or would add, below `root`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return sorted(name for name in listed.split("\0") if name and (root / name).is_file())


def copy_tree(root: Path, copy: Path) -> None:
    """Makes `copy` hold the same files; what did not change keeps its time."""
    names = files_of(root)
    for name in names:
        _copy(root / name, copy / name)
    _remove_others(copy, {copy / name for name in names})


def _copy(source: Path, target: Path) -> None:
    if target.exists() and target.read_bytes() == source.read_bytes():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _remove_others(copy: Path, known: Collection[Path]) -> None:
    for path in copy.rglob("*"):
        if path.is_file() and path not in known and "__pycache__" not in path.parts:
            path.unlink()


def spoil(root: Path, copy: Path, files: Iterable[Path], scope: Scope) -> list[Mutant]:
    """Puts the mutants of these files into the copy, asleep; Python first, then SQL."""
    found: list[Mutant] = []
    for file in files:
        text = (root / file).read_text(encoding="utf-8")
        if file.suffix == ".sql":
            module = module_of(file)
            found += [
                Mutant(module, file.as_posix(), str(n), text, new, sql=True, statement=True)
                for n, new in enumerate(spoiled(text))
            ]
        else:
            code, mutants = _remembered(copy.parent / "spoiled", file, text, scope.texts)
            if mutants:
                (copy / file).write_text(code, encoding="utf-8")
            found += [*mutants, *constants.mutants_of(file, text)]
    return found


def _remembered(folder: Path, file: Path, code: str, texts: str) -> tuple[str, list[Mutant]]:
    """What `mutants_of` makes of this code; it takes longer than to judge some of it."""
    told = "\0".join((file.as_posix(), code, texts, _tool()))
    stored = folder / f"{hashlib.sha256(told.encode()).hexdigest()}.json"
    if not stored.exists():
        spoiled_code, mutants = mutants_of(file, code, texts)
        folder.mkdir(exist_ok=True)
        stored.write_text(json.dumps([spoiled_code, [asdict(one) for one in mutants]]))
    spoiled_code, listed = json.loads(stored.read_text())
    return spoiled_code, [Mutant(**one) for one in listed]


@cache
def _tool() -> str:
    """Another version of mutmut or of our operators makes other mutants."""
    operators = [Path(__file__).with_name(name).read_text() for name in ("python.py", "sql.py")]
    return "\0".join((version("mutmut"), *operators))
