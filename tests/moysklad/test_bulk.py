"""Every element of an answer to a bulk request is looked at; what does not fit is unsure."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.moysklad.bulk import Deleted, Saved, chunks, deleted, saved
from sverka.moysklad.errors import Unsure
from sverka.moysklad.refusals import Refused

ONE, TWO = str(UUID(int=1)), str(UUID(int=2))
MARK, OTHER = str(UUID(int=11)), str(UUID(int=12))
NO = {"errors": [{"error": "Нет", "code": 3000}]}
NEW = {"syncId": MARK, "externalCode": MARK}
CHANGE = {"meta": {"href": f"https://api.moysklad.ru/api/remap/1.2/entity/demand/{ONE}"}}


def doc(id_: str = ONE, **fields: Any) -> dict[str, Any]:
    return {"id": id_, **fields}


GOOD = [
    pytest.param([NEW], [doc(syncId=MARK, externalCode=MARK)], id="both marks"),
    pytest.param([NEW], [doc(syncId=MARK)], id="one mark"),
    pytest.param([NEW], [doc(externalCode=MARK)], id="the other mark"),
    pytest.param([NEW], [doc(syncId=MARK.upper())], id="letter case"),
    pytest.param([NEW], [doc(syncId=MARK, errors=[])], id="no errors"),
    pytest.param([{"name": "1"}], [doc()], id="a body without marks"),
    pytest.param([CHANGE], [doc()], id="a change"),
    pytest.param([CHANGE], [doc(syncId=OTHER, externalCode="x")], id="a change of any document"),
]


@pytest.mark.parametrize(("bodies", "answer"), GOOD)
def test_a_document_in_its_place_is_saved(bodies: list[Any], answer: list[Any]) -> None:
    assert saved(answer, bodies) == [Saved(UUID(ONE), answer[0])]


DOUBTFUL = [
    pytest.param([NEW], [], id="shorter: nothing"),
    pytest.param([NEW, NEW], [doc(syncId=MARK)], id="shorter"),
    pytest.param([NEW], [doc(syncId=MARK), doc(TWO)], id="longer"),
    pytest.param([NEW], [None], id="null"),
    pytest.param([NEW], ["ok"], id="text"),
    pytest.param([NEW], [7], id="a number"),
    pytest.param([NEW], [[doc(syncId=MARK)]], id="an array in the array"),
    pytest.param([NEW], [{}], id="an empty object"),
    pytest.param([NEW], [{"errors": []}], id="no errors and no document"),
    pytest.param([NEW], [{"errors": "no"}], id="errors that are no list"),
    pytest.param([NEW], [doc(syncId=MARK, **NO)], id="a document and an error at once"),
    pytest.param([NEW], [{"name": "1", "syncId": MARK}], id="no id"),
    pytest.param([NEW], [doc("7", syncId=MARK)], id="an id that is none"),
    pytest.param([NEW], [{"id": None, "syncId": MARK}], id="an empty id"),
    pytest.param([NEW], [doc()], id="no mark at all"),
    pytest.param([NEW], [doc(syncId=OTHER, externalCode=MARK)], id="another syncId"),
    pytest.param([NEW], [doc(syncId=MARK, externalCode=OTHER)], id="another code"),
    pytest.param([NEW], [doc(syncId=None)], id="an empty mark"),
    pytest.param([CHANGE], [doc(TWO)], id="another document changed"),
    pytest.param(
        [{"syncId": MARK}, {"syncId": OTHER}],
        [doc(TWO, syncId=OTHER), doc(ONE, syncId=MARK)],
        id="out of order",
    ),
    pytest.param([{"name": "1"}, {"name": "2"}], [doc(), doc()], id="one document twice"),
    pytest.param([NEW, NEW], [NO, None], id="a refusal and null"),
]


@pytest.mark.parametrize(("bodies", "answer"), DOUBTFUL)
def test_what_does_not_fit_leaves_everything_unsure(bodies: list[Any], answer: list[Any]) -> None:
    with pytest.raises(Unsure):
        saved(answer, bodies)


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.randoms())
def test_results_keep_their_places_and_no_permutation_is_believed(
    taken: list[bool], dice: Any
) -> None:
    bodies = [{"syncId": str(uuid4())} for _ in taken]
    answer = [
        doc(str(uuid4()), **body) if yes else NO for body, yes in zip(bodies, taken, strict=True)
    ]
    results = saved(answer, bodies)
    assert [isinstance(one, Saved) for one in results] == taken
    assert all(one == Refused(3000, "Нет") for one in results if isinstance(one, Refused))
    mixed = dice.sample(answer, len(answer))
    if [one for one in mixed if one != NO] != [one for one in answer if one != NO] or [
        one == NO for one in mixed
    ] != [one == NO for one in answer]:
        with pytest.raises(Unsure):
            saved(mixed, bodies)


IDS = [UUID(ONE), UUID(TWO)]


def test_deletions_are_told_from_refusals_in_their_places() -> None:
    info = f"Сущность 'paymentin' с UUID: {ONE} успешно удалена"
    assert deleted([{"info": info}, NO], IDS) == [Deleted(IDS[0]), Refused(3000, "Нет")]
    assert deleted([{"info": "deleted"}] * 2, IDS) == [Deleted(one) for one in IDS]


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [{"info": ""}],
        [{"info": ""}] * 3,
        [None, {"info": ""}],
        [{}, {"info": ""}],
        [{"info": 7}, {"info": ""}],
        [{"errors": []}, {"info": ""}],
        [doc(), doc(TWO)],
        [{"info": f"UUID: {TWO} удалена"}, {"info": f"UUID: {ONE} удалена"}],
    ],
)
def test_a_deletion_that_nobody_confirms_is_unsure(answer: list[Any]) -> None:
    with pytest.raises(Unsure):
        deleted(answer, IDS)


@given(st.lists(st.integers(0, 3_000_000), max_size=30))
def test_chunks_hold_all_bodies_in_order_below_the_size_limit(sizes: list[int]) -> None:
    bodies = [{"n": number, "t": "x" * size} for number, size in enumerate(sizes)]
    cut = list(chunks(bodies))
    flat = [text for chunk in cut for text in chunk]
    assert [text.startswith(b'{"n": %d,' % n) for n, text in enumerate(flat)] == [True] * len(sizes)
    assert all(sum(map(len, chunk)) <= 9_000_000 for chunk in cut)
    assert all(chunk for chunk in cut)


def test_a_thousand_bodies_go_together_and_no_more() -> None:
    assert [len(chunk) for chunk in chunks([{"n": 0}] * 2001)] == [1000, 1000, 1]


@pytest.mark.parametrize(
    ("lengths", "cut"),
    [
        ([4_000_000, 4_999_999], [2]),  # with the comma between them exactly the limit
        ([4_000_000, 5_000_000], [1, 1]),
        ([3_000_000, 3_000_000, 2_999_998, 1], [3, 1]),
        ([9_000_000, 4_000_000, 4_999_999], [1, 2]),
    ],
)
def test_bodies_are_cut_where_they_would_pass_nine_megabytes(
    lengths: list[int], cut: list[int]
) -> None:
    frame = len('{"t": ""}')
    bodies = [{"t": "x" * (length - frame)} for length in lengths]
    assert [len(chunk) for chunk in chunks(bodies)] == cut


def test_a_body_that_is_larger_than_the_limit_goes_alone() -> None:
    large = {"t": "x" * 9_000_001}
    assert [len(chunk) for chunk in chunks([{"n": 1}, large, {"n": 2}, {"n": 3}])] == [1, 1, 2]


def test_cyrillic_text_takes_two_bytes_a_letter_and_not_six() -> None:
    assert list(chunks([{"name": "Заказ"}])) == [['{"name": "Заказ"}'.encode()]]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_body_that_is_no_json_is_never_sent(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        list(chunks([{"sum": value}]))
