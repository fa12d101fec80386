"""What came back, told from money: the only set of goods, or an honest doubt."""

import uuid
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.money import Minor
from sverka.moysklad.documents import Ref
from sverka.reconciling.partial import Doubt, Goods, returned_positions

REFS = [Ref("product", uuid.uuid5(uuid.NAMESPACE_DNS, str(n))) for n in range(200)]

Rows = list[tuple[int, int, int]]


def goods(rows: Rows) -> list[Goods]:
    return [Goods(REFS[ref], quantity, Minor(price)) for ref, quantity, price in rows]


def brute_force(rows: Rows, missing: int) -> set[frozenset[tuple[int, int, int]]]:
    """Every multiset of goods that costs `missing`, by trying all quantities."""
    found = set()
    for counts in product(*(range(quantity + 1) for _, quantity, _ in rows)):
        if sum(n * price for n, (_, _, price) in zip(counts, rows, strict=True)) != missing:
            continue
        pieces: dict[tuple[int, int], int] = {}
        for n, (ref, _, price) in zip(counts, rows, strict=True):
            pieces[ref, price] = pieces.get((ref, price), 0) + n
        found.add(frozenset((ref, price, n) for (ref, price), n in pieces.items() if n))
    return found


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(1, 3), st.integers(0, 7)), min_size=1, max_size=5
    ),
    st.integers(1, 60),
)
def test_it_agrees_with_trying_everything(rows: Rows, missing: int) -> None:
    truth = brute_force(rows, missing)
    answer = returned_positions(goods(rows), Minor(missing))
    if not truth:
        assert answer is Doubt.NONE
    elif len(truth) > 1:
        assert answer is Doubt.MANY
    else:
        assert not isinstance(answer, Doubt)
        [only] = truth
        assert {(REFS.index(g.assortment), g.price, g.quantity) for g in answer} == set(only)


@pytest.mark.parametrize("missing", [0, -1, -30_000])
def test_nothing_missing_means_nothing_came_back(missing: int) -> None:
    assert returned_positions(goods([(0, 1, 100)]), Minor(missing)) is Doubt.NONE


def test_rows_of_one_thing_at_one_price_are_the_same_thing() -> None:
    answer = returned_positions(goods([(0, 1, 100), (0, 2, 100), (1, 1, 950)]), Minor(200))
    assert answer == (Goods(REFS[0], 2, Minor(100)),)


def test_pieces_of_one_thing_come_back_from_several_rows_together() -> None:
    rows = [(0, 1, 100), (0, 2, 100), (1, 1, 950)]
    assert returned_positions(goods(rows), Minor(300)) == (Goods(REFS[0], 3, Minor(100)),)
    assert returned_positions(goods([*rows, (0, 1, 200)]), Minor(200)) is Doubt.MANY


def test_a_row_without_pieces_hides_no_other_row() -> None:
    answer = returned_positions(goods([(0, 0, 100), (1, 1, 200), (0, -1, 200)]), Minor(200))
    assert answer == (Goods(REFS[1], 1, Minor(200)),)


@pytest.mark.parametrize(
    ("rows", "missing", "work"),
    [
        # Nothing, 1 or 2 pieces; then each of these 3 sums with and without the other thing.
        ([(0, 3, 100), (1, 1, 250)], 250, 3 + 3 * 2),
        # A gift is looked at once, however many pieces of it there are.
        ([(0, 5, 0), (1, 1, 250)], 249, 2 + 1),
    ],
)
def test_the_work_is_counted_before_it_is_done(
    rows: Rows, missing: int, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sverka.reconciling.partial.WORK_LIMIT", work)
    assert returned_positions(goods(rows), Minor(missing)) is not Doubt.MANY
    monkeypatch.setattr("sverka.reconciling.partial.WORK_LIMIT", work - 1)
    assert returned_positions(goods(rows), Minor(missing)) is Doubt.MANY


def test_a_gift_might_have_come_back_too() -> None:
    assert returned_positions(goods([(0, 1, 100), (1, 1, 0)]), Minor(100)) is Doubt.MANY


def test_too_many_combinations_are_a_doubt_and_not_a_wait() -> None:
    rows = [(n, 5, 100_003 + n * n * 7_919) for n in range(60)]
    # There are 6 ** 60 of them: who tried them would never come back.
    assert returned_positions(goods(rows), Minor(12_345_678)) is Doubt.MANY
