"""What an undo did and what it could not, as data and in Russian for a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sverka.database.connection import Connection
from sverka.money import Minor, in_words_of_money
from sverka.nouns import PostingKind
from sverka.posting.rows import named
from sverka.posting.undoing_look import Seen
from sverka.posting.undoing_targets import STAGES, Target

KINDS = {
    PostingKind.PAYMENTIN: "входящие платежи",
    PostingKind.SUPPLY: "приёмки услуг",
    PostingKind.PAYMENTOUT: "исходящие платежи",
    PostingKind.SALESRETURN: "возвраты покупателей",
    PostingKind.CUSTOMERORDER_STATE: "статусы заказов",
    PostingKind.DEMAND_STATE: "статусы отгрузок",
}
ONE = {
    PostingKind.PAYMENTIN: "входящий платёж",
    PostingKind.SUPPLY: "приёмка",
    PostingKind.PAYMENTOUT: "исходящий платёж",
    PostingKind.SALESRETURN: "возврат покупателя",
    PostingKind.CUSTOMERORDER_STATE: "статус заказа",
    PostingKind.DEMAND_STATE: "статус отгрузки",
}


@dataclass(frozen=True, slots=True)
class Taken:
    """Documents of one kind that are out of the books; `amount` is minor units."""

    kind: PostingKind
    count: int
    amount: Minor


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that stays, with the reason in Russian; `link` opens it where MoySklad gave one."""

    kind: PostingKind
    name: str | None
    amount: Minor
    words: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of a file's documents.

    `gone` were not there any more (or nothing of ours was left of them), `unsent` had never been
    sent, `withdrawn` were only planned; `unsure` documents are looked up before anything else.
    With `dry_run` nothing has happened yet.
    """

    file_id: int
    file: str
    taken: tuple[Taken, ...]
    gone: int = 0
    unsent: int = 0
    withdrawn: int = 0
    kept: tuple[Kept, ...] = ()
    unsure: int = 0
    dry_run: bool = False

    @property
    def complete(self) -> bool:
        """Nothing of the file is left in the books."""
        return not self.kept and not self.unsure

    @property
    def text(self) -> str:
        """The whole of it for a person, line by line."""
        return "\n".join(_lines(self))


def counted(targets: Sequence[Target]) -> tuple[Taken, ...]:
    """Numbers and sums by kind, in the order they are taken back."""
    groups = ((kind, [one for one in targets if one.kind is kind]) for kind in STAGES)
    return tuple(
        Taken(kind, len(group), Minor(sum(one.amount for one in group)))
        for kind, group in groups
        if group
    )


def kept_of(seen: Seen) -> Kept:
    """A target that stays, after a look."""
    target = seen.target
    return Kept(target.kind, target.name, Minor(target.amount), seen.words, seen.link)


def told(conn: Connection, file_id: int, undo_id: int, *, withdrawn: int = 0) -> Undone:
    """What the undo has done, from what it wrote down."""
    with conn.cursor() as cursor:
        cursor.execute("select name from file where id = %s", (file_id,))
        found = cursor.fetchone()
        cursor.execute(_WRITTEN_DOWN, (undo_id,))
        rows = list(named(cursor))
    return Undone(
        file_id=file_id,
        file=found[0] if found else "",
        taken=tuple(
            Taken(kind, len(group), Minor(sum(row.amount for row in group)))
            for kind in STAGES
            if (group := [row for row in rows if row.kind == kind.value and row.state == "taken"])
        ),
        gone=sum(row.state == "gone" for row in rows),
        unsent=sum(row.state == "unsent" for row in rows),
        withdrawn=withdrawn,
        kept=tuple(
            Kept(PostingKind(row.kind), row.moysklad_name, Minor(row.amount), row.words, row.link)
            for row in sorted(rows, key=lambda row: STAGES.index(PostingKind(row.kind)))
            if row.state == "kept"
        ),
    )


_WRITTEN_DOWN = """
    select p.kind, p.amount, p.moysklad_name, r.words, r.link,
           case when r.state <> 'done' then r.state
                when p.moysklad_id is null then 'unsent'
                when r.attempts = 0 then 'gone'
                else 'taken' end as state
      from reversal r join posting p using (sync_id)
     where r.undo_id = %s
     order by p.file_id, p.line_id, p.kind, p.sync_id
"""


def _lines(undone: Undone) -> Iterator[str]:
    yield f"Файл «{undone.file}»"
    yield from _numbers(undone)
    if undone.unsure:
        yield (
            f"Ещё проверяется: {undone.unsure}. МойСклад не ответил вовремя; сначала Сверка найдёт эти "
            "документы."
        )
    if undone.kept:
        yield f"Осталось в МоёмСкладе: {len(undone.kept)}"
        yield from (_kept(one) for one in undone.kept)


def _numbers(undone: Undone) -> Iterator[str]:
    verb = "Будет отменено" if undone.dry_run else "Отменено"
    for one in undone.taken:
        money = f" на {in_words_of_money(one.amount)}" if one.amount else ""
        yield f"{verb}: {KINDS[one.kind]}, {one.count}{money}"
    if undone.gone:
        yield f"Отменять уже нечего (удалено или изменено не нами): {undone.gone}"
    if not_sent := undone.unsent + undone.withdrawn:
        yield f"Не отправлялось и {'не будет' if undone.dry_run else 'уже не будет'}: {not_sent}"
    if not (undone.taken or undone.gone or not_sent or undone.kept or undone.unsure):
        yield "По этому файлу в МоёмСкладе ничего не проведено."


def _kept(one: Kept) -> str:
    name = f" № {one.name}" if one.name else ""
    money = f" на {in_words_of_money(one.amount)}" if one.amount else ""
    link = f" {one.link}" if one.link else ""
    return f"  {ONE[one.kind]}{name}{money}. {one.words}{link}"
