"""One record of a bank statement to movements: whose money it is, which way, when, with whom.

A statement is proof of money, so it is taken as a whole: a record that cannot be read refuses the
file instead of being put aside.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sverka.errors import Refusal
from sverka.money import NO_MONEY, Minor
from sverka.nouns import Movement
from sverka.parsing.entry import AGAIN, Entry, bare_account
from sverka.parsing.nodes import nodes_at, texts_at
from sverka.parsing.parsed import IgnoredRows
from sverka.recognition.schema import Column, Schema
from sverka.recognition.statement_facts import ByAccount, ByWord, Columns, MovementFacts, Side

OWN_TRANSFER = "перевод между своими счетами: денег не прибавилось и не убыло"
NOT_BOOKED = "банк ещё не провёл эту операцию: денег на счёте не прибавилось и не убыло"

Direction = Literal["in", "out"]

_TRUE = frozenset({"true", "1"})
_NAMED_WITH_INN = re.compile(
    r"ИНН\s*(?P<inn>\d{10}(?:\d\d)?)(?:[\s/\\]+(?:КПП\s*)?\d{9}\b)?[\s,;/\\]*(?P<name>.*)",
    re.IGNORECASE,
)
_INN = re.compile(r"\d{10}(?:\d\d)?")
_CURRENCIES = {
    "810": "RUB", "643": "RUB", "840": "USD", "978": "EUR", "156": "CNY", "398": "KZT",
    "933": "BYN", "051": "AMD", "417": "KGS", "860": "UZS", "784": "AED", "949": "TRY",
}  # fmt: skip
"""Digits 6 to 8 of a Russian account (Bank of Russia, chart of accounts): 810 is the ruble."""


@dataclass(slots=True)
class Entries:
    """What became of the records: `flows` is what moved on each account, own transfers included."""

    movements: list[Movement] = field(default_factory=list)
    ignored: dict[str, IgnoredRows] = field(default_factory=dict)
    flows: Counter[tuple[str, Direction]] = field(default_factory=Counter)

    def ignore(self, reason: str, amount: Minor) -> None:
        """Counts a record that is no movement."""
        counted = self.ignored.setdefault(reason, IgnoredRows(reason))
        counted.rows += 1
        counted.payout = Minor(counted.payout + amount)


def currency_of(account: str, otherwise: str) -> str:
    """The currency that a Russian account's number tells; `otherwise` for any other number.

    Raises:
        Refusal: it tells a currency that Sverka does not know.
    """
    if not re.fullmatch(r"\d{20}", account):
        return otherwise
    if account[5:8] not in _CURRENCIES:
        raise Refusal(
            f"валюта счёта {account} неизвестна (код {account[5:8]}): суммы приняли бы за рубли. "
            "Передайте файл тому, кто обслуживает Сверку."
        )
    return _CURRENCIES[account[5:8]]


class EntryReader:
    """Reads the records of one report; `accounts` are the holder's, bare."""

    def __init__(self, schema: Schema, facts: MovementFacts, accounts: Sequence[str]) -> None:
        self._schema = schema
        self._facts = facts
        self._accounts = accounts
        self._keys = {
            name: tuple(tuple(header.split("/")) for header in column.headers)
            for name, column in schema.columns.items()
        }

    def read(self, records: Sequence[Any]) -> Entries:
        """All records, in order; a movement's `line_no` is the ordinal of its record.

        Raises:
            Refusal: a record cannot be read, or is on none of the accounts.
        """
        entries = Entries()
        for line_no, record in enumerate(records, 1):
            entry = Entry(line_no, record if isinstance(record, dict) else {}, self._texts)
            if self._is_booked(entry):
                self._book(entry, entries)
            else:
                entries.ignore(NOT_BOOKED, self._amount(entry))
        return entries

    def _texts(self, node: Mapping[str, Any], name: str) -> tuple[Column, list[str]]:
        found = (texts_at(node, path) for path in self._keys[name])
        return self._schema.columns[name], next((texts for texts in found if texts), [])

    def _is_booked(self, entry: Entry) -> bool:
        booked = self._facts.booked
        if booked is None:
            return True
        word = (entry.text((booked.column,)) or "").upper()
        if word not in booked.words | booked.not_yet:
            shown = f"стоит «{word}»" if word else "ничего не стоит"
            raise entry.refusal(
                f"в состоянии операции {shown}: неизвестно, прошли ли деньги по счёту. {AGAIN}",
                booked.column,
            )
        return word in booked.words

    def _book(self, entry: Entry, entries: Entries) -> None:
        direction = self._facts.direction
        if isinstance(direction, ByAccount):
            self._by_account(entry, direction, entries)
        else:
            self._by_word(entry, direction, entries)

    def _by_account(self, entry: Entry, at: ByAccount, entries: Entries) -> None:
        into, out_of = self._own(entry, at.into), self._own(entry, at.out_of)
        if into and out_of:
            self._own_transfer(entry, into, out_of, entries)
        elif into:
            self._add(entry, into, "in", self._facts.into, entries)
        elif out_of:
            self._add(entry, out_of, "out", self._facts.out_of, entries)
        else:
            shown = ", ".join(self._accounts)
            raise entry.refusal(
                f"ни плательщик, ни получатель не держит счёт этой выписки ({shown}): пришли деньги или "
                f"ушли, неизвестно. {AGAIN}",
                at.into[0],
            )

    def _own(self, entry: Entry, columns: Columns) -> str | None:
        """The holder's account among the columns."""
        numbers = (bare_account(text) for name in columns if (text := entry.text((name,))))
        return next((number for number in numbers if number in self._accounts), None)

    def _own_transfer(self, entry: Entry, into: str, out_of: str, entries: Entries) -> None:
        """A bank may show it once with both days, or once for each account with one of them."""
        amount = self._amount(entry)
        received = entry.day(self._facts.into.moved_on)
        written_off = entry.day(self._facts.out_of.moved_on)
        if received is None and written_off is None:
            raise self._not_moved(entry, self._facts.into)
        if received is not None:
            entries.flows[into, "in"] += amount
        if written_off is not None:
            entries.flows[out_of, "out"] += amount
        entries.ignore(OWN_TRANSFER, amount)

    def _by_word(self, entry: Entry, at: ByWord, entries: Entries) -> None:
        word = entry.text((at.column,))
        if word not in {at.into, at.out_of}:
            raise entry.refusal(
                f"не видно, пришли деньги или ушли (стоит «{word or ''}»). {AGAIN}", at.column
            )
        reversal = (entry.text((at.reversal,)) or "").lower() if at.reversal else ""
        comes_in = word == at.into
        # ISO 20022: the word of a reversal is its own side, its parties are those of the original.
        from_payer = comes_in != (reversal in _TRUE)
        side = self._facts.into if from_payer else self._facts.out_of
        for part in self._split(entry):
            self._add(part, self._accounts[0], "in" if comes_in else "out", side, entries)

    def _split(self, entry: Entry) -> Iterator[Entry]:
        """The payments that the entry bundles, or the entry itself when they do not add up to it."""
        split = self._facts.split
        bundled = list(nodes_at(entry.record, split.each)) if split else []
        if split is None or len(bundled) < 2:
            yield entry
            return
        parts = [
            Entry(entry.line_no, _alone(entry.record, split.each, one), self._texts)
            for one in bundled
        ]
        amounts = [part.money(split.amount) for part in parts]
        currencies = {part.text((split.currency,)) for part in parts}
        whole = currencies == {entry.text((self._facts.currency or "",))} and None not in amounts
        if not whole or sum(amount or 0 for amount in amounts) != self._amount(entry):
            yield entry
            return
        for part, amount in zip(parts, amounts, strict=True):
            part.amount = amount
            yield part

    def _add(
        self, entry: Entry, account: str, direction: Direction, side: Side, entries: Entries
    ) -> None:
        amount, moved_on = self._amount(entry), entry.day(side.moved_on)
        if moved_on is None:
            raise self._not_moved(entry, side)
        name, inn = _party(entry.text(side.counterparty), entry.text(side.counterparty_inn))
        other = entry.text(side.counterparty_account)
        entries.flows[account, direction] += amount
        entries.movements.append(
            Movement(
                line_no=entry.line_no,
                account=account,
                direction=direction,
                number=self._number(entry),
                document_date=entry.day(self._facts.document_date),
                moved_on=moved_on,
                amount=amount,
                currency=self._currency(entry, account),
                counterparty=name,
                counterparty_inn=inn,
                counterparty_account=bare_account(other) if other else None,
                purpose=self._purpose(entry),
            )
        )

    def _amount(self, entry: Entry) -> Minor:
        amount = entry.money(self._facts.amount) if entry.amount is None else entry.amount
        if amount is None or amount < NO_MONEY:
            what = "нет суммы" if amount is None else "сумма отрицательная"
            raise entry.refusal(f"у операции {what}. {AGAIN}", self._facts.amount)
        return amount

    def _not_moved(self, entry: Entry, side: Side) -> Refusal:
        return entry.refusal(
            "не указан день, когда деньги прошли по счёту. Похоже, это платёжные поручения для отправки "
            "в банк, а не выписка: выгрузите из банка выписку за период.",
            side.moved_on[0],
        )

    def _number(self, entry: Entry) -> str | None:
        # ISO 20022: a payer that gave no reference is passed on as NOTPROVIDED.
        numbers = (entry.text((name,)) for name in self._facts.number)
        return next((n for n in numbers if n and n.upper() != "NOTPROVIDED"), None)

    def _currency(self, entry: Entry, account: str) -> str:
        if self._facts.currency is None:
            return currency_of(account, self._schema.currency)
        return entry.text((self._facts.currency,)) or self._schema.currency

    def _purpose(self, entry: Entry) -> str | None:
        whole = (entry.joined((name,)) for name in self._facts.purpose)
        return next(filter(None, whole), None) or entry.joined(self._facts.purpose_parts)


def _alone(record: Mapping[str, Any], path: Sequence[str], node: Any) -> Mapping[str, Any]:
    """The record with this node alone at the end of the path."""
    for step in reversed(path[1:]):
        node = {step: [node]}
    return {**record, path[0]: [node]}


def _party(name: str | None, inn: str | None) -> tuple[str | None, str | None]:
    """The other party's name and INN; banks put «ИНН 77… » before the name."""
    found = _NAMED_WITH_INN.fullmatch(name or "")
    if found:
        name = found["name"] or None
    digits = inn if inn and _INN.fullmatch(inn) else None
    return name, digits or (found["inn"] if found else None)
