"""The tiles of the built layers: which set is in use, and its archives, opened once."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from geoaq.errors import ConfigError, NotFoundError
from geoaq.io.built import open_layers
from geoaq.tiles.archive import Archive
from geoaq.tiles.kept import Kept
from geoaq.tiles.mercator import Address

_CURRENT = "current.json"
# Layers asked for at a time, and tiles of several that are kept packed.
LAYERS_MAX = 16
_KEPT_BYTES = 16_000_000


class BuiltTiles:
    """The tiles of one built set.

    Parameters
    ----------
    root
        Where built sets live (``GEOAQ_DATA/layers``).
    """

    def __init__(self, root: Path) -> None:
        layers = open_layers(root)
        self._folder = layers.path / "tiles"
        digests = layers.report["files"]
        self._tags = {
            layer: str(digests[f"tiles/{layer}.pmtiles"])[:20] for layer in layers.report.get("tiles", {})
        }
        self._archives: dict[str, Archive] = {}
        self._kept = Kept(_KEPT_BYTES)

    def path(self, layer: str) -> Path:
        """Return the PMTiles file of a layer.

        Raises
        ------
        NotFoundError
            ``no_tiles``: the set has no tiles of that name.
        """
        if layer not in self._tags:
            raise NotFoundError("no_tiles", name=layer[:40])
        return self._folder / f"{layer}.pmtiles"

    def tag(self, layer: str) -> str:
        """Return a text that is another one when the tiles of a layer are; several are joined by commas."""
        names = _names(layer)
        for name in names:
            self.path(name)
        return "-".join(self._tags[name] for name in sorted(names))

    def archive(self, layer: str) -> Archive:
        """Return the reader of a layer's tiles."""
        archive = self._archives.get(layer)
        if archive is None:
            archive = self._archives[layer] = Archive(self.path(layer))
        return archive

    def tile(self, layer: str, tile: Address) -> bytes | None:
        """Return a tile, gzipped, or None where there is nothing in it.

        Parameters
        ----------
        layer
            A layer, or up to 16 joined by commas: the tile then has those that are not empty, by their names.
        """
        names = sorted(_names(layer))  # one tile, in whatever order its layers are asked for
        if len(names) == 1:
            return self.archive(layer).tile(tile)
        key = (",".join(names), tile)
        kept = self._kept.get(key)
        if kept is None:
            parts = [part for part in (self.archive(name).tile(tile) for name in names) if part]
            # Messages of the format that follow one another are one message.
            body = b"".join(map(gzip.decompress, parts)) if len(parts) > 1 else b""
            kept = gzip.compress(body, 1, mtime=0) if body else b"".join(parts)
            self._kept.put(key, kept)
        return kept or None


def _names(layer: str) -> list[str]:
    names = layer.split(",")
    if len(names) > LAYERS_MAX or len(set(names)) < len(names):
        raise NotFoundError("no_tiles", name=layer[:40])
    return names


def built_tiles(root: Path) -> BuiltTiles:
    """Return the tiles of the set in use; opened anew only when another set is.

    Raises
    ------
    ConfigError
        ``layers_not_built``: there is none.
    """
    try:
        seen = (root / _CURRENT).stat()
    except FileNotFoundError as error:
        raise ConfigError("layers_not_built") from error
    return _opened(root, seen.st_ino, seen.st_mtime_ns)


@lru_cache(maxsize=4)
def _opened(root: Path, _inode: int, _mtime_ns: int) -> BuiltTiles:
    return BuiltTiles(root)
