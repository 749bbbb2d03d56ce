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
