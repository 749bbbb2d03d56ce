"""What a reader must know of a geostationary satellite's nominal grid (CGMS 03, section 4.4)."""

from __future__ import annotations

from typing import Protocol


class GridKind(Protocol):
    """The nominal grid of a geostationary satellite."""

    @property
    def lines(self) -> int:
        """Lines of the full disk."""

    @property
    def column_offset(self) -> float:
        """Column of the point below the satellite, from 0."""

    @property
    def line_offset(self) -> float:
        """Line of that point."""

    @property
    def column_factor(self) -> float:
        """Columns in a degree of scan, times 2^16."""

    @property
    def line_factor(self) -> float:
        """Lines in a degree of scan, times 2^16."""

    @property
    def distance_km(self) -> float:
        """From the Earth's centre to the satellite, km."""

    @property
    def equator_km(self) -> float:
        """Radius of the equator, km."""

    @property
    def pole_km(self) -> float:
        """Radius of the poles, km."""

    @property
    def first_attribute(self) -> str:
        """Attribute with the first line of a part of the disk."""

    @property
    def last_attribute(self) -> str:
        """Attribute with its last line."""
