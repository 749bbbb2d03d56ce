"""A synthetic scene for trying an installation: a file as a station's decoder gives it, and its truth."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from geoaq.errors import InputError
from geoaq.fires.simulate.landscapes import MAKERS
from geoaq.fires.simulate.scene import SceneSpec, SyntheticScene, simulate_scene
from geoaq.fires.simulate.sensors import SENSORS
from geoaq.io.scenes import write_stack
from geoaq.wording import say

_FOLD_ABOVE_K = 500.0
_LOST_COLUMNS = 16
_LEAST_ROWS = 64
# 12 June 2025, 05:30 and 18:00 UTC, 115° E, 33° N: moment, zenith and azimuth of the sun, ground in K.
_DAY = (1_749_706_200, (18.3, 242.0), 303.0)
_NIGHT = (1_749_751_200, (119.0, 26.4), 291.0)


class Sample(NamedTuple):
    """What was written: the scene, the table of what was planted, and how many rows it has."""

    scene: Path
    truth: Path
    planted: int


def write_sample(folder: Path, *, sensor: str, rows: int, seed: int, night: bool) -> Sample:
    """Write a scene of a whole swath, its truth, and a note that both are synthetic; always the same bytes.

    Parameters
    ----------
    folder
        Where to write; made if need be.
    sensor
        A key of `geoaq.fires.simulate.sensors.SENSORS`, and of a detector.
    rows
        A whole number of scans, at least one square of landscape.
    seed
        Of what is drawn.
    night
        Whether it is a scene of a night.

    Raises
    ------
    InputError
        ``bad_option``: no such sensor, or rows that are no whole scans. ``out_file_exists``: nothing is
        written over.
    """
    if sensor not in SENSORS:
        raise InputError("bad_option", option="--sensor", value=sensor, expected=", ".join(SENSORS))
    scan = SENSORS[sensor].scan_rows
    least = -(-_LEAST_ROWS // scan) * scan
    if rows < least or rows % scan:
        expected = f"{least}, {least + scan}, {least + 2 * scan} …"
        raise InputError("bad_option", option="--rows", value=str(rows), expected=expected)
    paths = [folder / name for name in (f"synthetic-{sensor}.tif", "truth.csv", "README.txt")]
    for path in paths:
        if path.exists():
            raise InputError("out_file_exists", path=path)
    scene = _scene(sensor, rows, seed, night)
    folder.mkdir(parents=True, exist_ok=True)
    write_stack(paths[0], scene, detector=sensor)
    scene.truth.to_csv(paths[1], index=False, float_format="%.4f", lineterminator="\n")
    paths[2].write_text("".join(say("detect.synthetic", lang) + "\n" for lang in ("zh", "en")), "utf-8")
    return Sample(paths[0], paths[1], len(scene.truth))


def _scene(sensor: str, rows: int, seed: int, night: bool) -> SyntheticScene:
    start, sun, ground_k = _NIGHT if night else _DAY
    spec = SceneSpec(
        rows,
        SENSORS[sensor].samples,
        sensor=sensor,
        features=tuple(MAKERS),
        fold_above_k=_FOLD_ABOVE_K,
        deleted_rows=True,
        lost_columns=_LOST_COLUMNS,
        start=start,
        sun=sun,
        ground_k=ground_k,
    )
    return simulate_scene(spec, seed)
