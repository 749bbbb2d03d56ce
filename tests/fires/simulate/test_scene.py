"""Simulated scenes are what they say: same seed, same bytes; Planck's mixing; the sensor's scan and ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geoaq.fires.detection.planck import radiance, temperature
from geoaq.fires.simulate.geometry import bow_tie, look
from geoaq.fires.simulate.landscapes import MAKERS
from geoaq.fires.simulate.physics import AIR, NO_AIR, NOISE_K, sunlight
from geoaq.fires.simulate.scene import TRUTH_COLUMNS, SceneSpec, SyntheticScene, Target, simulate_scene
from geoaq.fires.simulate.sensors import SENSORS
from geoaq.fires.simulate.stage import REGIONS
from geoaq.frames.scenes import (
    BAD,
    BOW_TIE_FILL,
    GOOD,
    NO_DATA,
    ON_WATER,
    SATURATED,
    SEEN,
)

SPEC = SceneSpec(
    256, 640, first_sample=1700, features=tuple(MAKERS), deleted_rows=True, lost_columns=8, fold_above_k=450.0
)
FLAT = SceneSpec(96, 96, ground_sigma_k=0.0, rho4_sigma=0.0)


@pytest.fixture(scope="module")
def scene() -> SyntheticScene:
    return simulate_scene(SPEC, 7)


def mean_at(scene: SyntheticScene, name: str) -> float:
    line, sample = (scene.truth[key].to_numpy() for key in ("line", "sample"))
    return float(np.asarray(getattr(scene.whole, name))[line, sample].mean())


def lattice(**what: object) -> tuple[Target, ...]:
    return tuple(
        Target(line, sample, **what)  # type: ignore[arg-type]
        for line in range(4, 96, 8)
        for sample in range(4, 96, 8)
    )


def test_the_same_seed_gives_the_same_scene_and_another_gives_another(scene: SyntheticScene) -> None:
    again, other = simulate_scene(SPEC, 7), simulate_scene(SPEC, 8)
    for band, same in zip(scene.whole, again.whole, strict=True):
        if band is not None and same is not None:
            np.testing.assert_array_equal(band, same)
    pd.testing.assert_frame_equal(scene.truth, again.truth)
    assert not np.array_equal(scene.whole.t4, other.whole.t4, equal_nan=True)


def test_a_scene_gives_its_rows_piece_by_piece(scene: SyntheticScene) -> None:
    some = scene.bands(32, 64)
    assert some.t4.shape == (32, 640)
    np.testing.assert_array_equal(some.t4, scene.whole.t4[32:64])
    assert (scene.rows, scene.columns, scene.satellite, scene.swath) == (256, 640, "synthetic", True)
    coarse = scene.moderate(32, 64)
    assert coarse is not None
    assert coarse.shape == (16, 320)
    times = scene.times(0, 256)
    assert len(np.unique(times)) == 8
    assert times[32] - times[31] == pytest.approx(1.786)


def test_everything_that_was_asked_for_is_there_with_its_truth(scene: SyntheticScene) -> None:
    assert set(np.unique(scene.regions)) == set(range(len(REGIONS)))
    assert tuple(scene.truth.columns) == TRUTH_COLUMNS
    kinds = {"fire", "lone_fire", "flare", "steel", "roof", "panel", "pond"}
    assert set(scene.truth["kind"]) == kinds
    assert set(scene.truth["sight"]) == {"clear", "thin_cloud", "cloud", "no_data"}
    assert not scene.truth.duplicated(["line", "sample"]).any()
    burns = scene.truth["temperature_k"].notna()
    assert (burns == scene.truth["frp_mw"].notna()).all()
    assert (burns == scene.truth["pixel_reflectance"].isna()).all()
    steel = scene.truth[scene.truth["kind"] == "steel"]
    assert steel["frp_mw"].to_numpy() == pytest.approx(5.670374419e-8 * 1100.0**4 * 200.0 / 1e6)
    assert (scene.whole.water == ON_WATER).any()


def test_what_is_not_seen_holds_nothing(scene: SyntheticScene) -> None:
    rows, gone = scene.whole, scene.whole.fill != SEEN
    assert (rows.fill[:, -8:] == NO_DATA).all()
    for band in (rows.t4, rows.t11, rows.red, rows.nir, rows.swir):
        np.testing.assert_array_equal(np.isnan(band), gone)
    np.testing.assert_array_equal(rows.q4 == BAD, gone)


def test_rows_are_deleted_at_both_ends_of_a_scan_by_zones() -> None:
    sensor = SENSORS["viirs_i"]
    deleted = bow_tie(sensor, look(sensor, 0, sensor.samples), 64) == BOW_TIE_FILL
    counts = deleted.reshape(2, 32, -1).sum(axis=1)
    zones = np.repeat([8, 4, 0, 4, 8], [1280, 736, 2 * 1184, 736, 1280])
    assert (counts == zones).all()
    assert deleted[[0, 3, 28, 31], 0].all()
    assert not deleted[[4, 27], 0].any()
    assert deleted[[0, 1, 30, 31], 1500].all()
    assert not deleted[[2, 29], 1500].any()


@pytest.mark.parametrize(
    ("name", "sample", "scan_m", "track_m"),
    [
        ("viirs_i", 3200, 383, 360),
        ("viirs_i", 0, 795, 784),  # Schroeder et al. 2014
        ("modis", 677, 1000, 1000),
        ("modis", 0, 4830, 2000),  # Giglio et al. 2003
    ],
)
def test_pixels_have_the_published_size(name: str, sample: int, scan_m: float, track_m: float) -> None:
    seen = look(SENSORS[name], sample, 2)
    assert seen.scan_m[0] == pytest.approx(scan_m, rel=0.025)
    assert seen.track_m[0] == pytest.approx(track_m, rel=0.025)


@pytest.mark.parametrize("first", [0, 1400, 3000])
def test_pixels_lie_as_far_apart_as_they_are_large(first: int) -> None:
    scene = simulate_scene(replace(FLAT, first_sample=first), 1)
    lon, lat = scene.places(0, 96)[:2]
    geod, seen = Geod(a=6_371_000.0, b=6_371_000.0), look(SENSORS["viirs_i"], first, 96)
    along_scan = geod.inv(lon[16, 40], lat[16, 40], lon[16, 41], lat[16, 41])[2]
    along_track = geod.inv(lon[16, 40], lat[16, 40], lon[17, 40], lat[17, 40])[2]
    assert along_scan == pytest.approx(seen.scan_m[40], rel=0.01)
    assert along_track == pytest.approx(seen.track_m[40], rel=0.01)


def test_scans_overlap_at_the_edge_of_the_swath_and_join_in_the_middle() -> None:
    for first, overlap in ((0, True), (3152, False)):
        lat = simulate_scene(replace(FLAT, first_sample=first), 1).places(0, 96).lat[:, 48]
        assert (lat[32] < lat[31]) is np.bool_(overlap)


def test_sun_and_satellite_stand_where_they_were_put() -> None:
    scene = simulate_scene(replace(FLAT, first_sample=200, sun=(30.0, 150.0), heading_deg=0.0), 1)
    where, sun = scene.places(0, 96), scene.bands(0, 96).sun_zenith
    assert where.view_azimuth == pytest.approx(
        90.0, abs=8.0
    )  # left of the track: the satellite is in the east
    middle = simulate_scene(replace(FLAT, sun=(30.0, 150.0)), 1)
    assert middle.bands(48, 49).sun_zenith[0, 48] == pytest.approx(30.0, abs=0.1)
    assert middle.places(48, 49).sun_azimuth[0, 48] == pytest.approx(150.0, abs=0.2)
    assert sun[48, 48] == pytest.approx(30.0, abs=0.1)


def test_a_pixel_mixes_fire_ground_sun_and_air_by_plancks_law() -> None:
    planted = lattice(kind="fire", area_m2=100.0, temperature_k=900.0)
    scene = simulate_scene(replace(FLAT, targets=planted, sun=(40.0, 206.0)), 3)
    share, cosine = 100.0 / (383.0 * 360.0), np.cos(np.radians(40.0))
    for um, through, rho, eps, name in ((3.74, 0.85, 0.08, 0.95, "t4"), (11.45, 0.90, 0.0, 0.97, "t11")):
        ground = eps * radiance(um, 303.0) + rho * sunlight(um) * cosine / np.pi
        mixed = share * radiance(um, 900.0) + (1.0 - share) * ground
        expected = temperature(um, through * mixed + (1.0 - through) * radiance(um, 293.0))
        assert mean_at(scene, name) == pytest.approx(float(expected), abs=0.15)
    assert sunlight(3.74) == pytest.approx(11.7, abs=0.05)


def test_a_bonfire_by_night_warms_its_pixel_by_about_ten_kelvin() -> None:
    # radius 1.25 m, some 1,000 K: +10 K was seen (Schroeder et al. 2014)
    bonfire = lattice(kind="fire", area_m2=np.pi * 1.25**2, temperature_k=1000.0)
    for ground_k in (283.0, 288.0, 292.0):
        night = replace(FLAT, sun=(130.0, 206.0), ground_k=ground_k, air_over_fires=False)
        lit = simulate_scene(replace(night, targets=bonfire), 4)
        warmer = mean_at(lit, "t4") - float(np.median(lit.whole.t4))
        assert 8.0 <= warmer <= 12.0


def test_noise_is_that_of_the_band_and_less_where_more_light_comes_in() -> None:
    for ground_k in (270.0, 300.0):
        spec = replace(FLAT, ground_k=ground_k, sun=(130.0, 206.0), air=NO_AIR)
        scene = simulate_scene(spec, 5)
        light = (radiance(3.74, 270.0) / (0.95 * radiance(3.74, ground_k))) ** 0.5
        assert scene.whole.t4.std() == pytest.approx(NOISE_K * float(light), rel=0.05)
    hundredths = scene.whole.t4.astype(np.float64) * 100.0
    assert np.abs(hundredths - np.round(hundredths)).max() < 0.01


def test_full_pixels_are_marked_and_folded_ones_are_not() -> None:
    spec = replace(FLAT, targets=lattice(kind="fire", area_m2=8000.0, temperature_k=1000.0))
    full = simulate_scene(spec, 6)
    line, sample = (full.truth[name].to_numpy() for name in ("line", "sample"))
    assert (full.whole.t4[line, sample] == 367.0).all()
    assert (full.whole.q4[line, sample] == SATURATED).all()
    assert (full.whole.q4 == SATURATED).sum() == len(full.truth)
    folded = simulate_scene(replace(spec, fold_above_k=450.0), 6).whole
    assert (folded.t4[line, sample] == np.float32(207.38)).all()
    assert (folded.q4[line, sample] == GOOD).all()
    assert (folded.t11[line, sample] > 325.0).all()
    partly = simulate_scene(replace(spec, fold_above_k=900.0), 6).whole
    mixed = partly.q4[line, sample] == GOOD
    assert 0.02 < mixed.mean() < 0.14
    assert (partly.t4[line, sample][mixed] < 367.0).all()


def test_a_roof_is_bright_near_four_micrometres_and_no_warmer_at_eleven() -> None:
    spec = replace(FLAT, sun=(30.0, 206.0))
    scene = simulate_scene(
        replace(spec, targets=lattice(kind="roof", area_m2=0.6 * 383.0 * 360.0, reflectance=0.7)), 9
    )
    assert mean_at(scene, "t4") - float(np.median(scene.whole.t4)) > 15.0
    assert mean_at(scene, "t11") == pytest.approx(float(np.median(scene.whole.t11)), abs=0.2)
    assert scene.truth["pixel_reflectance"].to_numpy() == pytest.approx(0.6 * 0.7 + 0.4 * 0.08, abs=0.002)


def test_thin_cloud_takes_fifteen_kelvin_and_lets_a_fire_through() -> None:
    scene = simulate_scene(replace(FLAT, rows=128, columns=128, features=("thin_cloud",)), 2)
    thin = scene.regions == REGIONS.index("thin_cloud")
    taken = float(np.median(scene.whole.t11[~thin]) - np.median(scene.whole.t11[thin]))
    assert taken == pytest.approx(15.0, abs=4.0)
    strong = scene.truth.nlargest(3, "frp_mw")
    assert (scene.whole.t4[strong["line"], strong["sample"]] > 350.0).all()


def test_light_can_be_spread_along_the_scan() -> None:
    one = (Target(48, 48, "fire", 300.0, 900.0),)
    sharp, wide = (simulate_scene(replace(FLAT, targets=one, spread=on), 2).whole.t4 for on in (False, True))
    assert wide[48, 48] < sharp[48, 48]
    assert (wide[48, [47, 49]] > sharp[48, [47, 49]] + 5.0).all()
    assert abs(wide[47, 48] - sharp[47, 48]) < 3.0


def test_modis_has_its_twelfth_micrometre_and_no_coarse_band() -> None:
    scene = simulate_scene(SceneSpec(100, 200, sensor="modis", features=("coast", "fires")), 1)
    assert scene.whole.t12 is not None
    assert scene.moderate(0, 10) is None


def test_a_scene_that_cannot_be_is_refused() -> None:
    for wrong in ({"sensor": "none"}, {"features": ("volcano",)}, {"rows": 31}, {"columns": 6402}):
        with pytest.raises(ValueError, match=r"sensor or feature|odd or wider"):
            replace(FLAT, **wrong)  # type: ignore[arg-type]


def test_air_is_what_it_was_said_to_be() -> None:
    assert AIR == (0.85, 0.90, 10.0)
