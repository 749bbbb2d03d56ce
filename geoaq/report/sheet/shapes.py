"""What the maps of a sheet draw: provinces, shared borders, strip, site; never what is measured."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from geoaq.report.sheet.words import Words
from geoaq.report.tally import Record

Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Point = tuple[Lon, Lat]
Path = tuple[Point, ...]


class Area(Record):
    """A province as drawn: rings of its polygons, even-odd."""

    adcode: str
    name: Words
    rings: tuple[Path, ...]


class Line(Record):
    """Pieces of one shared border as drawn."""

    pair: tuple[str, str]
    pieces: tuple[Path, ...]


class Dot(Record):
    """A named place on the maps."""

    name: Words
    at: Point


class Shapes(Record):
    """What the two maps draw; simplified for drawing, never measured."""

    provinces: tuple[Area, ...] = ()
    borders: tuple[Line, ...] = ()
    strip: tuple[Path, ...] = Field(default=(), description="rings of the strip on both sides")
    site: tuple[Path, ...] = Field(default=(), description="rings of the site, none for a point")
    sectors: tuple[Path, ...] = Field(default=(), description="rings of the sectors downwind: context")
    cities: tuple[Dot, ...] = ()
    near: tuple[Dot, ...] = ()
