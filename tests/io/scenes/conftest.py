"""The kinds of scenes that ship."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from geoaq.catalog import Catalog
from geoaq.catalog.scenes import SceneProduct


@pytest.fixture(scope="session")
def kinds() -> Mapping[str, SceneProduct]:
    """Return every kind of scene by id."""
    return Catalog.load().scenes
