"""By what an office judges its fires: the plans, and its own zones, permits and places beside them."""

from __future__ import annotations

from pathlib import Path

from geoaq.catalog import Catalog
from geoaq.flows.fires.areas import own_areas
from geoaq.flows.fires.own_zones import own_bans
from geoaq.flows.fires.rulebook import Rulebook, open_rulebook
from geoaq.flows.fires.static_places import own_static_places
from geoaq.flows.office_layers import LIMITS
from geoaq.store.fires.store import FireStore
from geoaq.store.zones import ZoneStore


def own_rulebook(store: FireStore, data: Path) -> Rulebook:
    """Return everything that the fires of a store are judged by.

    Parameters
    ----------
    store
        The open store, in whose database the zones and permits are.
    data
        The folder of all state: built layers, office layers.

    Raises
    ------
    ConfigError
        ``layers_not_built``: there is no built set; ``policy_broken``.
    """
    return open_rulebook(
        data / "layers",
        data / "cache" / "counties",
        areas=own_areas(data),
        places=own_static_places(data, limits=LIMITS),
        bans=own_bans(ZoneStore(store.engine), Catalog.load().policy_dir, data / "layers"),
    )
