"""Townships, villages and grid cells of an office: whose a pixel is, and when that is under question."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaq.fires.areas import OfficeAreas
from geoaq.fires.attribution import centres_in, pairs_in, shares
from geoaq.fires.events import facts
from geoaq.fires.footprints import Geometries, footprints

SHARE = 0.1


def pixels_at(lon: Any, lat: Any, size_km: float = 0.4) -> pd.DataFrame:
    size = np.full(len(lon), size_km, np.float32)
    return pd.DataFrame({"lon": np.asarray(lon, float), "lat": np.asarray(lat, float),
                         "scan_km": size, "track_km": size})  # fmt: skip


def drawn(pixels: pd.DataFrame) -> Geometries:
    return footprints(pixels, np.zeros(len(pixels)))


def squares(*west: float) -> Geometries:
    """Return squares of 0.1° on the parallel of 33.0°, each with a corner more on every side."""
    boxes = [shapely.box(one, 33.0, one + 0.1, 33.1) for one in west]
    return np.array([shapely.segmentize(one, 0.05) for one in boxes], object)


def areas_of(shapes: Geometries, level: str = "township") -> OfficeAreas:
    count = len(shapes)
    return OfficeAreas(level, [f"T{at}" for at in range(count)], [f"{at:03d}" for at in range(count)], shapes)


def by_shapely(lon: Any, lat: Any, shapes: Geometries) -> list[int]:
    found = []
    for x, y in zip(lon, lat, strict=True):
        holds = np.flatnonzero(shapely.intersects(shapes, shapely.Point(x, y)))
        found.append(int(holds[0]) if len(holds) else -1)
    return found


def test_points_on_corners_and_shared_edges_are_where_shapely_finds_them() -> None:
    seed = np.random.default_rng(7)
    cells = shapely.voronoi_polygons(shapely.multipoints(seed.uniform(116.0, 117.0, (60, 2)) - [0.0, 83.0]))
    shapes = shapely.get_parts(cells)
    corners = shapely.get_coordinates(shapes)
    middles = (corners[:-1] + corners[1:]) / 2.0
    loose = seed.uniform([115.9, 32.9], [117.1, 34.1], (3000, 2))
    lon, lat = np.concatenate([corners, middles, loose]).T
    wanted = by_shapely(lon, lat, shapes)
    assert centres_in(lon, lat, shapes).tolist() == wanted
    told = areas_of(shapes).place(pixels_at(lon, lat), drawn(pixels_at(lon, lat)), other_share=SHARE)
    assert told["label"].tolist() == [f"T{at}" if at >= 0 else "" for at in wanted]
    assert told["code"].tolist() == [f"{at:03d}" if at >= 0 else "" for at in wanted]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_shares_are_those_of_whole_outlines_and_fill_the_footprint(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 9))
    edges = [[origin + 0.02 * at for at in range(count)] for origin in (116.0, 33.0)]
    grid = np.array(
        [shapely.segmentize(shapely.box(west, south, west + 0.02, south + 0.02), 0.004)
         for south in edges[1] for west in edges[0]], object
    )  # fmt: skip
    place = st.floats(0.0, 0.02 * count, allow_nan=False)
    spots = data.draw(st.lists(st.tuples(place, place), min_size=1, max_size=20))
    size = data.draw(st.sampled_from([0.2, 0.4, 1.0, 4.0]))
    lon, lat = 116.0 + np.array([one[0] for one in spots]), 33.0 + np.array([one[1] for one in spots])
    pixels = pixels_at(lon, lat, size)
    told = areas_of(grid).place(pixels, lambda rows: drawn(pixels.iloc[rows]), other_share=SHARE)
    table = shares(drawn(pixels), grid)
    own = by_shapely(lon, lat, grid)
    for at, label in enumerate(own):
        mine = table[table["pixel"] == at].set_index("area")["share"]
        assert told["share"][at] == pytest.approx(mine.get(label, 0.0), abs=1e-6)
        others = dict(one.split("=") for one in told["others"][at].split(";") if one)
        rest = mine.drop(label, errors="ignore")
        assert {name: float(part) for name, part in others.items()} == pytest.approx(
            {f"T{area}": part for area, part in rest.items()}, abs=6e-4
        )
        assert told["disputed"][at] == bool((rest >= SHARE).any())
        if shapely.box(116.0, 33.0, 116.0 + 0.02 * count, 33.0 + 0.02 * count).contains(drawn(pixels)[at]):
            assert mine.sum() == pytest.approx(1.0, abs=1e-6)


def test_a_pixel_across_a_township_line_is_under_question_and_one_well_inside_is_not() -> None:
    pixels = pixels_at([116.05, 116.0999, 116.0975], [33.05, 33.05, 33.05])
    told = areas_of(squares(116.0, 116.1)).place(pixels, drawn(pixels), other_share=SHARE)
    assert told["label"].tolist() == ["T0", "T0", "T0"]
    assert told["disputed"].tolist() == [False, True, False]
    assert told["share"][0] == 1.0
    assert told["others"][0] == ""
    assert told["others"][1].startswith("T1=0.4")


def test_a_pixel_where_two_townships_overlap_is_under_question_whatever_its_size() -> None:
    shapes = squares(116.0, 116.05)
    pixels = pixels_at([116.075, 116.075], [33.05, 33.05])
    pixels.loc[1, ["scan_km", "track_km"]] = np.nan
    told = areas_of(shapes).place(pixels, drawn(pixels), other_share=SHARE)
    assert told["label"].tolist() == ["T0", "T0"]
    assert told["disputed"].tolist() == [True, True]
    assert told["others"].tolist() == ["T1=1.000", ""]
    assert np.isnan(told["share"][1])


def test_a_pixel_outside_every_township_is_under_question_where_one_holds_part_of_it() -> None:
    pixels = pixels_at([115.9995, 115.5], [33.05, 33.05])
    told = areas_of(squares(116.0)).place(pixels, drawn(pixels), other_share=SHARE)
    assert told["label"].tolist() == ["", ""]
    assert told["disputed"].tolist() == [True, False]
    assert told["share"].tolist() == [0.0, 0.0]


def test_no_pixels_and_no_points_are_no_trouble() -> None:
    told = areas_of(squares(116.0)).place(pixels_at([], []), drawn(pixels_at([], [])), other_share=SHARE)
    assert len(told) == 0
    assert [len(one) for one in pairs_in(np.empty(0), np.empty(0), squares(116.0))] == [0, 0]


def test_an_event_tells_its_townships_the_one_with_most_pixels_first() -> None:
    pixels = pd.DataFrame(
        {
            "crop_share": [0.5] * 4, "confidence": [1] * 4, "level": [2] * 4,
            "adcode": pd.Categorical(["341302"] * 4), "disputed_border": [False] * 4,
            "township": pd.Categorical(["乙镇", "甲镇", "乙镇", ""]), "disputed_township": [False] * 4,
            "village": pd.Categorical(["", "甲村", "", ""]), "grid": pd.Categorical(["", "", "", ""]),
        }
    )  # fmt: skip
    place = ("county", "city_adcode", "city", "province_adcode", "province")
    names = pd.DataFrame({name: [""] for name in place})
    told = facts(pixels, np.zeros(4, np.int32), names=lambda codes: names)
    row = told.iloc[0]
    assert (row["township"], row["townships"], row["villages"], row["grids"]) == (
        "乙镇", "乙镇=2;甲镇=1", "甲村=1", ""
    )  # fmt: skip
    assert row["disputed_township"]
    one = facts(pixels.iloc[[0, 2]], np.zeros(2, np.int32), names=lambda codes: names).iloc[0]
    assert not one["disputed_township"]
