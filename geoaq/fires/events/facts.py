"""What an event inherits from its judged pixels: land, county, confidence and level."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.fires.events.sums import Labels

_PLACE = ("adcode", "county", "city_adcode", "city", "province_adcode", "province")
_AREAS = ("township", "townships", "disputed_township", "villages", "grids")


def facts(pixels: pd.DataFrame, labels: Labels, *, names: Callable[[pd.Index], pd.DataFrame]) -> pd.DataFrame:
    """Return one row for each event, indexed by its number in ``labels``.

    Parameters
    ----------
    pixels
        ``crop_share confidence adcode disputed_border level`` of `geoaq.frames.FIRE_JUDGED`, and
        ``township disputed_township village grid`` where an office has loaded such areas.
    labels
        Event of each pixel, 0…n-1 without gaps, as `geoaq.fires.events.cluster` returns them.
    names
        Gives ``county city_adcode city province_adcode province`` of county codes, aligned; '' for ''.

    Returns
    -------
    pandas.DataFrame
        ``crop_share`` (mean over the pixels that have one, NaN for none), ``confidence`` (highest, -1
        unknown), the county with most pixels (of equals the one with the lowest code; '' when all lie
        outside) with its names, ``counties`` (``adcode=pixels`` of every county, most pixels first, joined
        by ';'), ``disputed_border`` (of any pixel, pixels of several counties, or some outside them all),
        ``level`` (the lowest);
        in the same way ``township townships disputed_township villages grids``.
    """
    count = int(labels.max(initial=-1)) + 1
    share = pixels["crop_share"].to_numpy(np.float64)
    known = ~np.isnan(share)
    having = np.bincount(labels[known], minlength=count)
    total = np.bincount(labels[known], weights=share[known], minlength=count)
    with np.errstate(invalid="ignore"):
        mean = np.where(having > 0, total / having, np.nan)
    table = pd.DataFrame({"crop_share": mean})
    table["confidence"] = _extreme(np.maximum, pixels["confidence"], labels, count, -1)
    adcode, counties, several = _counted(pixels["adcode"], labels, count)
    table["adcode"] = adcode
    table = pd.concat([table, names(pd.Index(adcode)).reset_index(drop=True)], axis=1)
    table["counties"] = counties
    disputed = np.bincount(labels[pixels["disputed_border"].to_numpy(bool)], minlength=count) > 0
    beyond = np.bincount(labels[(pixels["adcode"] == "").to_numpy(bool)], minlength=count) > 0
    table["disputed_border"] = disputed | several | (beyond & (adcode != ""))
    table["level"] = _extreme(np.minimum, pixels["level"], labels, count, np.iinfo(np.int8).max)
    table["township"], table["townships"], several = _areas(pixels, "township", labels, count)
    table["disputed_township"] = several
    if "disputed_township" in pixels:
        across = labels[pixels["disputed_township"].to_numpy(bool)]
        table["disputed_township"] = several | (np.bincount(across, minlength=count) > 0)
    table["villages"] = _areas(pixels, "village", labels, count)[1]
    table["grids"] = _areas(pixels, "grid", labels, count)[1]
    return table[["crop_share", "confidence", *_PLACE, "counties", "disputed_border", *_AREAS, "level"]]


def _areas(
    pixels: pd.DataFrame, name: str, labels: Labels, count: int
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """Return what `_counted` does of areas that an office may have loaded."""
    if name in pixels:
        return _counted(pixels[name], labels, count)
    none = np.full(count, "", object)
    return none, none, np.zeros(count, bool)


def _extreme(
    which: np.ufunc, values: pd.Series[int], labels: Labels, count: int, start: int
) -> npt.NDArray[np.int64]:
    found = np.full(count, start, np.int64)
    which.at(found, labels, values.to_numpy(np.int64))
    return found


def _counted(
    adcode: pd.Series[str], labels: Labels, count: int
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """Return the area of each event, all of them as text, and whether there are several."""
    words = adcode.astype("category").cat
    codes = np.array(words.categories, object)
    place = words.codes.to_numpy(np.int64)
    inside = np.flatnonzero(codes[place] != "") if len(codes) else np.empty(0, np.intp)
    pair, pixels = np.unique(
        labels[inside] * np.int64(max(len(codes), 1)) + place[inside], return_counts=True
    )
    event, county = np.divmod(pair, max(len(codes), 1))
    # Categories need not be in order: of equals the lowest code wins by its own order.
    rank = np.empty(len(codes), np.int64)
    rank[np.argsort(codes.astype(str), kind="stable")] = np.arange(len(codes))
    order = np.lexsort((rank[county], -pixels, event))
    event, county, pixels = event[order], county[order], pixels[order]
    first = np.flatnonzero(np.append(True, np.diff(event) != 0)[: len(event)])
    found, text = np.full(count, "", object), np.full(count, "", object)
    found[event[first]] = codes[county[first]]
    many = np.bincount(event, minlength=count) > 1
    parts = [f"{code}={n}" for code, n in zip(codes[county], pixels.tolist(), strict=True)]
    ends = np.append(first[1:], len(event))[: len(first)]
    for begin, end in zip(first.tolist(), ends.tolist(), strict=True):
        text[event[begin]] = ";".join(parts[begin:end])
    return found, text, many
