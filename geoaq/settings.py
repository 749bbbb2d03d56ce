"""Where this installation keeps its state, and where the files of its front end are."""

from __future__ import annotations

import os
from pathlib import Path

import geoaq


def data_dir() -> Path:
    """Return the folder of all state: ``GEOAQ_DATA``, else ``data/`` in a checkout, else the user's own.

    Read at each call, so that a test or a child process can name another one.
    """
    named = os.environ.get("GEOAQ_DATA")
    if named:
        return Path(named)
    root = Path(geoaq.__file__).parent.parent
    if (root / "pyproject.toml").exists():
        return root / "data"
    return Path.home() / ".local" / "share" / "geoaq"


def database_url() -> str | None:
    """Return the database of the fire job: ``GEOAQ_DATABASE_URL``, None for SQLite in the folder of state."""
    return os.environ.get("GEOAQ_DATABASE_URL") or None


def firms_key() -> str | None:
    """Return the MAP_KEY of FIRMS as it is set (``GEOAQ_FIRMS_KEY``), None for none; it is not shown."""
    return os.environ.get("GEOAQ_FIRMS_KEY", "").strip() or None


def firms_address() -> str | None:
    """Return another address of FIRMS than its own, such as a mirror inside: ``GEOAQ_FIRMS_URL``."""
    return os.environ.get("GEOAQ_FIRMS_URL", "").strip() or None


def land_cover() -> tuple[Path, str] | None:
    """Return the office's raster of land cover and its legend, None for the built layer.

    ``GEOAQ_LAND_COVER`` names the file, ``GEOAQ_LAND_COVER_LEGEND`` how its classes are read (``binary``).
    """
    path = os.environ.get("GEOAQ_LAND_COVER", "").strip()
    return (Path(path), os.environ.get("GEOAQ_LAND_COVER_LEGEND", "").strip() or "binary") if path else None


def static_dir() -> Path:
    """Return the folder of the client's files: environment ``GEOAQ_STATIC``, else beside the package."""
    return Path(os.environ.get("GEOAQ_STATIC") or Path(geoaq.__file__).parent.parent / "web" / "static")
