from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.io.built import LayerSet, load_admin
from geoaq.zones.admin import OUTSIDE, AdminIndex, attach, make_cells
from geoaq.zones.admin.names import root

GEOD = Geod(ellps="WGS84")

# The toy province: two towns share the line 120° E, a third lies east of a strait, a lake is in no town.
TOY = {
    "330101": shapely.Polygon(
        [(119, 30), (120, 30), (120, 31), (119, 31)], [[(119.4, 30.4), (119.6, 30.4), (119.5, 30.6)]]
    ),
    "330102": shapely.box(120, 30, 121, 31),
    "340101": shapely.box(121.5, 30, 122.25, 31),
}


def toy(
    polygons: Sequence[shapely.Geometry] = tuple(TOY.values()), equals: Sequence[str] = tuple(TOY)
) -> AdminIndex:
    shapes = np.array(polygons, object)
    counties = pd.DataFrame(
        {
            "adcode": list(TOY),
            "county": ["西县", "东区", "岛县"],
            "city_adcode": ["330100", "330100", "340100"],
            "city": ["甲市", "甲市", "乙市"],
            "province_adcode": ["330000", "330000", "340000"],
            "province": ["子省", "子省", "丑省"],
            "equals_adcode": list(equals),
            "aliases": ["旧西县", "", ""],
        }
    )
    cells = make_cells(shapes)
    return AdminIndex(counties, cells.codes, cells.set_start, cells.set_member, lambda k: shapes[k])


@pytest.fixture(scope="module")
def index(built_layers: LayerSet) -> AdminIndex:
    return AdminIndex(*load_admin(built_layers.path, "amap"))


def by_tree(index: AdminIndex, lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """Return the lowest county that shapely's tree finds for each point."""
    polygons = index.polygons(np.arange(len(index.counties), dtype=np.int32))
    point, county = shapely.STRtree(polygons).query(shapely.points(lon, lat), predicate="intersects")
    found = np.full(np.shape(lon), len(polygons), np.int32)
    np.minimum.at(found, point, county)
    return np.where(found == len(polygons), OUTSIDE, found).astype(np.int32)


def rows(**columns: Sequence[object]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_a_point_belongs_to_the_town_that_holds_it() -> None:
    located = toy().locate([119.2, 120.5, 122.0, 121.2, 119.5], [30.5, 30.5, 30.5, 30.5, 30.45])

    assert located.tolist() == [0, 1, 2, OUTSIDE, OUTSIDE]


def test_a_point_on_a_shared_line_belongs_to_the_lower_town() -> None:
    assert toy().locate([120.0, 120.0], [30.3, 31.0]).tolist() == [0, 0]


def test_what_is_no_point_or_far_away_is_outside() -> None:
    located = toy().locate([np.nan, 0.0, 500.0, 119.2, np.inf], [30.5, 0.0, 30.5, np.nan, 30.5])

    assert located.tolist() == [OUTSIDE] * 5


def test_an_empty_list_gives_an_empty_answer() -> None:
    assert toy().locate([], []).shape == (0,)


def test_overlapping_polygons_are_counted_and_the_lower_wins() -> None:
    cells = make_cells(
        np.array([shapely.box(119, 30, 120, 31), shapely.box(119.5, 30.2, 119.7, 30.4)], object)
    )

    assert cells.overlapping > 0
    assert cells.set_member.max() == 1


def test_random_points_are_located_as_shapely_does(index: AdminIndex) -> None:
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(73, 136, 20_000), rng.uniform(3, 54, 20_000)

    assert np.array_equal(index.locate(lon, lat), by_tree(index, lon, lat))


def test_points_on_and_beside_lines_are_located_as_shapely_does(index: AdminIndex) -> None:
    rng = np.random.default_rng(8)
    polygons = index.polygons(np.arange(len(index.counties), dtype=np.int32))
    on = shapely.get_coordinates(polygons)[::400]
    beside = on + rng.normal(0, 1e-9, on.shape)
    near = on + rng.normal(0, 1e-4, on.shape)
    lon, lat = np.concatenate([on, beside, near]).T

    assert np.array_equal(index.locate(lon, lat), by_tree(index, lon, lat))


def test_points_on_the_lines_of_the_grid_are_located_as_shapely_does(index: AdminIndex) -> None:
    lon, lat = np.meshgrid(np.arange(116.0, 118.0, 0.02).round(2), np.arange(31.0, 32.0, 0.02).round(2))

    assert np.array_equal(index.locate(lon.ravel(), lat.ravel()), by_tree(index, lon.ravel(), lat.ravel()))


def test_points_in_whole_cells_need_no_polygon(built_layers: LayerSet) -> None:
    parts = load_admin(built_layers.path)

    def refuse(_positions: npt.NDArray[np.int32]) -> npt.NDArray[np.object_]:
        pytest.fail("a polygon was asked for")

    index = AdminIndex(*parts._replace(polygons=refuse))
    lon, lat = np.full(3, 120.92), np.full(3, 30.85)

    assert index.names(index.locate(lon, lat))["county"].tolist() == ["嘉善县"] * 3


@pytest.mark.parametrize(
    ("lon", "lat", "adcode"),
    [
        (112.59, 35.07, "419001"),  # 济源
        (113.75, 23.02, "441900"),  # 东莞
        (98.29, 39.77, "620200"),  # 嘉峪关
        (124.14, 50.41, "232718"),  # 加格达奇: an exclave of Heilongjiang
        (115.98, 39.04, "130629"),  # 容城 in 雄安
        (116.40, 39.90, "110101"),
        (114.17, 22.30, "810005"),
    ],
)
def test_known_towns_are_found(index: AdminIndex, lon: float, lat: float, adcode: str) -> None:
    assert index.names(index.locate([lon], [lat]))["adcode"].tolist() == [adcode]


def test_attach_names_every_level_and_keeps_the_callers_index() -> None:
    subjects = rows(lon=[120.5, 121.2], lat=[30.5, 30.5]).set_axis([7, 3])
    frame = attach(subjects, toy(), u_m=np.array([50.0, 50.0]))

    assert frame.index.tolist() == [7, 3]
    assert frame.loc[7, ["adcode", "county", "city", "province"]].tolist() == [
        "330102",
        "东区",
        "甲市",
        "子省",
    ]
    assert frame.loc[3, "adcode"] == ""
    assert frame["alternatives"].tolist() == ["", ""]
    assert frame["boundary_reason"].tolist() == ["", ""]


@pytest.mark.parametrize("azimuth", [90.0, 270.0])
@pytest.mark.parametrize(("distance_m", "near"), [(480.0, True), (520.0, False)])
def test_a_point_within_its_error_of_a_line_keeps_the_neighbour(
    azimuth: float, distance_m: float, near: bool
) -> None:
    lon, lat, _ = GEOD.fwd(120.0, 30.5, azimuth, distance_m)
    frame = attach(rows(lon=[lon], lat=[lat]), toy(), u_m=np.array([500.0]))

    other = "330101" if azimuth == 90.0 else "330102"
    assert frame["alternatives"].tolist() == [other if near else ""]
    assert frame["boundary_reason"].tolist() == ["inside_margin" if near else ""]


def test_a_wide_error_reaches_over_many_cells() -> None:
    lon, lat, _ = GEOD.fwd(120.0, 30.5, 90.0, 9_000.0)
    frame = attach(rows(lon=[lon, lon], lat=[lat, lat]), toy(), u_m=np.array([10_000.0, 8_000.0]))

    assert frame["alternatives"].tolist() == ["330101", ""]


def test_a_point_off_the_coast_keeps_the_town_within_its_error() -> None:
    lon, lat, _ = GEOD.fwd(121.0, 30.5, 90.0, 300.0)
    frame = attach(rows(lon=[lon], lat=[lat]), toy(), u_m=np.array([500.0]))

    assert frame["adcode"].tolist() == [""]
    assert frame["alternatives"].tolist() == ["330102"]


def test_two_sources_that_disagree_leave_both_codes() -> None:
    moved = toy([shapely.box(119, 30, 119.9, 31), shapely.box(119.9, 30, 121, 31), TOY["340101"]])
    frame = attach(rows(lon=[119.95, 119.2], lat=[30.5, 30.2]), toy(), moved, u_m=np.array([50.0, 50.0]))

    assert frame["adcode"].tolist() == ["330101", "330101"]
    assert frame["alternatives"].tolist() == ["330102", ""]
    assert frame["boundary_reason"].tolist() == ["conflicting_sources", ""]


def test_a_county_under_another_code_is_no_conflict() -> None:
    second = toy(equals=["330101", "330101", "340101"])
    frame = attach(rows(lon=[120.5, 119.2], lat=[30.5, 30.2]), toy(), second, u_m=np.array([50.0, 50.0]))

    assert frame["boundary_reason"].tolist() == ["conflicting_sources", ""]
    assert frame["alternatives"].tolist() == ["330101", ""]


@pytest.mark.parametrize(
    ("province", "city", "county", "expected"),
    [
        ("子省", "甲市", "西县", TRUE),
        ("子", "甲", "西", TRUE if root("西县") == "西" else UNKNOWN),
        ("", "", "子省甲市西县", TRUE),
        ("", "", "旧西县", TRUE),
        ("", "", "子省甲市东区", FALSE),
        ("", "西县", "", TRUE),
        ("子省", "", "", TRUE),
        ("", "", "", UNKNOWN),
        ("丑省", "甲市", "西县", FALSE),
        ("子省", "甲市", "东区", FALSE),
        ("子省", "", "经济技术开发区", TRUE),
        ("", "", "经济技术开发区", UNKNOWN),
        ("", "", "甲市", UNKNOWN),
        ("　子 省 ", "", "", TRUE),
    ],
)
def test_the_stated_place_is_compared_with_the_one_found(
    province: str, city: str, county: str, expected: int
) -> None:
    subjects = rows(
        lon=[119.2], lat=[30.2], province_stated=[province], city_stated=[city], county_stated=[county]
    )

    assert attach(subjects, toy(), u_m=np.array([10.0]))["stated_ok"].tolist() == [expected]


def test_a_statement_that_fits_an_alternative_is_unknown_not_false() -> None:
    lon, lat, _ = GEOD.fwd(120.0, 30.5, 90.0, 300.0)
    subjects = rows(lon=[lon], lat=[lat], county_stated=["西县"])

    assert attach(subjects, toy(), u_m=np.array([500.0]))["stated_ok"].tolist() == [UNKNOWN]
    assert attach(subjects, toy(), u_m=np.array([100.0]))["stated_ok"].tolist() == [FALSE]


def test_a_known_place_stated_for_a_point_outside_china_is_false() -> None:
    subjects = rows(lon=[140.0, 140.0], lat=[30.5, 30.5], county_stated=["西县", None])

    assert attach(subjects, toy(), u_m=np.array([10.0, 10.0]))["stated_ok"].tolist() == [FALSE, UNKNOWN]


@pytest.mark.parametrize(
    ("lon", "lat", "province", "city", "county", "expected"),
    [
        (126.55, 43.84, "吉林", "吉林", "", TRUE),  # province and city of one name
        (125.32, 43.88, "吉林省", "吉林市", "", FALSE),  # Changchun
        (125.27, 43.83, "", "朝阳市", "", UNKNOWN),  # 朝阳区 of Changchun, 朝阳市 of Liaoning
        (120.28, 31.92, "江苏", "江阴市", "", TRUE),  # a county-level city in the city's column
        (121.18, 31.89, "江苏省", "南通", "海门市", TRUE),  # 海门市 became 海门区
        (115.98, 39.04, "河北省", "雄安新区", "容城县", TRUE),
        (116.40, 39.90, "北京", "北京市", "东城", TRUE),
        (129.50, 42.91, "吉林省", "延边州", "延吉市", TRUE),
        (112.59, 35.07, "河南省", "济源市", "", TRUE),
        (106.55, 29.60, "重庆", "市辖区", "江北区", TRUE),
    ],
)
def test_real_statements_with_short_and_former_names(
    index: AdminIndex, lon: float, lat: float, province: str, city: str, county: str, expected: int
) -> None:
    subjects = rows(
        lon=[lon], lat=[lat], province_stated=[province], city_stated=[city], county_stated=[county]
    )

    assert attach(subjects, index, u_m=np.array([10.0]))["stated_ok"].tolist() == [expected]


def test_positions_are_found_by_code(index: AdminIndex) -> None:
    positions = index.within("city_adcode", "330400")

    assert set(index.counties.loc[positions, "city"]) == {"嘉兴市"}
    assert len(positions) == 7
