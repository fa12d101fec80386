"""What the bank says of a payout, in one or two Russian sentences."""

from datetime import date

from sverka.money import Minor, in_words_of_money
from sverka.payouts.facts import Claim, Money, Outcome, PayoutState


def sentence(claim: Claim, outcome: Outcome) -> str:
    """What happened to the report's transfer, what it means, what to do next."""
    sum_ = in_words_of_money(claim.expected or Minor(0), claim.currency)
    what = f"Перевод на {sum_}{_whole(claim)}"
    match outcome.state:
        case PayoutState.PAID:
            assert outcome.money is not None, "a paid payout has its movement"
            return f"{what}: деньги пришли в банк {_money(outcome.money)}."
        case PayoutState.WAITING:
            return f"{what}: деньги в банк ещё не пришли."
        case PayoutState.MISSING:
            return (
                f"{what}: по выпискам банка за все дни, когда деньги могли прийти, их нет. "
                "Запросите у курьера платёжное поручение."
            )
        case PayoutState.DIFFERS:
            assert outcome.money is not None, "the movement with the other sum"
            return f"{what}: {_differs(claim, outcome.money)}"
        case PayoutState.CONTESTED:
            return f"{what}: {_contested(outcome)}"
        case _:
            return _no_transfer(claim, outcome.state)


def _no_transfer(claim: Claim, state: PayoutState) -> str:
    match state:
        case PayoutState.NOTHING:
            return "По отчёту переводить нечего: сумма к перечислению ноль."
        case PayoutState.OWED:
            debt = in_words_of_money(Minor(-(claim.expected or 0)), claim.currency)
            return (
                f"По отчёту{_whole(claim)} не курьер должен магазину, а магазин курьеру: {debt}. "
                "Денег в банк не придёт; решите с курьером, как рассчитаться."
            )
        case PayoutState.UNKNOWN if claim.expected is None:
            return (
                "Сумма перевода неизвестна: в отчёте есть строки, которые не удалось прочитать. "
                "Запросите у курьера исправленный отчёт."
            )
        case PayoutState.UNKNOWN:
            return (
                "В отчёте нет ни одной даты, поэтому искать его деньги в выписке негде. Запросите у "
                "курьера отчёт с датой."
            )
        case _:
            return "Отчёт больше не учитывается: он отменён или вместо него пришёл исправленный."


def _whole(claim: Claim) -> str:
    return f" (один за отчёты файла, их {claim.together})" if claim.together > 1 else ""


def _differs(claim: Claim, money: Money) -> str:
    apart = money.amount - (claim.expected or 0)
    more = "больше" if apart > 0 else "меньше"
    return (
        f"в банк пришло {_money(money)} {in_words_of_money(money.amount, money.currency)}, на "
        f"{in_words_of_money(Minor(abs(apart)), money.currency)} {more}. Спросите курьера, за что "
        "разница."
    )


def _contested(outcome: Outcome) -> str:
    ways = "; ".join(_money(one) for one in outcome.rivals[:5])
    if len(outcome.rivals) == 1:
        return (
            f"в банке есть подходящее поступление ({ways}), но оно подходит и другому отчёту. Какой "
            "из них оплачен, Сверка не выбирает: спросите у курьера отчёт с номером платёжного "
            "поручения."
        )
    return (
        f"в банке подходит несколько поступлений ({ways}). Сверка не выбирает: спросите у курьера "
        "отчёт с номером платёжного поручения."
    )


def _money(money: Money) -> str:
    number = f", платёжное поручение № {money.number}" if money.number else ""
    return f"{_day(money.moved_on)}{number}"


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
