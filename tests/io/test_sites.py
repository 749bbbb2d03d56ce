"""Files of sites: every oddity of a drawing has a clear answer, and no feature disappears."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from geoaq.catalog import Catalog, Product
from geoaq.crs import wgs84_to_gcj02
from geoaq.errors import InputError, LimitError
from geoaq.io.lists import ProjectIntake, read_projects
from geoaq.io.tables import Limits
from tests.io.conftest import codes
from tests.io.project_rows import as_shapefile, layer, write_geojson

SITE = box(120.501234, 30.501234, 120.504321, 30.504321)
BOW = Polygon([(120.5, 30.5), (120.51, 30.51), (120.51, 30.5), (120.5, 30.51)])


@pytest.fixture(scope="session")
def project_list(catalog: Catalog) -> Product:
    return catalog.products["project_list"]


@pytest.fixture
def drawn(tmp_path: Path, project_list: Product) -> Callable[..., ProjectIntake]:
    """Read shapes from a GeoJSON whose attributes are those of a plain project."""

    def read(*shapes: object, datum: str | None = "WGS84", **facts: object) -> ProjectIntake:
        path = write_geojson(tmp_path / "sites.geojson", shapes, **facts)
        return read_projects(path, product=project_list, datum=datum)

    return read


def test_a_site_comes_with_its_area_a_point_inside_and_the_facts_of_its_project(
    drawn: Callable[..., ProjectIntake],
) -> None:
    intake = drawn(SITE)
    row = intake.frame.iloc[0]
    assert row[["row", "name", "industry_code", "nature", "stack_m", "geometry_kind"]].tolist() == [
        1, "项目1", "3011", "new", 80.0, "polygon",
    ]  # fmt: skip
    assert (row["position_quality"], row["datum"], row["decimals"]) == ("outline", "wgs84", 6)
    assert intake.sites[0].equals(SITE)
    assert intake.sites[0].contains(Point(row["lon"], row["lat"]))
    assert codes(intake) == []


def test_the_point_of_a_hollow_site_lies_inside_it(drawn: Callable[..., ProjectIntake]) -> None:
    hollow = SITE.difference(SITE.buffer(-0.001))
    intake = drawn(hollow)
    assert not hollow.contains(hollow.centroid)
    assert hollow.contains(Point(intake.frame["lon"][0], intake.frame["lat"][0]))


def test_a_self_crossing_outline_is_screened_with_its_valid_area_and_asked_about(
    drawn: Callable[..., ProjectIntake],
) -> None:
    intake = drawn(BOW)
    assert intake.sites[0].is_valid
    assert intake.sites[0].area == pytest.approx(0.5e-4)
    assert codes(intake) == ["site_repaired"]
    assert '"hectares": 53.3' in intake.issues.frame()["params"][0]


def test_one_project_may_have_several_parts(drawn: Callable[..., ProjectIntake]) -> None:
    parts = MultiPolygon([SITE, box(120.6, 30.5, 120.61, 30.51)])
    intake = drawn(parts)
    assert len(intake.frame) == 1
    assert intake.frame["part"].tolist() == [0]
    assert intake.sites[0].equals(parts)
    assert parts.geoms[1].contains(Point(intake.frame["lon"][0], intake.frame["lat"][0]))
    assert codes(intake) == []


def test_a_height_is_dropped_and_said_so(drawn: Callable[..., ProjectIntake]) -> None:
    intake = drawn(Point(120.5, 30.5, 12.0), shapely.force_3d(SITE, 7.0))
    assert codes(intake) == ["site_z_dropped", "site_z_dropped"]
    assert not intake.sites[1].has_z


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (None, "site_missing"),
        ({"type": "Polygon", "coordinates": []}, "site_missing"),
        ({"type": "Polygon", "coordinates": [[[120.5, 30.5], [120.6, 30.6]]]}, "site_missing"),
        ({"type": "Nonsense"}, "site_missing"),
        (LineString([(120.5, 30.5), (120.6, 30.6)]), "site_line"),
        (MultiPoint([(120.5, 30.5), (120.6, 30.6)]), "site_points"),
        (Polygon([(120.5, 30.5), (120.6, 30.6), (120.7, 30.7)]), "site_no_area"),
        (Point(0, 0), "coordinate_outside_china"),
        (Point(512345.0, 3351163.0), "site_not_degrees"),
    ],
)
def test_an_unusable_shape_is_an_error_of_its_row_and_the_others_stay(
    drawn: Callable[..., ProjectIntake], shape: object, code: str
) -> None:
    intake = drawn(shape, SITE)
    assert codes(intake, 1) == [code]
    assert intake.frame["row"].tolist() == [2]
    assert (intake.rows_read, intake.rows_used, len(intake.sites)) == (2, 1, 1)
    assert intake.issues.frame()["severity"].tolist() == ["error"]


def test_the_areas_of_a_collection_count_and_its_other_shapes_do_not(
    drawn: Callable[..., ProjectIntake],
) -> None:
    intake = drawn(shapely.geometrycollections([Point(120.9, 30.9), SITE]))
    assert intake.sites[0].equals(SITE)
    assert codes(intake) == ["site_collection"]


def test_a_closed_line_is_taken_for_the_area_inside_it(drawn: Callable[..., ProjectIntake]) -> None:
    intake = drawn(LineString(SITE.exterior.coords))
    assert intake.sites[0].equals(SITE)
    assert codes(intake) == ["site_line_closed"]


def test_latitude_first_is_exchanged(drawn: Callable[..., ProjectIntake]) -> None:
    intake = drawn(shapely.transform(SITE, lambda xy: xy[:, ::-1]))
    assert intake.sites[0].equals(SITE)
    assert codes(intake) == ["coordinates_swapped"]


@pytest.mark.parametrize("by_row", [True, False])
def test_a_site_drawn_on_amap_is_shifted_vertex_by_vertex(
    drawn: Callable[..., ProjectIntake], by_row: bool
) -> None:
    x, y = shapely.get_coordinates(SITE).T
    shifted = Polygon(np.column_stack(wgs84_to_gcj02(x, y)))
    intake = drawn(shifted, datum=None, 坐标系="GCJ-02") if by_row else drawn(shifted, datum="高德")
    assert shapely.hausdorff_distance(intake.sites[0], SITE) < 1e-7
    assert shapely.hausdorff_distance(shifted, SITE) > 0.002
    assert intake.frame["datum"].tolist() == ["gcj02"]
    assert codes(intake) == ([] if by_row else ["site_shifted"])


def test_a_geojson_that_states_no_datum_is_wgs_84_and_asked_about(
    drawn: Callable[..., ProjectIntake],
) -> None:
    intake = drawn(SITE, datum=None)
    assert codes(intake) == ["site_datum_by_format"]
    assert intake.frame["datum"].tolist() == ["wgs84"]


def test_a_row_on_beijing_1954_is_refused(drawn: Callable[..., ProjectIntake]) -> None:
    assert codes(drawn(SITE, SITE, 坐标系="北京54")) == ["datum_refused", "datum_refused"]


@pytest.mark.parametrize(
    ("point", "datum"),
    [
        (Point(512345.0, 3351163.0), "CGCS2000 3度带 120"),
        (Point(40512345.0, 3351163.0), None),
        (Point(3351163.0, 40512345.0), None),
    ],
)
def test_plane_coordinates_that_tell_their_zone_are_converted(
    drawn: Callable[..., ProjectIntake], point: Point, datum: str | None
) -> None:
    intake = drawn(point, datum=datum)
    expected = gpd.GeoSeries([Point(512345.0, 3351163.0)], crs=4549).to_crs(4326)[0]
    assert Point(intake.frame["lon"][0], intake.frame["lat"][0]).distance(expected) < 1e-9
    assert intake.frame["decimals"].tolist() == [-1]
    assert "projected_converted" in codes(intake)


@pytest.mark.parametrize(
    ("crs", "label", "decimals"),
    [
        (4326, "wgs84", 6),
        (4490, "cgcs2000", 6),
        (4549, "gk:4549", -1),
        (4528, "gk:4528", -1),
        (3857, "wgs84", -1),
    ],
)
@pytest.mark.parametrize("name", ["a.gpkg", "a.shp"])
def test_a_stated_projection_is_followed(
    tmp_path: Path, project_list: Product, name: str, crs: int, label: str, decimals: int
) -> None:
    if name == "a.shp":
        as_shapefile(layer(SITE, crs), tmp_path / name, "utf-8")
    else:
        layer(SITE, crs).to_file(tmp_path / name)
    intake = read_projects(tmp_path / name, product=project_list)
    assert shapely.hausdorff_distance(intake.sites[0], SITE) < 1e-8
    assert intake.frame[["datum", "decimals"]].iloc[0].tolist() == [label, decimals]
    assert intake.frame["industry_code"].tolist() == ["3011"]


def test_a_statement_of_amap_does_not_fit_a_chinese_projection(tmp_path: Path, project_list: Product) -> None:
    layer(SITE, 4549).to_file(tmp_path / "a.gpkg")
    intake = read_projects(tmp_path / "a.gpkg", product=project_list, datum="GCJ-02")
    assert codes(intake) == ["datum_not_plane"]


@pytest.mark.parametrize("crs", [2437, 4214, 2383])
def test_an_old_datum_is_refused_as_a_whole(tmp_path: Path, project_list: Product, crs: int) -> None:
    shape = Point(400000, 3350000) if crs != 4214 else Point(120.5, 30.5)
    gpd.GeoDataFrame({"项目名称": ["甲"]}, geometry=[shape], crs=crs).to_file(tmp_path / "a.gpkg")
    with pytest.raises(InputError) as caught:
        read_projects(tmp_path / "a.gpkg", product=project_list, datum="WGS84")
    assert caught.value.code == "datum_refused"


def test_a_file_without_a_datum_needs_a_statement(tmp_path: Path, project_list: Product) -> None:
    path = tmp_path / "a.shp"
    as_shapefile(layer(SITE, 4326), path, "utf-8")
    path.with_suffix(".prj").unlink()
    with pytest.raises(InputError) as caught:
        read_projects(path, product=project_list)
    assert caught.value.code == "crs_missing"
    intake = read_projects(path, product=project_list, datum="CGCS2000")
    assert intake.frame["datum"].tolist() == ["cgcs2000"]
    assert intake.sites[0].equals(SITE)


@pytest.mark.parametrize("packed", [True, False])
def test_a_shapefile_in_gbk_with_its_cut_off_names_is_read(
    tmp_path: Path, project_list: Product, packed: bool
) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    frame = layer(SITE, 4490, 统一社会信用代码="91330421MA28A")
    as_shapefile(frame, folder / "用地.shp", "gbk")
    path = folder / "用地.shp"
    if packed:
        path = tmp_path / "用地.zip"
        with zipfile.ZipFile(path, "w") as out:
            for part in folder.iterdir():
                out.write(part, part.name)
    intake = read_projects(path, product=project_list)
    assert intake.frame.iloc[0][["name", "nature", "stack_m"]].tolist() == ["甲水泥熟料线", "new", 80.0]
    assert "credit_code" in intake.layout.columns


def test_a_kml_keeps_its_names(tmp_path: Path, project_list: Product) -> None:
    layer(SITE, 4326).rename(columns={"项目名称": "Name"}).to_file(tmp_path / "a.kml", driver="KML")
    intake = read_projects(tmp_path / "a.kml", product=project_list, datum="WGS84")
    assert intake.frame["name"].tolist() == ["甲水泥熟料线"]
    assert shapely.hausdorff_distance(intake.sites[0], SITE) < 1e-9


def test_other_layers_of_a_file_are_named(tmp_path: Path, project_list: Product) -> None:
    for name in ("一期", "二期"):
        layer(SITE, 4490).to_file(tmp_path / "a.gpkg", layer=name)
    intake = read_projects(tmp_path / "a.gpkg", product=project_list)
    assert codes(intake) == ["site_other_layers"]
    assert "二期" in intake.issues.frame()["params"][0]


def test_a_site_of_a_hundred_thousand_corners_is_accepted(drawn: Callable[..., ProjectIntake]) -> None:
    angle = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
    radius = 0.01 * (1 + 0.2 * np.sin(50 * angle))
    ragged = Polygon(np.column_stack([120.5 + radius * np.cos(angle), 30.5 + radius * np.sin(angle)]))
    intake = drawn(ragged)
    assert shapely.get_num_coordinates(intake.sites[0]) == 100_001
    assert codes(intake) == []


def test_a_site_as_large_as_a_county_is_asked_about(drawn: Callable[..., ProjectIntake]) -> None:
    assert codes(drawn(box(120.0, 30.0, 120.5, 30.5))) == ["site_large"]


def test_a_site_across_two_provinces_is_one_project_like_any_other(
    drawn: Callable[..., ProjectIntake],
) -> None:
    across = box(120.43, 30.90, 120.53, 30.99)
    assert drawn(across).sites[0].equals(across)


def test_too_many_corners_are_refused(tmp_path: Path, project_list: Product) -> None:
    path = write_geojson(tmp_path / "a.geojson", [SITE])
    with pytest.raises(LimitError) as caught:
        read_projects(path, product=project_list, limits=Limits(vertices=4))
    assert caught.value.code == "too_many_vertices"


def test_every_issue_of_a_drawing_reads_as_a_sentence(drawn: Callable[..., ProjectIntake]) -> None:
    from geoaq.report.issues import rendered_issues

    found = rendered_issues(drawn(BOW, None, box(120.0, 30.0, 120.5, 30.5)).issues.frame())
    assert found["message_zh"].str.len().min() > 5
