"""How sure a fire is: by the pixels beside it, or by ramps."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.fires.detection.buffer import beside
from geoaq.fires.detection.judging import Bools, Pixels
from geoaq.fires.detection.sections import Neighbours, Ramps
from geoaq.frames.scenes import GLINT, HIGH, LOW, NOMINAL, Doubles, Marks

Texts = npt.NDArray[np.object_]


class Sure(NamedTuple):
    """Codes, reasons (joined by semicolons, in order) and percents (-1 for none) of fires."""

    code: Marks
    reasons: Texts
    percent: npt.NDArray[np.int8]


def may_be_residual(pixels: Pixels, by: Neighbours) -> Bools:
    """Say which pixels look like saturation beside a fire, if there is one: ``t4_k t11_k``."""
    t4, t11 = pixels["t4_k"], pixels["t11_k"]
    return np.asarray((t11 >= by.residual_t11) | (t4 == by.residual_t4) | (t4 - t11 < 0.0))


def by_neighbours(pixels: Pixels, mask: Marks, by: Neighbours) -> Sure:
    """Return how sure fires are, and which pixels beside them are saturation; the mask takes what is found.

    Parameters
    ----------
    pixels
        Fires, and after them pixels that are saturation if a fire is beside them: ``line sample t4_k t11_k
        day glint_deg warmest beside contextual reasons``, the last empty for those that are no fires.
    mask
        Codes of the whole scene with all fires in it; it is changed.
    """
    lines, samples = pixels["line"], pixels["sample"]
    y, x, inside = beside(lines, samples, *mask.shape)
    around = np.where(inside, mask[y, x], 0)
    code, reasons = mask[lines, samples], pixels["reasons"].astype(object)
    t4 = pixels["t4_k"]
    doubtful = (t4 - pixels["t11_k"] <= by.low_dt) | (pixels["glint_deg"] < by.low_glint)
    doubtful &= pixels["contextual"] & pixels["day"] & (code == NOMINAL)
    none = pixels["beside"] == 0
    with np.errstate(invalid="ignore"):
        weak = ~_burning(around) & ~none & (t4 - pixels["warmest"] < by.low_over)
    glinting = np.count_nonzero(around == GLINT, axis=1) >= by.low_glint_count
    for name, found in (("isolated", weak), ("no_neighbour", none), ("glint_near", glinting)):
        reasons[doubtful & found] += f";{name}"
    mask[lines[doubtful & (weak | none | glinting)], samples[doubtful & (weak | none | glinting)]] = LOW

    code = mask[lines, samples]
    residual = pixels["day"] & (code != HIGH) & (code != GLINT) & may_be_residual(pixels, by)
    residual &= _burning(np.where(inside, mask[y, x], 0))
    fires = reasons != ""
    reasons[residual & fires & (code == NOMINAL)] += ";residual"
    reasons[residual & ~fires] = "residual"
    mask[lines[residual], samples[residual]] = LOW
    return Sure(mask[lines, samples], reasons, np.full(len(lines), -1, np.int8))


def by_ramps(pixels: Pixels, by: Ramps, *, candidates_only: bool) -> Sure:
    """Return how sure fires are by the geometric mean of ramps (Giglio et al., 2003), whole per cents.

    Parameters
    ----------
    pixels
        ``t4_k t11_k day``, the background by name, ``clouds_beside waters_beside``, ``reasons``, and
        ``compared confirmed``: what earlier days speak of, and what they confirm.
    candidates_only
        Whether nothing is more than nominal, and a candidate, unless it is confirmed.
    """
    t4, day = pixels["t4_k"], pixels["day"]
    with np.errstate(divide="ignore", invalid="ignore"):
        over4 = (t4 - pixels["mean4"]) / pixels["mad4"]
        over_dt = (t4 - pixels["t11_k"] - pixels["mean_dt"]) / pixels["mad_dt"]
    first = np.where(day, _ramp(t4, by.day_t4), _ramp(t4, by.night_t4))
    three = first * _ramp(over4, by.t4_mads) * _ramp(over_dt, by.dt_mads)
    five = (1.0 - _ramp(pixels["clouds_beside"], by.beside)) * (
        1.0 - _ramp(pixels["waters_beside"], by.beside)
    )
    mean = np.where(day, (three * five) ** 0.2, np.cbrt(three))
    share = np.where(np.isnan(pixels["mean4"]), first, mean)
    percent = np.floor(100.0 * share + 1e-9).astype(np.int8)  # as the product of collection 6 cuts it off
    code = np.where(percent >= by.high_pct, HIGH, np.where(percent >= by.nominal_pct, NOMINAL, LOW))
    reasons = pixels["reasons"].astype(object)
    if candidates_only:
        open_yet = ~pixels["confirmed"]
        code = np.where(open_yet, np.minimum(code, NOMINAL), code)
        reasons[open_yet] += ";candidate"
        reasons[open_yet & pixels["compared"]] += ";as_before"
        reasons[~open_yet] += ";above_before"
    return Sure(code.astype(np.uint8), reasons, percent)


def _burning(codes: npt.NDArray[Any]) -> Bools:
    """Say which rows of codes hold a nominal or certain fire."""
    return np.asarray(((codes == NOMINAL) | (codes == HIGH)).any(axis=1))


def _ramp(values: npt.NDArray[Any], ramp: tuple[float, ...]) -> Doubles:
    """Return 0 up to the first number, 1 from the second on, a line between; 0 for NaN."""
    share = np.clip((values - ramp[0]) / (ramp[1] - ramp[0]), 0.0, 1.0)
    return np.asarray(np.where(np.isnan(share), 0.0, share))
