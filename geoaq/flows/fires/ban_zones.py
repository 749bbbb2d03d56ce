"""What an office's own zones, distances and permits say of fires, beside the plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from geoaq.findings import APPLIES, DOES_NOT_APPLY, FALSE, NEEDS_REVIEW, TRUE, UNKNOWN
from geoaq.flows.fires.ban_rules import MISSING, Spoken
from geoaq.policy.sources import covers
from geoaq.zones import noburn

if TYPE_CHECKING:
    from geoaq.flows.fires.bans import Bans

_EPOCH = date(1970, 1, 1)
_OUTCOMES = {TRUE: APPLIES, FALSE: DOES_NOT_APPLY, UNKNOWN: NEEDS_REVIEW}


@dataclass(frozen=True, order=True)
class InZone:
    """How place, season and hours of one zone fall for a fire; ``zone`` is its position."""

    zone: int
    place: int
    season: int
    hours: int

    def parts(self, zone: noburn.Zone) -> list[tuple[str, int, str]]:
        """Return condition, truth and the reason where that is open, in the order in which they are told."""
        limited = zone.class_ == "limit"
        return [
            ("place", self.place, "inside_margin"),
            ("season", self.season, "window_edge"),
            ("hours", self.hours, "window_edge"),
            ("text", TRUE if zone.text.cited else UNKNOWN, "no_cited_text"),
            ("class", UNKNOWN if limited else TRUE, "limited_zone"),
        ]


@dataclass(frozen=True)
class Beside:
    """What lies about one fire: hashable, so that the same is written once.

    Attributes
    ----------
    zones, distances, permits
        Of zones; of things: position, truth, kilometres; of permits: position, place, time, weather.
    complete
        The zones of its county are declared complete.
    """

    zones: tuple[InZone, ...] = ()
    distances: tuple[tuple[int, int, float], ...] = ()
    permits: tuple[tuple[int, int, int, int], ...] = ()
    complete: bool = False

    def local(self, zones: Sequence[noburn.Zone]) -> tuple[int, tuple[str, ...]]:
        """Return whether the fire lies in what local texts ban, and the reasons where that is open."""
        reasons: list[str] = []
        settled = self.complete
        for one in self.zones:
            zone = zones[one.zone]
            if zone.kind != "straw":
                continue
            parts = one.parts(zone)
            truths = [truth for _, truth, _ in parts]
            if FALSE in truths:
                settled = settled or (one.place == TRUE and zone.text.cited)
            elif UNKNOWN in truths:
                reasons += [reason for _, truth, reason in parts if truth == UNKNOWN]
            else:
                return TRUE, ()
        if reasons:
            return UNKNOWN, tuple(dict.fromkeys(reasons))
        return (FALSE, ()) if settled else (UNKNOWN, (MISSING,))


@dataclass
class _Gathering:
    zones: list[InZone] = field(default_factory=list)
    distances: list[tuple[int, int, float]] = field(default_factory=list)
    permits: list[tuple[int, int, int, int]] = field(default_factory=list)
    complete: bool = False

    def done(self) -> Beside:
        return Beside(tuple(sorted(self.zones)), tuple(self.distances), tuple(self.permits), self.complete)


def beside(
    bans: Bans,
    fires: noburn.Fires,
    day: npt.NDArray[np.int64],
    adcode: npt.NDArray[np.object_],
    alternatives: npt.NDArray[np.object_],
    weather: Mapping[str, npt.ArrayLike] | None,
) -> dict[int, Beside]:
    """Return what lies about the fires, by position; only those about which anything does."""
    found: dict[int, _Gathering] = {}
    areas = [at for at, zone in enumerate(bans.zones) if zone.kind in noburn.ZONES]
    things = [at for at, zone in enumerate(bans.zones) if zone.kind in noburn.FEATURES]
    if areas and len(day):
        _zones(bans, fires, day, areas, found)
        _complete(bans, day, adcode, alternatives, found)
    if things and len(day):
        _distances(bans, fires, day, things, found)
    if bans.permits and len(day):
        matched = noburn.match(fires, bans.permits, weather)
        for fire, *rest in zip(*(part.tolist() for part in matched), strict=True):
            found.setdefault(fire, _Gathering()).permits.append(tuple(rest))
    return {fire: one.done() for fire, one in sorted(found.items())}


def _held(zone: noburn.Zone, day: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Say on which days a version of a zone is in force and its text issued: what is not is never cited."""
    held = day >= (zone.begins - _EPOCH).days
    return held if zone.last is None else held & (day <= (zone.last - _EPOCH).days)


def _zones(
    bans: Bans,
    fires: noburn.Fires,
    day: npt.NDArray[np.int64],
    areas: list[int],
    found: dict[int, _Gathering],
) -> None:
    located = noburn.locate(fires, [bans.zones[at].shape for at in areas])
    for position, at in enumerate(areas):
        zone = bans.zones[at]
        rows = np.flatnonzero(located.outline == position)
        rows = rows[_held(zone, day[located.fire[rows]])]
        fire = located.fire[rows]
        seen = None if fires.seen is None else fires.seen[fire]
        season, hours = noburn.window_truth(
            fires.first[fire], fires.last[fire], zone.seasons, zone.hours, seen
        )
        for one, *fell in zip(
            fire.tolist(), located.truth[rows].tolist(), season.tolist(), hours.tolist(), strict=True
        ):
            found.setdefault(one, _Gathering()).zones.append(InZone(at, *fell))


def _complete(
    bans: Bans,
    day: npt.NDArray[np.int64],
    adcode: npt.NDArray[np.object_],
    alternatives: npt.NDArray[np.object_],
    found: dict[int, _Gathering],
) -> None:
    """Mark the fires whose county, and no other in question, has all its zones declared."""
    declared = [zone for zone in bans.zones if zone.kind == "straw" and zone.complete_for and zone.text.cited]
    for zone in declared:
        known: dict[str, bool] = {}

        def held(code: str, zone: noburn.Zone = zone, known: dict[str, bool] = known) -> bool:
            if code not in known:
                known[code] = any(covers(area, code) for area in zone.complete_for)
            return known[code]

        for fire in np.flatnonzero(_held(zone, day)).tolist():
            if held(adcode[fire]) and all(held(code) for code in alternatives[fire].split(";") if code):
                found.setdefault(fire, _Gathering()).complete = True


def _distances(
    bans: Bans,
    fires: noburn.Fires,
    day: npt.NDArray[np.int64],
    things: list[int],
    found: dict[int, _Gathering],
) -> None:
    zones = [bans.zones[at] for at in things]
    rules = [bans.distances[zone.kind] for zone in zones]
    limits = [noburn.limit_km(zone, rule) for zone, rule in zip(zones, rules, strict=True)]
    measured = noburn.measure(fires, zones, limits, [rule.inclusive for rule in rules])
    for position, at in enumerate(things):
        rows = np.flatnonzero(measured.thing == position)
        rows = rows[_held(bans.zones[at], day[measured.fire[rows]])]
        fire, truth, apart = (
            part[rows].tolist() for part in (measured.fire, measured.truth, measured.distance_m)
        )
        for one, fell, metres in zip(fire, truth, apart, strict=True):
            found.setdefault(one, _Gathering()).distances.append((at, fell, round(metres / 1000.0, 2)))


def closing(bans: Bans, around: Beside, said: Spoken) -> list[dict[str, Any]]:
    """Return the findings of zones, distances and permits."""
    findings = [_zone_finding(bans.zones[one.zone], one, said) for one in around.zones]
    findings += [_distance_finding(bans, *one, said) for one in around.distances]
    if bans.missing:
        reasons = [f"missing_layer:{kind}" for kind in bans.missing]
        findings.append({"by": "distance", "id": "", "outcome": NEEDS_REVIEW, "reasons": reasons})
    return findings + [_permit_finding(bans.permits[at], *fell) for at, *fell in around.permits]


def _text(zone: noburn.Zone) -> dict[str, Any]:
    text = zone.text
    words = {"title": text.title, "number": text.number, "issuer": text.issuer, "day": text.day}
    words |= {"article": text.article, "quote": text.quote}
    return {
        "id": zone.id,
        "version": zone.version,
        "kind": zone.kind,
        "class": zone.class_,
        "name": zone.name,
        "basis": text.basis,
        "text": {name: word for name, word in words.items() if word},
    }


def _zone_finding(zone: noburn.Zone, one: InZone, said: Spoken) -> dict[str, Any]:
    """Return the finding of a zone; one of polluting fuels is shown and bans no straw."""
    parts = one.parts(zone)
    if zone.kind == "fuel":
        reasons = [reason for name, truth, reason in parts if truth == UNKNOWN and name in ("place", "text")]
        return {"by": "zone", **_text(zone), "outcome": "", "reasons": reasons}
    return {"by": "zone", **_text(zone), **_fallen(parts, said), "bans": True}


def _fallen(parts: list[tuple[str, int, str]], said: Spoken) -> dict[str, Any]:
    truths = [truth for _, truth, _ in parts] + [said.evidence]
    whole = FALSE if FALSE in truths else UNKNOWN if UNKNOWN in truths else TRUE
    failed = next((name for name, truth, _ in parts if truth == FALSE), "")
    reasons = [] if whole == FALSE else [reason for _, truth, reason in parts if truth == UNKNOWN]
    if whole != FALSE:
        reasons += said.evidence_reasons
    return {"outcome": _OUTCOMES[whole], "failed": failed, "reasons": list(dict.fromkeys(reasons))}


def _distance_finding(bans: Bans, at: int, truth: int, km: float, said: Spoken) -> dict[str, Any]:
    """Return the finding of a distance; without a cited text it is shown and decides nothing."""
    zone = bans.zones[at]
    parts = [("place", truth, "inside_margin")]
    parts.append(("text", TRUE if zone.text.cited else UNKNOWN, "no_cited_text"))
    limit = noburn.limit_km(zone, bans.distances[zone.kind])
    fallen = _fallen(parts, said)
    return {"by": "distance", **_text(zone), **fallen, "bans": zone.text.cited, "km": km, "limit_km": limit}


def _permit_finding(permit: noburn.Permit, place: int, time: int, weather: int) -> dict[str, Any]:
    parts = ((place, "inside_margin"), (time, "window_edge"), (weather, "permit_weather"))
    words = {"number": permit.number, "issuer": permit.issuer, "day": permit.day}
    return {
        "by": "permit",
        "id": permit.id,
        "version": permit.version,
        "name": permit.name,
        "text": {name: word for name, word in words.items() if word},
        "outcome": "",
        "reasons": ["permit_matches", *dict.fromkeys(reason for truth, reason in parts if truth == UNKNOWN)],
    }
