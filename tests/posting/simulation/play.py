"""One seed: what it draws, what happens, and that everything comes to rest in the end."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sverka.moysklad.sandbox.account import Replay, TrashedSyncId
from sverka.moysklad.sandbox.faults import ONLY_FOR_WRITES, PEOPLE, REFUSALS, FaultKind
from sverka.posting.recover import MARGIN_SECONDS
from sverka.settings import INCLUDE
from tests.posting.simulation import checks
from tests.posting.simulation.documents import KINDS, Violation
from tests.posting.simulation.mortal import HOW, PLACES, Death, Life
from tests.posting.simulation.papers import SETTLEMENTS, Clerk, Paper, write
from tests.posting.simulation.people import People
from tests.posting.simulation.processes import (
    STEPS,
    Ended,
    Work,
    compare_all,
    lived,
    mirror_all,
    run_of,
    separate_of,
    supersede_of,
    together,
    undo_of,
)
from tests.posting.simulation.shop import small_shop
from tests.posting.simulation.world import World, terms

PAUSES = (0, 0, 5, 30, 300, 331, 3600, 30 * 24 * 3600)
"""Seconds between two acts: at once, within and after the time for answers, a month later."""
ROUNDS = 14
"""More than enough for a file to come to rest once nothing goes wrong any more."""
DEEPEST = {"statement": (4, 15, 50), "commit": (2, 5, 12), "request": (2, 5, 12)}
"""Up to which statement, commit or request of a step a process may die."""
ENTIRE = ("from mirror", "from plan")
WHOLE = 0.25
"""How often the last round judges and plans everything again, and not only sends it again."""
WEIGHTS = {
    kind.value: 40 if kind in REFUSALS else 12 if kind in ONLY_FOR_WRITES else 3
    for kind in FaultKind
}
"""Few requests are writes, and only those can meet some faults."""
OF_NETWORK = {name: weight for name, weight in WEIGHTS.items() if name not in PEOPLE}


@dataclass
class Play:
    """One seed at work."""

    world: World
    seed: int
    told: list[str] = field(default_factory=list)
    hit: Counter[str] = field(default_factory=Counter)
    papers: list[Paper] = field(default_factory=list)
    keys: dict[int, str] = field(default_factory=dict)
    at_step: dict[int, str] = field(default_factory=dict)
    undoing: set[int] = field(default_factory=set)
    unplanned: set[int] = field(default_factory=set)
    """Files whose last planning may be out of date."""
    mirrored: bool = False
    separated: bool = False
    disturbed: bool = False
    processes: int = 0

    def __post_init__(self) -> None:
        self.random = Random(f"simulation/{self.seed}")

    # ---- what the seed draws ------------------------------------------------------------------

    def prepare(self) -> None:
        random, world = self.random, self.world
        meddled = random.random() < 0.4
        kinds = WEIGHTS if meddled and random.random() < 0.5 else OF_NETWORK
        rate = random.choice((0.06, 0.15) if kinds is WEIGHTS else (0, 0.02, 0.06, 0.15))
        self.people_act = meddled
        self.disturbed = kinds is WEIGHTS
        account = {
            "replay": str(random.choice(list(Replay))),
            "trashed_sync_id": str(random.choice(list(TrashedSyncId))),
            "recycle_bin": random.random() < 0.7,
            "unique_names": random.random() < 0.2,
            "global_numbering": random.random() < 0.2,
        }
        self.closed = random.random() < 0.04
        if self.closed:
            account["closed_until"] = "2026-11-19"
        faults = {"seed": self.seed, "rate": rate, "kinds": kinds}
        world.begin(self.seed, account, faults)
        self.healthy = {k: v for k, v in account.items() if k != "closed_until"}
        world.wire.late_share = random.choice((0, 0.05, 0.2))
        world.wire.refused_share = random.choice((0, 0.03))
        world.wire.answer_seconds = random.choice((30, 300, 300))
        world.wire.forgets_sync_ids = random.random() < 0.3
        world.wire.after = self._after_write
        self.mortality = random.choice((0, 0.4, 0.8))
        self.supersede = random.choice(("ask", "auto"))
        self.couriers = _terms(world.folder, self.supersede)
        orders = list(small_shop().orders)
        random.shuffle(orders)
        self.clerk = Clerk(random, orders)
        self.tell(
            f"account {account}, faults {rate}, people among them {kinds is WEIGHTS}, supersede {self.supersede}"
        )

    def tell(self, words: str) -> None:
        now = self.world.time.clock().strftime("%m-%d %H:%M:%S.%f")[:-3]
        self.told.append(f"{now} {words}")

    def _after_write(self, sent: Any, late: bool) -> None:
        if sent.resource.partition("/")[0] in KINDS or late:
            new = self.world.archive.look()
            if not late:
                self.world.archive.not_paid_twice(new)

    # ---- acts ---------------------------------------------------------------------------------

    def drop(self, corrects: Paper | None = None) -> None:
        """A file arrives."""
        courier = corrects.courier if corrects else self.random.choice(sorted(SETTLEMENTS))
        if corrects:
            rows, number = self.clerk.corrected(corrects), corrects.report_no
        else:
            rows = self.clerk.rows(courier, self.random.randint(1, 4), self.papers)
            number = f"{55 + len(self.papers)}"
        old = corrects.file_id if corrects else None
        paper = Paper(0, courier, number, rows, old)
        self.world.time.sleep(1)
        file_id = write(self.world.conn, paper, self.world.time.clock())
        paper = Paper(file_id, courier, number, rows, old)
        self.papers.append(paper)
        self.unplanned.add(file_id)
        [[key]] = self.world.rows("select partition_key from file where id = %s", file_id)
        self.keys[file_id] = key
        words = [f"{r.number}:{r.order.name} {r.outcome} {r.collected} {r.fees}" for r in rows]
        self.tell(f"file {file_id} of {courier} corrects {old}: " + "; ".join(words))

    def act(self) -> None:
        """Something happens, at random."""
        chance = self.random.random()
        paper = self.random.choice(self.papers)
        if chance < 0.45:
            self.run(paper)
        elif chance < 0.62:
            self.undoing.add(paper.file_id)
            self.go(f"undo {paper.file_id}", undo_of(paper.file_id), paper)
        elif chance < 0.75 and len(self.papers) < 5:
            self.drop(corrects=paper)
        elif chance < 0.90 and self.people_act:
            self.disturbed = True
            orders = [row.order for one in self.papers for row in one.rows]
            self.tell(
                People(self.world.application, small_shop(), self.random, self.world.archive).act(
                    orders
                )
            )
        elif chance < 0.93:
            self.go("compare", compare_all, paper)
        else:
            self.twins(paper)
        self.pause()

    def run(self, paper: Paper) -> None:
        """A run of the file: from where it stopped, or from the beginning."""
        file_id = paper.file_id
        first = self.at_step.get(file_id, STEPS[0])
        if self.random.random() < 0.25:
            first = STEPS[0]
        ended = self.go(f"run {file_id} from {first}", self._work(paper, first), paper)
        self.at_step[file_id] = (
            ended.step if ended.step in STEPS and not ended.is_done else STEPS[0]
        )
        if ended.is_done and self._held(file_id):
            self._decide(paper)

    def twins(self, paper: Paper) -> None:
        """Two runs at once: of the same file, or of two files."""
        other = self.random.choice((paper, paper, self.random.choice(self.papers)))
        pairs = []
        for one in (paper, other):
            life = self.life(f"twin {one.file_id}", self._death(STEPS))
            pairs.append((self.world.services(life, self.couriers), self._work(one, STEPS[0])))
        self.unplanned |= {paper.file_id, other.file_id}
        self.tell(f"two runs at once: {paper.file_id} and {other.file_id}")
        for ended in together(self.random, pairs):
            self.hit[f"twin {ended.how}"] += 1
            self.tell(f"  twin {ended.how} in {ended.step} {ended.words[:80]}")

    def undone(self) -> set[int]:
        """Files that nobody runs until a person wants it."""
        rows = self.world.rows("select id from file where state = 'undone'")
        return {file_id for (file_id,) in rows}

    def touched(self) -> set[UUID]:
        """Documents that people changed or threw away, in the sandbox's own faults, too."""
        log = self.world.application.control.faults.log()
        told = [one.get("touched") for one in log if one.get("touched")]
        return self.world.archive.touched | {UUID(path.partition("/")[2]) for path in told}

    def all_unplanned(self) -> None:
        """Something happened that other files may count on."""
        self.unplanned |= {paper.file_id for paper in self.papers}

    def pause(self) -> None:
        seconds = self.random.choice(PAUSES)
        self.world.time.sleep(seconds)
        self.world.wire.catch_up()
        self.hit[f"pause {seconds}"] += 1

    def go(self, name: str, work: Work, paper: Paper, *, mortal: bool = True) -> Ended:
        """A process from its start to its end, and the checks after it."""
        death = self._death(_steps_of(name)) if mortal else None
        life = self.life(name, death)
        ended = lived(self.world.services(life, self.couriers), work)
        self.tell(f"{name}: {ended.how} in {ended.step} {ended.words[:90]}")
        if ended.how == "killed":
            assert death is not None
            self.hit[f"kill {death.step} {death.place} {death.how}"] += 1
        self.hit[f"ended {ended.how}"] += 1
        if ended.how == "refused":
            self.hit[f"refused in {ended.step}: {ended.words[:120]}"] += 1
        self.mirrored |= ended.step not in {"claim", "mirror"} or ended.is_done
        if name.startswith("undo") and ended.is_done:
            self.undoing.discard(paper.file_id)
        if name.startswith("run") and name.endswith(ENTIRE) and ended.is_done:
            self.unplanned.discard(paper.file_id)
        elif not name.startswith(("run", "the snapshot", "compare")):
            self.all_unplanned()
        checks.always(self.world)
        return ended

    def _work(self, paper: Paper, first: str) -> Work:
        brief = self.mirrored and self.random.random() < 0.7
        return run_of(paper.file_id, self.keys[paper.file_id], first, brief=brief)

    def _held(self, file_id: int) -> bool:
        rows = self.world.rows("select rule from check_result where file_id = %s", file_id)
        return bool(rows)

    def _decide(self, paper: Paper) -> None:
        if self.random.random() < 0.8:
            self.go(f"supersede by {paper.file_id}", supersede_of(paper.file_id), paper)
        else:
            self.separated = True
            self.go(f"separate {paper.file_id}", separate_of(paper.file_id), paper)

    def life(self, name: str, death: Death | None = None) -> Life:
        self.processes += 1
        return Life(f"#{self.processes} {name}", self.tell, death)

    def _death(self, steps: Sequence[str]) -> Death | None:
        """Most often in the step that counts most, the last one that has requests."""
        if self.random.random() >= self.mortality:
            return None
        step = self.random.choice((*steps, *steps[-2:-1] * 3))
        place = self.random.choice(PLACES)
        nth = self.random.randint(1, self.random.choice(DEEPEST[place]))
        return Death(step, place, nth, self.random.choice(HOW[place]))

    # ---- the end ------------------------------------------------------------------------------

    def heal(self) -> None:
        """Nothing goes wrong any more, and everything is tried again until nothing changes."""
        self.world.faultless()
        self.world.account(**self.healthy)
        self.world.time.sleep(self.world.wire.answer_seconds)
        self.world.wire.catch_up()
        self.tell("from here on nothing goes wrong")
        # Without a bin, what was deleted has left without a trace.
        look = mirror_all if self.healthy["recycle_bin"] else compare_all
        self.go("the snapshot", look, self.papers[0], mortal=False)
        for _ in range(ROUNDS):
            before = checks.everything(self.world)
            whole = not self.unplanned - self.undone() and self.random.random() < WHOLE
            if self._round(whole=whole):
                continue
            if checks.everything(self.world) == before:
                self.hit["rest, planned again" if whole else "rest, sent again"] += 1
                return
        raise Violation("it never came to rest")

    def _round(self, *, whole: bool) -> bool:
        """One more try of everything; whether something has to wait."""
        waits = False
        # What was refused is looked up before it is tried again, and that takes its time.
        self.world.time.sleep(self.world.wire.answer_seconds + MARGIN_SECONDS + 1)
        if whole:
            self.go("the snapshot", mirror_all, self.papers[0], mortal=False)
        for paper in self.papers:
            file_id = paper.file_id
            if file_id in self.undoing:
                work = undo_of(file_id)
                waits |= self._waited(self.go(f"undo {file_id}", work, paper, mortal=False))
            elif file_id not in self.undone():
                first = "plan" if whole or file_id in self.unplanned else "approve"
                name = f"run {file_id} from {first}"
                ended = self.go(name, self._work(paper, first), paper, mortal=False)
                waits |= self._waited(ended)
                if ended.is_done and self._held(file_id):
                    name, work = f"supersede by {file_id}", supersede_of(file_id)
                    self._waited(self.go(name, work, paper, mortal=False))
                    waits = True
        return waits or bool(self.unplanned - self.undone())

    def _waited(self, ended: Ended) -> bool:
        if ended.how == "later":
            self.world.time.sleep(ended.seconds)
        elif not ended.is_done:
            raise Violation(f"{ended.how} though nothing goes wrong: {ended.words}")
        return not ended.is_done


def play(world: World, seed: int) -> Play:
    """Plays the seed to its end.

    Raises:
        Violation: a promise was broken; `one` in `seeds` adds how to repeat it.
    """
    one = Play(world, seed)
    perform(one)
    return one


def perform(one: Play) -> None:
    """The whole play of a seed that may have been prepared by nobody yet."""
    one.prepare()
    for _ in range(one.random.choice((1, 1, 1, 1, 2, 2, 3))):
        one.drop()
    for paper in list(one.papers):
        one.run(paper)
        one.pause()
    for _ in range(one.random.randint(1, 4)):
        one.act()
    one.heal()
    checks.in_the_end(one)


def _steps_of(name: str) -> tuple[str, ...]:
    """The steps of a process, from what it is called."""
    if name.startswith("run "):
        return STEPS[STEPS.index(name.rpartition(" ")[2]) :]
    return (name.partition(" ")[0],)


def _terms(folder: Path, supersede: str) -> Path:
    place = folder / f"couriers-{supersede}"
    return place if place.exists() else terms(place, INCLUDE / "couriers", supersede=supersede)
