"""No small number can be worked out from what is shown: every hidden one could be at least two different ones."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy_center.review.small_cells import SMALLEST, Cell, hide_small


def possible(cells: list[Cell], total: int) -> list[set[int]]:
    """For each cell the numbers it could be, for somebody who knows the total and the rule, by trying everything."""
    least = SMALLEST if any(cell.small for cell in cells) else 0
    guarded = {True: range(1, SMALLEST), False: range(least, total + 1)}
    choices = [guarded[cell.small] if cell.count is None else [cell.count] for cell in cells]
    fitting = [one for one in product(*choices) if sum(one) == total]
    return [{one[place] for one in fitting} for place in range(len(cells))]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=4).filter(lambda counts: sum(counts) >= SMALLEST))
def test_a_small_number_beside_a_total_stays_unknown(counts):
    cells = list(hide_small(dict(enumerate(counts))).values())
    for count, cell, could in zip(counts, cells, possible(cells, sum(counts)), strict=True):
        assert count in could
        if 0 < count < SMALLEST:
            assert cell.count is None and len(could) > 1, (counts, cells, could)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 20, "b": 30}, {"a": 20, "b": 30}),
        ({"a": 20, "b": 0}, {"a": 20, "b": 0}),
        ({"a": 20, "b": 30, "c": 1}, {"a": None, "b": 30, "c": None}),
        ({"a": 20, "b": 2, "c": 3}, {"a": 20, "b": None, "c": None}),
        ({"a": 20, "b": 1, "c": 1}, {"a": None, "b": None, "c": None}),
        ({"a": 5, "b": 1}, {"a": None, "b": None}),
    ],
)
def test_as_many_more_are_hidden_as_it_takes(counts, shown):
    assert {key: cell.count for key, cell in hide_small(counts).items()} == shown


def test_without_a_total_beside_them_only_the_small_ones_are_hidden():
    cells = hide_small({"a": 20, "b": 1}, adds_up=False)
    assert cells == {"a": Cell(20), "b": Cell(None, small=True)}
