"""Prepares the copy, has every group judged, and remembers what came of each mutant."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from mutants.mutant import Mutant
from mutants.scope import Group, Scope
from mutants.tree import copy_tree, files_of, spoil


@dataclass(frozen=True, slots=True)
class Judged:
    """A mutant and its fate: killed, survived, timeout, untouched, stillborn, equivalent."""

    mutant: Mutant
    fate: str
    by: str = ""


class Runner:
    """One run over the scope; everything it writes is below `home`."""

    def __init__(self, root: Path, home: Path, scope: Scope, jobs: int, every: int) -> None:
        self._root, self._home, self._scope = root, home, scope
        self._jobs, self._every = jobs, every
        self._tree = home / "tree"
        self._results = home / "results.jsonl"
        self._unspoiled = _hash_of(root, _is_code)

    def run(self) -> list[Judged]:
        """All mutants of the scope; what is known of the same code and tests is not run again."""
        return [judged for group in self._scope.groups for judged in self._of(group)]

    def _of(self, group: Group) -> list[Judged]:
        copy_tree(self._root, self._tree)
        mutants = [
            mutant
            for mutant in spoil(self._root, self._tree, group.files, self._scope)
            if mutant.module in group.wanted
        ][:: self._every]
        same = {m for m in mutants if self._is_equivalent(m)}
        known = self._known(group)
        open_ = [m for m in mutants if m not in same and key_of(m) not in known]
        print(f"{group.name}: {len(mutants)} mutants, {len(open_)} to judge", flush=True)
        if open_:
            self._have_judged(group, open_)
            known = self._known(group)
        return [Judged(m, "equivalent") if m in same else _judged(m, known) for m in mutants]

    def _is_equivalent(self, mutant: Mutant) -> bool:
        was, becomes = mutant.changed
        return any(
            one["module"] == mutant.module and one["was"] == was and becomes in one["becomes"]
            for one in self._scope.equivalent
        )

    def _have_judged(self, group: Group, mutants: Sequence[Mutant]) -> None:
        job = self._home / "job.json"
        job.write_text(json.dumps(self._job(group, mutants)), encoding="utf-8")
        paths = [self._tree / "include", self._tree / "plugins", self._tree]
        environment = {
            **os.environ,
            "SVERKA_MUTANTS_JOB": str(job),
            "PYTHONPATH": os.pathsep.join(map(str, paths)),
        }
        quiet = ["-qq", "-s", "-p", "no:cacheprovider", "--no-header", "--no-summary"]
        limits = ["-o", "timeout=0", "-o", "timeout_method=thread"]
        subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "mutants.warm", *quiet, *limits, *group.tests],
            cwd=self._tree,
            env=environment,
            check=True,
        )

    def _job(self, group: Group, mutants: Sequence[Mutant]) -> dict[str, Any]:
        folder = self._home / "answers"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        return {
            "folder": str(folder),
            "results": str(self._results),
            "known": str(self._home / f"touched-{group.name}.json"),
            "unspoiled": self._unspoiled,
            "state": self._state(group),
            "jobs": self._jobs,
            "budget": self._scope.budget,
            "mutants": [_told(mutant) for mutant in mutants],
        }

    def _known(self, group: Group) -> Mapping[str, Mapping[str, Any]]:
        """What was found before and still holds, by the mutants' keys.

        A mutant that a test noticed is noticed as long as its place and the test's file are the
        same; any other is tried again as soon as anything at all has changed.
        """
        if not self._results.exists():
            return {}
        state = self._state(group)
        stored = map(json.loads, self._results.read_text(encoding="utf-8").splitlines())
        return {one["key"]: one for one in stored if self._holds(one, state)}

    def _holds(self, stored: Mapping[str, Any], state: str) -> bool:
        if stored["fate"] in ("killed", "stillborn"):
            file = self._root / stored["by"].partition("::")[0]
            return file.exists() and stored["by_hash"] == hash_of(file)
        return bool(stored["state"] == state)

    def _state(self, group: Group) -> str:
        tests = _hash_of(self._root, lambda name: name in group.tests)
        return f"{self._unspoiled}{tests} {self._scope.budget}"


def hash_of(file: Path) -> str:
    """What tells one version of a file from another."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def key_of(mutant: Mutant) -> str:
    """Names the mutant for as long as its place stays as it is."""
    told = "\0".join((mutant.place, mutant.was, mutant.becomes))
    return hashlib.sha256(told.encode()).hexdigest()


def _told(mutant: Mutant) -> dict[str, Any]:
    return {
        "key": key_of(mutant),
        "place": mutant.place,
        "name": mutant.name,
        "becomes": mutant.becomes,
        "was": mutant.was,
        "kind": mutant.kind,
        "statement": mutant.statement,
    }


def _judged(mutant: Mutant, known: Mapping[str, Mapping[str, Any]]) -> Judged:
    told = known.get(key_of(mutant), {"fate": "unjudged"})
    return Judged(mutant, told["fate"], told.get("by", ""))


def _is_code(name: str) -> bool:
    """Also what tests share; not the tests, nor what `mutants/*.toml` says of them."""
    return not Path(name).name.startswith("test_") and not fnmatch(name, "mutants/*.toml")


def _hash_of(root: Path, wanted: Callable[[str], bool]) -> str:
    found = hashlib.sha256()
    for name in files_of(root):
        if name.startswith(("include/", "tests/", "mutants/")) and wanted(name):
            found.update(name.encode() + hash_of(root / name).encode())
    return found.hexdigest()
