"""What is not even planned: what the courier's policy never posts, and what a person refused."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from psycopg2.extras import execute_values

from sverka.approval import Policy
from sverka.clock import MONTHS, MOSCOW
from sverka.database.connection import Connection
from sverka.moysklad.documents import to_stored
from sverka.nouns import PostingKind
from sverka.posting.drafts import Draft
from sverka.posting.identity import fingerprint
from sverka.posting.outbox import STATE_KINDS
from sverka.posting.policy import together
from sverka.posting.questions import Refusal, refusals

NEVER, REFUSED = "approval.never", "approval.refused"
"""Rules of lines that reconcile and are not booked; both keep their verdict."""

NEVER_WORDS = (
    "Строка сошлась, но по условиям этого курьера такие строки Сверка не проводит. Проведите её в "
    "МоёмСкладе сами."
)
MONEY_OF_ORDER = (PostingKind.PAYMENTIN, PostingKind.SALESRETURN)


def keep_back(conn: Connection, policies: Mapping[str, Policy], now: datetime) -> set[int]:
    """Marks the lines whose verdict is never posted; their ids. The lines were judged just now."""
    found: set[int] = set()
    for courier, policy in policies.items():
        if policy.never_verdicts:
            verdicts = [one.value for one in policy.never_verdicts]
            with conn.cursor() as cursor:
                cursor.execute(_KEEP_BACK, (NEVER, NEVER_WORDS, now, courier, verdicts))
                found |= {line_id for (line_id,) in cursor.fetchall()}
    return found


def allowed(drafts: Iterable[Draft], policies: Mapping[str, Policy]) -> list[Draft]:
    """Without the kinds that are never posted and what needs them; parents come before children.

    An order whose payment or return is left out keeps its state, too.
    """
    left: set[UUID] = set()
    orders: set[UUID] = set()
    found = []
    for draft in drafts:
        order = draft.first.order_id
        if (
            draft.kind in policies[draft.first.courier].never_kinds
            or draft.depends_on in left
            or (draft.kind in STATE_KINDS and order in orders)
        ):
            left.add(draft.sync_id)
            if draft.kind in MONEY_OF_ORDER:
                orders.add(order)
        else:
            found.append(draft)
    return found


def without_refused(conn: Connection, drafts: Sequence[Draft], now: datetime) -> list[Draft]:
    """Without what a person decided not to post, as long as it would be exactly the same.

    If any document about an order is new or another one, all of them are asked about again.
    """
    known = refusals(conn, [str(draft.sync_id) for draft in drafts])
    if not known:
        return list(drafts)
    ids = {sync_id for sync_id, _ in known}
    said = {
        draft.sync_id: known.get((str(draft.sync_id), fingerprint(to_stored(draft.document))))
        for draft in drafts
        if str(draft.sync_id) in ids
    }
    groups: dict[int, list[Draft]] = defaultdict(list)
    numbers = together(
        {draft.sync_id: frozenset(str(line.order_id) for line in draft.lines) for draft in drafts}
    )
    for draft in drafts:
        groups[numbers[draft.sync_id]].append(draft)
    refused = {
        number
        for number, group in groups.items()
        if all(said.get(draft.sync_id) for draft in group)
    }
    _mark(conn, [draft for number in refused for draft in groups[number]], said, now)
    return [draft for draft in drafts if numbers[draft.sync_id] not in refused]


def _mark(
    conn: Connection,
    drafts: Iterable[Draft],
    said: Mapping[UUID, Refusal | None],
    now: datetime,
) -> None:
    sentences = {
        line.line_id: in_words(refusal)
        for draft in drafts
        for line in draft.lines
        if (refusal := said[draft.sync_id])
    }
    rows = [(line_id, REFUSED, words, now) for line_id, words in sorted(sentences.items())]
    with conn.cursor() as cursor:
        execute_values(cursor, _REFUSED, rows)


def in_words(refusal: Refusal) -> str:
    """The sentence of a refused line."""
    at = refusal.at.astimezone(MOSCOW)
    comment = f": «{refusal.comment}»" if refusal.comment else ""
    return (
        f"Не проведено по решению: {refusal.by}, {at.day}\u00a0{MONTHS[at.month - 1]}{comment}. Строка "
        "сошлась, документов по ней нет. Передумали — спросите о ней ещё раз в «Отмене отчёта»."
    )


_KEEP_BACK = """
    update verdict v
       set rule = split_part(v.rule, '+', 1) || '+' || %s, clean = false, sentence = %s,
           decided_at = %s
      from judged j
     where v.line_id = j.line_id and v.clean and j.courier = %s and v.verdict = any(%s)
 returning v.line_id
"""

_REFUSED = """
    update verdict v
       set rule = split_part(v.rule, '+', 1) || '+' || h.rule, clean = false, sentence = h.sentence,
           decided_at = h.at::timestamptz
      from (values %s) as h (line_id, rule, sentence, at)
     where v.line_id = h.line_id and v.clean
"""
