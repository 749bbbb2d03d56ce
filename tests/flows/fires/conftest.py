"""The databases of the fire store, for the flows that work on them."""

from __future__ import annotations

from tests.store.fires.conftest import cluster, make_store, new_base, new_url

__all__ = ["cluster", "make_store", "new_base", "new_url"]
