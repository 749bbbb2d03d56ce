"""Capacities as printed: units, several boilers in a cell, two columns, model codes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoaq.catalog import Product
from geoaq.io.cells.capacity import read_capacity, read_model, read_power
from geoaq.io.lists import Intake
from geoaq.io.lists.capacities import CapacityReader, RowCapacity
from tests.io.conftest import codes, with_cells


@pytest.mark.parametrize(
    ("text", "unit", "parts"),
    [
        ("35", "t/h", [35]),
        ("３５．０", "t/h", ["35.0"]),
        ("24.5", "MW", [35]),
        ("45.5", "MW", [65]),
        ("29", "MW", ["41.428571"]),
        ("35t/h", "MW", [35]),
        ("35 蒸吨／小时", "MW", [35]),
        ("0.7兆瓦", "t/h", [1]),
        ("2800kW", "t/h", [4]),
        ("600万大卡", "t/h", [10]),
        ("60×10^4kcal/h", "t/h", [1]),
        ("500kg/h", "t/h", ["0.5"]),
        ("1,000", "t/h", [1000]),
        ("约35吨", "t/h", [35]),
        ("2×35", "t/h", [35, 35]),
        ("2*35", "t/h", [35, 35]),
        ("2x35t/h", "t/h", [35, 35]),
        ("2X35", "t/h", [35, 35]),
        ("35t/h×2", "t/h", [35, 35]),
        ("35×2台", "t/h", [35, 35]),
        ("2台×35t/h", "t/h", [35, 35]),
        ("3台35t", "t/h", [35, 35, 35]),
        ("35吨3台", "t/h", [35, 35, 35]),
        ("35+20", "t/h", [35, 20]),
        ("35、20", "t/h", [35, 20]),
        ("2×35+1×75 t/h", "MW", [35, 35, 75]),
        ("14+29MW", "t/h", [20, "41.428571"]),
        ("4t/h两台", "t/h", [4, 4]),
        ("三台10t/h", "t/h", [10, 10, 10]),
        ("两台各35t/h", "t/h", [35, 35]),
        ("十二台1t/h", "t/h", [1] * 12),
        ("共70t/h（2台）", "t/h", [35, 35]),
        ("2台，合计70t/h", "t/h", [35, 35]),
        ("总容量49MW，共2台", "t/h", [35, 35]),
        ("共70t/h", "t/h", [70]),
        ("共70t/h（60台）", "t/h", []),
        ("DZL35", "t/h", []),
        ("10-20", "t/h", []),
        ("10~20t/h", "t/h", []),
        ("35以下", "t/h", []),
        ("≤35", "t/h", []),
        ("大", "t/h", []),
        ("无", "t/h", []),
        ("99×99", "t/h", []),
    ],
)
def test_a_capacity_is_read_as_printed(text: str, unit: str, parts: list[str | int]) -> None:
    assert list(read_capacity(text, unit).parts) == [Decimal(part) for part in parts]


@given(st.decimals(min_value=Decimal("0.1"), max_value=1000, places=1))
def test_megawatts_are_exact_decimals_of_steam(tph: Decimal) -> None:
    assert read_capacity(str(tph * Decimal("0.7")), "MW").parts == (tph,)


@pytest.mark.parametrize(
    ("text", "unit", "parts"),
    [
        ("30", "10MW", [300]),
        ("2×35", "10MW", [350, 350]),
        ("660MW", "10MW", [660]),
        ("12000kW", "MW", [12]),
        ("70万千瓦", "MW", [700]),
        ("35t/h", "MW", []),
    ],
)
def test_electric_capacity_is_read_in_all_units(text: str, unit: str, parts: list[int]) -> None:
    assert list(read_power(text, unit).parts) == parts


@pytest.mark.parametrize(
    ("code", "tph", "hot_water", "fuel"),
    [
        ("SZL10-1.25-AII", 10, False, "coal"),
        ("SZL10－1.25－AⅡ", 10, False, "coal"),
        ("DZL7-1.0/115/70-AII", 10, True, "coal"),
        ("WNS4-1.25-Q", 4, False, "gas"),
        ("WNS4-1.25-Y", 4, False, "oil"),
        ("SHL20-2.5/400-AII", 20, False, "coal"),
        ("QXX29-1.25/130/70-AII", "41.428571", True, "coal"),
        ("DZL4-1.25-T", 4, False, ""),
    ],
)
def test_the_model_code_tells_capacity_water_and_fuel(
    code: str, tph: str | int, hot_water: bool, fuel: str
) -> None:
    model = read_model(code)
    assert model is not None
    assert (model.tph, model.hot_water, model.fuel) == (Decimal(tph), hot_water, fuel)


def test_a_code_that_tells_nothing_for_certain_is_left_alone() -> None:
    assert [read_model(code) for code in ("YLW-7000MA", "1号炉", "", "进口")] == [None] * 4


@pytest.fixture
def row(boiler_list: Product) -> Callable[..., RowCapacity]:
    def read(
        capacity: str = "", second: str = "", unit: str = "", quantity: str = "", model: str = "",
        header: str = "t/h", hot_water: bool = False,
    ) -> RowCapacity:  # fmt: skip
        reader = CapacityReader({"capacity": header, "capacity_2": "MW"}, boiler_list.capacity_pairs)
        return reader.read((capacity, second, unit, quantity, model), hot_water)

    return read


def said(found: RowCapacity) -> list[str]:
    return [code for _, code, _ in found.notes]


@pytest.mark.parametrize(
    ("tph", "mw", "conflict"),
    [
        ("35", "24.5", False),
        ("65", "45.5", False),
        ("40", "29", False),
        ("80", "58", False),
        ("35", "29", True),
        ("35", "25", True),
        ("65", "46.0", False),
        ("10", "70", True),
    ],
)
def test_two_columns_agree_when_they_mean_the_same_boiler(
    row: Callable[..., RowCapacity], tph: str, mw: str, conflict: bool
) -> None:
    found = row(tph, mw)
    assert (found.parts, found.conflict) == ((Decimal(tph),), conflict)
    assert ("capacity_conflict" in said(found)) == conflict
    in_one_cell = row(f"{tph}t/h（{mw}MW）")
    assert (in_one_cell.parts, in_one_cell.conflict) == ((Decimal(tph),), conflict)


def test_the_second_column_serves_where_the_first_is_blank(row: Callable[..., RowCapacity]) -> None:
    assert row("", "24.5").parts == (Decimal(35),)
    assert said(row("无", "24.5")) == []


def test_the_number_of_boilers_multiplies_a_single_capacity(row: Callable[..., RowCapacity]) -> None:
    assert row("35", quantity="3").parts == (Decimal(35),) * 3
    assert row("35", quantity="3台").parts == (Decimal(35),) * 3
    assert row("2×35", quantity="2").parts == (Decimal(35),) * 2
    assert row("35+20", quantity="1").parts == (Decimal(35), Decimal(20))
    assert said(row("35+20", quantity="3")) == ["capacity_parts", "quantity_differs"]
    assert said(row("35", quantity="若干")) == ["quantity_unreadable"]
    assert row("35", quantity="0").unusable
    assert len(row("", quantity="2").parts) == 2


def test_a_capacity_of_zero_makes_the_row_unusable_and_a_giant_one_is_asked_about(
    row: Callable[..., RowCapacity],
) -> None:
    assert row("0").unusable
    assert said(row("1200")) == ["capacity_large"]
    assert not row("").unusable
    assert said(row("")) == ["capacity_missing"]


def test_the_unit_comes_from_the_cell_then_its_column_then_the_header(
    row: Callable[..., RowCapacity],
) -> None:
    assert row("7MW", unit="t/h").parts == (Decimal(10),)
    assert row("7", unit="MW").parts == (Decimal(10),)
    assert row("7", header="MW").parts == (Decimal(10),)
    assert row("7", header="t/h|MW", hot_water=True).parts == (Decimal(10),)
    assert row("7", header="t/h|MW").parts == (Decimal(7),)
    assert said(row("7", header="", hot_water=True)) == ["capacity_unit_doubt"]


def test_the_model_code_is_held_against_the_column(row: Callable[..., RowCapacity]) -> None:
    assert said(row("10", model="SZL10-1.25-AII")) == []
    assert said(row("10", model="DZL7-1.0/115/70-AII")) == []
    assert said(row("40", model="QXX29-1.25/130/70-AII")) == []
    assert said(row("20", model="SZL10-1.25-AII")) == ["model_capacity_differs"]
    found = row("", model="SZL10-1.25-AII")
    assert (found.parts, said(found)) == ((Decimal(10),), ["capacity_from_model"])


def test_several_boilers_of_a_row_become_subjects_of_their_own(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells(**{"额定蒸发量（t/h）": "2×35+20"})
    frame = boilers([row, with_cells(使用登记证编号="锅10浙F00002(24)")[1]], header).frame
    assert frame["part"].tolist() == [1, 2, 3, 0]
    assert frame["row"].tolist() == [2, 2, 2, 3]
    assert frame["capacity_tph"].tolist() == [35, 35, 20, 10]
    assert frame["subject_id"].tolist()[:3] == [f"锅10浙F00001(24)#{part}" for part in (1, 2, 3)]
    assert frame["capacity_text"].tolist() == ["2×35+20"] * 3 + ["10"]


def test_a_boiler_without_capacity_stays_a_subject(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells(**{"额定蒸发量（t/h）": "无"})
    intake = boilers([row], header)
    assert np.isnan(intake.frame["capacity_tph"]).tolist() == [True]
    assert "capacity_missing" in codes(intake, 2)


def test_a_header_without_unit_is_taken_as_steam_and_said_once(boilers: Callable[..., Intake]) -> None:
    rows = [("甲", 120.5, 30.5, "10"), ("乙", 120.6, 30.5, "20")]
    intake = boilers(rows, ("单位名称", "经度", "纬度", "额定容量"))
    assert codes(intake, 0).count("capacity_unit_assumed") == 1
    assert intake.frame["capacity_tph"].tolist() == [10, 20]


def test_a_total_is_shared_by_its_boilers_with_a_warning(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells(**{"额定蒸发量（t/h）": "共70t/h（2台）"})
    intake = boilers([row], header)
    assert intake.frame["capacity_tph"].tolist() == [35, 35]
    assert codes(intake, 2) == ["capacity_total_shared"]


@pytest.mark.parametrize(
    ("quantity", "count"), [("两台", 2), ("两", 2), ("三套", 3), ("十台", 10), ("2 台", 2)]
)
def test_a_number_of_boilers_may_be_a_chinese_numeral(
    boilers: Callable[..., Intake], quantity: str, count: int
) -> None:
    header, row = with_cells(数量=quantity)
    intake = boilers([row], header)
    assert intake.frame["capacity_tph"].tolist() == [10.0] * count
    assert codes(intake, 2) == ["quantity_parts"]


@pytest.mark.parametrize(
    "cells", [{"数量": "60"}, {"额定蒸发量（t/h）": "60台10t/h"}, {"额定蒸发量（t/h）": "共70t/h（60台）"}]
)
def test_more_boilers_than_a_row_may_hold_are_asked_for_one_by_one(
    boilers: Callable[..., Intake], cells: dict[str, str]
) -> None:
    header, row = with_cells(**cells)
    intake = boilers([row], header)
    assert "quantity_beyond" in codes(intake, 2)
    assert (len(intake.frame), intake.rows_read, intake.rows_unusable) == (0, 1, 1)
