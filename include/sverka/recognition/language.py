"""Holds a schema document to `schema.json`: the first mistake is told with its line and the names known."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from sverka.errors import Misconfigured
from sverka.recognition.yamls import Document
from sverka.settings import INCLUDE

LANGUAGE = 1
"""The version of the schema language that this release reads."""

_SCHEMA_JSON: Path = INCLUDE / "courier_schemas" / "schema.json"


def hold_to_language(document: Document) -> None:
    """Checks the version of the language and the shape of the document.

    Raises:
        Misconfigured: with file, line, place, and the names that may stand there.
    """
    found = document.given.get("language")
    if found is None:
        raise document.wrong((), f"language is missing; write `language: {LANGUAGE}`")
    if found != LANGUAGE or isinstance(found, bool):
        raise document.wrong(
            ("language",),
            f"this release reads language {LANGUAGE}, found {found!r}; a schema of another "
            "version has to be rewritten (courier_schemas/README.md, «Versions»)",
        )
    errors = list(_validator().iter_errors(document.given))
    if errors:
        from jsonschema.exceptions import best_match

        worst = min(errors, key=lambda error: _line(document, error))
        raise _in_words(document, best_match([worst]))


@lru_cache(maxsize=1)
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(_SCHEMA_JSON.read_text(encoding="utf-8")))


def _line(document: Document, error: Any) -> tuple[int, str]:
    at = tuple(error.absolute_path)
    return document.lines.get(at, 0), str(at)


def _in_words(document: Document, error: Any) -> Misconfigured:
    place = list(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = [*error.schema.get("properties", {}), *error.schema.get("patternProperties", {})]
        patterns = error.schema.get("patternProperties", {})
        extra = next(
            key
            for key in error.instance
            if key not in known and not any(re.search(pattern, key) for pattern in patterns)
        )
        names = ", ".join(known)
        return document.wrong([*place, extra], f"there is no such key; known: {names}")
    if error.validator == "required":
        found = ", ".join(error.instance) or "nothing"
        return document.wrong(place, f"{error.message}; found: {found}")
    if error.validator == "enum":
        values = ", ".join(map(str, error.validator_value))
        return document.wrong(place, f"{error.instance!r} is not known; known: {values}")
    if error.validator == "minProperties" and place == ["layout"]:
        return document.wrong(place, "needs a table or a tree, found nothing")
    return document.wrong(place, error.message)
