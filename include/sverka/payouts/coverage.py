"""Do the statements have all the days? Only then is «the money did not come» more than «not yet»."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from sverka.payouts.facts import Covered

_DAY = timedelta(days=1)


class Coverage:
    """The days that statements have, by account."""

    def __init__(self, covered: Iterable[Covered]) -> None:
        self._periods: dict[tuple[str, str], list[tuple[date, date]]] = defaultdict(list)
        for one in covered:
            periods = self._periods[one.currency, one.account]
            if one.since is not None and one.until is not None:
                periods.append((one.since, one.until))

    def has(self, currency: str, first: date, last: date) -> bool:
        """Whether every account of this currency that we know is covered from first to last day.

        Every account: the money may have come to any of them.
        """
        accounts = [periods for (of, _), periods in self._periods.items() if of == currency]
        return bool(accounts) and all(_whole(periods, first, last) for periods in accounts)


def _whole(periods: list[tuple[date, date]], first: date, last: date) -> bool:
    for since, until in sorted(periods):
        if since > first:
            return False
        first = max(first, until + _DAY)
        if first > last:
            return True
    return False
