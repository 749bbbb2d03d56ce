"""Opens tables as offices keep them, and refuses what is too large or no table, before a reader allocates."""

from geoaq.io.tables.grid import Grid, Merged
from geoaq.io.tables.limits import DEFAULT_LIMITS, Limits
from geoaq.io.tables.opening import OpenTable, open_table

__all__ = ["DEFAULT_LIMITS", "Grid", "Limits", "Merged", "OpenTable", "open_table"]
