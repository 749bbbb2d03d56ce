"""What the words of a list of units mean: status and fuel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from geoaq.catalog import Catalog
from geoaq.io.lists import Intake, read_units
from tests.io.conftest import codes

HEADER = ("电厂名称", "机组编号", "单机容量（MW）", "经度", "纬度", "燃料", "状态")


@pytest.fixture
def unit(as_csv: Callable[..., Path], catalog: Catalog) -> Callable[..., Intake]:
    """Read one unit with the fuel and status given."""

    def read(fuel: str = "燃煤", status: str = "在用") -> Intake:
        rows = [HEADER, ("甲纸业", "1#", "12", "120.921735", "30.838912", fuel, status)]
        return read_units(as_csv(rows), product=catalog.products["unit_list"])

    return read


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("停止运行", "stopped"),
        ("暂停运行", "stopped"),
        ("已退出运行", "stopped"),
        ("不再使用", "stopped"),
        ("停机，设备正常", "stopped"),
        ("正常运行", "operating"),
        ("应急调峰", "standby"),
        ("新建", "planned"),
        ("迁建", "relocating"),
        ("扩建", "altering"),
        ("已拆除", "demolished"),
        ("计划2027年关停", ""),
        ("在用，计划2027年关停", "operating"),
        ("2026年底前拆除", ""),
    ],
)
def test_a_stop_wins_over_operation_and_a_plan_to_stop_is_none(
    unit: Callable[..., Intake], text: str, status: str
) -> None:
    assert unit(status=text).frame["status"].tolist() == [status]


def test_a_plan_to_close_a_unit_is_a_warning(unit: Callable[..., Intake]) -> None:
    assert codes(unit(status="计划2027年关停"), 2) == ["word_denied"]


@pytest.mark.parametrize(
    ("text", "fuel", "issue"),
    [
        ("煤矿瓦斯", "gas", []),
        ("高炉煤气", "gas", []),
        ("煤层气", "gas", []),
        ("煤焦油", "oil", []),
        ("煤矸石", "coal", []),
        ("煤泥", "coal", []),
        ("焦炭", "other", ["fuel_like_coal"]),
    ],
)
def test_compounds_of_coal_are_the_fuel_that_they_are(
    unit: Callable[..., Intake], text: str, fuel: str, issue: list[str]
) -> None:
    intake = unit(fuel=text)
    assert intake.frame["fuel"].tolist() == [fuel]
    assert codes(intake, 2) == issue
