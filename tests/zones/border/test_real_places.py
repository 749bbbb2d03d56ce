"""Places of which somebody knows what a map of the provinces says, decided with the built boundaries."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.io.built import LayerSet, load_admin, load_borders
from geoaq.zones.admin import AdminIndex, attach
from geoaq.zones.border import Borders, BorderScreen, screen

PLACES = {
    "加格达奇": (124.12, 50.42),
    "崇明": (121.40, 31.62),
    "启东": (121.65, 31.81),
    "三河": (117.07, 39.98),
    "大厂": (116.99, 39.88),
    "香河": (117.00, 39.76),
    "大丰农场": (120.63, 33.20),
    "新杭镇": (119.62, 31.05),
    "青岛": (120.38, 36.07),
    "海安港": (110.23, 20.27),
    "海口港": (110.15, 20.07),
    "深圳": (114.12, 22.55),
    "珠海": (113.55, 22.23),
    "新野": (112.36, 32.52),
    "四平": (124.38, 43.17),
    "图们": (129.84, 42.96),
    "集安": (126.19, 41.12),
    "香港": (114.17, 22.30),
    "海上": (121.00, 36.00),
}


@pytest.fixture(scope="module")
def found(built_layers: LayerSet) -> BorderScreen:
    points = pd.DataFrame(PLACES.values(), columns=["lon", "lat"], index=list(PLACES))
    points["u_m"] = 100.0
    indexes = [AdminIndex(*load_admin(built_layers.path, source)) for source in ("amap", "tianditu")]
    at = attach(points, *indexes, u_m=points["u_m"].to_numpy())
    subjects = points.assign(
        province_adcode=at["province_adcode"].astype(object), alternatives=at["alternatives"]
    )
    first, second = (
        Borders.from_parts(load_borders(built_layers.path, source)) for source in ("amap", "tianditu")
    )
    return screen(
        subjects, first, second, strip_km=20.0, inclusive=True, border_budget_m=1000.0, reach_km=50.0
    )


def told(found: BorderScreen, place: str) -> tuple[int, str, set[str]]:
    row = found.per_subject.loc[place]
    return int(row["truth"]), str(row["reasons"]), set(filter(None, row["consultees"].split(";")))


def test_the_sources_disagree_on_the_exclave_of_jiagedaqi(found: BorderScreen) -> None:
    row = found.per_subject.loc["加格达奇"]

    assert told(found, "加格达奇") == (UNKNOWN, "conflicting_boundaries", {"150000", "230000"})
    assert row["home_unsure"]
    assert (row["distance_m"] < 20_000.0, row["second_distance_m"] > 80_000.0) == (True, True)
    assert row["sources_m"] == pytest.approx(row["second_distance_m"] - row["distance_m"])


def test_the_line_in_the_yangtze_estuary_runs_in_the_river(found: BorderScreen) -> None:
    assert told(found, "崇明") == (TRUE, "", {"320000"})
    assert told(found, "启东") == (TRUE, "", {"310000"})


def test_the_enclave_between_beijing_and_tianjin_names_both(found: BorderScreen) -> None:
    for place in ("三河", "大厂", "香河"):
        assert told(found, place) == (TRUE, "", {"110000", "120000"})
    between = found.pairs[found.pairs["kind"] == "other_line"]
    assert {("110000", "120000")} <= set(zip(between["home"], between["neighbour"], strict=True))


def test_neither_source_holds_the_farms_of_shanghai_in_dafeng(found: BorderScreen) -> None:
    # Both draw them as land of Jiangsu: an office with the official line brings it along.
    truth, reasons, consultees = told(found, "大丰农场")
    assert (truth, reasons, consultees) == (FALSE, "", set())
    assert found.per_subject.loc["大丰农场", "distance_m"] > 100_000.0


def test_a_site_where_three_provinces_meet_names_both_neighbours(found: BorderScreen) -> None:
    assert told(found, "新杭镇") == (TRUE, "", {"320000", "330000"})
    assert found.per_subject.loc["新杭镇", "consultees"] == "330000;320000"  # nearest first


def test_coast_and_borders_with_other_countries_are_no_province_lines(found: BorderScreen) -> None:
    for place in ("青岛", "图们", "集安"):
        assert told(found, place) == (FALSE, "", set())


def test_across_the_strait_of_hainan_is_for_review(found: BorderScreen) -> None:
    assert told(found, "海安港") == (UNKNOWN, "sea", {"460000"})
    assert told(found, "海口港") == (UNKNOWN, "sea", {"440000"})
    assert np.isnan(found.per_subject.loc["海口港", "distance_m"])


def test_opposite_hong_kong_and_macao_and_in_them_is_for_review(found: BorderScreen) -> None:
    assert told(found, "深圳") == (UNKNOWN, "hk_macao", {"810000"})
    assert told(found, "珠海") == (UNKNOWN, "hk_macao", {"820000"})
    assert told(found, "香港")[:2] == (UNKNOWN, "hk_macao")


def test_a_county_of_nanyang_outside_the_key_regions_is_reached_like_any_other(found: BorderScreen) -> None:
    truth, _, consultees = told(found, "新野")
    assert (truth, consultees) == (TRUE, {"420000"})
    assert told(found, "四平") == (TRUE, "", {"210000"})


def test_a_place_at_sea_stands_in_no_province(found: BorderScreen) -> None:
    truth, reasons, _ = told(found, "海上")
    assert (truth, reasons.split(";")[0]) == (UNKNOWN, "home_unknown")


def test_every_foot_lies_at_its_distance_in_its_direction(found: BorderScreen) -> None:
    lines = found.pairs
    lon, lat = (found.per_subject.index.map(lambda name, k=k: PLACES[name][k]).to_numpy() for k in (0, 1))
    at = lines["subject"].to_numpy()
    azimuth, _, metres = Geod(ellps="WGS84").inv(lon[at], lat[at], lines["foot_lon"], lines["foot_lat"])

    assert np.abs(metres - lines["distance_m"]).max() < 1e-3
    assert np.abs((azimuth - lines["bearing_deg"] + 180.0) % 360.0 - 180.0).max() < 1e-2
