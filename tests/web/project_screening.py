"""A finished screening of five projects near real province lines, for the pages that show one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from geoaq.catalog import Catalog
from geoaq.flows.border import ProjectRequest, screen_projects
from geoaq.io.built import LayerSet
from tests.flows.border.sites import project, write_projects
from tests.web.toy import NASTY

AS_OF = date(2026, 11, 21)
# 新杭镇 of 广德, where 安徽, 江苏 and 浙江 meet.
XINHANG = (119.62, 31.05)


def write_project_screening(folder: Path, layers: LayerSet) -> Path:
    """Screen the projects into ``folder / "screening"`` and return it."""
    rows = [
        project(XINHANG, 项目名称="甲熟料线", **{"排气筒高度（米）": "80"}),
        project((119.63, 31.04), 项目名称=NASTY, 国民经济行业类别及代码="3391", 建设性质="改建"),
        project((119.7, 29.8), 项目名称="远离省界项目"),
        project((119.4, 31.0), 项目名称="缺码项目", 国民经济行业类别及代码=""),
        project((10.0, 20.0), 项目名称="坐标有误项目"),
    ]
    wind = "时间,风向,风速\n" + "".join(f"2025-01-01 {hour:02d}:00,{15 * hour},3\n" for hour in range(24))
    (folder / "wind.csv").write_text(wind, "utf-8")
    request = ProjectRequest(
        path=write_projects(folder / "list.csv", rows),
        as_of=AS_OF,
        layers_dir=layers.path.parent,
        catalog=Catalog.load(),
        formats=("csv", "parquet"),
        wind=folder / "wind.csv",
    )
    screen_projects(request, folder / "screening")
    return folder / "screening"
