"""The datum detective: under which reading of its coordinates do a list's points fall where its rows say.

GCJ-02 and WGS 84 differ by some 500 m, so only points near a county line can tell them apart: readings are
compared by the rows that change sides (a paired sign test), not by shares alone. A short list, or one whose
rows do not change sides, cannot tell, and the answer says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from geoaq.crs import gk_zones, northing_column, to_wgs84
from geoaq.findings import TRUE, UNKNOWN, Tri

Floats: TypeAlias = npt.NDArray[np.float64]
InStatedPlace: TypeAlias = Callable[[Floats, Floats], Tri]

# The rule of the verdict (docs/reference/datum.md): fewer rows than this say nothing, …
FEWEST_ROWS = 20
# … a reading that leaves most rows outside is none, …
LEAST_SHARE = 0.5
# … and it must beat every other one at this level of the two-sided sign test.
LEVEL = 0.01
# Metres begin where degrees end.
_PROJECTED_FROM = 1000.0
# Central meridians of 3° zones, 75–135° E; those of 6° zones are among them.
_ZONES = range(4534, 4555)


@dataclass(frozen=True)
class DatumScore:
    """How well a list's points fit the places that their rows state, under one reading.

    Parameters
    ----------
    datum
        ``wgs84`` (as CGCS2000), ``gcj02``, ``bd09``, ``swapped`` (axes exchanged, WGS 84), ``dms_as_decimal``
        (120.0930 means 120°09′30″), ``gk`` (zone in the easting) or ``gk:<EPSG code>``.
    n, inside, share
        Rows whose stated place is known, those that fall in it, and their ratio.
    only_best, only_this
        Rows inside under the best reading alone, and under this one alone.
    p_value
        Two-sided sign test of those two counts; 1 for the best reading itself.
    """

    datum: str
    n: int
    inside: int
    share: float
    only_best: int
    only_this: int
    p_value: float


@dataclass(frozen=True)
class DatumVerdict:
    """What the scores say: a code of ``wording/datum.toml``, the likely datum, and what stays possible."""

    code: str
    likely: str | None
    possible: tuple[str, ...]
    n: int


def score(x: npt.ArrayLike, y: npt.ArrayLike, in_stated_place: InStatedPlace) -> list[DatumScore]:
    """Score a whole list under every reading that its numbers allow, best first.

    Parameters
    ----------
    x, y
        Coordinates as the list has them, shape (n,): longitude and latitude, or two plane coordinates in any
        order.
    in_stated_place
        Given longitudes and latitudes (WGS 84, NaN where a reading fails) in the list's order, says which lie
        in the place that their row states; UNKNOWN where it states none.
    """
    first, second = np.asarray(x, np.float64), np.asarray(y, np.float64)
    names, truths = [], []
    for name, lon, lat in _readings(first, second):
        names.append(name)
        truths.append(in_stated_place(lon, lat))
    if not names:
        return []
    truth = np.stack(truths)
    usable = (truth != UNKNOWN).all(0)
    inside = (truth == TRUE) & usable
    counts = inside.sum(1)
    best = int(np.argmax(counts))
    n = int(usable.sum())
    scores = []
    for k, name in enumerate(names):
        only_best, only_this = int((inside[best] & ~inside[k]).sum()), int((inside[k] & ~inside[best]).sum())
        share = float(counts[k] / n) if n else 0.0
        p_value = sign_test(only_best, only_this)
        scores.append(DatumScore(name, n, int(counts[k]), share, only_best, only_this, p_value))
    return sorted(scores, key=lambda entry: -entry.inside)


def judge(scores: list[DatumScore]) -> DatumVerdict:
    """Say which reading is likely, or that the list cannot tell.

    ``likely`` needs at least `FEWEST_ROWS` rows, more than `LEAST_SHARE` of them inside, and a lead over
    every other reading that the sign test finds significant at `LEVEL`; else ``too_few``, ``none_fits``, or
    ``close`` with the readings that stay possible.
    """
    n = scores[0].n if scores else 0
    if n < FEWEST_ROWS:
        return DatumVerdict("too_few", None, tuple(entry.datum for entry in scores), n)
    best = scores[0]
    if best.share <= LEAST_SHARE:
        return DatumVerdict("none_fits", None, (), n)
    rivals = tuple(entry.datum for entry in scores[1:] if entry.p_value > LEVEL)
    if rivals:
        return DatumVerdict("close", None, (best.datum, *rivals), n)
    return DatumVerdict("likely", best.datum, (best.datum,), n)


def sign_test(more: int, fewer: int) -> float:
    """Return the two-sided p-value of a fair coin giving counts as uneven as these, or more so.

    Examples
    --------
    >>> sign_test(8, 0), sign_test(3, 3)
    (0.0078125, 1.0)
    """
    n = more + fewer
    if n == 0:
        return 1.0
    low = min(more, fewer)
    log_half = n * math.log(2)
    tail = math.fsum(
        math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - log_half)
        for k in range(low + 1)
    )
    return min(1.0, round(2 * tail, 12))


def _readings(x: Floats, y: Floats) -> Iterator[tuple[str, Floats, Floats]]:
    if np.nanmedian(np.abs(x)) >= _PROJECTED_FROM:
        yield from _plane(x, y)
        return
    for datum in ("wgs84", "gcj02", "bd09"):
        yield (datum, *to_wgs84(x, y, datum))
    yield ("swapped", *to_wgs84(y, x, "wgs84"))
    yield ("dms_as_decimal", *to_wgs84(from_packed_dms(x), from_packed_dms(y), "wgs84"))


def _plane(x: Floats, y: Floats) -> Iterator[tuple[str, Floats, Floats]]:
    easting, northing = (y, x) if northing_column(x, y) == 0 else (x, y)
    if (gk_zones(easting) > 0).any():
        yield ("gk", *to_wgs84(easting, northing, "gk"))
        return
    for epsg in _ZONES:
        yield (f"gk:{epsg}", *to_wgs84(easting, northing, f"gk:{epsg}"))


def from_packed_dms(packed: Floats) -> Floats:
    """Return degrees of numbers that hold degrees, minutes and seconds as DDD.MMSS…; NaN if they cannot.

    Examples
    --------
    >>> from_packed_dms(np.array([120.0930, 30.75])).round(6).tolist()
    [120.158333, nan]
    """
    units = np.round(packed * 1e8)  # 1e-8: hundredths of 0.01″, above the rounding of a double
    degrees = np.floor(units / 1e8)
    rest = units - degrees * 1e8
    minutes = np.floor(rest / 1e6)
    seconds = (rest - minutes * 1e6) / 1e4
    made = degrees + minutes / 60 + seconds / 3600
    return np.where((minutes < 60) & (seconds < 60), made, np.nan)
