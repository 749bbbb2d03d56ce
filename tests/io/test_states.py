"""Status and evidence of elimination, where the list has no column of statuses."""

from __future__ import annotations

from collections.abc import Callable

from geoaq.io.lists import Intake
from tests.io.conftest import codes


def test_a_status_that_is_only_assumed_never_stands_against_evidence(boilers: Callable[..., Intake]) -> None:
    header = ("单位名称", "经度", "纬度", "吨位", "整治方式", "完成情况")
    rows = [("甲", 120.5, 30.5, "10", "拆除", "已完成"), ("乙", 120.6, 30.5, "20", "", "")]
    intake = boilers(rows, header)
    assert intake.frame["status"].tolist() == ["", "operating"]
    assert intake.frame["eliminated_by"].tolist() == ["demolished", ""]
    assert "status_assumed" in codes(intake, 0)


def test_a_remark_that_a_boiler_is_stopped_is_noticed_where_no_status_is_stated(
    boilers: Callable[..., Intake],
) -> None:
    header = ("单位名称", "经度", "纬度", "吨位", "燃料", "运行状态", "备注")
    said = ("已停用", "已关停", "2023年已拆除", "计划2027年拆除", "示例数据")
    rows = [(f"厂{k}", 120.5 + k / 10, 30.5, "10", "燃煤", "", text) for k, text in enumerate(said)]
    rows.append(("厂在用", 121.5, 30.5, "10", "燃煤", "在用", "已停用"))
    intake = boilers(rows, header)
    noticed = ["remark_says_ended" in codes(intake, row) for row in range(2, 8)]
    assert noticed == [True, True, True, False, False, False]
    assert intake.frame["status"].tolist() == ["", "", "", "", "", "operating"]
    assert intake.frame["eliminated_by"].tolist() == [""] * 6


def test_a_remark_is_noticed_where_the_list_has_no_column_of_statuses(boilers: Callable[..., Intake]) -> None:
    header = ("单位名称", "经度", "纬度", "吨位", "燃料", "备注")
    intake = boilers([("甲", 120.5, 30.5, "10", "燃煤", "已停用")], header)
    assert codes(intake, 2) == ["remark_says_ended"]
    assert intake.frame["status"].tolist() == ["operating"]
