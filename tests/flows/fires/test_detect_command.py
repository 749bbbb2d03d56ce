"""``geoaq fires detect`` as it is typed: what it writes and says, and its fires straight into the store."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from geoaq.catalog import Catalog
from geoaq.cli import main
from geoaq.frames import FIRE_PIXELS, NRT, URT
from geoaq.settings import data_dir
from geoaq.store.fires.store import FireStore
from geoaq.store.scenes import Scenes
from tests.flows.fires.scenes import FIRES, bands, write_stack

FIRMS = (
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,bright_ti5,frp,"
    "daynight"
)


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a scene; state lies in the test's folder, messages are English."""
    monkeypatch.setenv("GEOAQ_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("GEOAQ_LANG", "en")
    monkeypatch.delenv("GEOAQ_DATABASE_URL", raising=False)
    (tmp_path / "in").mkdir()
    return write_stack(tmp_path / "in" / "scene.tif")


def visible(store: FireStore):
    return store.visible(0, 1 << 40)


def test_a_folder_is_written_and_its_fires_are_taken_in_as_they_are(scene, tmp_path, capfd):
    assert main(["fires", "detect", str(scene), "--out", str(tmp_path / "run")]) == 0
    said = capfd.readouterr().out
    assert f"suspected fire pixels: {len(FIRES)}" in said
    assert "not verified on the ground" in said
    assert main(["fires", "ingest", str(tmp_path / "run" / "fires.csv")]) == 0
    with FireStore(data_dir()) as store:
        frame = visible(store)
    assert len(frame) == len(FIRES)
    assert set(frame["level"]) == {URT}
    assert set(frame["satellite"].astype(str)) == {"noaa21"}
    assert frame["frp_mw"].notna().sum() == len(FIRES) - int(frame["saturated"].sum())


def test_without_a_folder_the_run_is_kept_for_the_page(scene, capfd):
    assert main(["fires", "detect", str(scene)]) == 0
    (one,) = Scenes(data_dir()).list()
    assert one.report["fires"] == len(FIRES)
    assert f"/fires/scenes/{one.id}" in capfd.readouterr().out
    assert [path.name for path in one.folder.parent.iterdir()] == [one.id]
    assert one.files == (
        "fires.csv", "mask.tif", "quicklook.png", "quicklook.txt", "report.txt", "report.json"
    )  # fmt: skip


def test_taken_in_at_once_and_again_they_are_there_once(scene, tmp_path, capfd):
    for name in ("a", "b"):
        assert main(["fires", "detect", str(scene), "--out", str(tmp_path / name), "--ingest"]) == 0
    with FireStore(data_dir()) as store:
        assert len(visible(store)) == len(FIRES)


def test_what_firms_says_of_the_pass_stands_in_place_of_what_was_found_here(scene, tmp_path, capfd):
    """A pixel that FIRMS has too is not there twice, and nothing found here stands in place of FIRMS."""
    assert main(["fires", "detect", str(scene), "--out", str(tmp_path / "run"), "--ingest"]) == 0
    rows = [FIRMS, "33.6001,116.9002,345.0,0.4,0.4,2025-04-07,0530,N21,n,2.0NRT,301.0,5.0,D"]
    (tmp_path / "firms.csv").write_text("\n".join(rows) + "\n", "utf-8")
    assert main(["fires", "ingest", str(tmp_path / "firms.csv")]) == 0
    with FireStore(data_dir()) as store:
        assert visible(store)["level"].tolist() == [NRT]
        held = {(level, rows) for _, _, level, rows, *_ in store.manifest.counts()}
    assert held == {(URT, len(FIRES)), (NRT, 1)}


def test_a_pass_that_firms_has_not_reached_yet_is_shown_beside_what_it_has(scene, tmp_path, capfd):
    rows = [FIRMS, "33.6001,116.9002,345.0,0.4,0.4,2025-04-07,0348,N21,n,2.0NRT,301.0,5.0,D"]
    (tmp_path / "firms.csv").write_text("\n".join(rows) + "\n", "utf-8")
    assert main(["fires", "ingest", str(tmp_path / "firms.csv")]) == 0
    assert main(["fires", "detect", str(scene), "--out", str(tmp_path / "run"), "--ingest"]) == 0
    with FireStore(data_dir()) as store:
        assert sorted(visible(store)["level"].tolist()) == [URT] * len(FIRES) + [NRT]


def test_what_decided_is_kept_beside_the_detections_in_the_store(scene, tmp_path, capfd):
    assert main(["fires", "detect", str(scene), "--out", str(tmp_path / "run"), "--ingest"]) == 0
    with FireStore(data_dir()) as store:
        frame = visible(store)
        extra = store.manifest.extra(frame["key"].tolist())
    assert list(frame.columns) == list(FIRE_PIXELS.names)
    kept = [json.loads(text) for texts in extra.values() for text in texts]
    assert len(kept) == len(FIRES)
    assert {one["detector"].partition("@")[0] for one in kept} == {"viirs_i"}
    assert all(one["mask_code"] in {"7", "8", "9"} and one["reasons"] for one in kept)


def test_a_bad_scene_is_said_in_one_line_and_keeps_nothing(scene, tmp_path, capfd):
    layers = bands()
    layers["t4"] = np.full_like(layers["t4"], 17_000.0)
    bad = write_stack(tmp_path / "in" / "bad.tif", layers)
    assert main(["fires", "detect", str(bad)]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert list((data_dir() / "scenes").iterdir()) == []


def test_a_product_that_is_not_known_is_answered_with_those_that_are(scene, tmp_path, capfd):
    assert main(["fires", "detect", str(scene), "--product", "nope", "--out", str(tmp_path / "run")]) == 2
    said = capfd.readouterr().err
    assert "“nope”" in said
    assert all(name in said for name in Catalog.load().scenes)
