"""The layers that an office added, among those of a view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Specs = list[dict[str, Any]]


def with_added(specs: Specs, added: Sequence[Mapping[str, Any]]) -> Specs:
    """Return the layers of a view with what the office added.

    Parameters
    ----------
    specs
        As of `geoaq.maps.room.layer_specs`, bottom layer first.
    added
        As of `geoaq.cards.office_layers.drawn`. A layer of the catalogue that is not in the view is left out;
        one of the office's own making lies below the lines of the boundaries.

    Returns
    -------
    list of dict
        In a layer of the catalogue ``office.given`` keeps what it said before of source and date.
    """
    told = {str(one["id"]): one for one in added}
    found = []
    for spec in specs:
        one = told.get(spec["id"])
        if one is not None:
            given = {name: spec[name] for name in ("source", "date", "provided")}
            spec = {**spec, **one, "office": {**one["office"], "given": given}}
        found.append(spec)
    free = [dict(one) | {"tiled": False} for one in added if one.get("free")]
    at = next((k for k, spec in enumerate(found) if spec["made_from"] == "boundaries"), len(found))
    return [*found[:at], *free, *found[at:]]
