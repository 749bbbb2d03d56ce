"""The synthetic scene for trying an installation: written, read again, and searched as one from a station."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geoaq.catalog import Catalog
from geoaq.cli import main
from geoaq.errors import InputError
from geoaq.fires.detection import detect, detector_rule
from geoaq.flows.fires.scene_sample import write_sample
from geoaq.frames.scenes import LOW
from geoaq.io.scenes import open_scene


def found(path: Path, sensor: str) -> tuple[np.ndarray, str]:
    """Return the mask of a scene in a file, and its satellite."""
    catalog = Catalog.load()
    with open_scene([path], catalog.scenes["swath_stack"], catalog.scenes) as scene:
        rule = detector_rule(catalog.detector(scene.detector), scene.detector)
        assert scene.detector == sensor
        return detect(scene, rule, progress=lambda *_: None).mask, scene.satellite


@pytest.mark.parametrize(
    ("sensor", "rows", "night", "frp_mw", "least"),
    [("viirs_i", 64, False, 16.0, 0.9), ("viirs_i", 64, True, 4.0, 0.9), ("modis", 300, False, 100.0, 0.7)],
    ids=["day", "night", "modis"],
)
def test_what_was_planted_hot_enough_is_found_in_the_file(
    tmp_path: Path, sensor: str, rows: int, night: bool, frp_mw: float, least: float
) -> None:
    sample = write_sample(tmp_path / "new", sensor=sensor, rows=rows, seed=3, night=night)
    mask, satellite = found(sample.scene, sensor)
    truth = pd.read_csv(sample.truth)
    assert satellite == "synthetic"
    assert len(truth) == sample.planted > 100
    hot = (truth["temperature_k"] > 800.0) & (truth["frp_mw"] > frp_mw) & (truth["kind"] != "lone_fire")
    strong = truth[hot & (truth["sight"] == "clear")]
    assert len(strong) > 5
    assert (
        mask[strong["line"], strong["sample"]] >= LOW
    ).mean() >= least  # pixels of MODIS grow tenfold to the edge
    far = np.ones(mask.shape, bool)
    for line, sample_ in zip(truth["line"], truth["sample"], strict=True):
        far[max(line - 1, 0) : line + 2, max(sample_ - 1, 0) : sample_ + 2] = False
    assert (far & (mask >= LOW)).sum() <= 2
    assert "合成数据" in (tmp_path / "new" / "README.txt").read_text("utf-8")


def test_the_same_seed_gives_the_same_bytes_and_nothing_is_written_over(tmp_path: Path) -> None:
    first, second = (
        write_sample(tmp_path / name, sensor="viirs_i", rows=64, seed=3, night=False) for name in ("a", "b")
    )
    assert first.scene.read_bytes() == second.scene.read_bytes()
    assert first.truth.read_bytes() == second.truth.read_bytes()
    with pytest.raises(InputError) as error:
        write_sample(tmp_path / "a", sensor="viirs_i", rows=64, seed=3, night=False)
    assert error.value.code == "out_file_exists"


def test_the_command_writes_a_sample_and_says_that_it_is_synthetic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fires", "scene-sample", str(tmp_path / "new"), "--rows", "64"]) == 0
    assert "synthetic-viirs_i.tif" in capsys.readouterr().out
    for wrong in (["--rows", "65"], ["--rows", "32"], ["--sensor", "none"]):
        assert main(["fires", "scene-sample", str(tmp_path / "other"), *wrong]) == 2
        assert wrong[1] in capsys.readouterr().err
    assert not (tmp_path / "other").exists()
