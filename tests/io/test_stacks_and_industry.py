"""Cells of projects: heights of stacks and industry codes in the spellings of reports."""

from __future__ import annotations

import math

import pytest

from geoaq.io.cells.industry import read_edition, read_industry
from geoaq.io.cells.stacks import read_stack


@pytest.mark.parametrize(
    ("text", "height"),
    [
        ("80", 80),
        ("80m", 80),
        ("80 米", 80),
        ("８０米", 80),
        ("DA001: 80; DA002: 45", 80),
        ("DA001：45m；DA002：80m", 80),
        ("DA001-80", 80),
        ("15 -80m", 80),
        ("1#80m 2#45m", 80),
        ("P1排气筒高度15m、P2排气筒高度60m", 60),
        ("H=80m，Φ=3.2m", 80),
        ("H80m,D3m", 80),
        ("80/3.5", 80),
        ("80m 内径3.5m 温度120℃", 80),
        ("2×80m", 80),
        ("高80m烟囱1座", 80),
        ("1根，高80m", 80),
        ("45.0", 45),
        ("45.5米", 45.5),
        ("0", 0),
        ("不设排气筒", 0),
        ("无组织排放", 0),
        ("DA001（依托现有）80；DA002（新建）45", 45),
    ],
)
def test_the_highest_stack_that_is_built_is_read_in_every_spelling(text: str, height: float) -> None:
    assert read_stack(text).height_m == height


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "stack_missing"),
        ("无", "stack_missing"),
        ("/", "stack_missing"),
        ("楼顶15m", "stack_on_roof"),
        ("≥15m", "stack_not_exact"),
        ("不低于15米", "stack_not_exact"),
        ("DA001", "stack_unreadable"),
        ("8000cm", "stack_unreadable"),
        ("八十米", "stack_unreadable"),
        ("见附图", "stack_unreadable"),
        ("-60", "stack_negative"),
        ("－60米", "stack_negative"),
        ("DA001: -60", "stack_negative"),
        ("80m；-45m", "stack_negative"),
    ],
)
def test_a_height_that_is_not_certain_is_not_known_and_asked_about(text: str, code: str) -> None:
    stack = read_stack(text)
    assert math.isnan(stack.height_m)
    assert stack.codes == ((code, "warning"),)


@pytest.mark.parametrize(
    ("text", "height", "code"),
    [("15~25m", 25, "stack_range"), ("约80", 80, "stack_approximate"), ("8000", 8000, "stack_large")],
)
def test_a_doubtful_height_is_taken_with_a_warning(text: str, height: float, code: str) -> None:
    stack = read_stack(text)
    assert stack.height_m == height
    assert (code, "warning") in stack.codes


def test_a_stack_that_stands_already_is_told_apart() -> None:
    assert read_stack("依托现有80m").existing
    assert not read_stack("DA001（依托现有）80；DA002（新建）45").existing


@pytest.mark.parametrize(
    ("text", "code", "edition"),
    [
        ("3011", "3011", ""),
        ("3011.0", "3011", ""),
        ("３０１１", "3011", ""),
        ("C3011", "3011", ""),
        ("C 3011", "3011", ""),
        ("C3011 水泥制造", "3011", ""),
        ("水泥制造（C3011）", "3011", ""),
        ("C30非金属矿物制品业-3011水泥制造", "3011", ""),
        ("C3011水泥制造（GB/T 4754-2017）", "3011", "2017"),
        ("GB/T4754-2011 C3011", "3011", "2011"),
        ("C3011水泥制造(2017版)", "3011", "2017"),
    ],
)
def test_an_industry_code_is_told_apart_from_its_name_and_standard(
    text: str, code: str, edition: str
) -> None:
    industry = read_industry(text)
    assert (industry.code, industry.edition, industry.codes) == (code, edition, ())


@pytest.mark.parametrize(
    ("text", "code", "issue"),
    [
        ("", "", "industry_missing"),
        ("水泥制造", "", "industry_name_only"),
        ("C3011、C3021", "", "industry_several"),
        ("C9999", "9999", "industry_code_unknown"),
        ("D3011", "3011", "industry_letter_differs"),
        ("C30", "30", "industry_code_short"),
    ],
)
def test_a_doubtful_industry_keeps_what_is_sure_and_is_asked_about(text: str, code: str, issue: str) -> None:
    industry = read_industry(text)
    assert industry.code == code
    assert industry.codes == ((issue, "warning"),)


def test_an_edition_is_2017_with_its_amendment_2011_or_not_known() -> None:
    texts = ("2017", "2017版", "GB/T 4754-2017", "2019年修订", "2011", "", "GB/T 4754", "2002")
    assert [read_edition(text) for text in texts] == [*["2017"] * 4, "2011", "", "", None]
