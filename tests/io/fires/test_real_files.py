"""Every real file of detections is read whole, with the counts that are known of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geoaq.frames import FIRE_PIXELS, NRT, SP

# File → rows, counted by hand in its text; the satellites in it; the level.
FILES: dict[str, tuple[int, set[str], int]] = {
    "H09_20251209_1900_L2WLF010_FLDK.06001_06001.csv": (212, {"himawari9"}, NRT),
    "MODIS_C6_1_Global_24h_2022-02-27.csv": (19_416, {"terra", "aqua"}, NRT),
    "fire_archive_M-C61_576384.csv": (3_702, {"terra", "aqua"}, SP),
    "fire_archive_M-C61_587727.csv": (469, {"terra", "aqua"}, SP),
    "fire_archive_SV-C2_587731.csv": (527, {"snpp"}, SP),
    "firms_viirs_c2_nrt_china_2023_fragment.csv": (119, {"snpp", "noaa20"}, NRT),
    "modis_c61_nrt_china_2021-12_2024-12.csv": (22_314, {"terra", "aqua"}, NRT),
    "noaa21_firms_nrt_2025-04-07.csv": (2_824, {"noaa21"}, NRT),
    "raw_viirs-suomi_global_geojson_2023-07-27.json": (6_896, {"snpp"}, NRT),
    "viirs_c2_noaa20_china_2023-11-09.csv": (555, {"noaa20"}, NRT),
    "viirs_c2_snpp_china_2023-11-09.csv": (518, {"snpp"}, NRT),
}
# What is noted of them: folded pixels, and the unit of FRP that JAXA leaves open.
NOTED = {"noaa21_firms_nrt_2025-04-07.csv": ["fire_folded"] * 5, "H09": ["fire_frp_unit"]}

pytestmark = pytest.mark.shared


def test_no_file_of_the_folder_is_left_out(shared: Path) -> None:
    assert {path.name for path in (shared / "data" / "fires").iterdir()} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_a_real_file_is_a_detection(read: Callable[..., Any], shared: Path, name: str) -> None:
    rows, satellites, level = FILES[name]
    found = read(shared / "data" / "fires" / name)
    assert (found.rows_read, len(found.frame)) == (rows, rows)
    assert found.codes == NOTED.get(name, NOTED.get(name[:3], []))
    assert set(found.frame["satellite"]) == satellites
    assert set(found.frame["level"]) == {level}
    assert {str(each): str(kind) for each, kind in found.frame.dtypes.items()} == FIRE_PIXELS.dtypes
    assert found.frame["key"].is_unique
    assert set(found.frame["kind"]) == {"satellite"}


def test_the_real_product_of_noaa_21_keeps_its_invariants(read: Callable[..., Any], shared: Path) -> None:
    frame = read(shared / "data" / "fires" / "noaa21_firms_nrt_2025-04-07.csv").frame
    counts = frame.groupby(["daynight", "confidence"]).size().to_dict()
    assert counts == {(1, 1): 2_083, (1, 0): 173, (1, 2): 188, (0, 1): 378, (0, 2): 2}
    assert int(frame["saturated"].sum()) == 202
    # 15 rows are colder at 4 µm than at 11 µm; the five at 207.38 K, folded over, are unknown now.
    assert int((frame["t4_k"] < frame["t11_k"]).sum()) + int(frame["t4_k"].isna().sum()) == 15
    day = frame[(frame["daynight"] == 1) & (frame["confidence"] == 1)]
    assert float(day["t4_k"].min()) >= 325.0


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".csv") and name[0] != "H"])
def test_cells_arrive_as_another_reader_has_them(read: Callable[..., Any], shared: Path, name: str) -> None:
    path = shared / "data" / "fires" / name
    plain = pd.read_csv(path, dtype={"acq_time": str})
    frame = read(path).frame
    clock = plain["acq_time"].str.replace(":", "").str.zfill(4)
    times = pd.to_datetime(plain["acq_date"] + " " + clock, format="%Y-%m-%d %H%M", utc=True)
    assert (
        frame["acquired"].to_numpy() == times.astype("datetime64[s, UTC]").astype("int64").to_numpy()
    ).all()
    assert (frame["lon"].to_numpy() == plain["longitude"].to_numpy()).all()
    assert (frame["lat"].to_numpy() == plain["latitude"].to_numpy()).all()
    assert np.array_equal(frame["frp_mw"], plain["frp"].astype("float32"))
    if "type" in plain:
        assert (frame["fire_type"].to_numpy() == plain["type"].to_numpy()).all()
    if frame["satellite"].isin(["terra", "aqua"]).all():
        assert (frame["confidence_pct"].to_numpy() == plain["confidence"].to_numpy()).all()


def test_the_power_of_himawari_is_unknown_and_kept_as_printed(read: Callable[..., Any], shared: Path) -> None:
    found = read(shared / "data" / "fires" / "H09_20251209_1900_L2WLF010_FLDK.06001_06001.csv")
    assert found.frame["frp_mw"].isna().all()
    assert found.frame["confidence"].value_counts().to_dict() == {1: 111, 0: 74, 2: 27}
    assert found.extra["key"].tolist() == found.frame["key"].tolist()
    sixth = json.loads(found.extra["data"].iloc[5])
    assert (sixth["frp_wm2"], sixth["hot"], sixth["area_km2"]) == (".64", "6", "3.76")
    # 9 December 2025, 19:02 UTC
    assert int(found.frame["acquired"].iloc[0]) == 1_765_306_920


def test_the_days_that_ship_with_the_product_are_read(read: Callable[..., Any], shared: Path) -> None:
    path = shared / "data" / "facts" / "fire-pixels-jilin-heilongjiang-2022-04.csv"
    plain = pd.read_csv(path)
    found = read(path)
    assert (len(found.frame), found.codes, len(found.extra)) == (1_508, [], 0)
    assert (found.frame["lon"].to_numpy() == plain["lon"].to_numpy()).all()
    moments = pd.to_datetime(plain["acquired_utc"], utc=True).astype("datetime64[s, UTC]").astype("int64")
    assert (found.frame["acquired"].to_numpy() == moments.to_numpy()).all()
    assert np.array_equal(found.frame["t4_k"], plain["t21_k"].astype("float32"))
    assert set(found.frame["level"]) == {NRT}


def test_columns_that_firms_does_not_have_are_kept_beside(read: Callable[..., Any], shared: Path) -> None:
    found = read(shared / "data" / "fires" / "firms_viirs_c2_nrt_china_2023_fragment.csv")
    assert json.loads(found.extra["data"].iloc[0]) == {"province_name": "台湾省", "prod": "viirs-suomi"}
    assert len(found.extra) == len(found.frame)
