from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from pyproj import Transformer

from geoaq.crs import wgs84_to_bd09, wgs84_to_gcj02
from geoaq.io.built import LayerSet, load_admin
from geoaq.wording import catalogue
from geoaq.zones.admin import AdminIndex, in_stated_place
from geoaq.zones.datum import FEWEST_ROWS, judge, score, sign_test

Floats = npt.NDArray[np.float64]
Written = Callable[[Floats, Floats], tuple[npt.ArrayLike, npt.ArrayLike]]


@pytest.fixture(scope="module")
def index(built_layers: LayerSet) -> AdminIndex:
    return AdminIndex(*load_admin(built_layers.path, "amap"))


def listed(index: AdminIndex, n: int) -> pd.DataFrame:
    """Return n points of Zhejiang and Jiangsu, seeded, each stating the county that holds it."""
    rng = np.random.default_rng(20261121)
    lon, lat = rng.uniform(118.0, 122.0, 4 * n), rng.uniform(28.5, 34.0, 4 * n)
    located = index.locate(lon, lat)
    kept = np.flatnonzero(located >= 0)[:n]
    names = index.names(located[kept]).astype(object)
    return pd.DataFrame(
        {
            "lon": lon[kept],
            "lat": lat[kept],
            "province_stated": names["province"],
            "city_stated": names["city"],
            "county_stated": names["county"],
        }
    )


def packed(degrees: Floats) -> Floats:
    """Write degrees as DDD.MMSS, as people type degrees and minutes into a decimal cell."""
    seconds = np.round(degrees * 3600).astype(int)
    return np.round(seconds // 3600 + (seconds // 60 % 60) / 100 + (seconds % 60) / 10_000, 4)


def projected(epsg: int) -> Written:
    to_plane: Written = Transformer.from_crs(4490, epsg, always_xy=True).transform
    return to_plane


WRITTEN: dict[str, Written] = {
    "wgs84": lambda lon, lat: (lon, lat),
    "gcj02": wgs84_to_gcj02,
    "bd09": wgs84_to_bd09,
    "swapped": lambda lon, lat: (lat, lon),
    "dms_as_decimal": lambda lon, lat: (packed(lon), packed(lat)),
    "gk:4549": projected(4549),
    "gk": projected(4528),
}


@pytest.mark.parametrize("datum", sorted(WRITTEN))
def test_the_datum_of_a_long_list_is_found(index: AdminIndex, datum: str) -> None:
    subjects = listed(index, 3000)
    x, y = WRITTEN[datum](subjects["lon"].to_numpy(), subjects["lat"].to_numpy())
    scores = score(x, y, in_stated_place(subjects, index))
    verdict = judge(scores)

    assert (verdict.code, verdict.likely) == ("likely", datum)
    assert scores[0].share > 0.99


def test_northing_first_as_chinese_tables_write_it_is_the_same(index: AdminIndex) -> None:
    subjects = listed(index, 200)
    easting, northing = projected(4528)(subjects["lon"].to_numpy(), subjects["lat"].to_numpy())

    assert judge(score(northing, easting, in_stated_place(subjects, index))).likely == "gk"


def test_a_short_list_cannot_tell(index: AdminIndex) -> None:
    subjects = listed(index, FEWEST_ROWS - 1)
    verdict = judge(score(subjects["lon"], subjects["lat"], in_stated_place(subjects, index)))

    assert (verdict.code, verdict.likely) == ("too_few", None)


def test_a_list_far_from_county_lines_cannot_tell_shifted_datums_apart(index: AdminIndex) -> None:
    subjects = listed(index, 1).loc[np.zeros(100, int)].assign(lon=120.92, lat=30.85, county_stated="嘉善县")
    subjects = subjects.assign(city_stated="嘉兴市", province_stated="浙江省")
    verdict = judge(score(subjects["lon"], subjects["lat"], in_stated_place(subjects, index)))

    assert verdict.code == "close"
    assert set(verdict.possible) == {"wgs84", "gcj02", "bd09"}


def test_a_list_that_fits_no_reading_is_said_to_fit_none(index: AdminIndex) -> None:
    subjects = listed(index, 100).assign(province_stated="吉林省", city_stated="", county_stated="")

    assert (
        judge(score(subjects["lon"], subjects["lat"], in_stated_place(subjects, index))).code == "none_fits"
    )


def test_rows_that_state_nothing_or_have_no_point_do_not_count(index: AdminIndex) -> None:
    subjects = listed(index, 60)
    subjects.loc[:19, ["province_stated", "city_stated", "county_stated"]] = ""
    subjects.loc[20:24, "lon"] = np.nan
    scores = score(subjects["lon"], subjects["lat"], in_stated_place(subjects, index))

    assert scores[0].n == 40
    assert scores[0].inside == 35


def test_a_verdict_stands_when_a_tenth_of_the_rows_is_wrong(index: AdminIndex) -> None:
    subjects = listed(index, 4000)
    x, y = wgs84_to_gcj02(subjects["lon"].to_numpy(), subjects["lat"].to_numpy())
    subjects.loc[::10, "county_stated"] = "嘉善县"

    assert judge(score(x, y, in_stated_place(subjects, index))).likely == "gcj02"


@pytest.mark.parametrize(("more", "fewer"), [(0, 0), (8, 0), (30, 10), (500, 480)])
def test_the_sign_test_agrees_with_scipy(more: int, fewer: int) -> None:
    from scipy.stats import binomtest

    expected = binomtest(more, more + fewer).pvalue if more + fewer else 1.0
    assert sign_test(more, fewer) == pytest.approx(expected, abs=1e-9)


def test_every_verdict_and_reading_has_words() -> None:
    words = catalogue()

    for code in (
        "likely",
        "close",
        "too_few",
        "none_fits",
        *(f"reading_{d}" for d in WRITTEN),
    ):
        assert f"datum.{code.split(':')[0]}" in words
