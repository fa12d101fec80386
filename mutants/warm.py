"""A pytest plugin: collects once, starts the servers once, then judges every mutant in a child.

First each test file runs unspoiled in a child of its own, which tells what its tests touch and how
long they take. A mutant is judged by the tests that touch its place: first those that noticed
others there, then the quickest; the first that fails has noticed it.
"""

import gc
import hashlib
import json
import os
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import hypothesis
import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation import trampoline

JOB = "SVERKA_MUTANTS_JOB"
"""The name of the file that tells what to do (see `run.py`)."""

hypothesis.settings.register_profile("mutants", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("mutants")

touched: set[str] = set()
touched_early: set[str] = set()
ready_at: list[float] = []
spoiled_files: dict[str, str] = {}
read_first: dict[str, str] = {}
"""SQL files as they were first read: a module may keep that very text in a constant."""
misunderstood: list[str] = []
_read_text = Path.read_text


def _noted(name: str, caller: str | None = None) -> None:  # noqa: ARG001  mutmut's signature
    touched.add(name)


def _reading(path: Path, *args: Any, **kwargs: Any) -> str:
    if path.suffix == ".sql":
        name = os.path.relpath(path)
        touched.add(name)
        if name in spoiled_files:
            return spoiled_files[name]
        text = _read_text(path, *args, **kwargs)
        read_first.setdefault(name, text)
        return text
    return _read_text(path, *args, **kwargs)


trampoline.record_trampoline_hit = _noted
Path.read_text = _reading  # type: ignore[method-assign]


def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> None:
    """Notes SQL that PostgreSQL does not understand: class 42 of its errors."""
    error = call.excinfo.value if call.excinfo else None
    while error is not None:
        if str(getattr(error, "pgcode", None) or "").startswith("42"):
            misunderstood.append(str(error))
        error = error.__cause__ or error.__context__


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call() -> None:
    """Notes what the fixtures alone have touched, and when they were ready."""
    touched_early.update(touched)
    ready_at[:] = [time.process_time()]


def pytest_runtestloop(session: pytest.Session) -> bool:
    """In place of running the tests once."""
    job = json.loads(_read_text(Path(os.environ[JOB])))
    Judge(session, job).run()
    return True


class _Session:
    """What the next test would need: only what lives as long as the session."""

    def __init__(self, session: pytest.Session) -> None:
        self._chain = [session]

    def listchain(self) -> list[pytest.Session]:
        return self._chain


@dataclass(slots=True)
class _Test:
    item: pytest.Item
    seconds: float
    shared: float
    """Seconds that the first test of its file takes longer: it makes what the others share."""
    wall: float
    touches: set[str]

    @property
    def path(self) -> Path:
        return self.item.path


class Judge:
    """Runs the tests for every mutant of the job and writes a line of JSON for each."""

    def __init__(self, session: pytest.Session, job: dict[str, Any]) -> None:
        self._session = session
        self._after: Any = _Session(session)
        self._job = job
        self._folder = Path(job["folder"])
        self._noticed: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._tests: list[_Test] = []

    def run(self) -> None:
        self._warm_up()
        self._measure()
        gc.collect()
        gc.freeze()
        with Path(self._job["results"]).open("a", encoding="utf-8") as out:
            for mutant, judged in self._judged():
                told = {"key": mutant["key"], "state": self._job["state"], **judged}
                print(json.dumps(told), file=out, flush=True)

    def _warm_up(self) -> None:
        """What lives as long as the session is made here, once."""
        needed = {
            name for item in self._session.items for name in getattr(item, "fixturenames", ())
        }
        for name in ("template_database",):
            users = [i for i in self._session.items if name in getattr(i, "fixturenames", ())]
            if name in needed and users:
                runtestprotocol(users[0], log=False, nextitem=self._after)

    def _measure(self) -> None:
        from mutants.forking import answers

        files: defaultdict[str, list[pytest.Item]] = defaultdict(list)
        for item in self._session.items:
            files[str(item.path)].append(item)
        known = Known(Path(self._job["known"]), self._job["unspoiled"])
        missing = [file for file in files if known.of(file) is None]

        def measure(file: str) -> dict[str, Any]:
            following = [*files[file][1:], self._after]
            return self._told_together(
                [
                    self._told(item, after)
                    for item, after in zip(files[file], following, strict=True)
                ]
            )

        for file, told in answers(missing, measure, self._folder, self._job["jobs"], lambda _: 900):
            known.learn(file, told or {})
            known.save()
            print(f"  {os.path.relpath(file)}: {len(told or {})} tests", flush=True)
        for file, items in files.items():
            for item in items:
                self._add(item, (known.of(file) or {}).get(item.nodeid))

    def _told(self, item: pytest.Item, after: Any) -> dict[str, Any]:
        trampoline.set_mutant_under_test("stats")
        touched.clear()
        touched_early.clear()
        ready_at.clear()
        # Seconds of the processor: how busy the machine is must not choose the tests.
        begun, started = time.process_time(), time.monotonic()
        reports = runtestprotocol(item, log=False, nextitem=after)
        ready, ended = (ready_at or [begun])[0], time.process_time()
        return {
            "test": item.nodeid,
            "passed": not any(report.failed for report in reports),
            "setup": ready - begun,
            "rest": ended - ready,
            "wall": time.monotonic() - started,
            "early": sorted(touched_early),
            "touches": sorted(touched),
            "shares": _shares_fixtures(item),
        }

    def _told_together(self, told: list[dict[str, Any]]) -> dict[str, Any]:
        """Only the first test of a file makes the fixtures that its tests share."""
        usual = median(one["setup"] for one in told)
        longest = max(one["setup"] for one in told)
        slowest = max(one["wall"] for one in told)
        early = {place for one in told for place in one["early"]}
        return {
            one["test"]: {
                "passed": one["passed"],
                "seconds": one["rest"] + (usual if one["shares"] else one["setup"]),
                "shared": longest - usual if one["shares"] else 0,
                "wall": slowest if one["shares"] else one["wall"],
                "touches": sorted({*one["touches"], *(early if one["shares"] else ())}),
            }
            for one in told
        }

    def _add(self, item: pytest.Item, told: dict[str, Any] | None) -> None:
        if told and told["passed"]:
            cost = told["seconds"], told["shared"], told["wall"]
            self._tests.append(_Test(item, *cost, set(told["touches"])))
        else:
            print(f"  is red without any mutant and judges nothing: {item.nodeid}", flush=True)

    def _passes(self, item: pytest.Item, following: list[_Test]) -> bool:
        same = following and following[0].item.path == item.path
        after = following[0].item if same else self._after
        reports = runtestprotocol(item, log=False, nextitem=after)
        return not any(report.failed for report in reports)

    def _judged(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        from mutants.forking import answers

        trampoline.set_mutant_under_test("")
        trials = answers(
            self._job["mutants"], self._judge, self._folder, self._job["jobs"], self._seconds
        )
        for mutant, told in trials:
            judged = told or {"fate": "timeout"}
            if judged["fate"] == "killed":
                self._noticed[mutant["place"]][judged["by"]] += 1
            yield mutant, judged

    def _seconds(self, mutant: dict[str, Any]) -> float:
        return 600 + 10 * sum(test.wall for test in self._chosen(mutant["place"]))

    def _chosen(self, place: str) -> list[_Test]:
        """The covering tests, the likeliest first, as far as the budget goes.

        Tests of one file stand together, so that what they share is made once.
        """
        noticed = self._noticed[place]
        places = [place, *_keepers(place)]
        covering = [test for test in self._tests if any(_touches(test, one) for one in places)]
        together = Counter(test.path for test in covering)
        covering.sort(
            key=lambda test: (
                -noticed[test.item.nodeid],
                test.seconds + test.shared / together[test.path],
            )
        )
        chosen: dict[Path, list[_Test]] = {}
        spent = 0.0
        for test in covering:
            cost = test.seconds + (0 if test.path in chosen else test.shared)
            if chosen and spent + cost > self._job["budget"]:
                continue
            chosen.setdefault(test.path, []).append(test)
            spent += cost
        return [test for tests in chosen.values() for test in tests]

    def _judge(self, mutant: dict[str, Any]) -> dict[str, Any]:
        chosen = self._chosen(mutant["place"])
        if not chosen:
            return {"fate": "untouched"}
        _switch_on(mutant)
        for limit in (signal.SIGALRM, signal.SIGPROF):
            signal.signal(limit, signal.SIG_DFL)
        for number, test in enumerate(chosen, 1):
            misunderstood.clear()
            # On a busy machine a test waits long for its turn: that is no hanging.
            signal.setitimer(signal.ITIMER_PROF, 10 + 10 * (test.seconds + test.shared))
            signal.alarm(int(180 + 10 * test.wall))
            passed = self._passes(test.item, chosen[number:])
            signal.alarm(0)
            signal.setitimer(signal.ITIMER_PROF, 0)
            if not passed:
                fate = "stillborn" if misunderstood and mutant["statement"] else "killed"
                by_hash = hashlib.sha256(test.item.path.read_bytes()).hexdigest()
                return {"fate": fate, "by": test.item.nodeid, "by_hash": by_hash}
        return {"fate": "survived", "tests": len(chosen)}


def _shares_fixtures(item: pytest.Item) -> bool:
    """Whether other tests of the file use what is made for this one."""
    info = getattr(item, "_fixtureinfo", None)
    found = info.name2fixturedefs.values() if info else ()
    return any(one[-1].scope in ("class", "module", "package") for one in found)


def _touches(test: _Test, place: str) -> bool:
    return place in test.touches or any(one.startswith(f"{place}.x") for one in test.touches)


def _switch_on(mutant: dict[str, Any]) -> None:
    match mutant["kind"]:
        case "file":
            spoiled_files[mutant["place"]] = mutant["becomes"]
            if kept := read_first.get(mutant["place"]):
                _replace_everywhere(kept, mutant["becomes"])
        case "function":
            module = mutant["place"].rpartition(".")[0]
            trampoline.set_mutant_under_test(f"{module}.{mutant['name']}")
        case "constant":
            text = getattr(sys.modules[mutant["place"]], mutant["name"])
            if text != mutant["was"]:
                raise AssertionError(f"{mutant['name']} is not what the mutant was made of")
            _replace_everywhere(text, mutant["becomes"])


def _keepers(file: str) -> list[str]:
    """The modules that have read this SQL file into a constant when they were imported."""
    text = read_first.get(file)
    return [
        name
        for name, module in list(sys.modules.items())
        if text and name.startswith("sverka.") and any(one is text for one in vars(module).values())
    ]


def _replace_everywhere(old: str, new: str) -> None:
    """Also where another module has imported it."""
    for name, module in list(sys.modules.items()):
        if name.startswith("sverka."):
            for one in [key for key, value in vars(module).items() if value is old]:
                setattr(module, one, new)


class Known:
    """What tests touch, remembered until the code or the test file changes."""

    def __init__(self, path: Path, unspoiled: str) -> None:
        self._path, self._unspoiled = path, unspoiled
        self._stored: dict[str, Any] = json.loads(_read_text(path)) if path.exists() else {}

    def _hash(self, file: str) -> str:
        return hashlib.sha256((self._unspoiled + _read_text(Path(file))).encode()).hexdigest()

    def of(self, file: str) -> dict[str, Any] | None:
        stored = self._stored.get(os.path.relpath(file))
        return stored["tests"] if stored and stored["hash"] == self._hash(file) else None

    def learn(self, file: str, tests: dict[str, Any]) -> None:
        self._stored[os.path.relpath(file)] = {"hash": self._hash(file), "tests": tests}

    def save(self) -> None:
        self._path.write_text(json.dumps(self._stored), encoding="utf-8")
