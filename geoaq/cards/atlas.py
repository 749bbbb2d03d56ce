"""Built layers for a page: the GeoJSON that draws one, and places, plants and subjects by name."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from geoaq.cards.evidence import own_number, power
from geoaq.errors import ConfigError
from geoaq.io.built import open_layers
from geoaq.report.numbers import degrees
from geoaq.store import reading
from geoaq.store.choice import Choice

MOST_PLACES = 12
_KINDS = ("province", "city", "county", "plant", "subject")


def drawing(layers: Path, layer_id: str) -> Path:
    """Return the GeoJSON that draws a built layer.

    Parameters
    ----------
    layers
        ``GEOAQ_DATA/layers``.
    layer_id
        ``provinces``, ``counties/330000`` …; only names that the build wrote down.

    Raises
    ------
    NotFoundError
        No such layer.
    ConfigError
        ``layers_not_built``.
    """
    return open_layers(layers).display(layer_id)


def names(layers: Path) -> Path:
    """Return the JSON that says where the names of provinces, cities and counties stand.

    Parameters
    ----------
    layers
        ``GEOAQ_DATA/layers``.

    Raises
    ------
    ConfigError
        ``layers_not_built``; ``layers_stale``: the set was built before it held names.
    """
    path = open_layers(layers).names
    if not path.is_file():
        raise ConfigError("layers_stale")
    return path


def places(layers: Path, screening: Path | None, text: str, lang: str) -> list[dict[str, Any]]:
    """Return the places, plants and subjects whose name holds ``text``, the likeliest first.

    Parameters
    ----------
    layers
        ``GEOAQ_DATA/layers``.
    screening
        A finished screening, whose subjects are found too by name or number, or None.
    text
        Part of a name, or a code of GB/T 2260.
    lang
        ``zh`` or ``en``: units of capacities; names stay as they are.

    Returns
    -------
    list of dict
        At most `MOST_PLACES`: ``kind``, ``text``, ``detail``, ``lon``, ``lat`` (degrees, WGS 84), ``bounds``
        (west, south, east, north, or None) and ``key`` (``row-part`` of a subject, else None).
    """
    wanted = text.strip().lower()
    if not wanted:
        return []
    found = [] if screening is None else _subjects(screening, wanted, lang)
    for place in _places(open_layers(layers).places):
        if wanted in place["text"].lower() or place.get("adcode") == wanted:
            found.append({name: place.get(name) for name in _NAMES} | _said(place, lang))
    found.sort(key=lambda place: _likeliness(place, wanted))
    return found[:MOST_PLACES]


_NAMES = ("kind", "text", "detail", "lon", "lat", "bounds", "key")


def _said(place: dict[str, Any], lang: str) -> dict[str, str]:
    """Return the capacity of a plant in the units of the language; the index holds MW."""
    megawatts, space, unit = str(place["detail"]).partition(" ")
    if place["kind"] != "plant" or not space or unit != "MW":
        return {}
    return {"detail": power(float(megawatts), lang)}


def _likeliness(place: dict[str, Any], wanted: str) -> tuple[bool, bool, int, int]:
    """Sort what is meant exactly before what begins so, larger places before smaller ones."""
    text = str(place["text"]).lower()
    return text != wanted, not text.startswith(wanted), _KINDS.index(place["kind"]), len(text)


def _subjects(screening: Path, wanted: str, lang: str) -> list[dict[str, Any]]:
    positions = reading.chosen(screening, Choice(text=wanted))[:MOST_PLACES]
    return [
        {
            "kind": "subject",
            "text": one["name"] or one["subject_id"] or "",
            "detail": " ".join(filter(None, (own_number(one["subject_id"], lang), one["county"]))),
            "lon": degrees(one["lon"]),
            "lat": degrees(one["lat"]),
            "bounds": None,
            "key": f"{one['row']}-{one['part']}",
        }
        for one in reading.page(screening, positions, page_size=MOST_PLACES).rows
    ]


@lru_cache(maxsize=2)
def _places(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["places"]
    return found
