"""`/sverka/upload`: reports dropped on a page go into a landing zone, and from there the usual way."""

import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from sverka_airflow.pages.guards import allows, from_our_page, may_drop
from sverka_airflow.pages.looks import draw
from sverka_airflow.served import settings

router = APIRouter()

BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class Taken:
    """One file of an upload: the name it has in the zone, or why it is not there."""

    given: str
    name: str | None
    size: int


class TooLarge(Exception):
    """More bytes came than an upload may have."""


@router.get("/upload")
def form(request: Request, user: GetUserDep) -> Response:
    """The form, or for those who may not drop files, who to ask."""
    return _page(request, allowed=allows(may_drop, request, user))


@router.post("/upload", dependencies=[Depends(may_drop), Depends(from_our_page)])
async def upload(request: Request) -> Response:
    """Takes the files; what a zone does not take is said file by file."""
    from sverka.pages.uploads import MOST_BYTES, MOST_FILES

    limited = Request(request.scope, _limited(request.receive, MOST_BYTES))
    try:
        async with limited.form(max_files=MOST_FILES, max_fields=5) as sent:
            given = [one for one in sent.getlist("files") if isinstance(one, UploadFile)]
            zone = str(sent.get("zone", ""))
            taken = await run_in_threadpool(lambda: list(_put(zone, given)))
    except TooLarge:
        return _page(request, status=413, problem="large")
    except HTTPException:
        return _page(request, status=400, problem="form")
    return _page(request, taken=taken, status=200 if taken else 400)


def _put(zone_name: str, given: list[UploadFile]) -> Iterator[Taken]:
    from sverka.intake.place import Away
    from sverka.pages.uploads import put
    from sverka.services import services_from
    from sverka_airflow.zones import open_zone

    own = settings()
    known = {zone.name: zone for zone in own.zones}
    chosen = known.get(zone_name) or next(iter(known.values()), None)
    if chosen is None:
        return
    zone, services = open_zone(chosen), services_from(own)
    for one in given:
        if not one.filename:
            continue
        with tempfile.NamedTemporaryFile(prefix="sverka-upload-") as local:
            while block := one.file.read(BLOCK):
                local.write(block)
            local.flush()
            size = local.tell()
            try:
                name = put(services, zone, one.filename, local.name) if size else None
            except Away:
                name = None
        yield Taken(one.filename, name, size)


def _limited(receive: Callable[[], Awaitable[Any]], most: int) -> Callable[[], Awaitable[Any]]:
    """Stops reading at the limit, whatever `Content-Length` says; nothing more reaches the disk."""
    seen = 0

    async def counted() -> Any:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooLarge
        return message

    return counted


def _page(request: Request, *, status: int = 200, **values: Any) -> Response:
    from sverka.pages.uploads import MOST_BYTES, MOST_FILES

    usual: dict[str, Any] = {"allowed": True, "taken": None, "problem": None}
    zones = [zone.name for zone in settings().zones]
    return draw(
        request, "upload.html.j2", status=status, zones=zones, most_files=MOST_FILES,
        megabytes=MOST_BYTES // 2**20, **(usual | values),
    )  # fmt: skip
