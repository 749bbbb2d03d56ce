"""An office's plants, from their list to the outcome of a boiler beside them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geoaq.catalog import Catalog
from geoaq.flows import ScreeningRequest, screen
from tests.flows.places import SITES, boiler, write_rows

CONFIRMED = {"坐标系": "WGS84", "坐标来源": "现场GPS", "燃料": "煤"}
CONFIRMED |= {"确认文号": "能〔2025〕1号", "发文机关": "能源局"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"装机容量（万千瓦）": "30"}], ("applies", "")),
        ([{"单机容量（万千瓦）": "15", "台数": "2"}], ("applies", "")),
        ([{"装机容量（万千瓦）": "", "最大单机容量（万千瓦）": "35"}], ("applies", "")),
        ([{"装机容量": "30"}], ("needs_review", "chp_capacity_missing")),
        (
            [{"机组编号": "1#", "装机容量（万千瓦）": "20"}, {"机组编号": "2#", "装机容量（万千瓦）": "20"}],
            ("needs_review", "chp_capacity_missing"),
        ),
        (
            [{"机组编号": f"{k}#", "装机容量（万千瓦）": "20", "单机容量（万千瓦）": "10"} for k in (1, 2)],
            ("does_not_apply", ""),
        ),
    ],
)
def test_what_a_list_of_plants_says_decides_a_boiler_ten_km_away(
    built_layers, root: Path, tmp_path: Path, rows: list[dict[str, str]], expected: tuple[str, str]
) -> None:
    lon, lat, province = SITES["NJ"]
    place = {"电厂名称": "甲热电厂", "经度": f"{lon + 0.1:.6f}", "纬度": f"{lat:.6f}"}
    request = ScreeningRequest(
        path=write_rows(tmp_path / "list.csv", [boiler("NJ")]),
        as_of=date(2026, 11, 21),
        layers_dir=built_layers.path.parent,
        catalog=Catalog.load(root / "layers"),
        plants=write_rows(tmp_path / "plants.csv", [place | CONFIRMED | row for row in rows]),
        plants_only=True,
        complete_for=(province,),
        formats=("parquet",),
    )
    screen(request, tmp_path / "out")
    found = pd.read_parquet(tmp_path / "out" / "findings.parquet").set_index("rule_id")
    row = found.loc["js.boiler.chp30"]
    assert row["outcome"] == expected[0]
    if expected[1]:
        assert expected[1] in row["reasons"]
