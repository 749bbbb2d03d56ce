"""Lists of plants and of units, in 万千瓦 or MW, by plant or by unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from geoaq.catalog import Catalog
from geoaq.frames import PLANTS, UNITS
from geoaq.io.lists import Intake, read_plants, read_units
from tests.io.conftest import codes

Rows = Sequence[Sequence[object]]


@pytest.fixture
def plants(as_csv: Callable[..., Path], catalog: Catalog) -> Callable[..., Intake]:
    def read(*rows: Sequence[object]) -> Intake:
        return read_plants(as_csv(rows), product=catalog.products["plant_list"])

    return read


@pytest.fixture
def units(as_csv: Callable[..., Path], catalog: Catalog) -> Callable[..., Intake]:
    def read(*rows: Sequence[object]) -> Intake:
        return read_units(as_csv(rows), product=catalog.products["unit_list"])

    return read


def test_the_units_of_a_plant_are_added_up_as_far_as_they_run(plants: Callable[..., Intake]) -> None:
    intake = plants(
        ("电厂名称", "机组编号", "装机容量（万千瓦）", "经度", "纬度", "状态", "是否统调"),
        ("甲热电厂", "1#", "35", "120.9", "30.8", "在用", "是"),
        ("甲热电厂", "2#", "30", "120.9", "30.8", "备用", "是"),
        ("甲热电厂", "3#", "100", "120.9", "30.8", "在建", "是"),
        ("乙热电厂", "1#", "660MW", "121.9", "30.8", "运行", "否"),
    )
    frame = intake.frame
    assert set(PLANTS.names) <= set(frame.columns)
    assert frame[["name", "installed_mw", "largest_unit_mw", "dispatched"]].to_numpy().tolist() == [
        ["甲热电厂", 650, 350, 1],
        ["乙热电厂", 660, 660, 0],
    ]
    assert codes(intake, 4) == ["plant_unit_left_out"]
    assert (intake.rows_read, intake.rows_used, intake.rows_unusable) == (4, 3, 1)


def test_a_plant_row_tells_its_largest_unit_or_leaves_it_open(plants: Callable[..., Intake]) -> None:
    frame = plants(
        ("电厂名称", "装机容量（MW）", "最大单机容量", "机组台数", "经度", "纬度"),
        ("甲", "2×350", "", "2", "120.9", "30.8"),
        ("乙", "700", "350", "2", "121.9", "30.8"),
        ("丙", "700", "", "2", "122.9", "30.8"),
        ("丁", "700", "", "1", "119.9", "30.8"),
    ).frame
    assert frame["installed_mw"].tolist() == [700] * 4
    np.testing.assert_array_equal(frame["largest_unit_mw"], [350, 350, np.nan, 700])


def test_a_plant_is_confirmed_only_by_document_and_issuer_together(plants: Callable[..., Intake]) -> None:
    intake = plants(
        ("电厂名称", "装机容量（万千瓦）", "经度", "纬度", "确认文号", "发文机关"),
        ("甲", "70", "120.9", "30.8", "浙能〔2025〕1号", "省能源局"),
        ("乙", "70", "121.9", "30.8", "浙能〔2025〕2号", ""),
        ("丙", "70", "122.9", "30.8", "无", "/"),
    )
    assert intake.frame["confirmed_document"].tolist() == ["浙能〔2025〕1号", "", ""]
    assert intake.frame["confirmed_issuer"].tolist() == ["省能源局", "", ""]
    assert codes(intake, 3) == ["confirmation_incomplete"]


@pytest.mark.parametrize(
    ("values", "code"), [(("30", "35"), "power_unit_doubt"), (("300", "35"), "power_unit_assumed")]
)
def test_a_capacity_without_unit_is_asked_about(
    plants: Callable[..., Intake], values: tuple[str, str], code: str
) -> None:
    intake = plants(
        ("电厂名称", "装机容量", "经度", "纬度"),
        ("甲", values[0], "120.9", "30.8"),
        ("乙", values[1], "121.9", "30.8"),
    )
    assert [issue for issue in codes(intake, 0) if issue.startswith("power")] == [code]
    taken = [float(value) if code == "power_unit_assumed" else np.nan for value in values]
    np.testing.assert_array_equal(intake.frame["installed_mw"], taken)


def test_a_nuclear_plant_is_known_by_its_name_where_no_fuel_is_stated(plants: Callable[..., Intake]) -> None:
    frame = plants(
        ("电厂名称", "装机容量（万千瓦）", "经度", "纬度"), ("秦山核电站", "65", "120.9", "30.4")
    ).frame
    assert frame["fuel"].tolist() == ["nuclear"]


def test_rows_of_a_name_far_apart_are_two_plants_and_asked_about(plants: Callable[..., Intake]) -> None:
    intake = plants(
        ("电厂名称", "机组编号", "装机容量（万千瓦）", "经度", "纬度"),
        ("甲", "1#", "35", "120.9", "30.8"),
        ("甲", "2#", "35", "121.9", "30.8"),
    )
    assert "plant_positions_differ" in codes(intake, 3)
    assert intake.frame["lon"].tolist() == [120.9, 121.9]
    assert intake.frame["plant_id"].is_unique
    # Whether 35 is of the plant or of the unit, and where the plant is, cannot be told.
    assert intake.frame["installed_mw"].isna().all()


@pytest.mark.shared
def test_the_shipped_plant_table_can_be_brought_back_as_an_own_list(shared: Path, catalog: Catalog) -> None:
    path = shared / "data" / "facts" / "coal-power-plants.csv"
    intake = read_plants(path, product=catalog.products["plant_list"], datum="WGS84")
    assert (len(intake.frame), intake.rows_unusable) == (1156, 0)
    assert (intake.frame["installed_mw"] >= 300).sum() == 869
    assert set(intake.frame["heat_evidence"]) == {"name", "captive", "none"}


def test_units_are_subjects_of_their_own(units: Callable[..., Intake]) -> None:
    intake = units(
        ("企业名称", "机组编号", "单机容量（MW）", "经度", "纬度", "机组类型", "是否统调/公用/自备",
         "是否列入关停（落后）计划", "燃料", "状态"),
        ("丙纸业", "1#", "2×6", "120.95", "30.85", "背压", "自备", "是", "燃煤", "在用"),
        ("丁热电", "1#", "1.2万千瓦", "120.9", "30.8", "抽凝", "公用", "否", "煤", "停运"),
        ("戊电厂", "1#", "50", "120.8", "30.8", "纯凝", "统调", "", "煤矸石", "在用"),
        ("己电厂", "1#", "", "120.8", "30.8", "", "", "", "", ""),
    )  # fmt: skip
    frame = intake.frame
    assert tuple(frame.columns) == UNITS.names
    columns = [
        "part",
        "capacity_mw",
        "unit_type",
        "captive",
        "dispatched",
        "chp",
        "backward_listed",
        "fuel",
        "status",
    ]
    assert frame[columns].to_numpy().tolist() == [
        [1, 6.0, "backpressure", 1, 0, 1, 1, "coal", "operating"],
        [2, 6.0, "backpressure", 1, 0, 1, 1, "coal", "operating"],
        [0, 12.0, "extraction", 0, 0, 1, 0, "coal", "stopped"],
        [0, 50.0, "condensing", 0, 1, 0, 2, "coal", "operating"],
    ]
    assert codes(intake, 5) == ["power_missing"]
    assert intake.rows_unusable == 1
