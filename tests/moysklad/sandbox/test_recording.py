"""The traffic as JSON lines: what went over the wire, as the client saw it."""

import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
import requests

from tests.support.sandbox import RunningSandbox, running_sandbox

HEADERS = {
    "Authorization": "Bearer sandbox",
    "Accept": "application/json;charset=utf-8",
    "Accept-Encoding": "gzip",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "traffic.jsonl"


@pytest.fixture
def sandbox(books: str, file: Path) -> Iterator[RunningSandbox]:
    with running_sandbox(books, record=file) as running:
        yield running


def call(sandbox: RunningSandbox, method: str, path: str, body: Any = None) -> requests.Response:
    url = f"{sandbox.connection.url}{path}"
    return requests.request(method, url, json=body, headers=HEADERS, timeout=10)


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def line_of_a_cut(file: Path) -> dict[str, Any]:
    """The client knows of the cut before the line is written."""
    until = monotonic() + 10
    while not (written := lines(file)) and monotonic() < until:
        sleep(0.01)
    return written[0]


def test_a_line_has_the_whole_exchange(sandbox: RunningSandbox, file: Path) -> None:
    answer = call(sandbox, "POST", "/entity/store?expand=owner", {"name": "Склад"})
    (line,) = lines(file)
    assert (line["n"], line["method"], line["status"], line["whole"]) == (1, "POST", 200, True)
    assert line["target"] == "/api/remap/1.2/entity/store?expand=owner"
    assert json.loads(line["body"]) == {"name": "Склад"}
    assert json.loads(line["reply"]) == answer.json()
    assert ["accept-encoding", "gzip"] in line["headers"]
    assert dict(line["reply_headers"])["content-length"] == str(line["reply_bytes"])
    assert 0 <= line["seconds"] < 10


def test_the_token_is_left_out(sandbox: RunningSandbox, file: Path) -> None:
    call(sandbox, "GET", "/entity/store")
    assert ["authorization", "Bearer …"] in lines(file)[0]["headers"]


@pytest.mark.parametrize(
    ("fault", "status", "has_reply"),
    [("lose_reply", None, False), ("truncate_reply", 200, True)],
)
def test_a_cut_connection_is_not_whole(
    sandbox: RunningSandbox, file: Path, fault: str, status: int | None, has_reply: bool
) -> None:
    sandbox.plan_fault(fault)
    with pytest.raises(requests.RequestException):
        call(sandbox, "GET", "/entity/store")
    line = line_of_a_cut(file)
    assert (line["status"], line["whole"]) == (status, False)
    assert (line["reply_bytes"] > 0) is has_reply


def test_what_is_not_the_api_is_left_out(sandbox: RunningSandbox, file: Path) -> None:
    sandbox.requests_seen()
    sandbox.reset()
    assert lines(file) == []


def test_another_run_is_appended(books: str, file: Path) -> None:
    for _ in range(2):
        with running_sandbox(books, record=file) as sandbox:
            call(sandbox, "GET", "/entity/store")
    assert [line["n"] for line in lines(file)] == [1, 1]


def test_a_page_of_a_gateway_is_kept_as_it_is(sandbox: RunningSandbox, file: Path) -> None:
    sandbox.plan_fault("html_503")
    call(sandbox, "GET", "/entity/store")
    assert lines(file)[0]["reply"].startswith("<html>")
