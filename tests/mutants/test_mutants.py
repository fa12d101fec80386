"""`make mutants` on the smallest module: it finds what tests miss, and leaves the tree alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from mutants import constants
from mutants.mutant import Mutant
from mutants.python import mutants_of
from mutants.run import Judged
from mutants.scope import PACKAGE, ROOT, scope_of
from mutants.table import score, survivors, table

CODE = '''
def due(sums, kept):
    """What the courier owes."""
    if kept <= 0:
        raise ValueError("nothing was kept")
    log.info("asked %s", kept)
    row = find("select a from b where a = %s", kept, "сумма", limit=1)
    return sum(sums) - kept
'''


def test_python_is_spoiled_where_it_counts() -> None:
    code, mutants = mutants_of(PACKAGE / "money.py", CODE, "[А-яЁё]")
    assert "wrap_in_trampoline" in code
    became = {mutant.changed[1] for mutant in mutants}
    assert "return sum(sums) + kept" in became
    assert "if kept < 0:" in became
    assert 'row = find("select a from b where a <> %s", kept, "сумма", limit=1)' in became
    assert 'row = find("select a from b where a = %s", kept, "сумма", )' in became
    # Not what only a reader sees: the words of an error, of the log, of a sentence.
    assert not [text for text in became if text.startswith(("raise", "log.")) or "XX" in text]


def test_every_mutant_is_named_by_its_place_and_its_lines() -> None:
    _, mutants = mutants_of(PACKAGE / "money.py", CODE, "[А-яЁё]")
    assert {mutant.place for mutant in mutants} == {"sverka.money.x_due"}
    [one] = [mutant for mutant in mutants if "sum(sums) + kept" in mutant.becomes]
    assert one.changed == ("return sum(sums) - kept", "return sum(sums) + kept")
    assert "-    return sum(sums) - kept" in one.diff
    [sql] = [mutant for mutant in mutants if "a <> %s" in mutant.becomes]
    assert sql.statement
    assert not one.statement


def test_statements_in_constants_are_spoiled_too() -> None:
    code = 'NAMES = "a, b"\n_ALL = f"select {NAMES} from c"\n_SOME = " where d > 1"\nTEXT = "Нет"\n'
    mutants = constants.mutants_of(PACKAGE / "money.py", code + "OTHER = f'select {elsewhere}'\n")
    assert [(one.name, one.becomes) for one in mutants] == [
        ("_SOME", " where d >= 1"),
        ("_SOME", " where d > 2"),
        ("_SOME", " where d > 0"),
        ("_SOME", " where true"),
    ]
    assert {one.kind for one in mutants} == {"constant"}


def test_the_score_counts_what_nobody_touches_as_missed() -> None:
    fates = ["killed", "killed", "timeout", "survived", "untouched", "stillborn", "equivalent"]
    judged = [
        Judged(Mutant("m", "m.f", str(n), "return 1", "return 2"), fate)
        for n, fate in enumerate(fates)
    ]
    assert score(judged) == pytest.approx(60)
    assert score([]) is None
    assert "60.0 %" in table(judged)
    assert survivors(judged).count("+return 2") == 2


def test_every_file_of_the_scope_is_there_and_every_reason_is_given() -> None:
    scope = scope_of(ROOT)
    assert all(group.files and group.tests for group in scope.groups)
    modules = {module for group in scope.groups for module in group.wanted}
    assert {"money", "reconciling.weigh.sql", "posting.fees", "moysklad.wire"} <= modules
    assert all(one["reason"] and one["module"] in modules for one in scope.equivalent)
    some = scope_of(ROOT, "money,posting.undoing*")
    assert {group.name for group in some.groups} == {"money", "posting"}
    assert "posting.undoing_ledger" in some.groups[1].wanted
    with pytest.raises(SystemExit, match="no module is named"):
        scope_of(ROOT, "posting.nothing")


def test_a_module_is_judged(tmp_path: Path) -> None:
    before = (ROOT / PACKAGE / "money.py").read_bytes()
    done = subprocess.run(
        [
            sys.executable,
            *["-m", "mutants", "--only", "money", "--every", "9", "--jobs", "2", "--home"],
            str(tmp_path),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "100.0 %" in done.stdout
    assert (tmp_path / "tree" / PACKAGE / "money.py").read_bytes() != before
    assert (ROOT / PACKAGE / "money.py").read_bytes() == before
