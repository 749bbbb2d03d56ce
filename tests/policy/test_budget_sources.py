"""The budgets of an unstated datum are what our own conversions give at cities from Hangzhou to Baicheng."""

from pathlib import Path

import numpy as np
from pyproj import Geod

from geoaq.crs import bd09_to_wgs84, gcj02_to_wgs84
from geoaq.policy import load_pack

CITIES = np.array(
    [
        (120.15, 30.28), (120.93, 30.84), (118.80, 32.06), (117.19, 34.26),
        (116.40, 39.91), (108.94, 34.34), (125.32, 43.82), (122.84, 45.62),
    ]
)  # fmt: skip


def shift_m(convert) -> np.ndarray:
    lon, lat = convert(CITIES[:, 0], CITIES[:, 1])
    return np.asarray(Geod(ellps="WGS84").inv(CITIES[:, 0], CITIES[:, 1], lon, lat)[2])


def test_an_unstated_datum_is_given_the_shift_of_gcj02_and_with_baidu_that_of_bd09():
    budgets = load_pack(Path(__file__).resolve().parents[2] / "layers" / "policy").budgets.datum
    gcj, bd = shift_m(gcj02_to_wgs84), shift_m(bd09_to_wgs84)
    assert gcj.min() > 450
    assert gcj.max() <= budgets["unstated"].metres < 2 * gcj.max()
    assert bd.min() > 1080
    assert bd.max() <= budgets["unstated_baidu"].metres < 2 * bd.max()
