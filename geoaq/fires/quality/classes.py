"""What a pixel is taken for: evidence is gathered as reasons, and reasons make the class; nothing is dropped.

The order of judging: what is known to be hot anyway (the register, users' polygons, the type by FIRMS),
unless it burns as that source never did, inside a window; else land cover and calendar; then what casts a
doubt.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.fires.quality.places import Shapes, sources_at, touched
from geoaq.fires.quality.rule import QualityRule
from geoaq.fires.quality.sun import by_day
from geoaq.fires.quality.windows import IN, OFF, UNSTATED, season
from geoaq.frames import FIRE_CLASSES

#: Codes of reasons in the order in which they are given; their words stand in ``wording/fire_quality.toml``.
REASONS = (
    "static_register", "user_polygon", "firms_static", "firms_volcano", "firms_offshore", "burst",
    "roof_polygon", "near_plant", "low_confidence", "weak_night", "seen_nearby", "cropland", "cropland_part",
    "no_cropland", "coarse_cover", "cropland_unknown", "window", "off_window", "no_window", "night",
)  # fmt: skip
#: The classes, the one that speaks for an event first.
_FOR_EVENTS = ("straw_likely", "mixed", "unknown", "not_cropland", "suspect", "static")
# A person or a camera that saw it is no satellite: neither register nor land cover contradicts them.
_CODE = {name: code for code, name in enumerate(FIRE_CLASSES)}
_NEARBY = ("camera", "tower", "drone", "report")
Flags = npt.NDArray[np.bool_]


def classify(
    pixels: pd.DataFrame,
    footprints: Shapes,
    *,
    crop_share: npt.NDArray[np.float32],
    sources: pd.DataFrame,
    polygons: pd.DataFrame,
    rule: QualityRule,
    coarse: bool = True,
) -> pd.DataFrame:
    """Say what each pixel is taken for, and why; each by itself, so that later pixels change nothing.

    Parameters
    ----------
    pixels
        `geoaq.frames.FIRE_PIXELS` and ``adcode`` of the centre ('' outside).
    footprints
        Of the pixels, shape (n,), or what gives them at rows, for polygons that they touch; None: only
        centres are asked.
    crop_share
        As `crop_shares` returns it, NaN unknown.
    sources
        Rows of a register (`learn`), without those that a review has rejected. One counts for pixels from
        ``learned_as_of`` until ``expires``, so that a register of several months may be given as one.
    polygons
        Users' places, ``kind geometry begin end`` (shapely, degrees WGS 84, polygons or points); of kinds
        that the rule does not know none counts. One counts for pixels from ``begin`` until before ``end``
        (seconds since 1970 UTC).
    rule
        The numbers.
    coarse
        The land cover is coarse (cells wider than ``coarse_cell_m``): that it shows no crops proves nothing.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``pixels``: ``class`` (one of `geoaq.frames.FIRE_CLASSES`), ``reasons`` (codes of
        `REASONS` in that order, joined by ';'), ``crop_share`` (float32), ``static_source`` (id in whose
        reach the pixel lies, also of a burst; else ''); all but the share categorical.
    """
    n = len(pixels)
    seen = _Evidence(n)
    source, strongest = sources_at(pixels, sources, rule)
    share = np.asarray(crop_share, np.float32)
    when = season(pixels["adcode"], pixels["acquired"].to_numpy(np.int64), rule.windows)
    nearby = pixels["kind"].isin(_NEARBY).to_numpy(bool)
    fire_type, dark = pixels["fire_type"].to_numpy(), by_day(pixels)
    power = pixels["frp_mw"].to_numpy(np.float32)
    hot, glinting, beside = touched(pixels, footprints, polygons, rule)

    listed = seen.note("static_register", source >= 0)
    declared = seen.note("user_polygon", hot)
    typed = seen.note("firms_static", fire_type == 2) | seen.note("firms_volcano", fire_type == 1)
    offshore = seen.note("firms_offshore", fire_type == 3)
    with np.errstate(invalid="ignore"):
        burst = seen.note("burst", listed & (power > rule.burst_times * strongest) & (when != OFF))
        weak = seen.note("weak_night", (dark == 0) & (power < rule.weak_night_mw))
        most = seen.note("cropland", share >= rule.cropland)
        part = seen.note("cropland_part", (share >= rule.part) & ~most)
        none = seen.note("no_cropland", share < rule.part)
    roof = seen.note("roof_polygon", glinting & (dark != 0))
    doubt = seen.note("near_plant", beside & ~hot)
    confidence = pixels["confidence"].to_numpy()
    doubt |= seen.note(
        "low_confidence", (confidence >= 0) & (confidence <= rule.suspect_confidence) & (dark != 0)
    )
    seen.note("seen_nearby", nearby)
    unsure = seen.note("coarse_cover", none & coarse & (when != OFF))
    seen.note("cropland_unknown", ~(most | part | none))
    seen.note("window", when == IN)
    seen.note("off_window", when == OFF)
    seen.note("no_window", when == UNSTATED)
    seen.note("night", dark == 0)

    likely = most & ((when == IN) | ((when == UNSTATED) & (dark == 1)))
    plain = ~nearby
    named = np.full(n, _CODE["unknown"], np.int8)
    named[none & ~unsure & plain] = _CODE["not_cropland"]
    named[most | part] = _CODE["mixed"]
    named[likely] = _CODE["straw_likely"]
    named[doubt & plain & ~((most | part) & (when != OFF))] = _CODE["suspect"]
    named[likely & (doubt | weak) & plain] = _CODE["mixed"]
    named[roof & plain] = _CODE["suspect"]
    named[offshore] = _CODE["not_cropland"]
    hot_anyway = ((listed & ~burst) | declared | typed) & plain
    # What a higher office pushed has to be answered whatever burns there: it stays an event, a doubtful one.
    pushed = (pixels["kind"] == "push").to_numpy(bool)
    named[hot_anyway] = np.where(pushed, _CODE["suspect"], _CODE["static"])[hot_anyway]
    ids = pd.Index(pd.unique(sources["source"].astype(object)), dtype=object)
    codes = np.zeros(n, np.int32)
    codes[listed] = ids.get_indexer(pd.Index(sources["source"].to_numpy(object)[source[listed]])) + 1
    return pd.DataFrame(
        {
            "class": pd.Categorical.from_codes(named, pd.Index(FIRE_CLASSES)),
            "reasons": seen.words(),
            "crop_share": share,
            "static_source": pd.Categorical.from_codes(codes, ids.insert(0, "")),
        },
        index=pixels.index,
    )


def event_class(classes: pd.Series[Any]) -> str:
    """Return the class of an event from those of its pixels: the best-supported, as `event_classes` says."""
    return str(event_classes(classes, np.zeros(len(classes), np.int32))[0]) if len(classes) else "unknown"


def event_classes(classes: pd.Series[Any], labels: npt.NDArray[np.int32]) -> npt.NDArray[np.object_]:
    """Return the class of each event: that of its best-supported pixel.

    ``straw_likely`` if any is, else ``mixed``, ``unknown``, ``not_cropland``, ``suspect``, ``static``.

    Parameters
    ----------
    classes
        Of the pixels, names of `geoaq.frames.FIRE_CLASSES`; quick when categorical.
    labels
        The event of each pixel, 0…n-1, as `geoaq.fires.events.cluster` returns them.
    """
    rank = {name: place for place, name in enumerate(_FOR_EVENTS)}
    named = classes if isinstance(classes.dtype, pd.CategoricalDtype) else classes.astype("category")
    ranks = np.array([rank[name] for name in named.cat.categories], np.int8)[named.cat.codes.to_numpy()]
    best = np.full(int(labels.max(initial=-1)) + 1, len(_FOR_EVENTS) - 1, np.int8)
    np.minimum.at(best, labels, ranks)
    return np.array(_FOR_EVENTS, object)[best]


class _Evidence:
    """The reasons of each pixel, one bit each."""

    def __init__(self, n: int) -> None:
        self._bits = np.zeros(n, np.uint32)

    def note(self, reason: str, pixels: Flags) -> Flags:
        """Note a reason for some pixels and return them."""
        self._bits[pixels] |= np.uint32(1 << REASONS.index(reason))
        return pixels

    def words(self) -> pd.Categorical[Any]:
        """Return the reasons of each pixel joined by ';'."""
        used = np.flatnonzero(np.bincount(self._bits, minlength=1))
        code = np.zeros(int(used.max(initial=0)) + 1, np.int32)
        code[used] = np.arange(len(used))
        texts = [";".join(name for k, name in enumerate(REASONS) if bits >> k & 1) for bits in used.tolist()]
        words: pd.Categorical[Any] = pd.Categorical.from_codes(
            code[self._bits], pd.Index(texts, dtype=object)
        )
        return words
