"""Only where a limb is met or open are provinces named as to be consulted; what an extension is told."""

from __future__ import annotations

import json
import re
from datetime import date

import openpyxl
import pandas as pd
import pytest

from geoaq.catalog import Catalog
from geoaq.flows.border import ProjectRequest, screen_projects, sheet_data, write_sheet
from tests.flows.border.sites import project, write_projects

XINHANG = (119.62, 31.05)


@pytest.fixture(scope="module")
def screened(built_layers, root, tmp_path_factory):
    """Return folder, summary and request of a new line and of an extension without a high stack."""
    home = tmp_path_factory.mktemp("consulted")
    extension = project(XINHANG, 项目编号="P2", 建设性质="扩建", **{"排气筒高度（米）": "30"})
    request = ProjectRequest(
        path=write_projects(home / "list.csv", [project(XINHANG, 项目编号="P1"), extension]),
        as_of=date(2026, 11, 21),
        layers_dir=built_layers.path.parent,
        catalog=Catalog.load(root / "layers"),
        formats=("csv", "parquet", "xlsx", "map"),
    )
    return home / "out", screen_projects(request, home / "out"), request


def test_a_project_that_no_limb_reaches_has_neighbours_and_nobody_to_consult(screened):
    folder, summary, _ = screened
    found = pd.read_parquet(folder / "subjects.parquet").set_index("subject_id")
    new, extension = found.loc["P1"], found.loc["P2"]
    assert set(new["consultees"].split(";")) == {"320000", "330000"}
    assert (extension["limb_a"], extension["limb_b"]) == ("does_not_apply", "does_not_apply")
    assert (extension["consultees"] or "") == (extension["consultee_km"] or "") == ""
    assert extension["neighbour"] == new["neighbour"]
    assert summary.by_consultee == {"320000": 1, "330000": 1}
    pairs = pd.read_parquet(folder / "consultees.parquet")
    assert set(pairs[pairs["subject_id"] == "P2"]["truth"]) >= {"inside"}


def test_the_workbook_says_that_extensions_are_often_asked_about_and_names_the_neighbour(screened):
    book = openpyxl.load_workbook(screened[0] / "findings.xlsx")
    head, new, extension = list(book.worksheets[0].iter_rows(values_only=True))[:3]
    told, other = (dict(zip(head, row, strict=True)) for row in (extension, new))
    assert told["省界两侧范围"].startswith("不符合条款情形")
    assert "实践中常被要求会商" in told["省界两侧范围"]
    assert other["省界两侧范围"] == "符合条款情形"
    assert told["会商省份"] is None
    assert told["最近相邻省份"] in {"江苏省", "浙江省"}


def test_the_map_lists_neighbour_consultees_and_both_limbs(screened):
    page = (screened[0] / "map.html").read_text("utf-8")
    data = json.loads(re.search(r'id="geoaq-data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])["list"]

    def told(column: str) -> list[str]:
        return ["" if n < 0 else data["words"][n] for n in data[column]]

    assert told("limb_a") == ["applies", "does_not_apply"]
    assert set(told("consultee_codes")[0].split(";")) == {"320000", "330000"}
    assert told("consultees")[1] == ""
    assert set(told("neighbour")) <= {"江苏省", "浙江省"}


def test_no_letter_is_drafted_where_no_limb_is_met_unless_it_is_asked_for(screened, tmp_path):
    folder, _, request = screened
    layers = {"catalog": request.catalog, "layers_dir": request.layers_dir}
    sheet = sheet_data(folder, 3, 0, **layers)
    assert sheet.consultees() == ()
    assert "江苏省" not in sheet.lead.zh
    write_sheet(sheet, tmp_path / "sheet", "zh", only=("json", "letter"))
    assert {path.name for path in (tmp_path / "sheet").iterdir()} == {"sheet.json"}
