"""The product's own columns for detections (``layers/data``), brought to the names of FIRMS."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from geoaq.io.fires.chunks import Cells

_MARKS = frozenset({"acquired_utc", "lon", "lat", "satellite", "level"})
_NAMES = {
    "lon": "longitude", "lat": "latitude", "scan_km": "scan", "track_km": "track", "t21_k": "brightness",
    "t31_k": "bright_t31", "frp_mw": "frp", "confidence_pct": "confidence", "level": "version",
}  # fmt: skip
_UTC = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|\+00:00)?$"


def has_own_columns(header: Iterable[str]) -> bool:
    """Say whether a table has the product's own columns (names in lower case)."""
    return set(header) >= _MARKS


def by_firms_names(cells: Cells) -> Cells:
    """Return columns by the names of FIRMS; a table of FIRMS as it is.

    A moment that is not in UTC is left in the column of dates, where it cannot be read.
    """
    if not has_own_columns(cells):
        return cells
    renamed = {_NAMES.get(name, name): column for name, column in cells.items() if name != "acquired_utc"}
    moments = pc.utf8_trim_whitespace(cells["acquired_utc"])
    plain = pc.match_substring_regex(moments, _UTC)
    renamed["acq_date"] = pc.if_else(plain, pc.utf8_slice_codeunits(moments, 0, 10), moments)
    renamed["acq_time"] = pc.if_else(plain, pc.utf8_slice_codeunits(moments, 11, 16), pa.scalar("00:00"))
    return renamed
