"""Plays seeds from the command line: `python -m tests.posting.simulation --seed 4711 -v`."""

import argparse
import os
import sys
import time

from tests.posting.simulation.sharing import shared
from tests.support.postgres import postgres


def main() -> int:
    """Exit code 1 when a seed broke a promise."""
    parser = argparse.ArgumentParser(prog="python -m tests.posting.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="only this one")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--counts", action="store_true", help="print what was met how often")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every step")
    given = parser.parse_args()
    one = given.seed is not None
    seeds = [given.seed] if one else range(given.first, given.first + given.seeds)
    started = time.monotonic()
    with postgres() as server:
        failed, hit = shared(server, seeds, given.workers, verbose=given.verbose)
    if given.counts:
        print("\n".join(f"{number:7d} {what}" for what, number in sorted(hit.items())))
    took = time.monotonic() - started
    print(f"{len(seeds) - failed} of {len(seeds)} seeds hold, {took:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
