"""What the store holds of a period: detections of the area, their events, the days of each satellite."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

import pandas as pd

from geoaq.fires.bulletin import STRAW, BulletinRule, Period, by_unit, group_events, group_pixels, passes
from geoaq.flows.fires.bulletin.area import COUNTRY, Area, Box
from geoaq.flows.fires.bulletin.inputs import Inputs
from geoaq.report.fire_bulletin import Level
from geoaq.store.fires.looks import CHINA, Looks
from geoaq.store.fires.places import SourceDay
from geoaq.store.fires.store import FireStore, mark_of

_DAY_S = 86_400


@dataclass(frozen=True)
class Gathered:
    """One period of one area.

    Attributes
    ----------
    period
        The period.
    pixels, grouped
        Its judged detections, by time, and what each counts as.
    events
        The store's events with one of them that count for the area.
    passed
        As `geoaq.fires.bulletin.passes` returns it.
    area, inputs
        Whose, and by which tables.
    """

    period: Period
    pixels: pd.DataFrame
    grouped: pd.DataFrame
    events: pd.DataFrame
    passed: pd.DataFrame
    area: Area
    inputs: Inputs

    def units(self, level: Level) -> pd.DataFrame:
        """Return the counts by unit of a level (`geoaq.fires.bulletin.by_unit`)."""
        return by_unit(
            self.pixels,
            self.grouped,
            self.events,
            self.inputs.checks,
            self.area.every,
            self.inputs.arable_ha,
            level=level,
            surveyed=self.inputs.arable == "office",
        )

    def points(self, level: Level) -> pd.Series[int]:
        """Return points of suspected straw burning by unit; under '' those that are no unit's."""
        found = self.units(level)
        points: pd.Series[int] = found["straw"].copy()
        points[""] = int(points.get("", 0)) + int(found["open"].sum())
        return points

    @cached_property
    def straw(self) -> pd.Series[bool]:
        """Say which detections are points of suspected straw burning by satellites."""
        own = self.grouped["source"] == "satellite"
        return own & self.grouped["group"].isin(STRAW)

    def content_sha256(self) -> str:
        """Return the hash of what is counted: the same for the same judged detections."""
        names = (
            "kind",
            "satellite",
            "acquired",
            "lon",
            "lat",
            "level",
            "class",
            "reasons",
            "adcode",
            "event",
        )
        columns = [self.pixels[name].astype(object).tolist() for name in names]
        lines = sorted(repr(row) for row in zip(*columns, strict=True))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def gather(
    store: FireStore, period: Period, area: Area, inputs: Inputs, rule: BulletinRule, *, events: bool = True
) -> Gathered:
    """Read a period of an area from the store.

    A detection belongs to the area by the county of the spot where it was checked, else of its centre.

    Parameters
    ----------
    store
        The open store.
    period, area, inputs, rule
        What is asked for.
    events
        Whether events are wanted too; without, there are none.
    """
    pixels = _pixels(store, period, area, inputs.checks)
    order = ["acquired", "adcode", "lon", "lat", "key"]
    pixels = pixels.sort_values(order, kind="stable", ignore_index=True)
    grouped = group_pixels(pixels, inputs.checks, beside=rule.beside)
    own = area.holds(grouped["place"])
    pixels, grouped = pixels[own].reset_index(drop=True), grouped[own].reset_index(drop=True)
    found = store.events_by_id(set(pixels["event"].astype(object)) - {""} if events else set())
    found = found[found["alive"]]
    found = found[area.holds(group_events(found, inputs.checks)["place"])]
    found = found.sort_values(["first_seen", "event"], kind="stable", ignore_index=True)
    seen = seen_days(store, period, area)
    return Gathered(period, pixels, grouped, found, passes(period, rule.expected, seen), area, inputs)


def _pixels(store: FireStore, period: Period, area: Area, checks: pd.DataFrame) -> pd.DataFrame:
    span = period.since, period.until
    codes = area.counties["adcode"].tolist()
    # A check may place an event in the area whose pixels lie beyond its line: then all of them are looked at.
    brought = set(checks.loc[area.holds(checks["adcode"]), "event"]) if len(checks) else set()
    if area.adcode == COUNTRY:
        return store.judged(*span)
    own = store.judged(*span, adcodes=codes)
    if not brought:
        return own
    beyond = store.judged(*span)
    beyond = beyond[beyond["event"].isin(brought) & ~beyond["adcode"].isin(codes)]
    return pd.concat([own.astype(object), beyond.astype(object)], ignore_index=True).astype(_dtypes(own))


def _dtypes(frame: pd.DataFrame) -> dict[str, str]:
    return {
        str(name): "object" if str(dtype) == "category" else str(dtype)
        for name, dtype in frame.dtypes.items()
    }


def unjudged(store: FireStore, period: Period) -> int:
    """Return of how many sources' days of a period the store has detections that nobody judged.

    A day that was judged, and of which more has come or a level was replaced since, is one of them.
    """
    days = period.since // _DAY_S, (period.until - 1) // _DAY_S
    known = {one.place: one.made_from for one in store.judged_entries(days=days)}
    found = 0
    for place, levels in groupby(store.manifest.entries(days=days), key=lambda one: SourceDay(*one.part[:3])):
        entries = list(levels)
        inside = any(one.last >= period.since and one.first < period.until for one in entries)
        found += inside and known.get(place) != mark_of(entries).made_from
    return found


def _asked(bounds: Box) -> Box:
    """Return what of a box is fetched for the whole country; all of a box that lies beyond."""
    west, south = max(bounds[0], CHINA[0]), max(bounds[1], CHINA[1])
    east, north = min(bounds[2], CHINA[2]), min(bounds[3], CHINA[3])
    return (west, south, east, north) if west < east and south < north else bounds


def seen_days(store: FireStore, period: Period, area: Area) -> dict[str, set[date]]:
    """Return the days of report on which the store has anything of a satellite, anywhere.

    A day counts too of which all over the area was fetched and held no fire (`geoaq.store.fires.looks`); of
    what lies beyond the box that is fetched for the whole country (islands of the south) none is asked for.

    A day of report is the end of one UTC day and the beginning of the next, so that the first and the last
    detection of a file tell.
    """
    days = period.since // _DAY_S, (period.until - 1) // _DAY_S
    spans = {day: period.span(day) for day in period.days}
    seen: dict[str, set[date]] = {}
    for entry in store.manifest.entries(days=days, kinds=["satellite"]):
        found = {day for day, (since, until) in spans.items() if entry.last >= since and entry.first < until}
        seen.setdefault(entry.satellite, set()).update(found)
    looks = Looks(store.engine)
    for day, span in spans.items():
        for satellite in looks.whole(span, _asked(area.bounds)):
            seen.setdefault(satellite, set()).add(day)
    return seen
