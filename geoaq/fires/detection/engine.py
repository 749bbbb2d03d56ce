"""A scene is taken row by row, and what was found in it is brought together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import InputError
from geoaq.fires.detection.earlier import RowsBefore
from geoaq.fires.detection.judging import Pixels
from geoaq.fires.detection.power import powers
from geoaq.fires.detection.sections import DetectorRule, Neighbours
from geoaq.frames.scenes import HIGH, LOW, NOMINAL, Marks, Scene, Singles

MASK_NAMES = (
    "not_processed", "bow_tie", "glint", "water", "cloud", "land", "unclassified", "low", "nominal", "high",
)  # fmt: skip
PIXEL_COLUMNS: Mapping[str, str] = {
    "line": "int64", "sample": "int64", "code": "uint8", "confidence_pct": "int8", "lon": "float64",
    "lat": "float64", "acquired": "int64", "t4_k": "float64", "t11_k": "float64", "red": "float64",
    "nir": "float64", "swir": "float64", "sun_zenith": "float64", "view_zenith": "float64",
    "glint_deg": "float64", "day": "bool", "mean4": "float64", "mad4": "float64", "mean_dt": "float64",
    "mad_dt": "float64", "mean11": "float64", "mad11": "float64", "n_valid": "int64", "window": "int64",
    "frp_mw": "float64", "frp_method": "category", "scan_km": "float64", "track_km": "float64",
    "saturated": "bool", "folded": "bool", "reasons": "category",
}  # fmt: skip
BLOCK_ROWS = 64


class Detections(NamedTuple):
    """What was found in a scene.

    Attributes
    ----------
    mask
        Codes of `geoaq.frames.scenes`, shape (rows, columns).
    pixels
        A row for each pixel of code 7, 8 or 9, by line and sample; columns and their kinds in
        `PIXEL_COLUMNS`: ``acquired`` in seconds since 1970 UTC, lengths in km, temperatures in K, angles in
        degrees, ``confidence_pct`` -1 where the detector has no percents, the background NaN and ``window``
        0 where there is none, ``frp_mw`` NaN and ``frp_method`` empty where power cannot be said.
    notes
        Counts of pixels: each code of the mask by name, and what was skipped why.
    """

    mask: Marks
    pixels: pd.DataFrame
    notes: Mapping[str, int]


def detect(
    scene: Scene,
    rule: DetectorRule,
    *,
    progress: Callable[[int, int], None],
    background_t4: Singles | RowsBefore | None = None,
    block_rows: int = BLOCK_ROWS,
) -> Detections:
    """Find the fires in a scene.

    Rows are read once, in order, block by block; what is found does not depend on the blocks.

    Parameters
    ----------
    scene
        Rows with their places and times.
    rule
        The numbers of the detector for this sensor.
    progress
        Is told rows done and rows in all after each block; what it raises ends the work.
    background_t4
        For geostationary scenes the largest clear brightness temperature near 4 µm of the same slot of the
        days before, K, shape (rows, columns), NaN where none is known; or what gives it by rows.
    block_rows
        Rows that are read at once, even.

    Raises
    ------
    InputError
        ``scene_rows``: the scene gives arrays of another shape or kind than it says. ``scene_all_fire``:
        more fires than any scene has.
    """
    from geoaq.fires.detection.buffer import Buffer
    from geoaq.fires.detection.passing import Passing

    if block_rows < 2 or block_rows % 2:
        raise ValueError(f"block_rows = {block_rows} is not a positive even number")
    shape = (scene.rows, scene.columns)
    if min(shape) < 1:
        raise InputError("scene_rows", band="t4", shape=str(shape), wanted="(> 0, > 0)")
    if isinstance(background_t4, np.ndarray) and background_t4.shape != shape:
        raise InputError(
            "scene_rows", band="background_t4", shape=str(background_t4.shape), wanted=str(shape)
        )
    buffer = Buffer(scene, rule, block_rows)
    passing = Passing(buffer, background_t4)
    while buffer.loaded < scene.rows:
        passing.load()
        passing.decide(scene.rows if buffer.loaded == scene.rows else buffer.loaded - buffer.ahead)
        progress(buffer.loaded, scene.rows)
    fires = passing.fires()
    found, residual = _sure(fires, passing.beside_fires(), buffer.mask, rule)
    notes = dict(zip(MASK_NAMES, _counts(buffer.mask).tolist(), strict=True))
    notes |= passing.notes()
    notes |= {
        "fires": len(found),
        "saturated": int(found["saturated"].sum()),
        "folded": int(found["folded"].sum()),
        "residual": residual,
    }
    return Detections(buffer.mask, found, notes)


def _sure(fires: Pixels, others: Pixels, mask: Marks, rule: DetectorRule) -> tuple[pd.DataFrame, int]:
    """Return the rows of fires with confidence and power, and how many residual ones were added."""
    from geoaq.fires.detection.confidence import by_neighbours, by_ramps

    both = {name: np.concatenate([values, others[name]]) for name, values in fires.items()}
    order = np.lexsort((both["sample"], both["line"]))
    if isinstance(rule.confidence, Neighbours):
        sure = by_neighbours(both, mask, rule.confidence)
    else:
        sure = by_ramps(both, rule.confidence, candidates_only=rule.view.candidates_only)
        mask[both["line"], both["sample"]] = sure.code
    order = order[np.isin(sure.code, (LOW, NOMINAL, HIGH))[order] & (sure.reasons != "")[order]]
    both |= {"code": sure.code, "reasons": sure.reasons, "confidence_pct": sure.percent}
    found = {name: values[order] for name, values in both.items()}
    power = powers(found, mask.shape[1], rule.power)
    found |= {"frp_mw": power.frp_mw, "frp_method": power.method}
    added = int(np.count_nonzero(found["reasons"] == "residual"))
    frame = pd.DataFrame({name: found[name] for name in PIXEL_COLUMNS}).astype(dict(PIXEL_COLUMNS))
    return frame, added


def _counts(mask: Marks) -> npt.NDArray[np.int64]:
    """Return how often each code stands in the mask."""
    total = np.zeros(len(MASK_NAMES), np.int64)
    for rows in _slices(len(mask)):
        total += np.bincount(mask[rows].ravel(), minlength=len(MASK_NAMES))
    return total


def _slices(rows: int) -> Iterator[slice]:
    for start in range(0, rows, BLOCK_ROWS):
        yield slice(start, start + BLOCK_ROWS)
