"""The detector of 375 m for simulated scenes, with its own numbers or with one of them changed."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from geoaq.fires.detection import Detections, DetectorRule, detect, detector_rule
from geoaq.fires.simulate.scene import SyntheticScene
from geoaq.fires.simulate.trials import Detect
from geoaq.frames.scenes import Marks

FILE = Path(__file__).resolve().parents[3] / "layers" / "product" / "detector" / "viirs_i.toml"
#: Whether the tests run at the size that a release is accepted with.
FULL_SIZE = os.environ.get("GEOAQ_TEST_FULL_SIZE") == "1"


@cache
def rule(*changes: tuple[str, str, float]) -> DetectorRule:
    """Return the rule, some numbers of it changed: section, key, number."""
    table = tomllib.loads(FILE.read_text("utf-8"))
    for section, key, number in changes:
        table[section][key] = number
    return detector_rule(table, "viirs_i")


def detections(scene: SyntheticScene, with_rule: DetectorRule | None = None) -> Detections:
    return detect(scene, with_rule or rule(), progress=lambda *_: None)


def masks(*changes: tuple[str, str, float]) -> Detect:
    """Return what gives the mask of a scene."""
    changed = rule(*changes)
    return lambda scene: detections(scene, changed).mask


def planted(scene: SyntheticScene, mask: Marks) -> pd.DataFrame:
    """Return the truth with the code that each planted thing got."""
    line, sample = (scene.truth[name].to_numpy(np.int64) for name in ("line", "sample"))
    return scene.truth.assign(code=mask[line, sample])
