"""A folder of state that has the built layers, and what this checkout made of them once."""

from __future__ import annotations

from pathlib import Path

from geoaq.io.built import LayerSet


def with_layers(data: Path, layers: LayerSet) -> Path:
    """Give a folder of state the built layers, the edges of counties and the machine code of this checkout.

    Edges and code are kept by the hash of what they are made from, and are made where they are missing: they
    take some ten seconds, which no test is about that lends them.
    """
    kept = layers.path.parent.parent / "cache"
    (data / "cache").mkdir(parents=True, exist_ok=True)
    (data / "layers").symlink_to(layers.path.parent)
    for name in ("counties", "numba"):
        (kept / name).mkdir(parents=True, exist_ok=True)
        (data / "cache" / name).symlink_to(kept / name)
    return data
