"""A courier's policy in words, for the courier's page and for the question."""

from collections.abc import Iterator

from sverka.approval import Policy
from sverka.nouns import PostingKind, VerdictKind
from sverka.posting.outbox import ORDER
from sverka.texts import Texts


def kinds(say: Texts) -> dict[PostingKind, str]:
    """The kinds of documents, many of each."""
    return {
        PostingKind.PAYMENTIN: say("входящие платежи"),
        PostingKind.SUPPLY: say("приёмки услуг"),
        PostingKind.PAYMENTOUT: say("исходящие платежи"),
        PostingKind.SALESRETURN: say("возвраты покупателей"),
        PostingKind.CUSTOMERORDER_STATE: say("статусы заказов"),
        PostingKind.DEMAND_STATE: say("статусы отгрузок"),
    }


def verdicts(say: Texts) -> dict[VerdictKind, str]:
    """The verdicts that a line can be booked by."""
    return {
        VerdictKind.MATCHED: say("сошлось"),
        VerdictKind.MATCHED_WITHIN_TOLERANCE: say("сошлось в пределах допуска"),
        VerdictKind.PARTIALLY_DELIVERED: say("выкуплен частично"),
        VerdictKind.RETURNED: say("возврат"),
    }


def terms_in_words(policy: Policy, currency: str, say: Texts) -> list[str]:
    """The policy for a person, a sentence to each of its parts."""
    if policy.asks_always:
        found = [say("каждый план одобряет человек")]
    else:
        found = [say("всё, что сошлось, проводится само")]
        if policy.verdicts is not None:
            known = ", ".join(verdicts(say)[one] for one in policy.verdicts)
            found = [say("сами проводятся только строки с выводом: {verdicts}", verdicts=known)]
        if policy.kinds is not None:
            asks = ", ".join(kinds(say)[kind] for kind in ORDER if kind not in policy.kinds)
            found.append(say("сами не проводятся {kinds}", kinds=asks))
        found += _limits(policy, currency, say)
    if policy.never_verdicts:
        never = ", ".join(verdicts(say)[one] for one in policy.never_verdicts)
        found.append(say("никогда не проводятся строки с выводом: {verdicts}", verdicts=never))
    if policy.never_kinds:
        never = ", ".join(kinds(say)[one] for one in policy.never_kinds)
        found.append(say("никогда не создаются {kinds}", kinds=never))
    return found


def _limits(policy: Policy, currency: str, say: Texts) -> Iterator[str]:
    if policy.document is not None:
        limit = say.money(policy.document, currency)
        yield say("документ больше чем на {limit} одобряет человек", limit=limit)
    if policy.file is not None:
        limit = say.money(policy.file, currency)
        yield say("файл, где документов больше чем на {limit}, одобряет человек", limit=limit)
    if policy.day is not None:
        limit = say.money(policy.day, currency)
        yield say("за день без человека можно провести не больше чем на {limit}", limit=limit)
