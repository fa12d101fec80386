"""Whether an answer is the answer to what was asked, as far as the answer itself says it.

A confused gateway may give the answer to another request. MoySklad says in `meta` which list it
shows (docs, «Метаданные»: href, limit, offset), and an object says its id. What an answer does not
say is not asked of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

# Conditions whose rows can be told by themselves; several of one field are joined by OR.
TOLD_BY_ROWS = ("id", "name")
PAGE_OF = ("limit", "offset")


def is_list_of(
    answer: Any, entity: str, parameters: Mapping[str, str | int], filters: Sequence[str]
) -> bool:
    """Whether this is the page of `entity` that was asked for."""
    if not isinstance(answer, dict) or not isinstance(answer.get("rows"), list):
        return False
    meta = answer.get("meta", {})
    where = all(meta.get(name, parameters[name]) == parameters[name] for name in PAGE_OF)
    rows = answer["rows"]
    return (
        where
        and _is_at(meta, f"/entity/{entity}")
        and all(isinstance(row, dict) for row in rows)
        and all(_meets(rows, field, filters) for field in TOLD_BY_ROWS)
    )


def is_object(answer: Any, field: str, one: UUID) -> bool:
    """Whether this is the object whose `field` (its id or syncId) is that."""
    if not isinstance(answer, dict) or "id" not in answer:
        return False
    return str(answer.get(field, one)).lower() == str(one)


def is_metadata_of(answer: Any, entity: str) -> bool:
    """Whether this is what MoySklad knows of the type `entity`."""
    return (
        isinstance(answer, dict)
        and not {"rows", "id"} & answer.keys()
        and _is_at(answer.get("meta", {}), f"/entity/{entity}/metadata")
    )


def _is_at(meta: Mapping[str, Any], path: str) -> bool:
    return urlsplit(str(meta.get("href", path))).path.rstrip("/").endswith(path)


def _meets(rows: Sequence[Mapping[str, Any]], field: str, filters: Sequence[str]) -> bool:
    prefix = f"{field}="
    wanted = {
        one.removeprefix(prefix).replace(r"\;", ";").casefold()
        for one in filters
        if one.startswith(prefix)
    }
    # Where a row does not show the field, nothing is known; the filter looks at no letter case.
    return not wanted or all(str(row[field]).casefold() in wanted for row in rows if field in row)
