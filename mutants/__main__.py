"""`python -m mutants [--only MODULE] [--jobs N]`; the exit code is 1 below the threshold."""

import argparse
import os
import sys
from pathlib import Path

from mutants.run import Runner
from mutants.scope import ROOT, scope_of
from mutants.table import score, survivors, table


def main() -> int:
    """Judges the mutants and prints the table and the survivors."""
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("--only", help="modules, or patterns of them: posting.fees,posting.undo*")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--every", type=int, default=1, help="judge only every Nth: an estimate")
    parser.add_argument("--fresh", action="store_true", help="forget what earlier runs found")
    parser.add_argument("--home", type=Path, default=ROOT / ".mutants", help="where it works")
    given = parser.parse_args()
    given.home.mkdir(parents=True, exist_ok=True)
    if given.fresh:
        (given.home / "results.jsonl").unlink(missing_ok=True)
    scope = scope_of(ROOT, given.only)
    judged = Runner(ROOT, given.home.resolve(), scope, given.jobs, given.every).run()
    print(survivors(judged), table(judged), sep="\n\n")
    found = score(judged)
    return 0 if found is None or found >= scope.threshold else 1


if __name__ == "__main__":
    sys.exit(main())
