"""The order of a list: blank cells last whichever way, equal ones in the list's order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geoaq.store.ordering import order_of


@pytest.mark.parametrize(
    ("values", "up", "down"),
    [
        (["乙", "甲", None, "乙"], [0, 3, 1, 2], [1, 0, 3, 2]),
        ([2.0, np.nan, 1.0, 2.0], [2, 0, 3, 1], [0, 3, 2, 1]),
        ([3, 1, 2, 1], [1, 3, 2, 0], [0, 2, 1, 3]),
    ],
)
def test_equal_values_keep_the_lists_order_and_blank_ones_come_last(values, up, down):
    column = pd.Series(values)
    assert order_of(column, "name", descending=False).tolist() == up
    assert order_of(column, "name", descending=True).tolist() == down


def test_words_with_an_order_of_their_own_come_in_it():
    column = pd.Series(["not", "applies", None, "review", "applies"])
    assert order_of(column, "lead", descending=False).tolist() == [1, 4, 3, 0, 2]
    assert order_of(column, "lead", descending=True).tolist() == [0, 3, 1, 4, 2]


def test_text_is_ordered_as_pandas_orders_it():
    draw = np.random.default_rng(1)
    column = pd.Series([chr(0x4E00 + n) + str(n % 7) for n in draw.integers(0, 500, 2000)])
    for descending in (False, True):
        expected = column.sort_values(ascending=not descending, kind="stable").index.tolist()
        assert order_of(column, "name", descending=descending).tolist() == expected
