"""Runs mutations over the samples, tells the outcomes apart, and shrinks what went wrong."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

from fuzz import cells, headers, layouts, trees
from fuzz.books import Book, book_of
from fuzz.judging import Result, result_of
from fuzz.mutations import MUTATIONS, Did
from sverka.couriers import Couriers
from sverka.nouns import Settlement
from sverka.reading import read
from sverka.recognition import Schemas, recognise

TABLES = (headers, cells, layouts, trees)
"""The modules that fill the table of mutations when they are imported."""

Step = tuple[str, int]
"""A mutation and the seed of its own choices: the same step does the same to the same book."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A sample as a book, and what is read from it unspoiled."""

    book: Book
    truth: Result

    @property
    def model(self) -> Settlement | None:
        """The settlement model of the sample's first report."""
        return self.truth.heads[0]["settlement"] if self.truth.heads else None


@dataclass(frozen=True, slots=True)
class Silent:
    """A change that nobody would have noticed: the smallest steps that lead to it."""

    sample: str
    steps: tuple[Step, ...]
    did: tuple[str, ...]
    difference: str


@dataclass(slots=True)
class Tally:
    """How often each mutation ended in each outcome, and the silent changes."""

    seed: int
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    silent: list[Silent] = field(default_factory=list)
    mutations: int = 0


class Fuzzer:
    """Spoils samples; the same seed does the same."""

    def __init__(self, samples: dict[str, bytes], schemas: Schemas, couriers: Couriers) -> None:
        self._schemas, self._couriers = schemas, couriers
        self.subjects = [s for name, data in samples.items() if (s := self._subject(name, data))]

    def _subject(self, name: str, data: bytes) -> Subject | None:
        """The sample, when it is read by the fuzzer's own writer as it is read by itself."""
        truth = result_of(data, name, self._schemas, self._couriers)
        raw = read(data, name)
        if raw.container == "1c":
            return None  # no writer; its balances prove it
        if truth.outcome != "read":
            raise AssertionError(f"{name}: the sample itself is {truth.outcome}: {truth.reason}")
        book = book_of(name, raw, recognise(raw, self._schemas, self._couriers))
        again = result_of(book.written(), name, self._schemas, self._couriers)
        if again.said(()) != truth.said(()):
            raise AssertionError(
                f"{name}: the writer of the fuzzer changes the sample: {again.reason}"
            )
        return Subject(book, truth)

    def run(self, count: int, seed: int) -> Tally:
        """`count` spoiled files, each with one or two mutations."""
        tally = Tally(seed)
        rng = Random(seed)
        while tally.mutations < count:
            subject = rng.choice(self.subjects)
            names = rng.sample(sorted(MUTATIONS), 1 if rng.random() < 0.7 else 2)
            steps = tuple((name, rng.randrange(2**32)) for name in names)
            outcome = self.outcome(subject, steps)
            if outcome is None:
                continue
            tally.mutations += 1
            for name in names:
                tally.outcomes.setdefault(name, Counter())[outcome[0]] += 1
            if outcome[0] == "silent":
                tally.silent.append(self.shrunk(subject, steps))
        return tally

    def shrunk(self, subject: Subject, steps: tuple[Step, ...]) -> Silent:
        """The fewest of these steps that still change something in silence."""
        for count in range(1, len(steps) + 1):
            for some in combinations(steps, count):
                found = self.outcome(subject, some)
                if found and found[0] == "silent":
                    return Silent(subject.book.name, some, found[2], found[1])
        raise AssertionError("a silent change that cannot be repeated")

    def outcome(
        self, subject: Subject, steps: tuple[Step, ...]
    ) -> tuple[str, str, tuple[str, ...]] | None:
        """The outcome, what differs, what was done; None when a mutation cannot be applied here."""
        book, done = subject.book.copy(), []
        for name, seed in steps:
            did = MUTATIONS[name](book, Random(seed), subject.model)
            if did is None:
                return None
            done.append(did)
        try:
            result = result_of(book.written(), book.name, self._schemas, self._couriers)
        except Exception as error:
            raise RuntimeError(f"{book.name}: no refusal but a crash after {steps}") from error
        outcome, why = compared(subject.truth, result, done)
        return outcome, why, tuple(did.what for did in done)


def compared(truth: Result, result: Result, done: list[Did]) -> tuple[str, str]:
    """`identical`, `asked`, `refused`, `held`, `put aside`, `cannot be known`, or `silent`."""
    if result.outcome != "read":
        return result.outcome, result.reason
    unseen: frozenset[str] = frozenset().union(*(did.unseen for did in done))
    if "must hold" in unseen:
        return "silent", "money beside the lines was passed over"
    for without, name in ((frozenset[str](), "identical"), (unseen, "cannot be known")):
        missing = truth.said(without) - result.said(without)
        extra = result.said(without) - truth.said(without)
        aside = max(0, result.put_aside - truth.put_aside)
        if not extra and not missing and truth.told(without) == result.told(without):
            return name, ""
        if not extra and missing and missing.total() <= aside:
            return "put aside", ""
        if "rows" in without and not (missing and extra):
            return name, ""
    return "silent", "; ".join(_differences(truth, result, unseen))


def _differences(truth: Result, result: Result, unseen: frozenset[str]) -> Iterator[str]:
    missing = truth.said(unseen) - result.said(unseen)
    extra = result.said(unseen) - truth.said(unseen)
    yield f"{missing.total()} lines gone, {extra.total()} lines new, put aside {result.put_aside}"
    for before, after in zip(missing, extra, strict=False):
        yield f"- {before}"
        yield f"+ {after}"
        break
    if truth.told(unseen) != result.told(unseen):
        yield f"head {truth.told(unseen)} → {result.told(unseen)}"


def report(tally: Tally) -> str:
    """Counts per mutation and outcome, then each silent change with the steps to repeat it."""
    kinds = ("identical", "put aside", "asked", "refused", "held", "cannot be known", "silent")
    rows = [f"{'mutation':24}" + "".join(f"{kind:>16}" for kind in kinds)]
    total: Counter[str] = Counter()
    for name, counts in sorted(tally.outcomes.items()):
        rows.append(f"{name:24}" + "".join(f"{counts[kind] or '':>16}" for kind in kinds))
        total += counts
    rows.append(f"{'all':24}" + "".join(f"{total[kind]:>16}" for kind in kinds))
    rows.append(
        f"{tally.mutations} spoiled files, seed {tally.seed}, silent changes: {len(tally.silent)}"
    )
    for silent in tally.silent:
        rows.append(f"SILENT {silent.sample}: {', then '.join(silent.did)}")
        rows.append(f"  steps {silent.steps}\n  {silent.difference}")
    return "\n".join(rows)
