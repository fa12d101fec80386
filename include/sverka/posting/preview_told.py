"""A plan in Russian for the accountant, and as JSON for programs, both line by line."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from sverka.approval import CLEAN_LINES, LIMITED, NOTHING
from sverka.clock import moscow_day
from sverka.money import Minor, in_words_of_money
from sverka.posting.outbox import STATE_KINDS
from sverka.posting.preview import (
    CourierTerms,
    Head,
    Intended,
    LeftOut,
    Link,
    OrderPlan,
    Preview,
    preview,
)
from sverka.posting.undoing_told import KINDS, ONE
from sverka.services import Services

SHOWN = 20
"""Orders, and rows that are left out, in the text; --json has all."""

APPROVALS = {
    CLEAN_LINES: "одобряются правилом договора",
    NOTHING: "ждут одобрения человека",
    LIMITED: "одобряются правилом договора, об остальных спрашивают человека",
}
LINKED = {"customerorder": "к заказу", "supply": "к приёмке", "demand": "к отгрузке"}


def plan_in_short(services: Services, file_id: int) -> str:
    """A file's plan without its single documents, for a log."""
    with preview(services, file_id) as plan:
        return "\n".join(_head(plan.head))


def as_text(plan: Preview, *, shown: int = SHOWN) -> Iterator[str]:
    """The plan line by line: all of its head, the first `shown` orders and rows left out."""
    head = plan.head
    yield from _head(head)
    orders = 0
    for order in islice(plan.orders(), shown):
        yield ""
        yield from _order(order, head)
        orders += order.order is not None
    # An order in the reports of two couriers is shown twice.
    if rest := max(0, head.orders - orders):
        yield ""
        yield f"И ещё заказов: {rest}. Все покажет --json."
    if head.left_out:
        yield ""
        yield "Не будут проведены:"
        yield from (_left_out(row) for row in islice(plan.left_out(), shown))
        if rest := max(0, head.left_out - shown):
            yield f"  и ещё строк: {rest}. Все покажет --json."


def as_json(plan: Preview) -> Iterator[str]:
    """One JSON object, an order or a row to a line, so that a plan of any size streams."""
    head = asdict(plan.head) | {"dry_run": plan.head.dry_run}
    yield json.dumps(head, ensure_ascii=False, default=str)[:-1] + ', "plan": ['
    yield from _array(plan.orders())
    yield '], "not_booked": ['
    yield from _array(plan.left_out())
    yield "]}"


def _array(items: Iterable[Any]) -> Iterator[str]:
    comma = ""
    for item in items:
        text = json.dumps(asdict(item), ensure_ascii=False, default=lambda one: one.isoformat())
        yield comma + text
        comma = ","


def _head(head: Head) -> Iterator[str]:
    yield f"План по файлу «{head.file}» (№ {head.file_id})"
    yield from (_terms(courier) for courier in head.couriers)
    yield from _seal(head)
    for total in head.totals:
        title = _title(head, total.courier)
        money = f" на {in_words_of_money(total.amount, head.currency)}" if total.amount else ""
        yield f"  {title}: {KINDS[total.kind]} ({total.kind.value}), {total.documents}{money}"
    if head.left_out:
        money = in_words_of_money(head.left_out_sum, head.currency)
        yield f"Не будет проведено строк: {head.left_out}, принято по ним {money}"
    if head.rejected:
        yield f"Отложено при чтении и проверке строк: {head.rejected}"
    if head.begun:
        yield f"Отправлено раньше документов: {head.begun}. Что с ними, скажет sverka trace."


def _terms(courier: CourierTerms) -> str:
    if courier.dry_run:
        return (
            f"ПРОБНЫЙ РЕЖИМ, {courier.title}: документы остаются в плане, в МойСклад ничего не "
            "отправляется (dry_run в условиях курьера)."
        )
    return f"{courier.title}: документы {APPROVALS[courier.approval]}."


def _seal(head: Head) -> Iterator[str]:
    if not head.totals:
        yield "Документов к созданию нет."
        return
    if head.dry_run:
        yield "Ничего не создано и не будет. Вот что Сверка создала бы в МоёмСкладе:"
    else:
        yield "Ещё ничего не создано. Вот что будет создано в МоёмСкладе:"
    if head.approved:
        yield f"Уже одобрено и ждёт отправки: {head.approved}"
    if head.seal:
        yield f"Печать плана: {head.seal}"


def _order(order: OrderPlan, head: Head) -> Iterator[str]:
    title = _title(head, order.documents[0].courier)
    yield f"Заказ {order.order}, {title}" if order.order else f"По отчёту целиком, {title}"
    for document in order.documents:
        yield f"  {_document(document, head)}"
        if document.purpose:
            yield f"      {document.purpose}"


def _title(head: Head, code: str) -> str:
    return next(courier.title for courier in head.couriers if courier.code == code)


def _document(document: Intended, head: Head) -> str:
    name = f"{ONE[document.kind]} ({document.kind.value})"
    done = ", одобрено" if document.approved else ""
    if document.kind in STATE_KINDS:
        number = f" {document.link.name}" if document.link and document.link.name else ""
        before, after = (_state(one) for one in (document.before, document.after))
        return f"{name}{number}: {before} → {after}{done}"
    parts = [f"{name} на {in_words_of_money(document.amount, head.currency)}"]
    parts += [f"контрагент {document.agent}"]
    parts += [f"дата {moscow_day(document.moment):%d.%m.%Y}"] if document.moment else []
    parts += [_link(document.link, document, head)] if document.link else []
    parts += [f"за строк: {document.lines}"] if document.lines else []
    return ", ".join(parts) + done


def _state(name: str | None) -> str:
    return f"«{name}»" if name else "статус, которого ещё нет в копии"


def _link(link: Link, document: Intended, head: Head) -> str:
    name = f" {link.name}" if link.name else ""
    part = link.sum is not None and link.sum != document.amount
    money = f" на {in_words_of_money(Minor(link.sum or 0), head.currency)}" if part else ""
    return f"{LINKED[link.entity]}{name}{money}"


def _left_out(row: LeftOut) -> str:
    place = f"лист «{row.sheet}», " if row.sheet else ""
    number = f", заказ «{row.order}»" if row.order else ""
    number += f", отправление «{row.track}»" if row.track else ""
    money = in_words_of_money(row.collected, row.currency)
    return f"  {place}строка {row.line_no}{number}, принято {money}. {row.sentence}"
