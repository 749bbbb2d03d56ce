"""How pixels are seen: reflections, and sizes."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest

from geoaq.fires.detection.geometry import (
    glint_angle,
    sizes_at_samples,
    sizes_at_zenith,
    sizes_by_distance,
)
from geoaq.fires.detection.planck import radiance, temperature
from tests.fires.detection.small import rule_of


def test_a_mirror_shows_the_sun_where_azimuths_are_opposite() -> None:
    assert float(glint_angle(35.0, 35.0, 270.0, 90.0)) == pytest.approx(0.0, abs=1e-5)
    assert float(glint_angle(35.0, 35.0, 90.0, 90.0)) == pytest.approx(70.0)
    assert float(glint_angle(0.0, 40.0, 12.0, 200.0)) == pytest.approx(40.0)
    assert np.isnan(glint_angle(np.nan, 40.0, 12.0, 200.0))


def test_sizes_of_pixels_at_nadir_and_edge_are_those_of_the_paper() -> None:
    scan, track = sizes_at_samples(rule_of("viirs_i").scan, [0, 3199, 3200, 6399])
    assert scan[1:3] == pytest.approx(0.383, abs=0.001)
    assert track[1:3] == pytest.approx(0.360, abs=0.001)
    assert scan[[0, 3]] == pytest.approx(0.795, abs=0.01)
    assert track[[0, 3]] == pytest.approx(0.784, abs=0.01)


def test_fewer_detectors_are_put_together_from_zone_to_zone() -> None:
    scan, _ = sizes_at_samples(rule_of("viirs_i").scan, [3200 + 1183, 3200 + 1184, 3200 + 1919, 3200 + 1920])
    assert scan[1] / scan[0] == pytest.approx(2 / 3, abs=0.01)
    assert scan[3] / scan[2] == pytest.approx(1 / 2, abs=0.01)


def test_pixels_of_modis_are_two_by_nearly_five_kilometres_at_the_edge() -> None:
    scan, track = sizes_at_samples(rule_of("modis").scan, [0, 676])
    assert scan == pytest.approx([4.83, 1.0], abs=0.05)
    assert track == pytest.approx([2.01, 1.0], abs=0.02)


@pytest.mark.parametrize("name", ["viirs_i", "modis"])
def test_a_part_of_a_swath_has_the_sizes_of_the_whole(name: str) -> None:
    rule = rule_of(name).scan
    from_nadir = np.array([3, 400, 600])
    samples = rule.samples // 2 + from_nadir
    ends = np.append(0, np.cumsum(rule.zone_samples))
    angle = np.interp(from_nadir + 0.5, ends, np.append(0.0, rule.zone_ends_deg))
    zenith = np.degrees(np.arcsin((6371.0 + rule.altitude_km) / 6371.0 * np.sin(np.radians(angle))))
    for whole, part in zip(sizes_at_samples(rule, samples), sizes_at_zenith(rule, zenith), strict=True):
        assert part == pytest.approx(whole, rel=1e-6)


def test_pixels_of_a_map_are_as_large_as_they_are_apart() -> None:
    geod = pyproj.Geod(ellps="WGS84")
    y, x = np.mgrid[:4, :5].astype(float)
    lon, lat, _ = geod.fwd(
        np.full(20, 115.0),
        np.full(20, 36.0),
        np.degrees(np.arctan2(x, y)).ravel(),
        2000.0 * np.hypot(x, y).ravel(),
    )
    lon, lat = lon.reshape(4, 5), lat.reshape(4, 5)
    lon[3, 4] = np.nan
    lines, samples = (one.ravel() for one in np.mgrid[:4, :5])
    across, along = (one.reshape(4, 5) for one in sizes_by_distance(lon, lat, lines, samples))
    assert across[:3, :4] == pytest.approx(2.0, abs=0.01)
    assert along[:3, :4] == pytest.approx(2.0, abs=0.01)
    assert across[3, 3] == pytest.approx(2.0, abs=0.01)  # the neighbour on the other side alone
    assert np.isnan(across[3, 4])
    assert np.isnan(sizes_by_distance(lon[:1], lat[:1], np.zeros(1, int), np.ones(1, int))[1]).all()


def test_radiance_and_temperature_are_inverse() -> None:
    kelvin = np.array([210.0, 300.0, 367.0, 1200.0])
    assert temperature(3.74, radiance(3.74, kelvin)) == pytest.approx(kelvin, rel=1e-12)
    # σT⁴/π is the integral over all wavelengths.
    um = np.geomspace(0.5, 1000.0, 20_001)
    total = np.trapezoid([float(radiance(one, 800.0)) for one in um], um)
    assert total == pytest.approx(5.670374419e-8 * 800.0**4 / np.pi, rel=1e-4)
