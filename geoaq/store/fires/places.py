"""Whose detections, and where: what the manifests of pixels and of judged pixels share."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Select, Table

# West, south, east, north: degrees, WGS 84.
Box = tuple[float, float, float, float]


class SourceDay(NamedTuple):
    """A source of detections on one UTC day (days since 1970-01-01)."""

    satellite: str
    kind: str
    day: int


class Boxed(Protocol):
    """What lies in a box: west, south, east, north of its centres."""

    @property
    def west(self) -> float: ...  # noqa: D102
    @property
    def south(self) -> float: ...  # noqa: D102
    @property
    def east(self) -> float: ...  # noqa: D102
    @property
    def north(self) -> float: ...  # noqa: D102


def touches(entry: Boxed, box: Box) -> bool:
    """Say whether a file may hold something in a box, edges included."""
    west, south, east, north = box
    return entry.west <= east and entry.east >= west and entry.south <= north and entry.north >= south


def among(
    query: Select[Any],
    table: Table,
    *,
    days: tuple[int, int] | None,
    satellites: Collection[str] | None,
    kinds: Collection[str] | None,
) -> Select[Any]:
    """Narrow a query of a manifest to days (first and last, since 1970), sources and kinds; None: all."""
    if days is not None:
        query = query.where(table.c.day.between(*days))
    if satellites is not None:
        query = query.where(table.c.satellite.in_(sorted(satellites)))
    if kinds is not None:
        query = query.where(table.c.kind.in_(sorted(kinds)))
    return query
