"""Is it a settlement at all: what speaks for it, what it looks like instead, and what to say then."""

from collections.abc import Sequence

from sverka.drafting.columns import Column
from sverka.drafting.kinds import SERVICES, STATUSES, OtherKind, looks_like
from sverka.drafting.money import is_beside
from sverka.drafting.plan import MoneyPlan
from sverka.drafting.region import Region
from sverka.drafting.shapes import money
from sverka.drafting.words import ACTUAL, says, weight
from sverka.errors import Refusal
from sverka.recognition.texts import folded

_TITLE = (
    r"реестр\w*\s+.*(?:нп\b|налож|платеж|перечисл|выплат|принят\w*\s+(?:денег|денежн|средств)|оплат)|отчет\w*\s+(?:агента|комиссионера|о\s+(?:принят|перечисл|выплат|реализац|расчет))|"
    r"акт\w*\s+.*(?:денежн|налож|перечисл|взаиморасч|расчет)|взаиморасчет|перечисл|платежн\w*\s+поручени|наложенн\w*\s+платеж|\bнп\b|выплат|расчет\w*\s+с\s+(?:им|магаз|клиент|интернет)|инкассац|cod\b|settlement|payout|money ?transfer|remittance"
)
_STRONG = 0.8
_INSTEAD = (
    "Положите реестр или акт курьера, где по заказам видно, сколько принято и сколько перечислено."
)


def hold_to_settlement(
    region: Region,
    columns: Sequence[Column],
    plan: MoneyPlan,
    texts: Sequence[str],
    *,
    numbered: bool,
) -> None:
    """Lets a settlement through.

    Raises:
        Refusal: it is something else; names what it looks like, why no money can be booked, what to do.
    """
    headers = [column.words for column in columns]
    around = [folded(text) for text in texts]
    kind = looks_like(headers, around)
    payout, collected = _best(columns, "payout"), _best(columns, "collected")
    titled = any(says(_TITLE, text) for text in around)
    if kind and kind[0].hard and not (payout >= _STRONG and collected >= _STRONG and numbered):
        raise _other(kind[0], region)
    if not numbered:
        raise _other(kind[0] if kind else None, region)
    if region.records and not any(c.score("payout") and c.has_money for c in columns):
        _hold_to_readable(columns, region, "payout")
    if payout >= _STRONG and collected >= _STRONG:
        return
    proof = _strength(columns, plan, payout, collected, titled=titled)
    if (
        not payout
        and not collected
        and _services(columns)
        and (kind is None or kind[0] is STATUSES)
    ):
        _hold_to_readable(columns, region)
        raise _other(SERVICES, region)
    needed = 1.5 + (0.5 * (kind[1] - kind[0].needs + 2) if kind else 0.0)
    unplaced = {"payout", "collected"} - set(plan.fields) if region.records else set()
    if proof < needed or unplaced:
        _hold_to_readable(columns, region)
        raise _other(kind[0] if kind else None, region)


def _hold_to_readable(columns: Sequence[Column], region: Region, *names: str) -> None:
    """A column that is named as the register's money but holds none tells more than «no report».

    Raises:
        Refusal: names the column and what stands in it.
    """
    if not any(c.score(name) >= _STRONG for c in columns for name in ("order", "track")):
        return
    for column in columns:
        named = max(weight(name, column.words) for name in names or ("payout", "collected"))
        if named < _STRONG or column.is_money or column.beside or column.score("delivered"):
            continue
        seen = next((text for text in column.values if text and money(text) is None), None)
        if seen is None or seen.startswith("="):
            raise Refusal(
                f"в колонке «{column.address}» ни в одной строке нет суммы, и денег по заказам не видно. Если в ней "
                "формулы, откройте файл в Excel, дождитесь пересчёта, сохраните и положите снова; если суммы "
                "ещё не проставлены, попросите у курьера готовый отчёт.",
                sheet=region.table.sheet,
                line_no=region.line_no,
            )
        if any(sign.isdigit() for sign in seen):
            raise Refusal(
                f"в колонке «{column.address}» суммы записаны так, что прочитать их однозначно нельзя, например "
                f"«{seen[:40]}». Попросите у курьера отчёт в Excel, где суммы стоят числами, в одной валюте и "
                "с двумя знаками после запятой.",
                sheet=region.table.sheet,
                line_no=region.line_no,
            )


def _services(columns: Sequence[Column]) -> bool:
    """Nothing but prices of services: what the courier charges, not what it took and passes on."""
    return any(c.fee_label[1] >= _STRONG and c.has_money and not is_beside(c) for c in columns)


def _best(columns: Sequence[Column], name: str) -> float:
    return max(
        (c.score(name) for c in columns if (c.is_money or not any(c.values)) and not is_beside(c)),
        default=0.0,
    )


def _strength(
    columns: Sequence[Column], plan: MoneyPlan, payout: float, collected: float, *, titled: bool
) -> float:
    """What speaks for a settlement: names of money, fees, an equation over rows, the title."""
    fees = sum(c.fee_label[1] >= _STRONG for c in columns if c.is_money and not is_beside(c))
    taken = any(c.score("collected") >= _STRONG and says(ACTUAL, c.words) for c in columns)
    found = 0.0
    found += 1.5 * (payout >= _STRONG) + 0.5 * (0.4 <= payout < _STRONG)
    found += 0.7 * (collected >= _STRONG) + 0.5 * taken + 0.3 * (0.3 <= collected < _STRONG)
    found += 1.0 * titled + 0.5 * min(fees, 2)
    # The register of a payment order may have one sum only: what was paid out for the order.
    found += 0.5 * (titled and sum(c.has_money and not is_beside(c) for c in columns) == 1)
    if plan.equation and plan.equation.fees and plan.equation.proves:
        found += 1.0
    return found if payout or collected else 0.0


def _other(kind: OtherKind | None, region: Region) -> Refusal:
    if kind is None:
        return Refusal(
            "это не похоже на отчёт курьера о деньгах: в таблице не нашлось вместе номеров заказов, сумм, "
            "принятых с покупателей, и сумм к перечислению, а без них провести по заказам нечего. "
            f"{_INSTEAD}",
            sheet=region.table.sheet,
        )
    return Refusal(
        f"файл похож на {kind.name}: {kind.why}. Провести по нему оплату заказов нельзя. {kind.instead}",
        sheet=region.table.sheet,
    )
