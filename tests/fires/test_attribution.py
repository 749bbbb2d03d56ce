from __future__ import annotations

import math
import tomllib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from geoaq.fires.attribution import attribute, centres_in, shares
from geoaq.fires.events import facts
from geoaq.fires.footprints import footprints, track_bearing, with_sizes
from geoaq.zones.admin import AdminIndex, make_cells, make_edges
from tests.fires.toy import NOON, fires

GEOD = Geod(ellps="WGS84")
TOWNS = {"330101": shapely.box(119.0, 33.5, 120.0, 34.5), "330102": shapely.box(120.0, 33.5, 121.0, 34.5)}


def index_of(shapes: dict[str, shapely.Geometry]) -> AdminIndex:
    polygons = np.array(list(shapes.values()), object)
    counties = pd.DataFrame({"adcode": list(shapes), "equals_adcode": list(shapes)})
    for name in ("county", "city_adcode", "city", "province_adcode", "province"):
        counties[name] = counties["adcode"]
    cells = make_cells(polygons)
    grid = (cells.codes, cells.set_start, cells.set_member)
    return AdminIndex(counties, *grid, lambda k: polygons[k], make_edges(polygons, *grid))


def north(n: int) -> npt.NDArray[np.float64]:
    return np.zeros(n)


@pytest.fixture(scope="module")
def orbits(root: Path) -> dict[str, object]:
    return tomllib.loads((root / "layers" / "data" / "satellite-orbits.toml").read_text("utf-8"))


def test_the_track_leans_west_when_rising_and_east_when_sinking(orbits: dict[str, object]) -> None:
    day, night = NOON + 3_600, NOON + 14 * 3_600  # 13:30 and 02:30 of the sun at 120° E
    pixels = fires(
        [120.0] * 6, [0.0, 0.0, 0.0, 34.0, 34.0, 34.0], [day, night, day, day, day, day],
        ["snpp", "snpp", "terra", "snpp", "himawari9", "camera:3"],
    )  # fmt: skip

    bearing = track_bearing(pixels, orbits)

    assert bearing[0] == pytest.approx(-12.65, abs=0.1)
    assert bearing[1] == pytest.approx(-bearing[0])
    assert bearing[2] > 0
    assert -16.0 < bearing[3] < -13.0
    assert bearing[4] == 0.0
    assert np.isnan(bearing[5])


@pytest.mark.parametrize("shape", ["ellipse", "rectangle"])
@pytest.mark.parametrize("lat", [20.0, 34.0, 53.0])
def test_a_footprint_has_the_area_and_the_turn_that_it_should(shape: str, lat: float) -> None:
    pixels = fires([117.0], [lat], [NOON]).assign(scan_km=np.float32(4.8), track_km=np.float32(2.0))

    polygon = footprints(pixels, np.array([-14.0]), shape=shape)[0]  # type: ignore[arg-type]

    area = abs(GEOD.geometry_area_perimeter(polygon)[0])
    assert area == pytest.approx(4800 * 2000 * (math.pi / 4 if shape == "ellipse" else 1), rel=1e-3)
    lon, end, _ = GEOD.fwd(117.0, lat, 76.0, 2_399.0)  # along the scan: across the track
    assert polygon.contains(shapely.Point(lon, end))
    lon, end, _ = GEOD.fwd(117.0, lat, 76.0, 2_406.0)
    assert not polygon.contains(shapely.Point(lon, end))


def test_an_unknown_turn_gives_a_circle_and_an_unknown_size_nothing() -> None:
    pixels = fires([117.0, 117.0], [34.0, 34.0], [NOON] * 2, side_km=[1.0, np.nan])

    round_one, none = footprints(pixels.assign(scan_km=np.float32([4.0, np.nan])), np.array([np.nan] * 2))

    assert none is None
    _, _, metres = GEOD.inv(117.0, 34.0, *shapely.get_coordinates(round_one)[:16].T[:, 5])
    assert metres == pytest.approx(1_000.0, rel=2e-3)


@pytest.mark.parametrize("bearing", [0.0, -14.0, 45.0])
@pytest.mark.parametrize("off", [0.0, 0.2, 0.6, 0.95])
def test_shares_of_an_ellipse_are_right_to_a_thousandth(bearing: float, off: float) -> None:
    """A line through an ellipse cuts off what the line cuts off of a circle (affine)."""
    a, b, turn = 2_400.0, 1_000.0, math.radians(bearing)
    reach = math.hypot(a * math.cos(turn), b * math.sin(turn))  # how far east it goes
    lon = GEOD.fwd(120.0, 34.0, 270.0, off * reach)[0]
    pixels = fires([lon], [34.0], [NOON]).assign(scan_km=np.float32(4.8), track_km=np.float32(2.0))

    table = shares(footprints(pixels, np.array([bearing])), np.array(list(TOWNS.values()), object))

    east = (math.acos(off) - off * math.sqrt(1 - off * off)) / math.pi
    told = dict(zip(table["area"], table["share"], strict=True))
    assert told[0] == pytest.approx(1 - east, abs=1e-3)
    assert told.get(1, 0.0) == pytest.approx(east, abs=1e-3)


def test_a_pixel_across_a_line_is_disputed_and_one_well_inside_is_not() -> None:
    pixels = fires([119.5, 119.9995, 119.9979, 120.0, 118.0, 119.5], [34.0] * 6, [NOON] * 6)
    pixels.loc[5, ["scan_km", "track_km"]] = np.nan

    told = attribute(
        pixels, footprints(pixels, north(6), shape="rectangle"), index_of(TOWNS), other_share=0.05
    )

    assert told["adcode"].tolist() == ["330101"] * 4 + ["", "330101"]
    assert told["disputed_by"].tolist() == ["", "footprint", "", "footprint", "", ""]
    assert told["county_share"].tolist()[:4] == pytest.approx([1.0, 0.615, 0.985, 0.5], abs=5e-3)
    assert told["county_share"][4] == 0.0
    assert np.isnan(told["county_share"][5])
    assert told["others"].tolist()[0] == ""
    assert told["others"][3] == "330102=0.500"


def test_an_unknown_size_is_a_circle_by_kind_and_a_known_one_stays() -> None:
    pixels = fires(
        [120.0] * 3, [34.0] * 3, [NOON] * 3, kind=["push", "camera", "satellite"], side_km=[np.nan, 0.0, 0.4]
    )

    sized = with_sizes(pixels, {"push": 1000.0, "camera": 500.0, "satellite": 250.0})

    assert sized["scan_km"].tolist() == pytest.approx([2.0, 1.0, 0.4])
    assert sized["track_km"].tolist() == pytest.approx([2.0, 1.0, 0.4])
    known = pixels.iloc[2:]
    assert with_sizes(known, {}) is known


def test_a_pixel_that_reaches_beyond_all_counties_is_disputed_too() -> None:
    pixels = fires([120.9995, 120.9, 121.0005], [34.0] * 3, [NOON] * 3)

    told = attribute(
        pixels, footprints(pixels, north(3), shape="rectangle"), index_of(TOWNS), other_share=0.05
    )

    assert told["adcode"].tolist() == ["330102", "330102", ""]
    assert told["disputed_by"].tolist() == ["outside", "", "footprint"]
    assert told["disputed_border"].tolist() == [True, False, True]


def test_an_event_partly_outside_is_disputed_and_one_that_is_whole_there_has_no_county() -> None:
    pixels = fires([120.9, 121.1, 122.0], [34.0] * 3, [NOON] * 3)
    pixels = pixels.assign(
        adcode=pd.Categorical(["330102", "", ""]),
        crop_share=0.5,
        confidence=1,
        disputed_border=False,
        level=2,
    )

    def names(codes: pd.Index) -> pd.DataFrame:
        return pd.DataFrame(
            dict.fromkeys(("county", "city_adcode", "city", "province_adcode", "province"), codes)
        )

    told = facts(pixels, np.array([0, 0, 1], np.int32), names=names)
    assert told["disputed_border"].tolist() == [True, False]
    assert told["counties"].tolist() == ["330102=1", ""]
    none = facts(pixels.iloc[2:], np.zeros(1, np.int32), names=names)
    assert none[["adcode", "counties"]].to_numpy().tolist() == [["", ""]]


def test_two_sources_that_place_the_centre_differently_make_the_border_disputed() -> None:
    moved = {"330101": shapely.box(119.0, 33.5, 119.98, 34.5), "330102": shapely.box(119.98, 33.5, 121, 34.5)}
    pixels = fires([119.99, 119.5, 118.0], [34.0] * 3, [NOON] * 3)

    told = attribute(pixels, footprints(pixels, north(3)), index_of(TOWNS), index_of(moved), other_share=0.05)

    assert told["disputed_by"].tolist() == ["conflicting_sources", "", ""]
    assert told["disputed_border"].tolist() == [True, False, False]


def test_large_pixels_are_compared_cell_by_cell_with_the_lines_between() -> None:
    """A tongue of the other county, thinner than the pixel, must not slip between the points looked at."""
    tongue = shapely.box(119.55, 33.999, 119.5501, 34.001)
    towns = {
        "330101": TOWNS["330101"].difference(tongue),
        "330102": shapely.MultiPolygon([TOWNS["330102"], tongue]),
    }
    pixels = fires([119.53], [34.0], [NOON], side_km=9.6)

    told = attribute(pixels, footprints(pixels, north(1)), index_of(towns), other_share=0.05)

    assert told["others"][0].startswith("330102=0.000")
    assert not told["disputed_border"][0]


def test_the_shares_that_counties_have_are_those_of_every_polygon_asked() -> None:
    random = np.random.default_rng(4)
    pixels = fires(
        119.99 + random.uniform(0, 0.03, 300), 34.0 + random.uniform(0, 0.6, 300), [NOON] * 300, side_km=1.2
    )
    shapes = footprints(pixels, random.uniform(-20, 20, 300))

    told = attribute(pixels, shapes, index_of(TOWNS), other_share=0.05)
    table = shares(shapes, np.array(list(TOWNS.values()), object))

    own = table[np.array(list(TOWNS))[table["area"]] == told["adcode"].to_numpy(str)[table["pixel"]]]
    assert told["county_share"].to_numpy()[own["pixel"]] == pytest.approx(own["share"].to_numpy(), abs=1e-9)


def test_townships_that_a_user_gave_are_asked_in_the_same_way() -> None:
    villages = np.array(
        [shapely.box(119.0, 34.0, 119.5, 34.2), shapely.box(119.5, 34.0, 120.0, 34.2)], object
    )

    found = centres_in(np.array([119.2, 119.5, 119.7, 118.0]), np.array([34.1] * 4), villages)

    assert found.tolist() == [0, 0, 1, -1]
