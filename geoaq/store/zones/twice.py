"""The same zone given twice: known by its outline, its text and its time, so that it is kept once.

All of a zone that a verdict may rest on is compared; another name, quotation or remark makes no other zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from geoaq.store.zones.kept import KeptPermit, KeptZone, ZoneStore

_ZONE = (
    "kind", "class_", "basis", "title", "number", "issuer", "day", "article", "first", "last", "seasons",
    "hours", "radius_km", "shape", "complete_for",
)  # fmt: skip
_PERMIT = ("number", "issuer", "day", "begin", "end", "wind_ms", "aqi", "shape")


class Repeat(NamedTuple):
    """A new zone or permit that is there already: what it is called, and the one that was kept earlier."""

    name: str
    earlier: str


class Sifted(NamedTuple):
    """What is to be kept, and what is there already."""

    zones: tuple[KeptZone, ...]
    permits: tuple[KeptPermit, ...]
    repeats: tuple[Repeat, ...]


def sifted(store: ZoneStore, zones: Iterable[KeptZone], permits: Iterable[KeptPermit]) -> Sifted:
    """Leave out new zones and permits of the same outline, text and time as one that is in force.

    Compared with the newest version of each that has not ended, and with those before it in the same list;
    a version of a zone that is named is none of them. The earlier one of two of a list is called by its name.
    """
    newest = {one.zone: one for one in store.every_zone()}.values()
    there = {_of(one, _ZONE): one.zone for one in newest if not one.ended}
    leave = {_of(one, _PERMIT): one.permit for one in store.permits()}
    fresh, allowed, repeats = [], [], []
    for zone in zones:
        known = _of(zone, _ZONE)
        if not zone.zone and known in there:
            repeats.append(Repeat(zone.name, there[known]))
            continue
        there.setdefault(known, zone.name)
        fresh.append(zone)
    for permit in permits:
        known = _of(permit, _PERMIT)
        if not permit.permit and known in leave:
            repeats.append(Repeat(permit.name, leave[known]))
            continue
        leave.setdefault(known, permit.name)
        allowed.append(permit)
    return Sifted(tuple(fresh), tuple(allowed), tuple(repeats))


def _of(one: KeptZone | KeptPermit, names: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(one, name) for name in names)
