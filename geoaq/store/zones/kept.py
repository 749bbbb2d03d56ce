"""Zones and permits in the database: a version is added, none is ever changed or taken away.

A version of a zone holds from its first day until its last, or until the next version begins: earlier fires
are still judged by it. A correction is a new version of the same first day, an end one that holds nothing.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select
from sqlalchemy.exc import IntegrityError

from geoaq.errors import InputError, NotFoundError, NotReadyError
from geoaq.store.fires.engine import writing
from geoaq.store.fires.schema import PERMITS, ZONES

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class KeptZone:
    """One version of a zone, as ``fire_zones`` holds it (see `geoaq.zones.noburn.Zone` for what it means).

    ``first`` and ``last`` are days in Beijing since 1970-01-01, ``shape`` is WKB; ``zone`` is ``""``
    for a new one, ``version`` 0 until it is kept.
    """

    zone: str = ""
    version: int = 0
    kind: str
    class_: str
    name: str
    basis: str
    title: str = ""
    number: str = ""
    issuer: str = ""
    day: str = ""
    article: str = ""
    quote: str = ""
    first: int
    last: int | None = None
    seasons: Pairs = ()
    hours: Pairs = ()
    complete_for: tuple[str, ...] = ()
    radius_km: float | None = None
    shape: bytes
    ended: bool = False
    file: str = ""
    file_sha256: str = ""
    recorded: int = 0
    by: str = ""
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class KeptPermit:
    """One version of a permit, as ``fire_permits`` holds it (see `geoaq.zones.noburn.Permit`)."""

    permit: str = ""
    version: int = 0
    name: str
    number: str
    issuer: str
    day: str
    begin: int
    end: int
    wind_ms: float | None = None
    aqi: float | None = None
    shape: bytes
    file: str = ""
    file_sha256: str = ""
    recorded: int = 0
    by: str = ""
    remark: str = ""


class ZoneStore:
    """The zones and permits of one store.

    Parameters
    ----------
    engine
        Of the store's database (`geoaq.store.fires.store.FireStore.engine`).
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def state(self) -> str:
        """Return what changes whenever a version is added."""
        words = hashlib.sha256()
        with self._engine.connect() as connection:
            for table, key in ((ZONES, ZONES.c.zone), (PERMITS, PERMITS.c.permit)):
                found = connection.execute(select(key, table.c.version, table.c.recorded))
                for row in sorted(tuple(row) for row in found):
                    words.update(repr(row).encode())
        return words.hexdigest()

    def every_zone(self) -> list[KeptZone]:
        """Return all versions of all zones, by zone and version."""
        return sorted((_zone(row) for row in self._rows(ZONES)), key=lambda one: (one.zone, one.version))

    def held_zones(self) -> list[KeptZone]:
        """Return the versions that hold on some day, each with the last day on which it does (None: open)."""
        held = []
        every = self.every_zone()
        for one in every:
            later = [
                next_.first - 1 for next_ in every if next_.zone == one.zone and next_.version > one.version
            ]
            ends = [end for end in (one.last, *later) if end is not None]
            last = min(ends) if ends else None
            if not one.ended and (last is None or last >= one.first):
                held.append(replace(one, last=last))
        return held

    def zone(self, zone: str) -> list[KeptZone]:
        """Return the versions of a zone, the oldest first (NotFoundError where there is none)."""
        found = [one for one in self.every_zone() if one.zone == zone]
        if not found:
            raise NotFoundError("not_found", what="zone", name=zone)
        return found

    def add_zones(self, zones: Sequence[KeptZone], *, by: str, remark: str = "", now: int) -> list[KeptZone]:
        """Add versions, all or none: of new zones, or (``zone`` given) of those that are there.

        Returns
        -------
        list of KeptZone
            As they were kept, with zone, version and who added them when.

        Raises
        ------
        NotFoundError
            A zone that is named is not there.
        NotReadyError
            ``zones_changed``: somebody else added a version at the same moment.
        """
        return self.add(zones, (), by=by, remark=remark, now=now)[0]

    def end_zone(self, zone: str, *, first: int, by: str, remark: str, now: int) -> KeptZone:
        """End a zone: from the day ``first`` (since 1970-01-01) on it holds no more.

        Raises
        ------
        NotFoundError
            It is not there.
        InputError
            ``zone_ended``: it has ended already.
        """
        newest = self.zone(zone)[-1]
        if newest.ended:
            raise InputError("zone_ended", zone=zone)
        ended = replace(newest, first=first, last=None, ended=True)
        return self.add_zones([ended], by=by, remark=remark, now=now)[0]

    def every_permit(self) -> list[KeptPermit]:
        """Return all versions of all permits, by permit and version."""
        found = (KeptPermit(**{**row, "shape": bytes.fromhex(row["shape"])}) for row in self._rows(PERMITS))
        return sorted(found, key=lambda one: (one.permit, one.version))

    def permits(self) -> list[KeptPermit]:
        """Return the newest version of each permit."""
        return list({one.permit: one for one in self.every_permit()}.values())

    def add_permits(
        self, permits: Sequence[KeptPermit], *, by: str, remark: str = "", now: int
    ) -> list[KeptPermit]:
        """Add permits, all or none; errors as of `add_zones`."""
        return self.add((), permits, by=by, remark=remark, now=now)[1]

    def add(
        self,
        zones: Sequence[KeptZone],
        permits: Sequence[KeptPermit],
        *,
        by: str,
        remark: str = "",
        now: int,
    ) -> tuple[list[KeptZone], list[KeptPermit]]:
        """Add zones and permits together, all or none; errors as of `add_zones`."""
        try:
            with writing(self._engine) as connection:
                kept = [replace(one, by=by, remark=remark or one.remark, recorded=now) for one in zones]
                leave = [replace(one, by=by, remark=remark or one.remark, recorded=now) for one in permits]
                return (
                    _add(connection, ZONES, "zone", kept, _zone_row),
                    _add(connection, PERMITS, "permit", leave, _permit_row),
                )
        except IntegrityError as error:
            raise NotReadyError("zones_changed") from error

    def end_permit(self, permit: str, *, at: int, by: str, remark: str, now: int) -> KeptPermit:
        """Withdraw a permit from a moment (seconds since 1970 UTC) on; what burned before stays as it was.

        Raises
        ------
        NotFoundError
            It is not there.
        """
        found = {one.permit: one for one in self.permits()}
        if permit not in found:
            raise NotFoundError("not_found", what="permit", name=permit)
        shorter = replace(found[permit], end=min(found[permit].end, at - 1))
        return self.add_permits([shorter], by=by, remark=remark, now=now)[0]

    def _rows(self, table: Table) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]


def _add(connection: Connection, table: Table, key: str, kept: Sequence[Any], row_of: Any) -> list[Any]:
    numbered = []
    for one in kept:
        name = getattr(one, key)
        newest = _newest(connection, table, key, name) if name else 0
        if name and not newest:
            raise NotFoundError("not_found", what=key, name=name)
        name = name or f"{key[0]}{secrets.token_hex(4)}"
        numbered.append(replace(one, **{key: name, "version": newest + 1}))
        connection.execute(insert(table), [row_of(numbered[-1])])
    return numbered


def _newest(connection: Connection, table: Table, key: str, name: str) -> int:
    found = connection.execute(select(func.max(table.c.version)).where(table.c[key] == name)).scalar()
    return int(found or 0)


def _zone(row: dict[str, Any]) -> KeptZone:
    plain = {("class_" if name == "class" else name): value for name, value in row.items()}
    plain["shape"] = bytes.fromhex(row["shape"])
    plain["complete_for"] = tuple(code for code in row["complete_for"].split(";") if code)
    for name in ("seasons", "hours"):
        plain[name] = tuple((begin, end) for begin, end in json.loads(row[name]))
    return KeptZone(**plain)


def _zone_row(one: KeptZone) -> dict[str, Any]:
    row = {each.name: getattr(one, each.name) for each in fields(one)}
    row["class"] = row.pop("class_")
    row["shape"] = one.shape.hex()
    row["complete_for"] = ";".join(one.complete_for)
    return row | {name: json.dumps(row[name]) for name in ("seasons", "hours")}


def _permit_row(one: KeptPermit) -> dict[str, Any]:
    return {each.name: getattr(one, each.name) for each in fields(one)} | {"shape": one.shape.hex()}
