"""`make bench-scale`: what it prints was measured, and what was measured came out right."""

import re
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from bench import apart, scale
from bench.apart import cpu_of_server, create_database, drop_database
from bench.posted import Posted
from bench.scale import Measured, Server
from bench.stages import Taken

ROOT = Path(__file__).parents[2]
SIZES = ("--lines", "10", "100", "--formats", "csv", "--peer", "0")
MORE = ("--files", "2", "--lines-per-file", "3", "--documents", "3")


@pytest.fixture(scope="module")
def printed() -> str:
    """What a tiny run prints."""
    command = [sys.executable, "-m", "bench.scale", *SIZES, *MORE]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def figures(printed: str, begins: str) -> list[float]:
    """The numbers of the line that begins so."""
    line = next(one for one in printed.splitlines() if one.strip().startswith(begins))
    return [float(one.replace(",", "")) for one in re.findall(r"[\d.,]*\d", line)]


class TestOneFile:
    def test_every_stage_has_its_seconds_and_all_is_their_sum(self, printed: str) -> None:
        lines, *stages, whole, cpu, of_server, _peak = figures(printed, "100 ")
        assert lines == 100
        assert len(stages) == len(scale.STEPS)
        assert sum(stages) == pytest.approx(whole, abs=0.01 * len(stages))
        assert 0 < of_server < cpu

    def test_a_size_is_compared_with_the_one_before(self, printed: str) -> None:
        [factor, *grown] = figures(printed, "×10.0")
        assert factor == 10
        whole = figures(printed, "100 ")[-4] / figures(printed, "10 ")[-4]
        assert grown[len(scale.STEPS)] == pytest.approx(whole, abs=0.1)

    def test_the_peak_is_that_of_the_process_and_not_of_nothing(self, printed: str) -> None:
        assert figures(printed, "10 ")[-1] > 20


def test_many_files_are_told_in_all_and_each(printed: str) -> None:
    assert "2 files of 3 lines" in printed
    whole, each = figures(printed, "in all"), figures(printed, "a file")
    assert each[len(scale.STEPS)] == pytest.approx(whole[len(scale.STEPS)] / 2, abs=0.01)


class TestPosting:
    def test_the_documents_were_counted_where_they_lie(self, printed: str) -> None:
        # A payment and two changes of state for each of three orders, and the act's supply.
        assert "10 documents of one file into the sandbox" in printed

    def test_every_kind_goes_in_one_array(self, printed: str) -> None:
        [per_thousand, _thousand, writes] = figures(printed[printed.index("into the") :], "400.00")
        assert (per_thousand, writes) == (400, 4)

    def test_nothing_was_refused_for_being_too_fast(self, printed: str) -> None:
        assert figures(printed, "0 refused")[0] == 0


class TestHeldTo:
    @pytest.fixture
    def server(self, server_url: str, tmp_path: Path) -> Server:
        return Server(server_url, 0, tmp_path)

    def test_a_line_without_its_verdict_ends_the_run(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        measured = {"wall": {}, "cpu": {}, "files": 1, "peak_mb": 1}
        monkeypatch.setattr(scale, "run", lambda *_: "")
        monkeypatch.setattr(scale, "figures", lambda *_: measured)
        monkeypatch.setattr(scale, "cpu_of_server", lambda _: 0.0)
        try:
            with pytest.raises(RuntimeError, match="0 of 7 lines of 1 files matched"):
                scale.measure(server, "csv", 1, 7)
        finally:
            drop_database(server.url, "scale_csv_1_7")

    def test_a_process_that_fails_is_no_measurement(self) -> None:
        with pytest.raises(subprocess.CalledProcessError):
            apart.run("bench.stages", "no database", "no folder")


def test_a_database_is_made_and_gone_again(server_url: str) -> None:
    url = create_database(server_url, "bench_made")
    psycopg2.connect(url).close()
    drop_database(server_url, "bench_made")
    with pytest.raises(psycopg2.OperationalError, match="does not exist"):
        psycopg2.connect(url)


def test_the_processor_time_of_a_process_tree_never_shrinks() -> None:
    import os

    before = cpu_of_server(os.getpid())
    sum(range(100_000))
    assert cpu_of_server(os.getpid()) >= before > 0


def test_a_stage_that_runs_again_adds_to_its_seconds() -> None:
    taken = Taken()
    assert taken.measure("read", lambda: 7) == 7
    once = taken.wall["read"]
    taken.measure("read", lambda: 8)
    assert taken.wall["read"] > once > 0


def test_the_work_is_ours_and_that_of_postgresql() -> None:
    one = Measured(1, 10, {"parse": 2.0, "check": 3.0}, cpu=1.5, server_cpu=0.5, peak_mb=1)
    assert (one.total, one.all_cpu) == (5.0, 2.0)


def test_the_share_of_the_rate_is_in_units() -> None:
    """45 units in three seconds: ten requests of three units in six seconds are a third."""
    one = Posted(1, {"plan": 2, "send": 4}, writes=4, look_ups=6, units_of_request=3)
    assert one.share_of_rate == pytest.approx(1 / 3)
