"""The tests that hold a candidate against its background, as the rule states them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.fires.detection.sections import DetectorRule, Glint
from geoaq.frames.scenes import GLINT, LAND, NOMINAL, WATER, Marks

Bools = npt.NDArray[np.bool_]
Pixels = Mapping[str, npt.NDArray[Any]]


class Verdict(NamedTuple):
    """What is made of some pixels.

    Attributes
    ----------
    code
        Their codes of the mask; fires are `NOMINAL` here unless they were more before.
    rejected
        By which rejection they are no fires, empty for none.
    """

    code: Marks
    rejected: npt.NDArray[np.str_]


def stands_out(pixels: Pixels, rule: DetectorRule) -> Bools:
    """Say which pixels stand out of their background; those without one do not.

    Parameters
    ----------
    pixels
        ``t4_k t11_k day`` and what `geoaq.fires.detection.background.backgrounds` finds, by name.
    """
    by = rule.contextual
    t4, t11, day = pixels["t4_k"], pixels["t11_k"], pixels["day"]
    dt = t4 - t11
    warm = (t11 > pixels["mean11"] + pixels["mad11"] - by.t11_below) | (pixels["fires_mad"] > by.fires_mad)
    return np.asarray(
        (dt > pixels["mean_dt"] + np.where(day, by.day_dt_mads, by.night_dt_mads) * pixels["mad_dt"])
        & (dt > pixels["mean_dt"] + np.where(day, by.day_dt_over, by.night_dt_over))
        & (t4 > pixels["mean4"] + np.where(day, by.day_t4_mads, by.night_t4_mads) * pixels["mad4"])
        & (~day | warm)
    )


def verdicts(pixels: Pixels, rule: DetectorRule) -> Verdict:
    """Return what becomes of pixels that stand out of their background, or are hot beyond doubt.

    Parameters
    ----------
    pixels
        ``t4_k t11_k day``, ``certain`` (bool: hot beyond doubt), ``code`` (of the mask so far),
        ``over_water``, ``red nir swir``, ``glint_deg`` (NaN asks nothing), and the background by name.
    """
    certain, day = pixels["certain"], pixels["day"]
    ground = np.where(pixels["over_water"], np.uint8(WATER), np.uint8(LAND))
    code = np.where(certain, pixels["code"], np.uint8(NOMINAL))
    rejected = np.full(len(code), "", "U8")
    tests = {"desert": _desert, "glint": _glint, "coast": _coast, "clearing": _clearing}
    for name in rule.rejections:
        asked = ~certain | (name == "glint" and rule.glint_of_fixed)
        out = asked & day & (rejected == "") & tests[name](pixels, rule)
        code = np.where(out, np.uint8(GLINT) if name == "glint" else ground, code)
        rejected[out] = name
    return Verdict(code.astype(np.uint8), rejected)


def _desert(pixels: Pixels, rule: DetectorRule) -> Bools:
    by, fires = rule.desert, pixels["fires"]
    return np.asarray(
        (fires > by.share * pixels["n_valid"])
        & (fires > by.over)
        & (pixels["nir"] > by.nir)
        & (pixels["fires_mean"] < by.mean_below)
        & (pixels["fires_mad"] < by.mad_below)
        & (pixels["t4_k"] < pixels["fires_mean"] + by.mads * pixels["fires_mad"])
    )


def _glint(pixels: Pixels, rule: DetectorRule) -> Bools:
    found = np.zeros(len(pixels["glint_deg"]), bool)
    for one in rule.glints:
        found |= _mirrors(pixels, one)
    return found


def _mirrors(pixels: Pixels, by: Glint) -> Bools:
    found = np.asarray(pixels["glint_deg"] < by.within)
    limits = {"red": by.red, "nir": by.nir, "swir": by.swir}
    for name, limit in limits.items():
        if limit is not None:
            found = found & (pixels[name] > limit)
    if by.sum is not None:
        found = found & (pixels["red"] + pixels["nir"] > by.sum)
    if by.near_water:
        found = found & (pixels["waters"] > 0)
    return found


def _coast(pixels: Pixels, rule: DetectorRule) -> Bools:
    mixed = np.where(pixels["over_water"], pixels["lands"] > 0, pixels["open"] > 0)
    return np.asarray(mixed & rule.coast)


def _clearing(pixels: Pixels, rule: DetectorRule) -> Bools:
    by = rule.clearing
    return np.asarray(
        ~pixels["over_water"]
        & (pixels["t11_k"] > pixels["mean11"] + by.t11_mads * pixels["mad11"])
        & (pixels["nir"] > by.nir)
        & (pixels["t4_k"] < by.t4_below)
    )
