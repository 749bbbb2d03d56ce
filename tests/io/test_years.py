"""The year in which a boiler came into operation, as offices write days."""

from __future__ import annotations

import numpy as np
import pytest

from geoaq.io.cells.years import read_year
from tests.io.conftest import codes


@pytest.mark.parametrize(
    ("text", "year"),
    [("2010", 2010), ("2010.0", 2010), ("2010年5月", 2010), ("２０１０年", 2010), ("2010-05-01", 2010),
     ("1998/3/1 0:00", 1998), ("2010.5", 2010), ("201005", 2010), ("20100501", 2010), ("98年", 1998),
     ("03年6月", 2003), ("约2012年底", 2012), ("36526", 2000), ("", None), ("无", None), ("不详", None),
     ("2010—2012年", None), ("12", None), ("1750", None), ("13812345678", None)],
)  # fmt: skip
def test_a_year_is_read_or_left_open(text, year):
    assert read_year(text) == year


def test_a_list_says_in_which_year_each_boiler_came_into_operation(boilers):
    header = ["名称", "经度", "纬度", "容量（t/h）", "燃料", "投产日期"]
    days = ["2005年6月", "", "不详", "很久以前"]
    intake = boilers([[f"厂{day}", "120.1", "31.1", "10", "煤", day] for day in days], header)
    years = intake.frame["commissioned_year"].to_numpy()
    assert np.array_equal(years, [2005, np.nan, np.nan, np.nan], equal_nan=True)
    assert [("year_unread" in codes(intake, row)) for row in (2, 3, 4, 5)] == [False, False, False, True]
