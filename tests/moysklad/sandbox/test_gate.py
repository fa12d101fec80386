"""What every request must carry, whatever it asks for."""

import base64

import pytest

from tests.moysklad.sandbox.conftest import Caller, refusal


@pytest.mark.parametrize("encoding", ["", "identity", "deflate, br"])
def test_a_caller_without_gzip_gets_415_and_no_body(api: Caller, encoding: str) -> None:
    answer = api.call("GET", "/entity/store", headers={"Accept-Encoding": encoding})
    assert answer.status_code == 415
    assert answer.content == b""


@pytest.mark.parametrize("encoding", ["gzip", "gzip, deflate", "deflate, GZIP;q=0.9"])
def test_answers_are_really_gzip_encoded(api: Caller, encoding: str) -> None:
    answer = api.call("GET", "/entity/store", headers={"Accept-Encoding": encoding})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "application/json;charset=utf-8"
    assert answer.json()["rows"][0]["name"] == api.shop.store.name


@pytest.mark.parametrize("accept", ["application/json", "text/html", "application/xml"])
def test_an_accept_that_is_not_the_documented_one_is_refused(api: Caller, accept: str) -> None:
    answer = api.call("GET", "/entity/store", headers={"Accept": accept})
    assert refusal(answer) == (400, 1062)


@pytest.mark.parametrize(
    "accept", ["application/json;charset=utf-8", "application/json; charset=UTF-8", "*/*", ""]
)
def test_the_documented_accept_any_or_none_is_taken(api: Caller, accept: str) -> None:
    assert api.call("GET", "/entity/store", headers={"Accept": accept}).status_code == 200


def test_a_body_must_be_declared_as_json(api: Caller) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = api.call("POST", "/entity/store", {"name": "Склад"}, headers=headers)
    assert refusal(answer) == (400, 1037)


def basic(login: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer somebody-else",
        basic("admin@sandbox", "wrong"),
        "Basic %%%",
        "Basic /w==",
        "Digest sandbox",
    ],
)
def test_an_unknown_caller_is_refused(api: Caller, authorization: str) -> None:
    answer = api.call("GET", "/entity/store", headers={"Authorization": authorization})
    assert refusal(answer) == (401, 1056)


def test_login_and_password_are_enough(api: Caller) -> None:
    headers = {"Authorization": basic("admin@sandbox", "sandbox")}
    assert api.call("GET", "/entity/store", headers=headers).status_code == 200


def test_a_new_token_revokes_the_earlier_ones(api: Caller) -> None:
    headers = {"Authorization": basic("admin@sandbox", "sandbox")}
    token = api.call("POST", "/security/token", headers=headers).json()["access_token"]
    fresh = {"Authorization": f"Bearer {token}"}
    assert api.call("GET", "/entity/store", headers=fresh).status_code == 200
    assert refusal(api.get("/entity/store")) == (401, 1056)


def test_a_token_is_not_issued_for_a_token(api: Caller) -> None:
    assert refusal(api.post("/security/token", {})) == (401, 1056)


LONG = 8 * 1024


def test_an_address_of_more_than_8_kb_is_414(api: Caller) -> None:
    assert api.get(f"/entity/store?filter=name%3D{'x' * (LONG - 1000)}").status_code == 200
    answer = api.get(f"/entity/store?filter=name%3D{'x' * LONG}")
    assert (answer.status_code, answer.content) == (414, b"")


def test_headers_count_together_with_the_address(api: Caller) -> None:
    half = f"/entity/store?filter=name%3D{'x' * (LONG // 2)}"
    assert api.call("GET", half, headers={"X-Long": "x" * (LONG // 2)}).status_code == 414
    assert api.call("GET", half, headers={"X-Long": "x" * (LONG // 2 - 1000)}).status_code == 200


def test_a_body_of_more_than_20_mb_is_413(api: Caller) -> None:
    answer = api.post("/entity/store", {"name": "x" * (20 * 1024 * 1024)})
    assert refusal(answer) == (413, 1044)
