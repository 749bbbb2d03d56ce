"""The tiles of the built layers: which set is in use, and its archives, opened once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from geoaq.errors import ConfigError, NotFoundError
from geoaq.io.built import open_layers
from geoaq.tiles.archive import Archive

_CURRENT = "current.json"


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
        """Return a text that is another one when the tiles of a layer are."""
        self.path(layer)
        return self._tags[layer]

    def archive(self, layer: str) -> Archive:
        """Return the reader of a layer's tiles."""
        archive = self._archives.get(layer)
        if archive is None:
            archive = self._archives[layer] = Archive(self.path(layer))
        return archive


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
