"""Areas that an office brings: opened narrowly, brought to WGS 84."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import Point, Polygon, box

from geoaq.errors import InputError, LimitError
from geoaq.io.tables import Limits
from geoaq.io.vectors import read_vector

AREA = box(120.5, 30.5, 120.6, 30.6)


@pytest.fixture
def layer() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"名称": ["热网一区"]}, geometry=[AREA], crs=4326)


def refusal(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(InputError) as caught:
        read_vector(path, limits=limits or Limits())
    assert caught.value.message("zh")
    return caught.value.code


@pytest.mark.parametrize("crs", [4326, 4490, 4549, 4528, 3857])
@pytest.mark.parametrize("name", ["a.gpkg", "a.shp"])
def test_areas_come_in_wgs_84_whatever_their_projection(
    tmp_path: Path, layer: gpd.GeoDataFrame, name: str, crs: int
) -> None:
    path = tmp_path / name
    layer.to_crs(crs).to_file(path)
    frame = read_vector(path)
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry[0].symmetric_difference(AREA).area < 1e-9
    assert frame["名称"].tolist() == ["热网一区"]


@pytest.mark.parametrize(("name", "driver"), [("a.geojson", "GeoJSON"), ("a.kml", "KML")])
def test_text_formats_are_read(tmp_path: Path, layer: gpd.GeoDataFrame, name: str, driver: str) -> None:
    layer.rename(columns={"名称": "Name"}).to_file(tmp_path / name, driver=driver)
    frame = read_vector(tmp_path / name)
    assert frame.geometry[0].symmetric_difference(AREA).area < 1e-12
    assert frame["Name"].tolist() == ["热网一区"]


def shapefile(folder: Path, layer: gpd.GeoDataFrame, encoding: str, *, stated: bool) -> Path:
    folder.mkdir()
    layer.to_file(folder / "区域.shp", encoding=encoding)
    if not stated:
        (folder / "区域.cpg").unlink(missing_ok=True)
        table = folder / "区域.dbf"
        data = bytearray(table.read_bytes())
        data[29] = 0
        table.write_bytes(data)
    return folder / "区域.shp"


@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_the_table_of_a_shapefile_is_read_in_utf_8_or_gbk(
    tmp_path: Path, layer: gpd.GeoDataFrame, encoding: str, stated: bool
) -> None:
    path = shapefile(tmp_path / "a", layer, encoding, stated=stated)
    frame = read_vector(path)
    assert frame.iloc[0].tolist()[0] == "热网一区"


def packed(folder: Path, target: Path, inside: str = "数据/") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for part in folder.iterdir():
            out.write(part, f"{inside}{part.name}")
    return target


def test_a_zipped_shapefile_is_unpacked_under_our_own_names(tmp_path: Path, layer: gpd.GeoDataFrame) -> None:
    shapefile(tmp_path / "a", layer, "gbk", stated=False)
    frame = read_vector(packed(tmp_path / "a", tmp_path / "a.zip", inside="../../etc/"))
    assert len(frame) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "a.zip"]


def test_a_zip_needs_exactly_one_whole_shapefile(tmp_path: Path, layer: gpd.GeoDataFrame) -> None:
    path = shapefile(tmp_path / "a", layer, "utf-8", stated=True)
    layer.to_file(tmp_path / "a" / "second.shp")
    assert refusal(packed(tmp_path / "a", tmp_path / "two.zip")) == "zip_without_one_shapefile"
    for part in (tmp_path / "a").glob("second.*"):
        part.unlink()
    path.with_suffix(".shx").unlink()
    assert refusal(packed(tmp_path / "a", tmp_path / "part.zip")) == "shapefile_incomplete"
    assert refusal(path) == "shapefile_incomplete"


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for extension in ("shp", "shx", "dbf"):
            out.writestr(f"a.{extension}", b"\0" * 2_000_000)
    assert refusal(tmp_path / "a.zip", Limits(unpacked_mb=3)) == "unpacks_too_large"


def test_a_shapefile_without_projection_and_one_on_an_old_datum_are_refused(
    tmp_path: Path, layer: gpd.GeoDataFrame
) -> None:
    path = shapefile(tmp_path / "a", layer, "utf-8", stated=True)
    path.with_suffix(".prj").unlink()
    assert refusal(path) == "crs_missing"
    for code in (4214, 4610):
        layer.set_crs(code, allow_override=True).to_file(tmp_path / "old.gpkg")
        assert refusal(tmp_path / "old.gpkg") == "datum_refused"


VRT = """<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource>
<SrcLayer>a</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"""


@pytest.mark.parametrize("name", ["a.geojson", "a.vrt", "a.gpkg", "a.kml", "a.shp"])
def test_a_vrt_is_refused_under_every_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(VRT, "utf-8")
    assert refusal(tmp_path / name) == "not_a_layer"


@pytest.mark.parametrize(
    "name",
    ["/vsicurl/http://127.0.0.1:9/a.geojson", "/vsizip/a.zip", "http://127.0.0.1:9/a.geojson", "PG:dbname=a"],
)
def test_a_name_that_is_no_file_is_never_opened(name: str) -> None:
    assert refusal(Path(name)) == "file_missing"


@pytest.mark.parametrize(
    "inside",
    ["<NetworkLink><Link><href>http://a/b.kml</href></Link></NetworkLink>", "<name>/vsicurl/http://a</name>"],
)
def test_a_kml_that_reaches_outside_of_itself_is_refused(tmp_path: Path, inside: str) -> None:
    text = f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'
    (tmp_path / "a.kml").write_text(text, "utf-8")
    assert refusal(tmp_path / "a.kml") == "vector_reaches_out"


def test_a_kml_with_entities_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.kml").write_text('<!DOCTYPE a [<!ENTITY b "b">]><kml><Document/></kml>', "utf-8")
    assert refusal(tmp_path / "a.kml") == "vector_reaches_out"


def test_a_geopackage_with_a_virtual_table_is_refused(tmp_path: Path, layer: gpd.GeoDataFrame) -> None:
    import sqlite3
    from contextlib import closing

    layer.to_file(tmp_path / "a.gpkg")
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as base:
        base.execute("PRAGMA writable_schema = ON")
        base.execute(
            "INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, "
            "'CREATE VIRTUAL TABLE v USING VirtualOGR(''/etc/passwd'')')"
        )
        base.commit()
    assert refusal(tmp_path / "a.gpkg") == "vector_reaches_out"


def test_broken_and_foreign_files_are_refused(tmp_path: Path, layer: gpd.GeoDataFrame) -> None:
    layer.to_file(tmp_path / "a.gpkg")
    whole = (tmp_path / "a.gpkg").read_bytes()
    (tmp_path / "cut.gpkg").write_bytes(whole[:2000])
    assert refusal(tmp_path / "cut.gpkg") in {"layer_broken", "not_a_layer"}
    for content, code in (
        (b"", "file_empty"),
        (b"II*\x00" + b"\0" * 100, "not_a_layer"),
        (b'{"type": "FeatureCollection"', "layer_broken"),
        (b'{"a": 1}', "layer_broken"),
        (b'{"type": "FeatureCollection", "features": []}', "layer_empty"),
        (b"[" * 100_000, "not_a_layer"),
        (b'{"type": ' + b"[" * 100_000, "layer_broken"),
    ):
        (tmp_path / "b.geojson").write_bytes(content)
        assert refusal(tmp_path / "b.geojson") == code


@pytest.fixture
def geojson(tmp_path: Path) -> Callable[..., Path]:
    def write(*shapes: object, **members: object) -> Path:
        features = [{"type": "Feature", "properties": None, "geometry": shape} for shape in shapes]
        path = tmp_path / "a.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features} | members), "utf-8")
        return path

    return write


def test_the_crs_member_of_a_geojson_is_used_or_refused(geojson: Callable[..., Path]) -> None:
    east, north = 500_000.0, 3_400_000.0
    point = {"type": "Point", "coordinates": [east, north]}

    def named(name: str) -> dict[str, object]:
        return {"type": "name", "properties": {"name": name}}

    frame = read_vector(geojson(point, crs=named("urn:ogc:def:crs:EPSG::4549")))
    assert frame.geometry[0].x == pytest.approx(120.0)
    lonlat = {"type": "Point", "coordinates": [120.5, 30.5]}
    assert read_vector(geojson(lonlat, crs=named("urn:ogc:def:crs:OGC:1.3:CRS84"))).geometry[0] == Point(
        120.5, 30.5
    )
    assert refusal(geojson(lonlat, crs=named("http://a/b.wkt"))) == "layer_crs_unknown"
    assert refusal(geojson(lonlat, crs=named("EPSG:99999"))) == "layer_crs_unknown"
    assert (
        refusal(geojson(lonlat, crs={"type": "link", "properties": {"href": "http://a"}}))
        == "layer_crs_unknown"
    )
    assert refusal(geojson(point)) == "layer_not_degrees"
    assert refusal(geojson({"type": "Point", "coordinates": [30.5, 120.5]})) == "layer_latitude_first"


def test_shapes_are_made_flat_and_valid(geojson: Callable[..., Path]) -> None:
    bow = [[120, 30, 5], [121, 31, 5], [121, 30, 5], [120, 31, 5], [120, 30, 5]]
    frame = read_vector(geojson({"type": "Polygon", "coordinates": [bow]}, None))
    assert len(frame) == 1
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.has_z.any()


def test_too_many_features_or_vertices_are_refused(tmp_path: Path, geojson: Callable[..., Path]) -> None:
    point = {"type": "Point", "coordinates": [120.5, 30.5]}
    with pytest.raises(LimitError):
        read_vector(geojson(*[point] * 5), limits=Limits(features=4))
    ring = Polygon([(120 + n / 100, 30 + (n % 2) / 10) for n in range(20)])
    gpd.GeoDataFrame(geometry=[ring] * 3, crs=4326).to_file(tmp_path / "a.gpkg")
    assert refusal(tmp_path / "a.gpkg", Limits(features=2)) == "too_many_features"
    assert refusal(tmp_path / "a.gpkg", Limits(vertices=50)) == "too_many_vertices"
