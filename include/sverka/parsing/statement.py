"""Bank statements: every record a movement, or a reason why it is none; balances must prove the rest.

What a statement is for comes later: nothing is reconciled or posted from it. A movement's key lets
overlapping statements be read together.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from sverka.errors import Refusal
from sverka.nouns import Movement, Report
from sverka.parsing.balances import Flow, balances_of, hold
from sverka.parsing.entries import Entries, EntryReader, currency_of
from sverka.parsing.entry import bare_account
from sverka.parsing.heads import HeadFacts, HeadSource, head_facts
from sverka.parsing.nodes import texts_at
from sverka.parsing.parsed import ParsedReport
from sverka.recognition.schema import Schema
from sverka.recognition.statement_facts import MovementFacts
from sverka.recognition.trees import LocatedReport

_MOVEMENTS = UUID("b0e4f2a6-4a5c-5d0a-8d4b-0c6b5f7f9a11")


def parse_statement(
    schema: Schema, facts: MovementFacts, reports: Sequence[LocatedReport], sha256: str
) -> list[ParsedReport]:
    """The statements of a file, one for each report node.

    Raises:
        Refusal: a record cannot be read, or the balances of an account do not come out.
    """
    return [_statement(schema, facts, report, sha256) for report in reports]


def movement_keys(movements: Sequence[Movement]) -> list[UUID]:
    """The keys of one statement's movements: the same movement has it in every statement.

    Honest equal movements of a day are told apart by their number among the equals, so an
    overlapping statement gives them the same keys again.
    """
    seen: Counter[str] = Counter()
    keys = []
    for movement in movements:
        parts = (
            movement.account,
            movement.direction,
            movement.number or "",
            movement.moved_on.isoformat(),
            str(movement.amount),
            movement.counterparty_inn or "",
        )
        same = "|".join(part.replace("|", " ") for part in parts)
        seen[same] += 1
        keys.append(uuid5(_MOVEMENTS, f"{same}|{seen[same]}"))
    return keys


def _statement(
    schema: Schema, facts: MovementFacts, report: LocatedReport, sha256: str
) -> ParsedReport:
    accounts = _accounts(report.node, facts)
    head = head_facts(schema, HeadSource(_head(report.node, schema), (), {}, None))
    entries = EntryReader(schema, facts, accounts).read(report.records)
    currencies = _currencies(entries.movements, accounts, schema.currency)
    warnings = _unproved(report.node, facts, entries, currencies) + _outside(entries, head)
    return ParsedReport(
        Report(
            courier=schema.courier,
            schema=schema.code,
            schema_version=schema.version,
            report_no=head.report_no,
            report_date=head.report_date,
            period_from=head.period_from,
            period_to=head.period_to,
            payment_order_no=None,
            payment_order_date=None,
            payment_order_sum=None,
            currency=currencies[accounts[0]],
            settlement=None,
            totals={},
            file_sha256=sha256,
            purpose=schema.purpose,
        ),
        lines=[],
        ignored=list(entries.ignored.values()),
        rows_read=len(report.records),
        movements=entries.movements,
        warnings=warnings,
    )


def _accounts(node: Mapping[str, Any], facts: MovementFacts) -> list[str]:
    found = (bare_account(text) for path in facts.accounts for text in texts_at(node, path))
    accounts = list(dict.fromkeys(found))
    if not accounts:
        raise Refusal(
            "в выписке не указан расчётный счёт: пришли деньги или ушли, неизвестно. Выгрузите выписку "
            "из банка ещё раз.",
            column=facts.accounts[0][-1],
        )
    return accounts


def _head(node: Mapping[str, Any], schema: Schema) -> dict[str, str]:
    """The head's values by key; a key may be a path."""
    keys = {head.key for head in schema.head.values() if head.key}
    texts = {key: texts_at(node, tuple(key.split("/"))) for key in keys}
    return {key: found[0] for key, found in texts.items() if found}


def _currencies(
    movements: Sequence[Movement], accounts: Sequence[str], otherwise: str
) -> dict[str, str]:
    told = {movement.account: movement.currency for movement in movements}
    return {account: told.get(account) or currency_of(account, otherwise) for account in accounts}


def _unproved(
    node: Mapping[str, Any], facts: MovementFacts, entries: Entries, currencies: Mapping[str, str]
) -> list[str]:
    balances = balances_of(node, facts.balances)
    unproved = []
    for account, currency in currencies.items():
        flow = Flow(account, entries.flows[account, "in"], entries.flows[account, "out"], currency)
        nameless = balances.get(None) if len(currencies) == 1 else None
        balance = balances.get(account) or nameless
        if balance is None or not hold(balance, flow):
            unproved.append(
                f"в выписке нет остатков на начало и конец по счёту {account}: проверить, что в ней все "
                "операции, нельзя"
            )
    return unproved


def _outside(entries: Entries, head: HeadFacts) -> list[str]:
    """Movements outside the period are kept: banks print the period of the request, not of the money."""
    since, until = head.period_from, head.period_to
    outside = [
        movement
        for movement in entries.movements
        if (since and movement.moved_on < since) or (until and movement.moved_on > until)
    ]
    if not outside:
        return []
    first = outside[0]
    return [
        f"операций вне периода выписки: {len(outside)}, первая — запись {first.line_no} от "
        f"{first.moved_on:%d.%m.%Y}; они приняты по дню, когда деньги прошли по счёту"
    ]
