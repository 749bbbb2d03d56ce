"""What the rows of a plant amount to: its total counts once, units are added up, doubt stays doubt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from geoaq.catalog import Catalog
from geoaq.io.lists import Intake, read_plants
from tests.io.conftest import codes

NAN = np.nan
Row = Sequence[object]


@pytest.fixture
def plants(as_csv: Callable[..., Path], catalog: Catalog) -> Callable[..., Intake]:
    def read(header: str, *rows: str) -> Intake:
        """Read rows of ``name capacity…`` cells, - for blank, all at one place unless they say otherwise."""
        names = header.split()
        table = [["" if cell == "-" else cell for cell in row.split()] for row in rows]
        if "经度" not in names:
            names, table = [*names, "经度", "纬度"], [[*row, "120.2", "30.3"] for row in table]
        return read_plants(as_csv((names, *table)), product=catalog.products["plant_list"], datum="WGS84")

    return read


def capacity(intake: Intake) -> list[tuple[float, float]]:
    return [(float(a), float(b)) for a, b in intake.frame[["installed_mw", "largest_unit_mw"]].to_numpy()]


UNITS = "电厂名称 机组编号 装机容量(万千瓦) 单机容量(万千瓦)"
TOTALS = "电厂名称 机组编号 装机容量(万千瓦)"


@pytest.mark.parametrize(
    ("header", "rows", "expected", "code"),
    [
        (UNITS, ("甲 1# 20 10", "甲 2# 20 10"), (200, 100), ""),
        (UNITS, ("甲 1# 20 10", "甲 2# - 10"), (200, 100), ""),
        (UNITS, ("甲 1# - 10", "甲 2# - 30"), (400, 300), ""),
        (UNITS, ("甲 1# 20 15", "甲 2# 20 15"), (NAN, 150), "plant_capacity_contradicts"),
        (UNITS, ("甲 1# 45 15", "甲 2# 45 15"), (450, 150), "plant_capacity_differs"),
        (UNITS, ("甲 1# - 15", "甲 2# - -"), (NAN, NAN), "plant_capacity_missing"),
        (UNITS, ("甲 1# - 15", "甲 1# - 15"), (NAN, NAN), "plant_units_ambiguous"),
        (TOTALS, ("甲 1# 20", "甲 2# 20"), (NAN, NAN), "plant_capacity_ambiguous"),
        (TOTALS, ("甲 1# 20", "甲 2# 30"), (500, 300), ""),
        (TOTALS, ("甲 1# 20", "甲 2# -"), (NAN, NAN), "plant_capacity_missing"),
        ("电厂名称 装机容量(万千瓦)", ("甲 20", "甲 20"), (NAN, NAN), "plant_capacity_ambiguous"),
        ("电厂名称 单机容量(万千瓦) 机组台数", ("甲 15 2",), (300, 150), ""),
        ("电厂名称 单机容量(万千瓦) 机组台数", ("甲 15 -",), (NAN, 150), "plant_capacity_missing"),
        ("电厂名称 单机容量(万千瓦)", ("甲 2×15",), (300, 150), ""),
        ("电厂名称 装机容量(万千瓦) 单机容量(万千瓦) 台数", ("甲 30 15 2",), (300, 150), ""),
        ("电厂名称 装机容量(万千瓦) 最大单机容量",
         ("甲 30 35",), (NAN, 350), "plant_capacity_contradicts"),
    ],
)  # fmt: skip
def test_a_total_counts_once_and_units_are_added_up(
    plants: Callable[..., Intake], header: str, rows: Row, expected: tuple[float, float], code: str
) -> None:
    intake = plants(header, *rows)
    np.testing.assert_array_equal(capacity(intake), [expected])
    assert [found for found in codes(intake, 2) if found.startswith("plant_")] == ([code] if code else [])


@pytest.mark.parametrize(
    ("counts", "expected"), [((2, 2), (300, 150)), ((3, 3), (NAN, NAN)), ((2, 1), (450, 150))]
)
def test_the_number_of_units_of_the_plant_beside_each_unit_multiplies_nothing(
    plants: Callable[..., Intake], counts: tuple[int, int], expected: tuple[float, float]
) -> None:
    header = "电厂名称 机组编号 单机容量(万千瓦) 台数"
    intake = plants(header, f"甲 1# 15 {counts[0]}", f"甲 2# 15 {counts[1]}")
    np.testing.assert_array_equal(capacity(intake), [expected])


def test_a_capacity_merged_over_the_units_of_a_plant_is_its_total(
    as_xlsx: Callable[..., Path], catalog: Catalog
) -> None:
    rows = [
        ("电厂名称", "机组编号", "经度", "纬度", "装机容量（万千瓦）"),
        ("甲热电", "1#", 120.2, 30.3, 20),
        (None, "2#", None, None, None),
    ]
    path = as_xlsx(rows, merged=["A2:A3", "C2:C3", "D2:D3", "E2:E3"])
    intake = read_plants(path, product=catalog.products["plant_list"], datum="WGS84")
    np.testing.assert_array_equal(capacity(intake), [(200, NAN)])
    assert "merged_not_filled" in codes(intake, 2)
    assert "merged_not_filled" in codes(intake, 3)


def test_plants_without_a_name_are_not_one_plant(plants: Callable[..., Intake]) -> None:
    intake = plants(
        "电厂名称 装机容量(万千瓦) 经度 纬度", "- 15 120.2 30.3", "- 15 118.9 28.9", "- 15 118.9 28.9"
    )
    assert intake.frame["installed_mw"].tolist() == [150] * 3
    assert intake.frame["plant_id"].is_unique


def test_units_of_one_name_far_apart_do_not_make_an_anchor(plants: Callable[..., Intake]) -> None:
    header = "电厂名称 机组编号 装机容量(万千瓦) 单机容量(万千瓦) 经度 纬度"
    intake = plants(header, "甲 1# 30 15 120.2 30.3", "甲 2# 30 15 118.9 28.9")
    np.testing.assert_array_equal(intake.frame["installed_mw"], [NAN, NAN])
    assert "plant_positions_differ" in codes(intake, 3)


def test_small_capacities_without_a_unit_are_not_known(plants: Callable[..., Intake]) -> None:
    header = "电厂名称 装机容量 经度 纬度"
    intake = plants(header, "甲 70 120.2 30.3", "乙 20 121.2 30.3", "丙 70万千瓦 119 30.3")
    np.testing.assert_array_equal(intake.frame["installed_mw"], [NAN, NAN, 700])
    assert "power_unit_doubt" in codes(intake, 0)


def test_a_plant_without_capacity_stays_with_its_largest_unit(plants: Callable[..., Intake]) -> None:
    header = "电厂名称 装机容量(万千瓦) 最大单机容量(万千瓦) 经度 纬度"
    intake = plants(
        header, "甲 - 35 120.2 30.3", "乙 - - 121.2 30.3", "丙 约70 - 119 30.3", "丁 ？ - 118 30.3"
    )
    assert intake.frame["name"].tolist() == ["甲", "乙", "丙", "丁"]
    np.testing.assert_array_equal(capacity(intake)[:2], [(NAN, 350), (NAN, NAN)])
    assert codes(intake, 3) == ["plant_capacity_missing"]
    assert intake.rows_unusable == 0


@pytest.mark.parametrize("word", ["停止运行", "暂停", "暂停运行", "退出运行", "不再使用", "停产", "未运行"])
def test_a_unit_that_no_longer_runs_is_not_counted(plants: Callable[..., Intake], word: str) -> None:
    header = "电厂名称 机组编号 单机容量(万千瓦) 状态"
    intake = plants(header, "甲 1# 15 在用", f"甲 2# 20 {word}")
    assert capacity(intake) == [(150, 150)]
    assert codes(intake, 3) == ["plant_unit_left_out"]


def test_a_total_of_units_some_of_which_no_longer_run_is_not_taken(plants: Callable[..., Intake]) -> None:
    intake = plants(TOTALS + " 状态", "甲 1# 60 在用", "甲 2# 60 停用")
    assert intake.frame["installed_mw"].isna().all()


def test_a_row_that_cannot_be_placed_leaves_its_plant_open(plants: Callable[..., Intake]) -> None:
    header = "电厂名称 机组编号 单机容量(万千瓦) 经度 纬度"
    intake = plants(header, "甲 1# 15 120.2 30.3", "甲 2# 15 - -")
    assert intake.frame["installed_mw"].isna().all()


def test_document_and_issuer_come_from_one_row(as_csv: Callable[..., Path], catalog: Catalog) -> None:
    rows = [
        ("电厂名称", "机组编号", "单机容量(万千瓦)", "经度", "纬度", "确认文号", "发文机关"),
        ("甲", "1#", "15", "120.2", "30.3", "浙〔2024〕9号", "发改委"),
        ("甲", "2#", "15", "120.2", "30.3", "浙〔2025〕1号", "甲能源局"),
    ]
    frame = read_plants(as_csv(rows), product=catalog.products["plant_list"], datum="WGS84").frame
    confirmed = frame[["confirmed_document", "confirmed_issuer"]].to_numpy().tolist()
    assert confirmed == [["浙〔2024〕9号", "发改委"]]
