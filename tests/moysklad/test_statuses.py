"""Every documented status and error code, read and written: what it ends in, and that it is final.

MoySklad docs, «Обработка ошибок» and «Ошибки». A refusal of the whole request is `Terminal`, the
limits are waited out, and what nobody can know is `Unsure`.
"""

from collections.abc import Callable

import pytest

from sverka.moysklad.client import MoySklad
from sverka.moysklad.errors import Terminal, Transient, Unsure
from sverka.moysklad.refusals import Refused
from sverka.moysklad.statuses import (
    Reply,
    has_lost_its_words,
    is_about_rate,
    is_absent,
    refuse_client_errors,
)
from tests.support.faulty import Answer, Faulty, Time, answers, refuses

ClientOf = Callable[..., MoySklad]

REFUSALS = [
    *((400, code) for code in (1006, 1012, 1014, 1035, 1037, 1052, 1059, 1060, 1062, 1093)),
    *((400, code) for code in (2000, 2001, 2006, 2009, 2010, 2011, 2012, 2013, 2014, 2016, 2021)),
    (401, 1056),
    *((403, code) for code in (1016, 1017, 1018, 1045, 1061, 1070, 1085, 1092)),
    *((404, code) for code in (1002,)),
    (405, 1039),
    *((409, code) for code in (1028, 1065)),
    *((410, code) for code in (1021,)),
    *((412, code) for code in (1005, 1034, 1047, 1063, 1089, 3000, 3001, 3002, 3003, 3004, 3005)),
    *((412, code) for code in (3006, 3008, 3010, 3031, 3038, 5000, 5001, 5002, 5003, 11001, 11002)),
    *((412, code) for code in (14000, 14003, 14009, 17000, 17001, 17007, 17008, 17009, 17014)),
    *((412, code) for code in (17021, 22000, 22001, 22002, 22003, 22004, 35000, 35001, 72000)),
    *((413, code) for code in (1044, 2007, 2022)),
    (414, None),
    (415, None),
]


def refusal(status: int, code: int | None) -> Answer:
    return answers(status, text="") if code is None else refuses(status, code, "Нет")


@pytest.mark.parametrize(("status", "code"), REFUSALS)
def test_a_refusal_is_terminal_and_never_repeated(
    faulty: Faulty, client: MoySklad, time: Time, status: int, code: int | None
) -> None:
    faulty.script = [refusal(status, code)]
    for act in (lambda: client.states("demand"), lambda: client.save("demand", [{}])):
        with pytest.raises(Terminal) as caught:
            act()
        assert (caught.value.status, caught.value.code) == (status, code)
    assert len(faulty.seen) == 2
    assert time.slept == []


@pytest.mark.parametrize("code", sorted({code for _, code in REFUSALS if code}))
@pytest.mark.parametrize("status", [200, 400, 412])
def test_a_refused_element_carries_its_code(
    faulty: Faulty, client: MoySklad, status: int, code: int
) -> None:
    faulty.script = [answers(status, [{"errors": [{"error": "Нет", "code": code}]}])]
    assert client.save("demand", [{}]) == [Refused(code, "Нет")]


@pytest.mark.parametrize(
    ("code", "header", "for_all"),
    [
        (1049, None, True),
        (1048, None, True),
        (1073, None, False),
        (None, "429002", True),
        (None, "429005", False),
        (None, None, True),
        (1049, "429005", True),  # the code is documented, the header is not
    ],
)
def test_both_limits_are_waited_out_by_their_header(
    faulty: Faulty,
    client: MoySklad,
    time: Time,
    code: int | None,
    header: str | None,
    for_all: bool,
) -> None:
    headers = {"X-Lognex-Retry-After": "1500"} | ({"X-Lognex-Auth": header} if header else {})
    body = {"errors": [{"error": "Подождите", "code": code}]} if code else None
    faulty.script = [answers(429, body, headers=headers), answers(200, [{"id": str(ID)}])]
    assert len(client.save("demand", [{}])) == 1
    assert sum(time.slept) == pytest.approx(1.5, abs=0.01)
    content = b"" if body is None else str(body).replace("'", '"').encode()
    assert is_about_rate(Reply(429, headers, "", content)) is for_all


ID = "00000000-0000-0000-0000-00000000000a"

UNKNOWN = [
    *(pytest.param(answers(code, text=""), id=f"{code}") for code in (202, 204, 206, 302, 303)),
    *(
        pytest.param(answers(code, text=""), id=f"{code}")
        for code in (408, 500, 501, 502, 503, 504)
    ),
    *(pytest.param(refuses(code, 1088, "5 минут"), id=f"{code}/1088") for code in (400, 412, 503)),
    pytest.param(answers(200, {"errors": [{"error": "Нет", "code": 3000}]}), id="200 with errors"),
    pytest.param(answers(200, {"rows": []}), id="200 with a list of rows"),
]


@pytest.mark.parametrize("answer", UNKNOWN)
def test_what_nobody_can_know_is_unsure_for_a_write_and_was_sent_once(
    faulty: Faulty, client: MoySklad, answer: Answer
) -> None:
    faulty.script = [answer]
    with pytest.raises(Unsure):
        client.save("demand", [{}])
    assert len(faulty.seen) == 1


@pytest.mark.parametrize("status", [202, 204, 302, 303, 408, 500, 502, 503, 504])
def test_a_read_that_brings_nothing_is_left_for_later(
    faulty: Faulty, client: MoySklad, status: int
) -> None:
    faulty.script = [answers(status, text="")]
    with pytest.raises(Transient):
        client.states("demand")
    assert len(faulty.seen) == 4


def test_the_words_of_a_refusal_say_what_was_refused_and_where() -> None:
    url = "https://api.moysklad.ru/api/remap/1.2/entity/demand?limit=1"
    body = b'{"errors": [{"error": "\xd0\x9d\xd0\xb5\xd1\x82", "code": 3000}]}'
    with pytest.raises(Terminal) as caught:
        refuse_client_errors(Reply(412, {}, url, body))
    assert str(caught.value) == "МойСклад отказал: Нет (HTTP 412, код 3000, 1.2/entity/demand)"


@pytest.mark.parametrize(
    ("headers", "words"),
    [({"X-Lognex-Auth-Message": "Нет прав"}, "Нет прав"), ({}, "без пояснения")],
)
def test_a_refusal_without_a_body_is_explained_by_its_header(
    headers: dict[str, str], words: str
) -> None:
    url = "https://api.moysklad.ru/api/remap/1.2/entity/demand"
    with pytest.raises(Terminal) as caught:
        refuse_client_errors(Reply(403, headers, url, b""))
    assert str(caught.value) == f"МойСклад отказал: {words} (HTTP 403, 1.2/entity/demand)"


@pytest.mark.parametrize(
    ("status", "content", "absent"),
    [
        (404, b'{"errors": [{"error": "x", "code": 1021}]}', True),
        (404, b'{"errors": [{"error": "x"}]}', True),
        (404, b'{"errors": [{"error": "x", "code": 1002}]}', False),  # the address, not the object
        (404, b"<html>nginx</html>", False),
        (404, b"", False),
        (405, b'{"errors": [{"error": "x", "code": 1021}]}', False),
        (410, b'{"errors": [{"error": "x", "code": 1021}]}', False),
    ],
)
def test_only_moysklads_own_not_found_speaks_of_the_object(
    status: int, content: bytes, absent: bool
) -> None:
    assert is_absent(Reply(status, {}, "", content)) is absent


@pytest.mark.parametrize(
    ("content", "lost"),
    [
        (b"", True),
        (b'{"errors": [{"er', True),
        (b"{}", False),
        (b'{"errors": []}', False),
        (b"<html>nginx</html>", False),
        (b" \n<html>", False),
    ],
)
def test_an_answer_that_was_cut_has_lost_its_words_and_a_gateways_page_has_not(
    content: bytes, lost: bool
) -> None:
    assert has_lost_its_words(Reply(400, {}, "", content)) is lost


def test_the_place_of_a_refusal_is_short_even_when_its_address_is_odd() -> None:
    url = "https://proxy.example/api/remap/to/api/remap/1.2/entity/demand"
    with pytest.raises(Terminal, match=r"\(HTTP 400, 1.2/entity/demand\)"):
        refuse_client_errors(Reply(400, {}, url, b""))
