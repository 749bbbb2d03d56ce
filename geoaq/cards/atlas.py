"""Built layers for a page: the GeoJSON that draws one, and places by name."""

from __future__ import annotations

from pathlib import Path

from geoaq.io.built import open_layers


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
