"""The sheet of a project from its screening: what it says, the same files again, what a new line changes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas
import pytest
import shapely

from geoaq.catalog import Catalog
from geoaq.cli import main
from geoaq.errors import InputError, NotFoundError
from geoaq.flows.border import (
    ProjectRequest,
    compare_sheet,
    open_sheet,
    screen_projects,
    sheet_data,
    write_sheet,
)
from geoaq.report.sheet import SheetData, write_sheet_json
from geoaq.store.followups import Followups
from tests.flows.border.sites import project, write_projects

XINHANG = (119.62, 31.05)
ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def request_(built_layers, root, tmp_path_factory) -> ProjectRequest:
    folder = tmp_path_factory.mktemp("sheet")
    rows = [
        project(XINHANG, 项目名称="甲熟料线", **{"排气筒高度（米）": "80"}),
        project((119.63, 31.04), 项目名称="乙铸造", 国民经济行业类别及代码="3391", 建设性质="改建"),
    ]
    wind = "时间,风向,风速\n" + "".join(f"2025-01-01 {h:02d}:00,{15 * h},3\n" for h in range(24))
    (folder / "wind.csv").write_text(wind, "utf-8")
    return ProjectRequest(
        path=write_projects(folder / "list.csv", rows),
        as_of=date(2026, 11, 21),
        layers_dir=built_layers.path.parent,
        catalog=Catalog.load(root / "layers"),
        formats=("parquet",),
        wind=folder / "wind.csv",
    )


@pytest.fixture(scope="module")
def screening(request_, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("screening") / "out"
    screen_projects(request_, out)
    return out


@pytest.fixture(scope="module")
def sheet(request_, screening) -> SheetData:
    return sheet_data(screening, 2, 0, catalog=request_.catalog, layers_dir=request_.layers_dir)


def test_the_sheet_names_every_province_with_its_foot_and_both_limbs(sheet):
    consultees = sheet.consultees()
    assert {one.adcode for one in consultees} == {"320000", "330000"}
    assert all(one.foot is not None and one.bearing_deg is not None for one in consultees)
    assert [limb.outcome for limb in sheet.limbs] == ["applies", "needs_review"]
    (clause,) = sheet.limbs[0].clauses
    assert clause.number == "国发〔2023〕24号"
    assert clause.quote.startswith("对省界两侧20公里内")
    assert {one.truth for one in clause.conditions} == {"T"}
    assert "江苏省" in sheet.lead.zh
    assert "Jiangsu" in sheet.lead.en


def test_the_sheet_says_where_the_second_boundaries_disagree(sheet):
    # At 新杭镇 the two sources draw Jiangsu's line some two kilometres apart, Zhejiang's almost the same.
    remarks = {one.adcode: one.second_remark for one in sheet.consultees()}
    assert remarks["330000"] is None
    assert "大于误差" in remarks["320000"].zh
    assert "more than the error" in remarks["320000"].en


def test_the_sheet_says_what_is_missing_what_stays_open_and_on_what_it_rests(sheet):
    assert any("AERMOD" in one.zh for one in sheet.missing)
    assert any("涉气重点行业" in one.zh for one in sheet.questions)
    assert [one.role for one in sheet.boundaries] == ["decides", "second"]
    assert len(sheet.policy.sha256) == len(sheet.texts[0].sha256) == 64
    assert sheet.high_stack_m == 45.0
    assert (sheet.near_total, [one.name for one in sheet.near]) == (1, ["乙铸造"])
    assert sheet.wind is not None
    assert sheet.wind.hours == 24
    assert {one.name.zh for one in sheet.wind.downwind} >= {"江苏省", "浙江省"}


def test_the_maps_have_what_they_draw(sheet):
    assert {area.adcode for area in sheet.shapes.provinces} >= {"320000", "330000", "340000"}
    assert ("330000", "340000") in {line.pair for line in sheet.shapes.borders}
    strip = shapely.union_all([shapely.Polygon(ring) for ring in sheet.shapes.strip])
    assert strip.contains(shapely.Point(*XINHANG))


def test_the_maps_draw_the_offices_own_line_where_that_decided(request_, tmp_path):
    # Jiangsu north of 30.9° and Zhejiang south of it: tens of kilometres from the shipped line.
    north, south = shapely.box(118.5, 30.9, 121.0, 32.5), shapely.box(118.5, 29.5, 121.0, 30.9)
    line = geopandas.GeoDataFrame({"adcode": ["320000", "330000"]}, geometry=[north, south], crs=4326)
    line.to_file(tmp_path / "line.gpkg", driver="GPKG")
    listing = write_projects(tmp_path / "one.csv", [project((119.9, 30.8))])
    own = replace(request_, path=listing, boundaries=tmp_path / "line.gpkg", wind=None)
    screen_projects(own, tmp_path / "out")
    today = {"catalog": request_.catalog, "layers_dir": request_.layers_dir}
    data = sheet_data(tmp_path / "out", 2, 0, **today)

    (drawn,) = data.shapes.borders
    assert drawn.pair == ("320000", "330000")
    pieces = shapely.multilinestrings([shapely.linestrings(piece) for piece in drawn.pieces])
    (near,) = data.consultees()
    assert near.foot is not None
    assert shapely.distance(pieces, shapely.Point(near.foot)) < 0.0002
    assert pieces.bounds[1] == pieces.bounds[3] == 30.9
    areas = {area.adcode: shapely.Polygon(area.rings[0]) for area in data.shapes.provinces}
    assert areas["330000"].bounds[3] == areas["320000"].bounds[1] == 30.9
    assert "340000" in areas
    assert [one.version for one in data.boundaries] != ["", ""]
    assert all("公里" in one.note.zh for one in data.boundaries)
    write_sheet(data, tmp_path / "first", "zh", only=("json", "html"))
    write_sheet(
        open_sheet(tmp_path / "first" / "sheet.json"), tmp_path / "again", "zh", only=("json", "html")
    )
    for name in ("sheet.json", "sheet.html"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_the_feet_lie_on_the_lines_that_the_maps_draw(sheet):
    lines = {one.pair: one.pieces for one in sheet.shapes.borders}
    for one in sheet.consultees():
        pair = tuple(sorted(("340000", one.adcode)))
        drawn = shapely.multilinestrings([shapely.linestrings(piece) for piece in lines[pair]])
        assert shapely.distance(drawn, shapely.Point(one.foot)) < 0.00025


def test_a_screening_that_kept_no_lines_has_no_sheet(request_, screening, tmp_path):
    shutil.copytree(screening, tmp_path / "old")
    (tmp_path / "old" / "lines.geojson").unlink()
    with pytest.raises(InputError) as error:
        sheet_data(tmp_path / "old", 2, 0, catalog=request_.catalog, layers_dir=request_.layers_dir)
    assert error.value.code == "sheet_other_lines"


def test_follow_up_stands_on_the_sheet(request_, screening, tmp_path):
    (tmp_path / "screenings" / ID).mkdir(parents=True)
    followups = Followups(tmp_path, ID)
    letter = {"row": 2, "consultee": "330000", "event": "sent", "day": "2026-11-22", "bureau": "city"}
    followups.add(letter | {"deadline": "2026-12-22", "note": "环函1号"})
    states = followups.states(2, today=date(2026, 12, 1))
    found = sheet_data(
        screening, 2, 0, catalog=request_.catalog, layers_dir=request_.layers_dir, follow_up=states
    )
    (one,) = found.follow_up
    assert (one.adcode, one.state, one.writer, one.due_on) == ("330000", "sent", "city", date(2026, 12, 22))


def test_the_same_files_come_from_the_json_again(sheet, tmp_path):
    write_sheet(sheet, tmp_path / "first", "zh")
    write_sheet(open_sheet(tmp_path / "first" / "sheet.json"), tmp_path / "second", "zh")
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "second")
    )
    assert set(first) == {"sheet.json", "sheet.pdf", "sheet.html", "letter-320000.docx", "letter-330000.docx"}
    assert first == second


def test_nothing_changes_under_the_same_policy_and_lines(sheet, request_):
    today = {"catalog": request_.catalog, "layers_dir": request_.layers_dir}
    assert compare_sheet(sheet, as_of=request_.as_of, **today) == ()


def test_another_day_and_another_line_say_what_they_would_change(sheet, request_, tmp_path):
    today = {"catalog": request_.catalog, "layers_dir": request_.layers_dir}
    before = compare_sheet(sheet, as_of=date(2022, 1, 1), **today)
    assert before
    west, east = shapely.box(117.0, 30.0, 119.5, 32.0), shapely.box(119.5, 30.0, 122.0, 32.0)
    line = geopandas.GeoDataFrame({"adcode": ["340000", "330000"]}, geometry=[west, east], crs=4326)
    line.to_file(tmp_path / "line.gpkg", driver="GPKG")
    changes = compare_sheet(sheet, as_of=request_.as_of, boundaries=tmp_path / "line.gpkg", **today)
    assert any("安徽省" in one.zh for one in changes)
    with pytest.raises(InputError):
        compare_sheet(sheet.model_copy(update={"facts": {}}), as_of=request_.as_of, **today)


def test_an_outline_is_measured_again_to_the_decimetre(request_, tmp_path):
    site = (
        shapely.Point(*XINHANG)
        .buffer(0.03, quad_segs=500)
        .difference(shapely.box(119.615, 31.045, 119.625, 31.055))
    )
    frame = geopandas.GeoDataFrame({"项目编号": ["S1"], "建设性质": ["新建"]}, geometry=[site], crs=4326)
    frame.assign(国民经济行业类别及代码="3011", 行业代码版本="2017").to_file(
        tmp_path / "site.gpkg", driver="GPKG"
    )
    screen_projects(replace(request_, path=tmp_path / "site.gpkg", wind=None), tmp_path / "out")
    today = {"catalog": request_.catalog, "layers_dir": request_.layers_dir}
    data = sheet_data(tmp_path / "out", 1, 0, **today)
    assert data.position.kind == "polygon"
    assert len(data.shapes.site) == 2
    assert compare_sheet(data, as_of=request_.as_of, **today) == ()


def test_a_sheet_is_made_by_the_rules_of_its_day_when_they_have_changed(request_, screening, sheet, tmp_path):
    shutil.copytree(request_.catalog.root, tmp_path / "layers")
    sources = tmp_path / "layers" / "policy" / "sources.toml"
    changed = sources.read_text("utf-8").replace(f'version = "{sheet.policy.version}"', 'version = "2099.1"')
    sources.write_text(changed, "utf-8")
    later = {"catalog": Catalog.load(tmp_path / "layers"), "layers_dir": request_.layers_dir}
    assert sheet_data(screening, 2, 0, **later) == sheet
    shutil.copytree(screening, tmp_path / "old")
    (tmp_path / "old" / "policy.json").unlink()
    with pytest.raises(InputError, match=sheet.policy.sha256[:12]) as error:
        sheet_data(tmp_path / "old", 2, 0, **later)
    assert "2099.1" in error.value.message("zh")


def test_a_sheet_of_no_project_is_refused(request_, screening, tmp_path):
    today = {"catalog": request_.catalog, "layers_dir": request_.layers_dir}
    with pytest.raises(NotFoundError):
        sheet_data(screening, 99, 0, **today)
    with pytest.raises(NotFoundError):
        sheet_data(tmp_path, 2, 0, **today)


def test_the_command_line_makes_renders_and_compares(
    sheet, screening, root, built_layers, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("GEOAQ_DATA", str(built_layers.path.parent.parent))
    assert main(["sheet", "make", str(screening), "2", "--out", str(tmp_path / "made")]) == 0
    path = tmp_path / "made" / "sheet.json"
    assert json.loads(path.read_text("utf-8"))["schema_version"] == "geoaq-border-sheet/1"
    assert main(["sheet", "render", str(path), "--out", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again" / "sheet.pdf").read_bytes() == (tmp_path / "made" / "sheet.pdf").read_bytes()
    assert main(["sheet", "compare", str(path), "--as-of", "2026-11-21"]) == 0
    assert "结果不变" in capsys.readouterr().out
    broken = tmp_path / "broken.json"
    write_sheet_json(broken, sheet)
    broken.write_text(broken.read_text("utf-8").replace('"as_of": "2026-11-21"', '"as_of": "soon"'), "utf-8")
    assert main(["sheet", "render", str(broken), "--out", str(tmp_path / "x")]) == 2
    assert main(["sheet", "make", str(screening), "two", "--out", str(tmp_path / "y")]) == 2
