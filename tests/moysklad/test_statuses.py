"""Every documented status and error code, read and written: what it ends in, and that it is final.

MoySklad docs, «Обработка ошибок» and «Ошибки». A refusal of the whole request is `Terminal`, the
limits are waited out, and what nobody can know is `Unsure`.
"""

from collections.abc import Callable

import pytest

from sverka.moysklad.client import MoySklad
from sverka.moysklad.errors import Terminal, Transient, Unsure
from sverka.moysklad.refusals import Refused
from sverka.moysklad.statuses import Reply, is_about_rate
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
