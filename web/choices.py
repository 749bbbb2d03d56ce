"""Which subjects a request asks for: the same words for the list, for the map's points and for its tiles."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from flask import request

from geoaq.errors import InputError
from geoaq.maps import inside, parse_area
from geoaq.store.choice import Choice

_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})", re.ASCII)
_CODE = re.compile(r"[0-9]{6}", re.ASCII)
_TEXT_MAX = 100


@dataclass(frozen=True)
class DrawnArea:
    """A polygon as `geoaq.maps.parse_area` reads it."""

    corners: str

    def __call__(self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Say which points lie inside, degrees WGS 84."""
        return inside(lon, lat, parse_area(self.corners))


def choice() -> Choice:
    """Return the subjects that the arguments of this request ask for.

    Raises
    ------
    InputError
        ``bad_query``: a text of more than 100 characters, a code that is none of GB/T 2260, or years that
        are none; ``area_invalid``.
    """
    asked = request.args
    for name in ("rule", "county", "timing", "consultee", "q"):
        if len(asked.get(name, "")) > _TEXT_MAX:
            raise InputError("bad_query", name=name, value=asked[name][:40])
    for name in ("county", "consultee"):
        if asked.get(name) and not _CODE.fullmatch(asked[name]):
            raise InputError("bad_query", name=name, value=asked[name][:40])
    return Choice(
        verdict=tuple(sorted(set(asked.getlist("verdict")[:8]))),
        rule=asked.get("rule", ""),
        county=asked.get("county", ""),
        timing=asked.get("timing", ""),
        consultee=asked.get("consultee", ""),
        text=asked.get("q", "").strip(),
        area=_area(asked.get("area", "")),
        years=_years(asked.get("years", "")),
    )


def _area(stated: str) -> DrawnArea | None:
    if not stated:
        return None
    parse_area(stated)
    return DrawnArea(stated)


def _years(stated: str) -> tuple[int, int] | None:
    if not stated:
        return None
    found = _YEARS.fullmatch(stated)
    if found is None:
        raise InputError("bad_query", name="years", value=stated[:40])
    return int(found[1]), int(found[2])
