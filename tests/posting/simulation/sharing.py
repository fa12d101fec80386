"""Many seeds on all cores: each process has a world of its own on one server."""

import logging
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.posting.simulation.seeds import Failed, played
from tests.posting.simulation.servers import fresh_world


def shared(
    server: str, seeds: Sequence[int], workers: int, *, verbose: bool
) -> tuple[int, Counter[str]]:
    """How many of the seeds failed, and what the others met; failures are printed at once."""
    workers = min(workers, len(seeds))
    if workers < 2:
        return _play(server, seeds, verbose)
    failed, hit = 0, Counter[str]()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        shares = [pool.submit(_play, server, seeds[n::workers], verbose) for n in range(workers)]
        for share in shares:
            failures, met = share.result()
            failed += failures
            hit.update(met)
    return failed, hit


def _play(server: str, seeds: Sequence[int], verbose: bool) -> tuple[int, Counter[str]]:
    logging.disable(logging.CRITICAL)
    failed, hit = 0, Counter[str]()
    with tempfile.TemporaryDirectory() as folder, fresh_world(Path(folder), server) as world:
        for seed in seeds:
            try:
                play = played(world, seed)
            except Failed as error:
                failed += 1
                print(error, flush=True)
                if verbose:
                    traceback.print_exception(error.__cause__)
                continue
            hit.update(play.hit)
            if verbose:
                print("\n".join(play.told))
    return failed, hit
