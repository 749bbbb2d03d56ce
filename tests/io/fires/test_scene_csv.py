"""What was found in a scene goes through its csv into the columns of the fire job, and nothing is lost."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from geoaq.catalog import Catalog
from geoaq.errors import InputError
from geoaq.frames import FIRE_PIXELS, URT
from geoaq.frames.scenes import SYNTHETIC
from geoaq.io.fires import read_fire_chunks
from geoaq.io.fires.layouts import layout_of
from geoaq.io.fires.scene_csv import write_scene_csv

T0 = 1_744_003_817  # 2025-04-07T05:30:17Z


@pytest.fixture
def pixels() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "line": [10, 10, 300],
            "sample": [3, 4, 6399],
            "code": np.array([9, 8, 7], np.uint8),
            "confidence_pct": np.array([-1, -1, 42], np.int8),
            "lon": [116.123456, 116.127, 121.0],
            "lat": [33.5, 33.500001, 30.25],
            "acquired": [T0, T0, T0 + 61],
            "t4_k": [367.0, 340.25, 207.4],
            "t11_k": [301.5, 300.0, 330.0],
            "red": [0.1, 0.11, np.nan],
            "nir": [0.2, 0.2, np.nan],
            "swir": [0.3, 0.3, np.nan],
            "sun_zenith": [40.0, 40.0, 95.0],
            "view_zenith": [20.0, 20.0, 60.0],
            "glint_deg": [50.0, 50.0, np.nan],
            "day": [True, True, False],
            "mean4": [300.1, 300.2, np.nan],
            "mad4": [1.0, 1.1, np.nan],
            "mean_dt": [5.0, 5.1, np.nan],
            "mad_dt": [0.5, 0.6, np.nan],
            "mean11": [295.0, 295.1, np.nan],
            "mad11": [0.7, 0.8, np.nan],
            "n_valid": [30, 40, 0],
            "window": [11, 11, 0],
            "frp_mw": [12.5, 3.25, np.nan],
            "frp_method": ["M13", "I4_unsat", ""],
            "scan_km": [0.39, 0.39, 0.795],
            "track_km": [0.37, 0.37, 0.784],
            "saturated": [True, False, False],
            "folded": [False, False, True],
            "reasons": pd.Categorical(["fixed", "contextual", "folding"]),
        }
    )


@pytest.fixture
def path(tmp_path, pixels):
    write_scene_csv(
        tmp_path / "fires.csv", pixels, satellite="noaa21", detector="viirs_i@0123", scene="ab" * 32
    )
    return tmp_path / "fires.csv"


def read(path):
    (chunk,) = read_fire_chunks(path, product=Catalog.load().products["fire_list"])
    return chunk


def test_the_layout_is_known_by_its_columns(path):
    assert layout_of(path) == "scene_csv"


def test_every_column_of_the_fire_job_has_what_was_found(path, pixels):
    chunk = read(path)
    frame = chunk.frame
    assert chunk.layout == "scene"
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == dict(FIRE_PIXELS.dtypes)
    assert len(chunk.issues.frame()) == 0
    assert chunk.rows_read == 3
    assert frame["satellite"].astype(str).tolist() == ["noaa21"] * 3
    assert frame["kind"].astype(str).tolist() == ["satellite"] * 3
    assert frame["acquired"].tolist() == pixels["acquired"].tolist()
    assert frame["confidence"].tolist() == [2, 1, 0]
    assert frame["confidence_pct"].tolist() == [-1, -1, 42]
    assert frame["daynight"].tolist() == [1, 1, 0]
    assert frame["saturated"].tolist() == [True, False, False]
    for name in ("lon", "lat", "t11_k", "frp_mw", "scan_km", "track_km"):
        np.testing.assert_allclose(frame[name], pixels[name].astype("float32"), rtol=1e-6, equal_nan=True)


def test_a_folded_temperature_is_unknown_and_kept_beside_as_measured(path):
    chunk = read(path)
    assert np.isnan(chunk.frame["t4_k"].iloc[2])
    beside = json.loads(chunk.extra["data"].iloc[2])
    assert (beside["folded"], beside["t4_folded_k"]) == ("1", "207.40")
    assert "t4_folded_k" not in json.loads(chunk.extra["data"].iloc[0])


def test_what_decided_is_kept_beside_the_detection(path):
    first, second, _ = (json.loads(text) for text in read(path).extra["data"])
    assert first["frp_method"] == "M13"
    assert second["mask_code"] == "8"
    assert second["reasons"] == "contextual"
    assert (second["mean4_k"], second["mad_dt_k"], second["window"]) == ("300.200", "0.600", "11")
    assert (second["line"], second["sample"]) == ("10", "4")
    assert (second["detector"], second["scene"]) == ("viirs_i@0123", "ab" * 32)


def test_no_file_can_claim_a_level_above_the_first_look(path):
    table = pd.read_csv(path, dtype=str)
    table["version"] = "2.0"
    table.to_csv(path, index=False)
    assert read(path).frame["level"].tolist() == [URT] * 3


def test_what_was_found_in_a_synthetic_scene_stays_out(tmp_path, pixels):
    write_scene_csv(tmp_path / "s.csv", pixels, satellite=SYNTHETIC, detector="viirs_i@1", scene="0")
    with pytest.raises(InputError) as told:
        read(tmp_path / "s.csv")
    assert told.value.code == "scene_synthetic"


def test_a_scene_without_fires_is_a_file_of_no_rows(tmp_path, pixels):
    write_scene_csv(tmp_path / "none.csv", pixels.iloc[:0], satellite="snpp", detector="x@1", scene="0")
    chunk = read(tmp_path / "none.csv")
    assert (len(chunk.frame), chunk.rows_read, chunk.layout) == (0, 0, "scene")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("lon", "181", "fire_degrees"),
        ("lat", "", "coordinate_missing"),
        ("acquired_utc", "2025-04-07T05:30:17+08:00", "fire_day"),
        ("mask_code", "5", "fire_confidence"),
        ("satellite", "", "fire_satellite"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_counted(path, column, value, code):
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[1, column] = value
    table.to_csv(path, index=False)
    chunk = read(path)
    assert len(chunk.frame) == 2
    assert chunk.rows_unusable == 1
    noted = chunk.issues.frame()
    assert (noted["code"].tolist(), noted["row"].tolist()) == ([code], [3])


def test_the_same_pixels_are_the_same_bytes(tmp_path, path, pixels):
    other = tmp_path / "again.csv"
    write_scene_csv(other, pixels, satellite="noaa21", detector="viirs_i@0123", scene="ab" * 32)
    assert other.read_bytes() == path.read_bytes()
