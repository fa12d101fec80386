"""What a person is asked about a plan: as data, and in words for the form in Airflow."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sverka.approval import Policy
from sverka.confirming.markdown import plain, table
from sverka.money import Minor
from sverka.nouns import PostingKind
from sverka.posting.approve import live
from sverka.posting.intents import gone, intents_of
from sverka.posting.outbox import ORDER, STATE_KINDS
from sverka.posting.policy import Intent, Why, split
from sverka.posting.policy_told import kinds, verdicts
from sverka.recognition.known import known_couriers
from sverka.services import Services
from sverka.texts import Texts


@dataclass(frozen=True, slots=True)
class Part:
    """A courier's documents that wait; `sums` are by kind: how many, and their money."""

    title: str
    policy: Policy
    reasons: tuple[Why, ...]
    sums: dict[PostingKind, tuple[int, Minor]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A plan that waits for a person. `link` opens its diff; money is in `currency`."""

    file: str
    currency: str
    link: str
    parts: tuple[Part, ...]


def asked(services: Services, file_id: int) -> Asked:
    """The file's plan as the question shows it."""
    couriers = known_couriers(services)
    with services.connect() as conn:
        with conn.cursor() as cursor:
            cursor.execute(
                "select name, coalesce((select currency from account), 'RUB') from file "
                "where id = %s",
                (file_id,),
            )
            name, currency = cursor.fetchone() or ("", "RUB")
        sent = set(live(couriers))
        intents = [one for one in intents_of(conn, file_id) if one.courier in sent]
        policies = {one.courier: couriers.get(one.courier).approval for one in intents}
        asks = split(intents, policies, gone(conn, file_id)).asks
    of_courier: dict[str, list[Intent]] = defaultdict(list)
    for one in intents:
        of_courier[one.courier].append(one)
    return Asked(
        file=name,
        currency=currency,
        link=f"{services.settings.public_url.rstrip('/')}/sverka/files/{file_id}/plan",
        parts=tuple(
            Part(
                couriers.get(code).title,
                policies[code],
                _reasons({why for one in some for why in asks.get(one.sync_id, ())}),
                _sums(some),
            )
            for code, some in sorted(of_courier.items())
        ),
    )


def _reasons(found: set[Why]) -> tuple[Why, ...]:
    return tuple(why for why in Why if why in found)


def _sums(intents: list[Intent]) -> dict[PostingKind, tuple[int, Minor]]:
    found = {}
    for kind in ORDER:
        money = [abs(one.amount) for one in intents if one.kind is kind]
        if money:
            found[kind] = (len(money), Minor(sum(money)))
    return found


def subject(question: Asked, say: Texts) -> str:
    """The headline: how much waits, and the file. The sides of one sale are not added up."""
    number = sum(count for part in question.parts for count, _ in part.sums.values())
    money = sum(max(money for _, money in part.sums.values()) for part in question.parts)
    return say(
        "Провести {documents} на {money}? {file}",
        documents=say.counted(number, "документ", "документа", "документов"),
        money=say.money(Minor(money), question.currency),
        file=question.file,
    )


def body(question: Asked, say: Texts) -> str:
    """The question in Markdown; what the file's name says never becomes markup."""
    paragraphs = [
        say(
            "Эти документы из файла «{file}» Сверка сама не проводит: нужно ваше решение. Пока ответа "
            "нет, в МойСклад они не попадут.",
            file=plain(question.file),
        )
    ]
    for part in question.parts:
        paragraphs += _part(part, question.currency, say)
    paragraphs += [
        f"[{say('Посмотреть, что именно будет создано в МоёмСкладе')}]({question.link})",
        say(
            "«Провести»: документы будут созданы. «Не проводить»: не будет создано ничего, строки "
            "останутся в отчёте расхождениями с вашим именем. Если до ответа план изменится, Сверка "
            "спросит заново."
        ),
    ]
    return "\n\n".join(paragraphs)


def _part(part: Part, currency: str, say: Texts) -> Iterator[str]:
    yield f"### {plain(part.title)}"
    head = (say("Документы"), say("Сколько"), say("На сумму"))
    rows = [
        (
            kinds(say)[kind],
            say.number(count),
            "—" if kind in STATE_KINDS else say.money(money, currency),
        )
        for kind, (count, money) in part.sums.items()
    ]
    yield table(head, rows)
    reasons = [_why(why, part, currency, say) for why in part.reasons]
    yield say("Почему спрашиваем: {reasons}.", reasons="; ".join(reasons or [_unknown(say)]))


def _why(why: Why, part: Part, currency: str, say: Texts) -> str:
    policy = part.policy
    match why:
        case Why.ALWAYS:
            return say("по условиям этого курьера все документы проводит человек")
        case Why.VERDICT:
            known = ", ".join(verdicts(say)[one] for one in policy.verdicts or ())
            return say("сами проводятся только строки с выводом: {verdicts}", verdicts=known)
        case Why.KIND:
            asks = [kind for kind in part.sums if kind not in (policy.kinds or ())]
            names = ", ".join(kinds(say)[kind] for kind in asks)
            return say("сами не проводятся {kinds}", kinds=names)
        case Why.DOCUMENT:
            limit = say.money(policy.document or Minor(0), currency)
            return say("среди них есть документ больше чем на {limit}", limit=limit)
        case Why.FILE:
            limit = say.money(policy.file or Minor(0), currency)
            return say("все документы файла вместе больше чем на {limit}", limit=limit)
        case Why.DAY:
            limit = say.money(policy.day or Minor(0), currency)
            return say("за день без человека можно провести не больше чем на {limit}", limit=limit)


def _unknown(say: Texts) -> str:
    return say("их ещё никто не одобрил")
