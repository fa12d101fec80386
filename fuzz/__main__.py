"""`python -m fuzz [--count N] [--seed N]`; the exit code is 1 when something changed in silence."""

import argparse
import sys
from random import SystemRandom

from fuzz.run import Fuzzer, report
from fuzz.subjects import samples
from sverka.couriers import Couriers
from sverka.settings import INCLUDE


def main() -> int:
    """Runs the fuzzer and prints what came of it."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    seed = SystemRandom().randrange(10**6) if given.seed is None else given.seed
    print(f"seed {seed}", flush=True)
    data, schemas = samples()
    fuzzer = Fuzzer(data, schemas, Couriers.load(INCLUDE / "couriers"))
    tally = fuzzer.run(given.count, seed)
    print(report(tally))
    return 1 if tally.silent else 0


if __name__ == "__main__":
    sys.exit(main())
