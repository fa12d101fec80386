"""Couriers and the terms of their contracts, from `include/couriers/<code>.yaml`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sverka.approval import CLEAN, CLEAN_LINES, Policy, as_term, policy_of
from sverka.errors import Misconfigured
from sverka.money import NO_MONEY, Minor

SUPERSEDES = ("ask", "auto")
CALENDARS = ("calendar", "banking")


@dataclass(frozen=True, slots=True)
class Courier:
    """A courier and what the shop agreed with it.

    `names` are what reports call it; `counterparty` is its exact name in MoySklad; `tolerance`
    is minor units that a line may differ by; with `dry_run` nothing is sent to MoySklad.
    `approval` says what of its documents goes by itself.
    `supersede` says whether a corrected report may take back documents without a person;
    `payout_days` is how many days after a report its money may come, `report_days` how many days
    after a delivery its row may come in a report, `transit_days` how long a parcel may travel
    without news; None where nobody says (`sverka.watching.terms` has the defaults). `calendar`
    says which days these are. `track_shapes` are patterns of its own parcel numbers.
    `order_prefixes` and `order_suffixes` are what its reports write before and after the order's
    number (docs/matching.md); None are the usual suffixes.
    """

    code: str
    title: str
    names: tuple[str, ...]
    counterparty: str
    posting_scheme: str
    inn: str | None = None
    tolerance: Minor = NO_MONEY
    approval: Policy = CLEAN
    dry_run: bool = True
    supersede: str = "ask"
    payout_days: int | None = None
    report_days: int | None = None
    transit_days: int | None = None
    calendar: str = "calendar"
    track_shapes: tuple[str, ...] = ()
    order_prefixes: tuple[str, ...] = ()
    order_suffixes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Couriers:
    """All couriers of this installation, by code."""

    by_code: dict[str, Courier]

    @classmethod
    def load(cls, folder: Path) -> "Couriers":
        """Reads every `*.yaml` of the folder.

        Raises:
            Misconfigured: a file is not a courier; the message names the file and what was found.
        """
        found = [
            courier_of(path.read_text(encoding="utf-8"), path.name)
            for path in sorted(folder.glob("*.yaml"))
        ]
        by_code = {courier.code: courier for courier in found}
        if len(by_code) < len(found):
            raise Misconfigured(f"{folder}: two files describe the same courier")
        return cls(by_code)

    def plus(self, couriers: Iterable[Courier]) -> "Couriers":
        """These couriers and more; one of an already known code takes its place."""
        return Couriers(self.by_code | {courier.code: courier for courier in couriers})

    def __iter__(self) -> Iterator[Courier]:
        return iter(self.by_code.values())

    def get(self, code: str) -> Courier:
        """The courier with this code.

        Raises:
            Misconfigured: there is none.
        """
        try:
            return self.by_code[code]
        except KeyError:
            known = ", ".join(self.by_code) or "none"
            raise Misconfigured(f"courier {code!r} has no file; known: {known}") from None

    def named_in(self, texts: Iterable[str]) -> Courier | None:
        """The one courier whose name stands in the texts as whole words; None if none or several."""
        haystack = " \n ".join(_folded(text) for text in texts)
        found = [courier for courier in self if _mentions(haystack, courier)]
        return found[0] if len(found) == 1 else None


def _mentions(haystack: str, courier: Courier) -> bool:
    return any(
        re.search(rf"(?<!\w){re.escape(_folded(name))}(?!\w)", haystack) for name in courier.names
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def courier_of(text: str, name: str) -> Courier:
    """One courier from a YAML text; `name` stands in messages.

    Raises:
        Misconfigured: the text is not a courier; says what was found.
    """
    try:
        given: Any = yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise Misconfigured(f"{name}: not YAML: {error}") from error
    if not isinstance(given, dict):
        raise Misconfigured(f"{name}: a mapping of terms is needed, found {given!r}")
    return Courier(
        code=_text(name, given, "courier"),
        title=_text(name, given, "title"),
        names=_names(name, given),
        counterparty=_text(name, given, "counterparty"),
        posting_scheme=_text(name, given, "posting_scheme"),
        inn=_inn(name, given),
        tolerance=_tolerance(name, given),
        approval=policy_of(name, given.get("approval", CLEAN_LINES)),
        dry_run=_flag(name, given, "dry_run"),
        supersede=_one_of(name, given, "supersede", SUPERSEDES),
        payout_days=_days(name, given, "payout_days"),
        report_days=_days(name, given, "report_days"),
        transit_days=_days(name, given, "transit_days"),
        calendar=_one_of(name, given, "calendar", CALENDARS),
        track_shapes=_shapes(name, given),
        order_prefixes=_affixes(name, given, "order_prefixes", _PREFIX) or (),
        order_suffixes=_affixes(name, given, "order_suffixes", _SUFFIX),
    )


def as_yaml(courier: Courier) -> str:
    """The courier as the text of its `include/couriers/<code>.yaml`."""
    terms = {
        "courier": courier.code,
        "title": courier.title,
        "names": list(courier.names),
        "counterparty": courier.counterparty,
        "posting_scheme": courier.posting_scheme,
        "inn": courier.inn,
        "tolerance": courier.tolerance,
        "approval": as_term(courier.approval),
        "dry_run": courier.dry_run,
        "supersede": courier.supersede,
        "payout_days": courier.payout_days,
        "report_days": courier.report_days,
        "transit_days": courier.transit_days,
        "calendar": None if courier.calendar == CALENDARS[0] else courier.calendar,
        "track_shapes": list(courier.track_shapes) or None,
        "order_prefixes": list(courier.order_prefixes) or None,
        "order_suffixes": None if courier.order_suffixes is None else list(courier.order_suffixes),
    }
    given = {key: value for key, value in terms.items() if value is not None}
    return yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=200)


def _text(name: str, given: dict[str, Any], key: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Misconfigured(f"{name}: {key} must be a text, found {value!r}")
    return value.strip()


def _names(name: str, given: dict[str, Any]) -> tuple[str, ...]:
    names = given.get("names")
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise Misconfigured(f"{name}: names must be a list of texts, found {names!r}")
    return tuple(names)


# A prefix that ends with a digit, or a suffix that begins with a sign of a number, would be taken
# for a part of the number.
_PREFIX = re.compile(r".*[^\W\d_]\D*")
_SUFFIX = re.compile(r"[\W_]+\{n\}[^{}]*(\{m\}[^{}\d]*)?")


def _affixes(
    name: str, given: dict[str, Any], key: str, form: re.Pattern[str]
) -> tuple[str, ...] | None:
    texts = given.get(key)
    if texts is None:
        return None
    if not isinstance(texts, list) or not all(
        isinstance(text, str) and form.fullmatch(text) for text in texts
    ):
        words = "letters and signs" if form is _PREFIX else "a sign, {n}, perhaps {m}"
        raise Misconfigured(f"{name}: {key} must be a list of {words}, found {texts!r}")
    return tuple(texts)


def _inn(name: str, given: dict[str, Any]) -> str | None:
    inn = given.get("inn")
    if inn is None:
        return None
    if not isinstance(inn, str) or not re.fullmatch(r"\d{10}|\d{12}", inn):
        raise Misconfigured(f"{name}: inn must be 10 or 12 digits in quotes, found {inn!r}")
    return inn


def _tolerance(name: str, given: dict[str, Any]) -> Minor:
    value = given.get("tolerance", 0)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Misconfigured(f"{name}: tolerance must be whole kopecks, found {value!r}")
    return Minor(value)


def _days(name: str, given: dict[str, Any], key: str) -> int | None:
    value = given.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise Misconfigured(f"{name}: {key} must be whole days, found {value!r}")
    return value


def _shapes(name: str, given: dict[str, Any]) -> tuple[str, ...]:
    shapes = given.get("track_shapes", [])
    if not isinstance(shapes, list) or not all(map(_is_pattern, shapes)):
        raise Misconfigured(f"{name}: track_shapes must be a list of patterns, found {shapes!r}")
    return tuple(shapes)


# Letters, digits, classes, groups, repetition: what Python and PostgreSQL read alike.
_SHAPE = re.compile(r"[A-Z0-9\[\](){},|?+-]+")


def _is_pattern(shape: object) -> bool:
    try:
        return isinstance(shape, str) and bool(_SHAPE.fullmatch(shape) and re.compile(shape))
    except re.error:
        return False


def _one_of(name: str, given: dict[str, Any], key: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed words; the first when nothing is said."""
    value = given.get(key, allowed[0])
    if value not in allowed:
        raise Misconfigured(f"{name}: {key} must be one of {', '.join(allowed)}; found {value!r}")
    return str(value)


def _flag(name: str, given: dict[str, Any], key: str) -> bool:
    value = given.get(key, True)
    if not isinstance(value, bool):
        raise Misconfigured(f"{name}: {key} must be true or false, found {value!r}")
    return value
