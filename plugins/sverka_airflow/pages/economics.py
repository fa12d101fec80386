"""`/sverka/economics` and `/sverka/returns`: what was booked, order by order and in sums; also as XLSX."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.background import BackgroundTask

from sverka_airflow.pages.looks import PAGE_HEADERS, draw, say_of
from sverka_airflow.pages.titles import courier_titles
from sverka_airflow.served import settings

if TYPE_CHECKING:
    from sverka.database.connection import Connection
    from sverka.economics.orders import Filter
    from sverka.economics.period import Period
    from sverka.economics.returns import Returned
    from sverka.economics.texts import Words
    from sverka.money import Minor

router = APIRouter()

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

AT_ONCE = 2_000
"""Orders that a page works out before it shows itself; more is left to the DAG of the mirror."""

_RUBLES = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter as the address says it; what cannot be read there counts as not said."""

    courier: str = ""
    first: str | None = None
    last: str | None = None
    outcome: str = ""
    min_loss: str = ""
    region: str = ""
    reason: str = ""

    def chosen(self) -> "Filter":
        """The last thirty days unless the address says something about days."""
        from sverka.clock import moscow_day, system_clock
        from sverka.economics.orders import Filter
        from sverka.economics.period import Period, last_month
        from sverka.nouns import Outcome

        if self.first is None and self.last is None:
            period = last_month(moscow_day(system_clock()))
        else:
            period = Period(_day(self.first), _day(self.last))
        outcome = self.outcome if self.outcome in set(Outcome) else None
        courier, region, reason = (
            text.replace("\0", "") or None for text in (self.courier, self.region, self.reason)
        )
        return Filter(period, courier, outcome, _minor(self.min_loss), region, reason)


Question = Annotated[Asked, Depends(Asked)]


@router.get("/economics")
def economics(request: Request, asked: Question, sort: str = "", after: str = "") -> Response:
    """Orders with what their delivery cost and what was left."""
    from sverka.economics import orders as domain
    from sverka.economics import sums
    from sverka.economics.refresh import waits
    from sverka.economics.waiting import waiting
    from sverka.pages.reading import PAGE, look

    chosen, order = asked.chosen(), domain.Sort.WORST if sort == "worst" else domain.Sort.NEWEST
    _work_out()
    with look(settings().database_url) as conn:
        return _page(
            request,
            "economics.html.j2",
            chosen,
            page=domain.orders(conn, chosen, order, after, PAGE),
            totals=sums.totals(conn, chosen),
            costs=sums.by_courier(conn, chosen.period),
            couriers=domain.couriers(conn),
            sort=order,
            waits=waits(conn),
            waiting=waiting(conn, chosen.courier),
            most_in_a_book=domain.MOST_IN_A_BOOK,
        )


@router.get("/returns")
def returns(request: Request, asked: Question) -> Response:
    """What came back, by courier, reason, region and month."""
    from sverka.economics import returns as domain
    from sverka.economics.orders import couriers
    from sverka.economics.refresh import waits
    from sverka.pages.reading import look

    chosen = asked.chosen()
    _work_out()
    with look(settings().database_url) as conn:
        found = domain.returns(conn, chosen.period, chosen.courier)
        return _page(
            request,
            "returns.html.j2",
            chosen,
            cuts={cut.value: domain.of_cut(found, cut) for cut in domain.Cut},
            couriers=couriers(conn),
            waits=waits(conn),
        )


@router.get("/economics.xlsx")
def economics_workbook(request: Request, asked: Question) -> Response:
    """All orders of the filter; back to the page, which says why, when they are too many."""
    from sverka.economics.orders import MOST_IN_A_BOOK
    from sverka.economics.sums import totals
    from sverka.economics.xlsx import write_orders
    from sverka.pages.reading import look

    with look(settings().database_url) as conn:
        found = sum(one.orders for one in totals(conn, asked.chosen()))
    if found > MOST_IN_A_BOOK:
        base = request.scope.get("root_path", "").rstrip("/")
        page = f"{base}/economics?{request.url.query}"
        return RedirectResponse(page, 303, headers=PAGE_HEADERS)
    return _workbook("ekonomika.xlsx", asked, write_orders)


@router.get("/returns.xlsx")
def returns_workbook(asked: Question) -> Response:
    """What came back in the period."""
    from sverka.economics.xlsx import write_returns

    return _workbook("vozvraty.xlsx", asked, write_returns)


def _workbook(
    name: str, asked: Asked, write: "Callable[[Connection, Filter, Words, Path, datetime], None]"
) -> Response:
    """A file of its own that goes when it is sent: a million orders do not fit into memory."""
    from sverka.clock import system_clock
    from sverka.economics.texts import Words
    from sverka.pages.reading import look

    _work_out()
    given = settings()
    words = Words(say_of(given), courier_titles())
    with tempfile.NamedTemporaryFile(prefix="sverka-", suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        with look(given.database_url) as conn:
            write(conn, asked.chosen(), words, path, system_clock())
    except BaseException:
        path.unlink()
        raise
    gone = BackgroundTask(path.unlink, missing_ok=True)
    return FileResponse(path, media_type=XLSX, filename=name, headers=PAGE_HEADERS, background=gone)


def _work_out() -> None:
    """Brings what is shown up to the newest documents, as far as that is quick."""
    from sverka.database.connection import connect
    from sverka.economics import refresh

    with connect(settings().database_url) as conn:
        refresh(conn, AT_ONCE)


def _page(request: Request, template: str, chosen: "Filter", **values: object) -> Response:
    from sverka.economics import texts
    from sverka.economics.returns import Cut

    say, titles = say_of(settings()), courier_titles()
    words = texts.Words(say, titles)
    return draw(
        request,
        template,
        chosen=chosen,
        days=_days(chosen.period),
        orders_of=lambda row: _orders_of(chosen, row),
        titles=titles,
        fees=texts.fee_titles(say),
        outcomes=texts.outcome_titles(say),
        outcome_words=lambda outcome: texts.outcome_words(say, outcome),
        share=lambda share: texts.share_words(say, share),
        name_of=lambda row: texts.key_words(row, words),
        waiting_words=lambda one: texts.waiting_words(say, one),
        no_region=texts.unknown(say, Cut.REGION),
        no_reason=texts.unknown(say, Cut.REASON),
        **values,
    )


def _orders_of(chosen: "Filter", row: "Returned") -> dict[str, object] | None:
    """The filter of the orders behind a group of returns; None where nobody names the group."""
    from sverka.economics.period import month_of
    from sverka.economics.returns import Cut

    if row.key is None:
        return None
    period = month_of(row.key, chosen.period) if row.cut is Cut.MONTH else chosen.period
    own = {} if row.cut is Cut.MONTH else {row.cut.value: row.key}
    return _days(period) | {"courier": chosen.courier or ""} | own


def _days(period: "Period") -> dict[str, object]:
    return {"first": period.first or "", "last": period.last or ""}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _minor(text: str) -> "Minor | None":
    """Rubles as a person writes them, in kopecks."""
    from decimal import Decimal

    from sverka.money import from_major

    bare = "".join(text.split())
    return from_major(Decimal(bare.replace(",", "."))) if _RUBLES.fullmatch(bare) else None
