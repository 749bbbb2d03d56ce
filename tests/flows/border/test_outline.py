"""One project with its outline in a file of its own: every format, its datum, and what cannot be told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import geopandas
import pandas as pd
import pytest
import shapely

from geoaq.catalog import Catalog
from geoaq.crs import to_wgs84
from geoaq.errors import InputError
from geoaq.flows.border import ProjectRequest, screen_projects, write_project
from geoaq.flows.border.sheet_context import given_file

BOX = shapely.box(119.60, 31.04, 119.61, 31.05)
_KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><Polygon><outerBoundaryIs><LinearRing>'
    "<coordinates>{}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>"
)
FIELDS = {"name": "甲", "industry": "C3011", "industry_edition": "2017", "nature": "new", "stack": "80"}


@pytest.fixture
def screened(built_layers, tmp_path):
    """Return a function that screens one project with an outline, and gives its line and its issues."""

    def screen(site: Path, **fields: str) -> tuple[pd.Series, set[str]]:
        catalog = Catalog.load()
        listing = write_project(
            tmp_path,
            FIELDS | fields,
            product=catalog.products["project_list"],
            lang="zh",
            outline_follows=True,
        )
        request = ProjectRequest(
            path=listing,
            as_of=date(2026, 11, 21),
            layers_dir=built_layers.path.parent,
            catalog=catalog,
            formats=("csv", "parquet"),
            site=site,
        )
        screen_projects(request, tmp_path / "out")
        issues = pd.read_csv(tmp_path / "out" / "issues.csv")
        return pd.read_parquet(tmp_path / "out" / "subjects.parquet").iloc[0], set(issues["code"])

    return screen


def write(
    path: Path, shapes: list[shapely.Geometry], *, crs: int | None = 4326, **columns: list[str]
) -> Path:
    frame = geopandas.GeoDataFrame(
        columns or {"a": [str(k) for k in range(len(shapes))]}, geometry=shapes, crs=crs
    )
    if path.suffix == ".kml":
        places = " ".join(f"{x},{y},0" for x, y in shapely.get_coordinates(shapes[0]))
        path.write_text(_KML.format(places), "utf-8")
        return path
    if path.suffix != ".zip":
        frame.to_file(path)
        return path
    frame.to_file(path.with_suffix(".shp"))
    with ZipFile(path, "w") as packed:
        for part in path.parent.glob(f"{path.stem}.*"):
            if part.suffix in {".shp", ".shx", ".dbf", ".prj"}:
                packed.write(part, part.name)
    return path


@pytest.mark.parametrize("name", ["site.geojson", "site.gpkg", "site.zip", "site.kml"])
def test_an_outline_is_taken_from_every_format(screened, tmp_path, name):
    subject, _ = screened(write(tmp_path / name, [BOX]))
    assert (subject["name"], subject["geometry_kind"], subject["industry_code"]) == ("甲", "polygon", "3011")
    assert subject["position_quality"] == "outline"
    bounds = [subject[f"site_{edge}"] for edge in ("west", "south", "east", "north")]
    assert bounds == pytest.approx(BOX.bounds, abs=1e-9)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert any(one["role"] == "site" for one in summary["inputs"])


def test_a_bare_geometry_without_attributes_is_an_outline(screened, tmp_path):
    (tmp_path / "site.geojson").write_text(shapely.to_geojson(BOX), "utf-8")
    assert screened(tmp_path / "site.geojson")[0]["geometry_kind"] == "polygon"


def test_without_a_prj_the_form_says_the_datum(screened, tmp_path):
    with pytest.warns(UserWarning, match="crs"):
        site = write(tmp_path / "site.zip", [BOX], crs=None)
    with pytest.raises(InputError) as refused:
        screened(site)
    assert refused.value.code == "crs_missing"
    subject, _ = screened(site, datum="GCJ-02")
    lon, lat = to_wgs84([BOX.bounds[0]], [BOX.bounds[1]], "gcj02")
    assert (subject["site_west"], subject["site_south"]) == pytest.approx((lon[0], lat[0]), abs=1e-4)


def test_a_projection_that_the_file_states_counts(screened, tmp_path):
    plane = geopandas.GeoSeries([BOX], crs=4326).to_crs(4549).iloc[0]
    subject, _ = screened(write(tmp_path / "site.zip", [plane], crs=4549))
    assert subject["site_west"] == pytest.approx(BOX.bounds[0], abs=1e-6)


@pytest.mark.parametrize(
    ("shapes", "code"),
    [([BOX, shapely.affinity.translate(BOX, 0.1)], "site_several"), ([], "layer_empty")],
    ids=["two", "none"],
)
def test_several_features_and_none_are_refused_with_what_would_be_right(screened, tmp_path, shapes, code):
    bare = {"type": "Feature", "properties": {}}
    features = [bare | {"geometry": json.loads(shapely.to_geojson(one))} for one in shapes]
    record = {"type": "FeatureCollection", "features": features}
    (tmp_path / "site.geojson").write_text(json.dumps(record), "utf-8")
    with pytest.raises(InputError) as refused:
        screened(tmp_path / "site.geojson")
    assert refused.value.code == code


def test_a_line_is_no_outline_and_is_named(screened, tmp_path):
    (tmp_path / "site.geojson").write_text(
        shapely.to_geojson(shapely.LineString([(119, 31), (119.1, 31)])), "utf-8"
    )
    with pytest.raises(InputError) as refused:
        screened(tmp_path / "site.geojson")
    assert refused.value.code == "only_row_unusable"


def test_an_outline_that_crosses_itself_or_lies_in_two_provinces_is_used_and_said(screened, tmp_path):
    bow = shapely.Polygon([(119.6, 31.0), (119.7, 31.1), (119.7, 31.0), (119.6, 31.1)])
    subject, codes = screened(write(tmp_path / "site.gpkg", [shapely.force_3d(bow, 12.0)]))
    assert {"site_z_dropped", "site_repaired", "site_across_provinces"} <= codes
    assert subject["across"]


def test_the_sheet_names_the_outline_among_the_files_of_the_office(screened, tmp_path):
    screened(write(tmp_path / "红线.geojson", [BOX]))
    inputs = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["inputs"]
    names = {one["role"]: given_file(one["role"], one["sha256"]).name.zh for one in inputs}
    assert names["site"] == "用地红线文件"
