"""The wind on a card: context, it decides nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geoaq.cards import projects
from geoaq.flows.border import Leeward, leeward
from geoaq.report.numbers import fixed, grouped
from web.language import reader, text
from web.rooms import rooms

_CITIES = 4
_DECIMALS = 4


def downwind_card(folder: Path, row: int, part: int) -> dict[str, Any] | None:
    """Return the rose of a project, the provinces downwind in words, and their sectors as GeoJSON.

    ``petals`` are shares of hours by where the wind comes from, north first, clockwise.
    """
    found = leeward(folder, row, part, layers_dir=rooms().settings.data / "layers")
    if found is None:
        return None
    rose = found.wind.rose
    return {
        "text": text(
            "wind_of",
            name=found.wind.series["name"] or text(f"wind_{found.wind.kind}"),
            hours=grouped(rose.hours),
            calm=_percent(rose.calm),
        ),
        "petals": [round(float(share), 4) for share in rose.blows_from],
        "provinces": [
            {
                "name": projects.province(one.province, reader()),
                "text": text("wind_toward", share=_percent(one.share), cities=_cities(one.cities)),
            }
            for one in found.provinces
        ],
        "sectors": _sectors(found),
    }


def _cities(cities: Any) -> str:
    said = [text("wind_city", name=one.name, km=fixed(one.distance_km, 0)) for one in cities[:_CITIES]]
    return "".join(f" · {one}" for one in said)


def _sectors(found: Leeward) -> dict[str, Any]:
    features = []
    for province, polygon in found.sectors:
        ring = [[round(lon, _DECIMALS), round(lat, _DECIMALS)] for lon, lat in polygon.exterior.coords]
        shape = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"adcode": province}, "geometry": shape})
    return {"type": "FeatureCollection", "features": features}


def _percent(share: float) -> str:
    return f"{fixed(100 * share, 1)}%"
