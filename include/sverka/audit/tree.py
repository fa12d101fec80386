"""A trace as a tree for the terminal, in Russian."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sverka.audit.journal import Kind
from sverka.audit.trace import FileTrace, LineTrace, PostingTrace, ReportTrace, Step, Trace
from sverka.clock import MOSCOW
from sverka.money import in_words_of_money
from sverka.nouns import FileState, PostingKind, PostingState, VerdictKind
from sverka.reporting.words import file_states, posting_kinds, posting_states, verdicts
from sverka.texts import Texts


@cache
def steps(say: Texts) -> dict[str, str]:
    """What an event of the journal is called."""
    return {
        Kind.FILE_RECEIVED: say("получен"),
        Kind.FILE_CLAIMED: say("взят в работу"),
        Kind.FILE_RECOGNISED: say("узнана раскладка"),
        Kind.FILE_ASKED: say("задан вопрос человеку"),
        Kind.FILE_ANSWERED: say("вопрос снят"),
        Kind.FILE_RELEASED: say("отдан другому запуску"),
        Kind.FILE_PARSED: say("прочитан"),
        Kind.FILE_SETTLED: say("обработан"),
        Kind.FILE_QUARANTINED: say("в карантине"),
        Kind.FILE_STALLED: say("отложен"),
        Kind.FILE_UNDONE: say("отменён"),
        Kind.FILE_CONFIRMED: say("служба доставки названа"),
        Kind.FILE_INHERITED: say("был до журнала"),
        Kind.DRAFT_MADE: say("составлен черновик раскладки"),
        Kind.LAYOUT_CONFIRMED: say("раскладка подтверждена"),
        Kind.LAYOUT_WITHDRAWN: say("раскладка отозвана"),
        Kind.COURIER_CONFIRMED: say("служба доставки подтверждена"),
        Kind.PLAN_MADE: say("составлен план"),
        Kind.PLAN_WITHDRAWN: say("план отозван"),
        Kind.PLAN_ASKED: say("спрошено, проводить ли"),
        Kind.PLAN_APPROVED: say("решено провести"),
        Kind.PLAN_REFUSED: say("решено не проводить"),
        Kind.PLAN_VOID: say("вопрос отпал: план изменился"),
        Kind.PLAN_REOPENED: say("решение не проводить отозвано"),
        Kind.POSTING_APPROVED: say("одобрен"),
        Kind.POSTING_SENDING: say("отправлен"),
        Kind.POSTING_POSTED: say("проведён"),
        Kind.POSTING_REJECTED: say("не принят МоимСкладом"),
        Kind.POSTING_FAILED: say("не проведён"),
        Kind.POSTING_UNSURE: say("исход неизвестен, ищем в МоёмСкладе"),
        Kind.POSTING_UNSENT: say("в МойСклад не попал, можно отправить снова"),
        Kind.POSTING_RETRIED: say("ещё одна попытка"),
        Kind.POSTING_REVERSED: say("отменён"),
        Kind.POSTING_KEPT: say("отменить не вышло"),
        Kind.POSTING_INHERITED: say("был до журнала"),
        Kind.UNDO_ASKED: say("попросили отменить"),
        Kind.UNDO_DONE: say("отмена закончена"),
        Kind.REPORT_SUPERSEDED: say("заменён исправленным отчётом"),
        Kind.PAYOUT_MATCHED: say("деньги найдены в банке"),
        Kind.PAYOUT_UNMATCHED: say("деньги в банке больше не считаются найденными"),
        Kind.DISCREPANCY_OPENED: say("открыто расхождение"),
        Kind.DISCREPANCY_CHANGED: say("расхождение изменилось"),
        Kind.DISCREPANCY_EXPLAINED: say("расхождение объяснено"),
        Kind.DISCREPANCY_RESOLVED: say("расхождение решено"),
        Kind.DISCREPANCY_REOPENED: say("расхождение открыто снова"),
        Kind.DECISIONS_READ: say("прочитаны решения"),
    }


@cache
def actors(say: Texts) -> dict[str, str]:
    """The parts of Sverka that act by themselves, as `by` names them."""
    return {
        "policy": say("правило договора"),
        "send": say("отправка"),
        "look-up": say("поиск в МоёмСкладе"),
        "plan": say("планирование"),
        "intake": say("приём файлов"),
        "parse": say("чтение"),
        "recognition": say("распознавание"),
        "drafting": say("распознавание"),
        "undo": say("отмена"),
        "bank": say("выписка банка"),
        "discrepancies": say("учёт расхождений"),
        "migration": say("обновление Сверки"),
        "schema": say("командная строка"),
        "unknown": say("неизвестно кто"),
    }


STEPS, ACTORS = steps(Texts()), actors(Texts())


@dataclass(slots=True)
class _Node:
    text: str
    below: list["_Node"] = field(default_factory=list)


def as_text(trace: Trace) -> str:
    """The tree, without a line break at its end."""
    words = trace.found.words
    root = _Node(words[0].upper() + words[1:], [_file(one) for one in trace.files])
    if trace.left_out:
        root.below.append(_Node(f"и ещё строк: {trace.left_out}; все покажет --all"))
    return "\n".join(_drawn(root))


def _drawn(node: _Node) -> Iterator[str]:
    yield node.text
    for child in node.below:
        last = child is node.below[-1]
        lines = list(_drawn(child))
        yield f"{'└─' if last else '├─'} {lines[0]}"
        yield from (f"{'   ' if last else '│  '}{line}" for line in lines[1:])


def _file(file: FileTrace) -> _Node:
    state = file_states(Texts())[FileState(file.state)]
    node = _Node(f"файл «{file.name}», {state}, SHA-256 {file.sha256}")
    node.below.append(_Node(f"получен {_moment(file.received_at)} из «{file.zone}»"))
    if file.schema:
        whose = file.courier or "выписка банка"
        node.below.append(_Node(f"{whose}, раскладка {file.schema} версии {file.schema_version}"))
    if file.reason:
        node.below.append(_Node(file.reason))
    node.below += _steps(file.steps)
    node.below += [_report(one) for one in file.reports]
    return node


def _report(report: ReportTrace) -> _Node:
    words = f"отчёт № {report.report_no}" if report.report_no else "отчёт без номера"
    if report.report_date:
        words += f" от {report.report_date:%d.%m.%Y}"
    if report.payment_order_no:
        words += f", платёжное поручение № {report.payment_order_no}"
    return _Node(words, [_line(one) for one in report.lines])


def _line(line: LineTrace) -> _Node:
    place = (
        f"лист «{line.sheet}», строка {line.line_no}" if line.sheet else f"строка {line.line_no}"
    )
    named = [f"заказ «{line.order_ref}»"] if line.order_ref else []
    named += [f"отправление «{line.track_ref}»"] if line.track_ref else []
    money = (
        f"принято {in_words_of_money(line.collected, line.currency)}, "
        f"к перечислению {in_words_of_money(line.payout, line.currency)}"
    )
    node = _Node(": ".join([place, ", ".join([*named, money])]))
    node.below.append(_verdict(line))
    node.below += [_posting(one, line.currency) for one in line.postings]
    return node


def _verdict(line: LineTrace) -> _Node:
    if line.verdict is None:
        return _Node(f"отложена: {line.rejected}" if line.rejected else "ещё не сверялась")
    words = verdicts(Texts())[VerdictKind(line.verdict)].title
    order = f", заказ «{line.order_name}» в МоёмСкладе" if line.order_name else ""
    told = [_Node(line.sentence)] if line.sentence else []
    told += [_Node(f"подсказка: {one}") for one in line.suggestions]
    return _Node(f"вывод: {words}{order} (правило {line.rule})", told)


def _posting(posting: PostingTrace, currency: str) -> _Node:
    kind = posting_kinds(Texts())[PostingKind(posting.kind)]
    money = f" {in_words_of_money(posting.amount, currency)}" if posting.amount else ""
    state = posting_states(Texts())[PostingState(posting.state)]
    node = _Node(f"{kind}{money}: {state}")
    if posting.stands_for > 1:
        node.below.append(_Node(f"один на {posting.stands_for} строк отчёта"))
    trial = ", пробный режим: отправлен не будет" if posting.dry_run else ""
    revision = f", редакция {posting.revision}" if posting.revision > 1 else ""
    node.below.append(_Node(f"в плане с {_moment(posting.planned_at)}{revision}{trial}"))
    node.below += _steps(posting.steps)
    if posting.moysklad_id:
        link = f", {posting.link}" if posting.link else ""
        name = f"№ {posting.moysklad_name}" if posting.moysklad_name else "без номера"
        node.below.append(_Node(f"в МоёмСкладе: {name}, id {posting.moysklad_id}{link}"))
    if posting.error:
        node.below.append(_Node(posting.error))
    node.below.append(_Node(f"syncId {posting.sync_id}, отпечаток {posting.fingerprint[:12]}"))
    return node


def _steps(steps: Sequence[Step]) -> list[_Node]:
    return [_Node(_step(step)) for step in steps]


def _step(step: Step) -> str:
    who = ACTORS.get(step.by, step.by)
    what = STEPS.get(step.kind, step.kind)
    extra = _told(step)
    return f"{_moment(step.at)} {what}{extra} — {who} (запись {step.id})"


def _told(step: Step) -> str:
    """What of the detail helps a person: which attempt, which seal, what went wrong."""
    detail = step.detail
    if step.kind == Kind.POSTING_SENDING:
        return f", попытка {detail['attempts']}"
    if detail.get("seal"):
        comment = f": {detail['comment']}" if detail.get("comment") else ""
        return f", печать плана {detail['seal'][:12]}{comment}"
    words = detail.get("error") or detail.get("words") or detail.get("reason")
    return f": {words}" if words else ""


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(MOSCOW):%d.%m.%Y %H:%M:%S}"
