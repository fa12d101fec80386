"""The balances of a bank statement: start + what came in − what went out = end, for every account."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sverka.errors import Refusal
from sverka.money import Minor, in_words_of_money
from sverka.parsing.cells import BadCell
from sverka.parsing.dates import parse_date
from sverka.parsing.entry import AGAIN, bare_account
from sverka.parsing.nodes import nodes_at, texts_at
from sverka.parsing.numbers import parse_money
from sverka.recognition.statement_facts import Marked, Path, Turnovers

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Balance:
    """What a statement says of one account; None where it says nothing. Minor units."""

    opening: Minor | None
    received: Minor | None
    spent: Minor | None
    closing: Minor | None


@dataclass(frozen=True, slots=True)
class Flow:
    """What the records of a statement move on one account. Minor units."""

    account: str
    received: int
    spent: int
    currency: str


def balances_of(node: Mapping[str, Any], facts: Turnovers | Marked) -> dict[str | None, Balance]:
    """The balances of a report by account; by None where the report has one account only.

    Raises:
        Refusal: an amount or a day cannot be read.
    """
    if isinstance(facts, Turnovers):
        return _turnovers(node, facts)
    return _marked(node, facts)


def hold(balance: Balance, flow: Flow) -> bool:
    """True when the balance proves the flow, False when it does not say enough.

    Raises:
        Refusal: they contradict; names the account and the difference.
    """
    proves = balance.opening is not None and balance.closing is not None
    if balance.opening is not None and balance.closing is not None:
        due = balance.opening + flow.received - flow.spent
        if due != balance.closing:
            raise _misfit(flow, balance.opening, balance.closing, due)
    for what, printed, found in (
        ("поступило", balance.received, flow.received),
        ("списано", balance.spent, flow.spent),
    ):
        if printed is not None and printed != found:
            raise _wrong_total(flow, what, printed, found)
    return proves


def _turnovers(node: Mapping[str, Any], facts: Turnovers) -> dict[str | None, Balance]:
    sections: dict[str | None, list[Any]] = defaultdict(list)
    for section in nodes_at(node, facts.section):
        number = _text(section, (facts.account,))
        sections[bare_account(number) if number else None].append(section)
    return {number: _joined(of_one, facts) for number, of_one in sections.items()}


def _joined(sections: Sequence[Any], facts: Turnovers) -> Balance:
    """One balance of the sections of an account: a bank gives one for the period, or one per day."""
    dated = sorted(((_period(section, facts), section) for section in sections), key=_when)
    since, until = dated[0][0][0], max(period[1] for period, _ in dated)
    whole = [section for period, section in dated if period == (since, until)]
    chain = whole[:1] or [section for _, section in dated]
    return Balance(
        opening=_money(chain[0], (facts.opening,)),
        received=_sum(chain, facts.received),
        spent=_sum(chain, facts.spent),
        closing=_money(chain[-1], (facts.closing,)),
    )


def _period(section: Any, facts: Turnovers) -> tuple[date, date]:
    since, until = _day(section, (facts.since,)), _day(section, (facts.until,))
    return since or until or date.min, until or since or date.min


def _when(dated: tuple[tuple[date, date], Any]) -> tuple[date, date]:
    return dated[0]


def _sum(sections: Sequence[Any], key: str) -> Minor | None:
    amounts = [_money(section, (key,)) for section in sections]
    return None if None in amounts else Minor(sum(amount or 0 for amount in amounts))


def _marked(node: Mapping[str, Any], facts: Marked) -> dict[str | None, Balance]:
    found: list[tuple[date, str, Minor]] = []
    for section in nodes_at(node, facts.section):
        amount = _money(section, facts.amount)
        days = (_day(section, path) for path in facts.day)
        day = next((day for day in days if day is not None), date.min)
        if amount is not None:
            minus = _text(section, facts.sign) == facts.minus
            mark = _text(section, facts.mark) or ""
            found.append((day, mark, Minor(-amount if minus else amount)))
    openings = [(day, amount) for day, mark, amount in found if mark in facts.opening]
    closings = [(day, amount) for day, mark, amount in found if mark in facts.closing]
    return {
        None: Balance(
            opening=min(openings, key=_first)[1] if openings else None,
            received=None,
            spent=None,
            closing=max(closings, key=_first)[1] if closings else None,
        )
    }


def _first(pair: tuple[date, Minor]) -> date:
    return pair[0]


def _text(node: Any, path: Path) -> str | None:
    texts = texts_at(node, path)
    return texts[0] if len(texts) == 1 else None


def _money(node: Any, path: Path) -> Minor | None:
    return _parsed(node, path, parse_money)


def _day(node: Any, path: Path) -> date | None:
    return _parsed(node, path, parse_date)


def _parsed(node: Any, path: Path, parse: Callable[[str], T | None]) -> T | None:
    text = _text(node, path)
    try:
        return parse(text) if text is not None else None
    except BadCell as bad:
        raise Refusal(f"остаток на счёте: {bad.reason}. {AGAIN}", column=path[-1]) from bad


def _misfit(flow: Flow, opening: Minor, closing: Minor, due: int) -> Refusal:
    def shown(amount: int) -> str:
        return in_words_of_money(Minor(amount), flow.currency)

    return Refusal(
        f"по счёту {flow.account} выписка не сходится: на начало {shown(opening)}, поступило "
        f"{shown(flow.received)}, списано {shown(flow.spent)}, должно остаться {shown(due)}, а "
        f"написано {shown(closing)}; разница {shown(closing - due)}. Каких-то операций в файле нет или "
        "они лишние. Выгрузите из банка выписку за тот же период ещё раз, целиком."
    )


def _wrong_total(flow: Flow, what: str, printed: Minor, found: int) -> Refusal:
    return Refusal(
        f"по счёту {flow.account} в выписке написано, что {what} "
        f"{in_words_of_money(printed, flow.currency)}, а операции дают "
        f"{in_words_of_money(Minor(found), flow.currency)}; разница "
        f"{in_words_of_money(Minor(printed - found), flow.currency)}. Выгрузите из банка выписку за тот "
        "же период ещё раз, целиком."
    )
