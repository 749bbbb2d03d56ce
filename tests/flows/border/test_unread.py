"""What a list states and nobody can read is shown as it stands; a key of the program is no number."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geoaq.cards.why import why_card
from geoaq.catalog import Catalog
from geoaq.errors import InputError
from geoaq.flows.border import ProjectRequest, screen_projects
from tests.flows.border.sites import project, write_projects

XINHANG = (119.62, 31.05)
HEIGHT = "排气筒高度（米）"


def request_of(path: Path, layers: Path) -> ProjectRequest:
    return ProjectRequest(
        path=path,
        as_of=date(2026, 11, 21),
        layers_dir=layers,
        catalog=Catalog.load(),
        formats=("csv", "parquet"),
    )


@pytest.fixture(scope="module")
def folder(built_layers, tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("unread")
    odd = {"国民经济行业类别及代码": "C9999 虚构", "行业代码版本": "2002", "建设性质": "新上", HEIGHT: "-60"}
    rows = [
        project(XINHANG, **odd),
        project((119.62, 31.06), 国民经济行业类别及代码="1399"),
        project((119.62, 31.07), 国民经济行业类别及代码="", 建设性质=""),
        project((119.62, 31.08), 国民经济行业类别及代码="水泥制造"),
    ]
    listing = write_projects(home / "list.csv", rows)
    listing.write_text(listing.read_text("utf-8-sig").replace("P1,", ",").replace("P2,", "P2,"), "utf-8")
    screen_projects(request_of(listing, built_layers.path.parent), home / "out")
    return home / "out"


def card(folder: Path, row: int) -> dict[str, Any]:
    return why_card(Catalog.load(), folder, row, 0, "zh")


def facts(folder: Path, row: int) -> dict[str, str]:
    return {one["label"]: one["text"] for one in card(folder, row)["facts"]}


def test_what_cannot_be_read_is_quoted_in_facts_and_conditions(folder):
    told = facts(folder, 2)
    assert told["行业"] == "无法识别：“C9999 虚构” · 代码版本无法识别：“2002”"
    assert told["性质"].startswith("无法识别：“新上”")
    assert told["排气筒"] == "无法识别：“-60”"
    rules = [rule for limb in card(folder, 2)["project"]["limbs"] for rule in limb["rules"]]
    said = "".join(one["text"] for rule in rules for one in rule["conditions"])
    assert "建设性质：无法识别：“新上”" in said
    assert "行业代码：无法识别：“C9999 虚构”" in said


def test_what_is_not_stated_stays_not_stated(folder):
    told = facts(folder, 4)
    assert told["行业"] == "未填"
    assert told["性质"] == "报告书"
    assert facts(folder, 5)["行业"].startswith("水泥制造 · ")


def test_a_code_judged_by_its_division_says_so(folder):
    assert "按大类判断，未核对小类" in facts(folder, 3)["行业"]
    assert "大类" not in facts(folder, 2)["行业"]


def test_a_content_key_is_shown_as_no_number_and_stays_in_the_answer(folder):
    one = card(folder, 2)
    assert one["title"].endswith(" · 无编号")
    assert one["subject_id"].startswith("k-")
    assert card(folder, 3)["title"].endswith(" · P2")


def test_every_error_has_its_unit(folder):
    one = card(folder, 3)
    assert "± 1.00 公里 · " in one["headline"]["detail"]
    assert all(line["error"].endswith(" 公里") for line in one["project"]["consultees"])


def test_a_single_project_at_sea_is_refused_by_its_coordinates(built_layers, tmp_path):
    listing = write_projects(tmp_path / "project.csv", [project((121.0, 36.0))])
    with pytest.raises(InputError) as refused:
        screen_projects(request_of(listing, built_layers.path.parent), tmp_path / "out")
    assert refused.value.code == "only_row_unusable"
    assert refused.value.message("zh") == "经度：坐标不在任何县级行政区内：请核对经纬度与坐标系。"
