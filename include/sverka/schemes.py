"""Posting schemes: which documents a settled line becomes, read from `include/posting_schemes`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jsonschema
import yaml

from sverka.errors import Misconfigured
from sverka.nouns import NETTED_FEES, Settlement

SCHEMA = "scheme.schema.json"
"""Lies beside the schemes, so that an editor checks a new scheme while it is typed."""


@dataclass(frozen=True, slots=True)
class PaymentOutTerms:
    """How the fees that the courier kept are booked: expense item and purpose by name."""

    expense_item: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way of booking. Names are exact names in the shop's MoySklad.

    `services` maps the fee fields of a line to services; `states` maps an outcome to the final
    states by entity; `paymentout` is None where the courier keeps nothing. Templates may use
    {order}, {courier}, {report} and {line_no}.

    `book` says whether the documents are made at once or when the bank has the report's payout;
    `agent` whom the payments of the buyers' money are booked from.
    """

    name: str
    settlement: Settlement
    book: Literal["when_reported", "when_paid"]
    agent: Literal["customer", "courier"]
    paymentin_purpose: str
    supply_per: str
    services: dict[str, str]
    paymentout: PaymentOutTerms | None
    salesreturn_description: str
    states: dict[str, dict[str, str]]

    @property
    def netted_fees(self) -> tuple[str, ...]:
        """The fee fields that the courier keeps from its transfer."""
        return NETTED_FEES[self.settlement]


@dataclass(frozen=True, slots=True)
class Schemes:
    """All posting schemes of this installation, by name."""

    by_name: dict[str, Scheme]

    @classmethod
    def load(cls, folder: Path) -> "Schemes":
        """Reads every `*.yaml` of the folder and checks it against the JSON Schema beside it.

        Raises:
            Misconfigured: a file is not a scheme; the message names the file and the place.
        """
        schema = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))
        # Made once: `jsonschema.validate` would check the JSON Schema itself for every scheme.
        validator = jsonschema.Draft202012Validator(schema)
        found = [_scheme(path, validator) for path in sorted(folder.glob("*.yaml"))]
        return cls({scheme.name: scheme for scheme in found})

    def __iter__(self) -> Iterator[Scheme]:
        return iter(self.by_name.values())

    def usual(self, settlement: Settlement) -> Scheme | None:
        """The scheme for a courier of whom only the settlement model is known: it has its name."""
        scheme = self.by_name.get(settlement.value)
        return scheme if scheme and scheme.settlement is settlement else None

    def get(self, name: str) -> Scheme:
        """The scheme of this name.

        Raises:
            Misconfigured: there is none.
        """
        try:
            return self.by_name[name]
        except KeyError:
            known = ", ".join(self.by_name) or "none"
            raise Misconfigured(f"posting scheme {name!r} has no file; known: {known}") from None


def _scheme(path: Path, validator: jsonschema.Draft202012Validator) -> Scheme:
    try:
        given: Any = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise Misconfigured(f"{path.name}: not YAML: {error}") from error
    if found := jsonschema.exceptions.best_match(validator.iter_errors(given)):
        raise Misconfigured(f"{path.name}: {found.json_path}: {found.message}") from found
    if given["scheme"] != path.stem:
        raise Misconfigured(f"{path.name}: scheme is {given['scheme']!r}, not the file's name")
    out = given.get("paymentout")
    return Scheme(
        name=given["scheme"],
        settlement=Settlement(given["settlement"]),
        book=given["book"],
        agent=given["paymentin"]["agent"],
        paymentin_purpose=given["paymentin"]["purpose"],
        supply_per=given["supply"]["per"],
        services=given["supply"]["services"],
        paymentout=PaymentOutTerms(**out) if out else None,
        salesreturn_description=given["salesreturn"]["description"],
        states=given["states"],
    )
