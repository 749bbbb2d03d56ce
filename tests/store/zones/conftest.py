"""The databases of the fire store, for the zones that are kept in them."""

from __future__ import annotations

from tests.store.fires.conftest import cluster, make_store, new_url

__all__ = ["cluster", "make_store", "new_url"]
