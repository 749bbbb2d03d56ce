"""The wind on a card: context, it decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from geoaq.cards.projects import province
from geoaq.flows.border.leeward import Leeward, leeward
from geoaq.report.numbers import fixed, grouped
from geoaq.wording import say
from geoaq.zones.border.downwind import CityDownwind

_CITIES = 4
# A sector is a picture: 0.002 degrees are 0.2 km of its 100.
_TOLERANCE = 0.002
_DECIMALS = 4


def wind_card(folder: Path, row: int, part: int, *, layers_dir: Path, lang: str) -> dict[str, Any] | None:
    """Return the rose of a project, the provinces downwind in words, and their sectors as GeoJSON.

    Parameters are those of `geoaq.flows.border.leeward`; None where the office gave no wind. ``petals`` are
    shares of hours by where the wind comes from, north first, clockwise.
    """
    found = leeward(folder, row, part, layers_dir=layers_dir)
    if found is None:
        return None
    rose = found.wind.rose
    return {
        "text": say(
            "pages.wind_of",
            lang,
            name=found.wind.series["name"] or say(f"pages.wind_{found.wind.kind}", lang),
            hours=grouped(rose.hours),
            calm=_percent(rose.calm),
        ),
        "petals": [round(float(share), 4) for share in rose.blows_from],
        "provinces": [
            {
                "name": province(one.province, lang),
                "text": say(
                    "pages.wind_toward", lang, share=_percent(one.share), cities=_cities(one.cities, lang)
                ),
            }
            for one in found.provinces
        ],
        "sectors": _sectors(found),
    }


def _cities(cities: Iterable[CityDownwind], lang: str) -> str:
    named = list(cities)[:_CITIES]
    said = [say("pages.wind_city", lang, name=one.name, km=fixed(one.distance_km, 0)) for one in named]
    return "".join(f" · {one}" for one in said)


def _sectors(found: Leeward) -> dict[str, Any]:
    features = []
    for code, polygon in found.sectors:
        rim = polygon.exterior.simplify(_TOLERANCE)
        ring = [[round(lon, _DECIMALS), round(lat, _DECIMALS)] for lon, lat in rim.coords]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"adcode": code}, "geometry": shape})
    return {"type": "FeatureCollection", "features": features}


def _percent(share: float) -> str:
    return f"{fixed(100 * share, 1)}%"
