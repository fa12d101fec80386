"""What is late and what to do about it, in words."""

import calendar
from collections.abc import Sequence

from sverka.clock import MONTHS
from sverka.texts import Texts
from sverka.watching.facts import Phase

Words = dict[tuple[Phase, bool], str]
"""By phase, and by whether a claim may still be made. Places: `{order}`, `{since}` the day its age is
counted from, `{due}` and `{claim}` the last days of the term and of the claim."""


def late_words(say: Texts) -> Words:
    """The sentences of late orders, with their places not filled yet."""
    return {
        (Phase.DELIVERED, True): say(
            "Заказ {order} вручён {since}, а в отчётах курьера его нет, хотя срок по договору вышел "
            "{due}. Спросите курьера, где деньги. Если он не ответит, подайте претензию не позднее "
            "{claim}."
        ),
        (Phase.DELIVERED, False): say(
            "Заказ {order} вручён {since}, а в отчётах курьера его нет, хотя срок по договору вышел "
            "{due}. Срок претензии закончился {claim}: спросите юриста, что ещё можно взыскать."
        ),
        (Phase.ON_THE_WAY, True): say(
            "Заказ {order} передан {since}, и с тех пор о нём нет вестей: ни вручения, ни возврата, "
            "ни отчёта. Ждали до {due}. Спросите курьера, где посылка. Если он не ответит, подайте "
            "претензию не позднее {claim}."
        ),
        (Phase.ON_THE_WAY, False): say(
            "Заказ {order} передан {since}, и с тех пор о нём нет вестей: ни вручения, ни возврата, "
            "ни отчёта. Срок претензии закончился {claim}: спросите юриста, что ещё можно взыскать, "
            "или закройте заказ в МоёмСкладе."
        ),
        (Phase.LOST, True): say(
            "Посылку с заказом {order} курьер потерял или уничтожил ({since}) и не заплатил за неё. "
            "Подайте претензию не позднее {claim}."
        ),
        (Phase.LOST, False): say(
            "Посылку с заказом {order} курьер потерял или уничтожил ({since}) и не заплатил за неё. "
            "Срок претензии закончился {claim}: спросите юриста, что ещё можно взыскать."
        ),
    }


def unpaid_words(say: Texts) -> str:
    """What is said of a late transfer: `{sentence}` is what the bank says of it, `{due}` its term."""
    return say(
        "{sentence} Срок по договору вышел {due}: запросите у курьера платёжное поручение.",
    )


def months(say: Texts) -> Sequence[str]:
    """The months as dates are written with them."""
    return MONTHS if say.is_russian else calendar.month_name[1:]
