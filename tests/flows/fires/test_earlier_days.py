"""Fires of a geostationary scene beside the same slot of earlier days, as ``--before`` gives it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geoaq.catalog import Catalog
from geoaq.cli import main
from geoaq.errors import InputError
from geoaq.fires.detection import ArrayScene, EarlierDays
from geoaq.flows.fires.detecting import detect_files
from geoaq.frames.scenes import ScenePlaces
from tests.fires.detection.small import land, places_of, rule_of
from tests.flows.fires.scenes import bands, write_stack
from tests.io.scenes.agri_files import write_agri

FIRES = {(20, 30): 345.0, (70, 64): 352.0}


@pytest.fixture(scope="module")
def catalog():
    return Catalog.load()


def write(path: Path, day: str = "2025-04-07", at: str = "05:30", *, fires=FIRES, move=0.0, **tags) -> Path:
    layers = {name: values for name, values in bands(fires).items() if name != "q4"}
    layers["lon"] = layers["lon"] + move
    stated = {"START_UTC": f"{day}T{at}:00Z", "END_UTC": f"{day}T{at}:17Z", "DETECTOR": "ahi"}
    return write_stack(path, layers, **({"satellite": "himawari9"} | stated | tags))


def search(catalog, folder: Path, before=(), name: str = "scene.tif", **options):
    path = folder / name
    if not path.exists():
        write(path, **options)
    out = folder / f"run{len(list(folder.iterdir()))}"
    report = detect_files(
        [path], product=None, catalog=catalog, out=out, lang="en", progress=lambda *_: None, before=before
    )
    table = pd.read_csv(out / "fires.csv").set_index(["line", "sample"])
    return report, table, (out / "report.txt").read_text("utf-8")


def test_a_fire_is_confirmed_by_what_it_was_in_the_same_slot_of_earlier_days(catalog, tmp_path):
    before = [
        write(tmp_path / "a.tif", "2025-04-06", fires={}),
        write(tmp_path / "b.tif", "2025-03-28", "05:35", fires={(70, 64): 350.0}),
    ]
    report, table, text = search(catalog, tmp_path, before)
    assert table.loc[(20, 30), "reasons"].endswith(";above_before")
    assert table.loc[(70, 64), "reasons"].endswith(";candidate;as_before")
    earlier = report["earlier"]
    assert {name: earlier[name] for name in ("days", "above", "as_before", "unknown")} == {
        "days": 2, "above": 1, "as_before": 1, "unknown": 0,
    }  # fmt: skip
    assert [one["name"] for one in earlier["files"]] == ["a.tif", "b.tif"]
    assert [one["name"] for one in report["inputs"]] == ["scene.tif"]
    assert "same slot of 2 earlier days: 1 fire clearly warmer" in text
    assert "a.tif" in text


def test_without_earlier_days_all_are_candidates_and_the_report_says_so(catalog, tmp_path):
    report, table, text = search(catalog, tmp_path)
    assert table["reasons"].str.endswith(";candidate").all()
    assert not (table["confidence"] == "high").any()
    assert report["earlier"]["unknown"] == len(table) == len(FIRES)
    assert "was not compared with earlier days" in text


def test_where_earlier_days_were_cloudy_a_fire_stays_a_candidate(catalog, tmp_path):
    layers = {name: values for name, values in bands({}).items() if name != "q4"}
    layers["t11"][60:80] = 240.0
    stated = {"START_UTC": "2025-04-05T05:30:00Z", "END_UTC": "2025-04-05T05:30:17Z", "DETECTOR": "ahi"}
    cloudy = write_stack(tmp_path / "cloudy.tif", layers, satellite="himawari9", **stated)
    report, table, _ = search(catalog, tmp_path, [cloudy])
    assert table.loc[(70, 64), "reasons"].endswith(";candidate")
    assert (report["earlier"]["above"], report["earlier"]["unknown"]) == (1, 1)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("earlier_other_slot", {"day": "2025-04-06", "at": "05:40"}),
        ("earlier_not_before", {"day": "2025-04-08"}),
        ("earlier_not_before", {"day": "2025-04-07", "at": "05:25"}),
        ("earlier_not_before", {"day": "2025-03-27"}),
        ("earlier_other_kind", {"day": "2025-04-06", "satellite": "himawari8"}),
        ("earlier_other_grid", {"day": "2025-04-06", "move": 0.02}),
    ],
)
def test_a_scene_that_is_not_of_the_same_slot_and_grid_of_earlier_days_is_refused(
    catalog, tmp_path, code, given
):
    other = write(tmp_path / "other.tif", **given)
    with pytest.raises(InputError) as refused:
        search(catalog, tmp_path, [other])
    assert refused.value.code == code
    assert "other.tif" in refused.value.message("zh")


def test_one_day_speaks_once_and_a_polar_orbiter_needs_none(catalog, tmp_path):
    days = [write(tmp_path / f"{at[-2:]}.tif", "2025-04-06", at) for at in ("05:30", "05:32")]
    with pytest.raises(InputError) as refused:
        search(catalog, tmp_path, days)
    assert refused.value.code == "earlier_twice"
    with pytest.raises(InputError) as refused:
        search(catalog, tmp_path, days[:1], "viirs.tif", satellite="noaa21", DETECTOR="viirs_i")
    assert refused.value.code == "earlier_no_use"


def test_the_command_takes_earlier_days_and_says_how_many(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("GEOAQ_LANG", "zh")
    scene, other = write(tmp_path / "scene.tif"), write(tmp_path / "a.tif", "2025-04-06", fires={})
    out = tmp_path / "run"
    assert main(["fires", "detect", str(scene), "--before", str(other), "--out", str(out)]) == 0
    assert "已与此前 1 天同时次影像比较" in capfd.readouterr().out
    assert json.loads((out / "report.json").read_text("utf-8"))["earlier"]["above"] == len(FIRES)


def test_the_largest_clear_value_is_read_by_rows_and_kept_for_few():
    asked: list[tuple[int, int]] = []

    class Day(ArrayScene):
        def bands(self, start, stop):
            asked.append((start, stop))
            return super().bands(start, stop)

    days = []
    for kelvin in (300.0, 306.0, 303.0):
        rows = land(200, 30, t4=kelvin)
        where: ScenePlaces = places_of(rows)
        days.append(Day(rows, where, np.zeros(200), satellite="himawari9", swath=False))
    days[1].bands(0, 200).t11[10:20] = 250.0  # cloud
    asked.clear()
    largest = EarlierDays(days, rule_of("ahi"))
    found = largest(5, 70)
    np.testing.assert_array_equal(found[15:], days[1].bands(20, 70).t4)
    np.testing.assert_array_equal(found[5:15], days[2].bands(10, 20).t4)
    reads = [one for one in asked if one[1] - one[0] == 64]
    assert reads == [(0, 64)] * 3 + [(64, 128)] * 3
    asked.clear()
    largest(60, 100)
    assert asked == []
    assert largest(190, 200).shape == (10, 30)
    assert asked == [(128, 192)] * 3 + [(192, 200)] * 3


def test_a_fire_of_agri_has_its_place_size_and_power_from_the_nominal_grid(catalog, tmp_path):
    path = write_agri(tmp_path, hot=[(20, 1500)])
    out = tmp_path / "run"
    report = detect_files([path], product=None, catalog=catalog, out=out, lang="zh", progress=lambda *_: None)
    assert (report["satellite"], report["product"], report["fires"]) == ("fy4a", "fy4a_agri", 1)
    (fire,) = pd.read_csv(out / "fires.csv").to_dict("records")
    assert (fire["line"], fire["sample"], fire["frp_method"]) == (20, 1500, "AGRI")
    assert fire["reasons"] == "contextual;candidate"
    assert fire["lon"] == pytest.approx(110.3, abs=0.3)
    assert fire["scan_km"] == pytest.approx(4.1, abs=0.3)
    assert fire["track_km"] == pytest.approx(5.0, abs=0.5)
    assert fire["frp_mw"] > 50.0
    assert "AGRI 3.7微米波段" in (out / "report.txt").read_text("utf-8")
