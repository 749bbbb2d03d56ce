"""Scenes are taken row by row, and every pixel that is no land is accounted for."""

from __future__ import annotations

import numpy as np
import pytest

from geoaq.errors import CancelledError, InputError
from geoaq.fires.detection import MASK_NAMES, PIXEL_COLUMNS, ArrayScene, detect
from geoaq.frames.scenes import (
    BAD,
    BOW_TIE_FILL,
    CLOUD,
    GLINT,
    HIGH,
    LAND,
    LOW,
    NO_DATA,
    NOMINAL,
    NOT_PROCESSED,
    ON_WATER,
    UNCLASSIFIED,
    WATER,
    SceneRows,
)
from tests.fires.detection.small import found, land, places_of, rule_of


def test_a_hot_pixel_is_a_fire_with_its_background_and_place() -> None:
    rows = land()
    rows.t4[20, 21] = 345.0
    seen = found(rows)
    assert list(seen.pixels.columns) == list(PIXEL_COLUMNS)
    assert {name: str(kind) for name, kind in seen.pixels.dtypes.items()} == dict(PIXEL_COLUMNS)
    (fire,) = seen.pixels.itertuples()
    assert (fire.line, fire.sample, fire.code, fire.confidence_pct) == (20, 21, NOMINAL, -1)
    assert (fire.n_valid, fire.window, fire.reasons, fire.acquired) == (120, 11, "contextual", 1_744_000_002)
    assert fire.mean4 == pytest.approx(305.0, abs=0.02)
    assert fire.mad_dt == pytest.approx(0.0, abs=1e-4)
    assert (fire.lon, fire.lat) == pytest.approx((115.0 + 21 * 0.00416, 36.0 - 20 * 0.00338))
    assert seen.notes["nominal"] == seen.notes["fires"] == seen.notes["candidates"] == 1
    assert sum(seen.notes[name] for name in MASK_NAMES) == rows.t4.size


def test_nothing_is_found_on_plain_land_and_the_table_keeps_its_columns() -> None:
    seen = found(land())
    assert (seen.mask == LAND).all()
    assert {name: str(kind) for name, kind in seen.pixels.dtypes.items()} == dict(PIXEL_COLUMNS)
    assert seen.pixels.empty


def test_what_was_not_seen_is_told_apart() -> None:
    rows = land()
    rows.fill[0], rows.fill[1] = BOW_TIE_FILL, NO_DATA
    rows.t4[2], rows.q11[3], rows.sun_zenith[4] = np.nan, BAD, np.nan
    rows.t11[5], rows.water[6], rows.red[7] = 260.0, ON_WATER, 0.3
    mask = found(rows).mask
    assert np.unique(mask[0]).tolist() == [1]
    for line, code in ((1, NOT_PROCESSED), (2, NOT_PROCESSED), (3, NOT_PROCESSED), (4, NOT_PROCESSED)):
        assert (mask[line] == code).all()
    assert (mask[5] == CLOUD).all()
    assert (mask[6] == WATER).all()
    assert (mask[7] == WATER).all()
    assert found(rows).notes["sun_unknown"] == rows.t4.shape[1]


@pytest.mark.parametrize("name", ["viirs_i", "modis"])
@pytest.mark.parametrize("fill", [9999.0, 65535.0, 655.35, 1e30, np.inf, -np.inf, -999.0, 0.0])
def test_fill_that_nobody_declared_is_no_temperature(name: str, fill: float) -> None:
    rows, clean = land(), land()
    rows.t4[:, :2], rows.t11[3:5, 5:9] = fill, fill
    for one in (rows, clean):
        one.t4[20, 21] = one.t4[20, 22] = 345.0
    seen, plain = found(rows, name), found(clean, name)

    spoilt = (rows.t4 == np.float32(fill)) | (rows.t11 == np.float32(fill))
    assert (seen.mask[spoilt] == NOT_PROCESSED).all()
    assert (seen.mask[~spoilt] == plain.mask[~spoilt]).all()
    assert seen.notes["temperature_impossible"] == spoilt.sum()
    assert len(seen.pixels) == len(plain.pixels) == 2


@pytest.mark.parametrize("angle", [-999.0, 655.35, np.inf])
def test_what_is_no_angle_of_the_sun_is_neither_day_nor_night(angle: float) -> None:
    rows = land(t4=305.0, t11=290.0)
    rows.sun_zenith[:] = angle

    seen = found(rows)

    assert (seen.mask == NOT_PROCESSED).all()
    assert seen.notes["sun_unknown"] == rows.t4.size


@pytest.mark.parametrize("twelve", [np.nan, 0.0, 9999.0])
def test_a_cloud_without_12_um_is_told_by_11_um(twelve: float) -> None:
    rows = land(t4=270.0, t11=255.0)._replace(t12=np.full((40, 44), twelve, np.float32))

    assert (found(rows, "modis").mask == CLOUD).all()


def test_a_fire_without_background_is_not_classified() -> None:
    rows = land()
    rows.t11[:] = 260.0
    rows.t4[20, 20], rows.t11[20, 20] = 345.0, 300.0
    seen = found(rows)
    assert seen.mask[20, 20] == UNCLASSIFIED
    assert seen.pixels.empty


def test_a_reflection_of_the_sun_is_no_fire() -> None:
    rows = land()
    rows.t4[20, 20] = 345.0
    rows.red[20, 20] = rows.nir[20, 20] = 0.3
    opposite = places_of(rows, view_zenith=40.0, view_azimuth=0.0)
    assert found(rows, places=opposite).mask[20, 20] == GLINT
    assert found(rows).mask[20, 20] == NOMINAL


@pytest.mark.parametrize("block_rows", [2, 4, 64])
def test_neighbours_across_blocks_decide_confidence(block_rows: int) -> None:
    rows = land(64, 64)
    rows.t4[7, 20], rows.t4[8, 20] = 334.0, 332.0  # hardly out, dt below 30 K, on both sides of a border
    rows.t11[7, 20], rows.t11[8, 20] = 305.0, 303.0
    rows.t4[31, 40], rows.t11[31, 40] = 331.5, 303.0  # alone, but far above its neighbours
    rows.t4[47, 20] = 367.0
    rows.t4[48, 21], rows.t11[48, 21] = 215.0, 300.0  # beside a saturated one
    rows.t4[49, 21], rows.t11[49, 21] = 215.0, 300.0  # beside none but that
    seen = found(rows, block_rows=block_rows)
    assert seen.mask[7:9, 20].tolist() == [NOMINAL, NOMINAL]
    assert seen.mask[31, 40] == NOMINAL
    assert seen.mask[47:50, 20:22].tolist() == [[HIGH, LAND], [LAND, LOW], [LAND, LAND]]
    residual = seen.pixels[seen.pixels["code"] == LOW].iloc[0]
    assert (residual["reasons"], residual["window"], residual["folded"]) == ("residual", 0, True)
    assert seen.notes["residual"] == 1


def test_the_limit_at_4_um_is_the_exact_median_and_25_kelvin() -> None:
    """Half of the pixels 302.5 K and half 303.5 K: the median of an even number is exactly 303 K."""
    rows = land(20, 20)
    checker = np.indices((20, 20)).sum(axis=0) % 2
    rows.t4[:] = np.where(checker, 303.5, 302.5)
    rows.t11[:] = 300.0
    above = np.nextafter(np.float32(328.0), np.float32(400.0))
    for t4, candidates in ((np.float32(328.0), 0), (above, 1)):
        one = rows._replace(t4=rows.t4.copy(), t11=rows.t11.copy())
        # The candidate itself counts, above the median; another pixel that is cool brings the middle back.
        one.t4[5, 5], one.t11[5, 5], one.t4[5, 8] = t4, 301.0, 302.5
        assert found(one).notes["candidates"] == candidates


def test_arrays_may_be_views_and_read_only() -> None:
    rows = land()
    rows.t4[20, 21] = 345.0
    turned = SceneRows._make(None if band is None else np.asfortranarray(band) for band in rows)
    for band in turned:
        if band is not None:
            band.flags.writeable = False
    assert np.array_equal(found(turned).mask, found(rows).mask)


def test_a_scene_that_is_all_fire_is_refused_before_it_fills_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geoaq.fires.detection.passing.MOST_FIRES", 100)
    rows = land()
    rows.t4[10:12, :40] = 367.0
    assert len(found(rows).pixels) == 80
    rows.t4[:] = 367.0

    with pytest.raises(InputError) as error:
        found(rows)

    assert error.value.code == "scene_all_fire"
    assert error.value.message("zh")


def test_rows_that_are_not_those_of_the_scene_are_refused() -> None:
    rows = land()
    with pytest.raises(InputError, match="swir"):
        found(rows._replace(swir=rows.swir[:, 1:]))
    with pytest.raises(InputError, match="t11"):
        found(rows._replace(t11=rows.t11.astype(np.float64)))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="moderate"):
        found(rows, coarse=np.zeros((20, 44), np.float32))
    with pytest.raises(InputError, match="background_t4"):
        found(rows, "ahi", background_t4=rows.t4[1:])
    with pytest.raises(InputError, match="t4"):
        found(SceneRows._make(None if band is None else band[:0] for band in rows))


def test_rows_are_read_once_and_in_order_and_the_reader_may_stop_it() -> None:
    class Watched(ArrayScene):
        def bands(self, start: int, stop: int) -> SceneRows:
            read.extend(range(start, stop))
            return super().bands(start, stop)

    read: list[int] = []
    rows, told = land(101, 20), []
    scene = Watched(rows, places_of(rows), np.zeros(101), satellite="noaa21")
    detect(scene, rule_of("viirs_i"), progress=lambda done, of: told.append((done, of)), block_rows=20)
    assert read == list(range(101))
    assert told == [(20, 101), (40, 101), (60, 101), (80, 101), (100, 101), (101, 101)]

    def stop(done: int, of: int) -> None:
        raise CancelledError("cancelled")

    with pytest.raises(CancelledError):
        detect(scene, rule_of("viirs_i"), progress=stop)


def test_a_geostationary_fire_is_a_candidate_until_earlier_days_confirm_it() -> None:
    rows = land()
    rows.t4[20, 20], rows.t4[30, 30] = 350.0, 350.0
    places = places_of(rows)
    places.view_zenith[30:] = 71.0
    seen = found(rows, "ahi", places=places, swath=False)
    assert seen.pixels[["line", "sample", "code", "reasons"]].values.tolist() == [
        [20, 20, NOMINAL, "contextual;candidate"]
    ]
    assert seen.pixels["frp_method"].tolist() == ["AHI"]
    assert (seen.mask[30:] == NOT_PROCESSED).all()
    assert seen.notes["too_oblique"] == 10 * 44
    before = np.full(rows.t4.shape, 312.0, np.float32)
    confirmed = found(rows, "ahi", places=places, swath=False, background_t4=before)
    assert confirmed.pixels[["code", "reasons"]].values.tolist() == [[HIGH, "contextual;above_before"]]
    as_warm = np.full(rows.t4.shape, 349.0, np.float32)
    told = found(rows, "ahi", places=places, swath=False, background_t4=as_warm)
    assert told.pixels[["code", "reasons"]].values.tolist() == [[NOMINAL, "contextual;candidate;as_before"]]
    by_rows = found(
        rows, "ahi", places=places, swath=False, background_t4=lambda start, stop: before[start:stop]
    )
    assert by_rows.pixels.equals(confirmed.pixels)


def test_a_scene_of_odd_length_keeps_its_last_coarse_pixels() -> None:
    rows = land(21, 23)
    rows.t4[20, 22] = 345.0
    coarse = np.full((11, 12), 0.4, np.float32)
    coarse[10, 11] = 2.0
    assert found(rows, coarse=coarse, block_rows=2).pixels["frp_method"].tolist() == ["M13"]


def test_modis_gives_percents() -> None:
    rows = land()
    rows.t4[20, 20], rows.t4[30, 30] = 365.0, 320.0
    pixels = found(rows, "modis").pixels
    assert pixels["reasons"].tolist() == ["fixed", "contextual"]
    assert pixels["confidence_pct"].tolist() == [100, 80]
    assert pixels["code"].tolist() == [HIGH, HIGH]
    assert pixels["frp_method"].tolist() == ["MODIS", "MODIS"]
