"""What is not MoySklad: the page for people and the switches for tests, outside the API root.

| request | does |
|---|---|
| `GET /` | the page for people |
| `GET`, `DELETE /sandbox/requests` | what was asked since the start, by resource and status |
| `GET`, `POST`, `DELETE /sandbox/faults` | the faults to come; one more, or a whole plan; none |
| `GET /sandbox/faults/log` | what was done to which request |
| `GET`, `POST /sandbox/time` | the virtual time; `{"now": …}` sets it, `{"advance": 300}` lets it pass |
| `GET`, `POST /sandbox/account` | how the account is set up |
| `POST /sandbox/mark` | the present documents are what a reset goes back to |
| `POST /sandbox/reset` | the marked documents again, nothing counted, and what the body says |
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sverka.moysklad.sandbox import baseline
from sverka.moysklad.sandbox.account import account_from
from sverka.moysklad.sandbox.desk import Desk, RequestCounter
from sverka.moysklad.sandbox.fault_plan import FaultSwitch, Plan, plan_from
from sverka.moysklad.sandbox.faults import fault_from
from sverka.moysklad.sandbox.gate import Credentials
from sverka.moysklad.sandbox.http import Answer, Request
from sverka.moysklad.sandbox.page import front_page
from sverka.moysklad.sandbox.standard import create_standard_objects
from sverka.moysklad.sandbox.storage import Database
from sverka.moysklad.sandbox.timing import VirtualTime

HTML = "text/html;charset=utf-8"
_RESET_KEYS = {"faults", "account", "now", "ids"}


class Control:
    """The switches of one running sandbox."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        credentials: Credentials,
        faults: FaultSwitch,
        virtual_time: VirtualTime | None,
    ) -> None:
        self.requests = RequestCounter()
        self.faults = faults
        self._database = database
        self._desk = desk
        self._credentials = credentials
        self._time = virtual_time
        self._routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "/"): self._page,
            ("GET", "/sandbox/requests"): lambda _: Answer(content=self.requests.shown()),
            ("DELETE", "/sandbox/requests"): self._forget_requests,
            ("GET", "/sandbox/faults"): self._planned,
            ("POST", "/sandbox/faults"): self._plan,
            ("DELETE", "/sandbox/faults"): self._clear,
            ("GET", "/sandbox/faults/log"): lambda _: Answer(content=self.faults.log()),
            ("GET", "/sandbox/time"): self._tell_time,
            ("POST", "/sandbox/time"): self._set_time,
            ("GET", "/sandbox/account"): lambda _: Answer(content=desk.rules.account.shown()),
            ("POST", "/sandbox/account"): self._set_account,
            ("POST", "/sandbox/mark"): self._mark,
            ("POST", "/sandbox/reset"): self._reset,
        }

    def answer(self, request: Request) -> Answer:
        """The answer to a request outside the API root; 400 for what cannot be understood."""
        route = self._routes.get((request.method, request.path))
        if route is None:
            return Answer(404, {"error": f"nothing here: {request.path}"})
        try:
            return route(request)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            return Answer(400, {"error": str(error)})

    def _page(self, request: Request) -> Answer:
        with self._database.reading() as store:
            counts = store.counts()
        return Answer(content=front_page(request.origin, counts), media_type=HTML)

    def _forget_requests(self, _: Request) -> Answer:
        self.requests.reset()
        return Answer(204)

    def _planned(self, _: Request) -> Answer:
        return Answer(content=[fault.shown() for fault in self.faults.planned()])

    def _plan(self, request: Request) -> Answer:
        given = _given(request)
        if {"seed", "rate", "exact"} & given.keys():
            self.faults.begin(plan_from(given))
        else:
            self.faults.add(fault_from(given))
        return Answer(content={"planned": len(self.faults.planned())})

    def _clear(self, _: Request) -> Answer:
        self.faults.clear()
        return Answer(204)

    def _tell_time(self, _: Request) -> Answer:
        now = self._desk.rules.clock()
        return Answer(content={"now": now.isoformat(), "virtual": self._time is not None})

    def _set_time(self, request: Request) -> Answer:
        given = _given(request)
        time = self._virtual_time()
        if "now" in given:
            time.set(datetime.fromisoformat(given["now"]))
        time.sleep(float(given.get("advance", 0)))
        return self._tell_time(request)

    def _set_account(self, request: Request) -> Answer:
        account = account_from(_given(request))
        self._desk.rules = replace(self._desk.rules, account=account)
        return Answer(content=account.shown())

    def _mark(self, _: Request) -> Answer:
        with self._database.transaction() as store:
            baseline.mark(store)
        return Answer(204)

    def _reset(self, request: Request) -> Answer:
        """Everything is read from the body first: a reset is done whole or not at all."""
        given = _given(request) if request.body else {}
        if unknown := sorted(given.keys() - _RESET_KEYS):
            raise ValueError(f"unknown keys: {', '.join(unknown)}")
        plan = plan_from(given["faults"]) if "faults" in given else Plan()
        rules = replace(self._desk.rules, new_id=_ids(given.get("ids")))
        if "account" in given:
            rules = replace(rules, account=account_from(given["account"]))
        now = datetime.fromisoformat(given["now"]) if "now" in given else None
        if now is not None:
            self._virtual_time().set(now)
        with self._database.transaction() as store:
            baseline.reset(store)
            store.revoke_all_tokens()
            create_standard_objects(store, self._credentials, rules.clock)
        self._database.known.household = None
        self._desk.rules = rules
        self._desk.forget()
        self.requests.reset()
        self.faults.begin(plan)
        return Answer(204)

    def _virtual_time(self) -> VirtualTime:
        if self._time is None:
            raise ValueError("the sandbox runs by the machine's clock: start it with virtual time")
        return self._time


def _given(request: Request) -> Mapping[str, Any]:
    given = json.loads(request.body)
    if not isinstance(given, dict):
        raise TypeError("an object is expected")
    return given


def _ids(seed: Any) -> Callable[[], UUID]:
    """New ids: random, or the same ones in the same order for the same seed."""
    if seed is None:
        return uuid4
    random = Random(f"ids/{seed}")  # noqa: S311 - repeatable on purpose
    return lambda: UUID(int=random.getrandbits(128), version=4)
