"""A rulebook for tests: the shipped numbers, two square counties, no land cover."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geoaq.catalog import Catalog
from geoaq.fires.events import EventRule
from geoaq.fires.quality import quality_rule
from geoaq.flows.fires.bans import open_bans
from geoaq.flows.fires.judging import Judged, judge
from geoaq.flows.fires.rulebook import NO_PLACES, Rulebook, read_table
from geoaq.store.fires.store import FireStore
from geoaq.zones.admin import AdminIndex, make_cells, make_edges

COUNTIES = {"341302": shapely.box(115.0, 32.0, 116.0, 34.5), "341321": shapely.box(116.0, 32.0, 117.5, 34.5)}


@cache
def book(linkage_km: float = 1.0) -> Rulebook:
    """Return the rulebook."""
    policy = Catalog.load().policy_dir
    events = read_table(policy / "fire_events.toml")
    events["link"]["distance_km"] = linkage_km
    polygons = np.array(list(COUNTIES.values()), object)
    counties = pd.DataFrame({"adcode": list(COUNTIES), "equals_adcode": list(COUNTIES)})
    for name, digits in (
        ("county", 6),
        ("city_adcode", 4),
        ("city", 4),
        ("province_adcode", 2),
        ("province", 2),
    ):
        counties[name] = [code[:digits].ljust(6, "0") for code in COUNTIES]
    cells = make_cells(polygons)
    grid = (cells.codes, cells.set_start, cells.set_member)
    return Rulebook(
        quality=quality_rule(read_table(policy / "fire_quality.toml")),
        events=EventRule.from_table(events),
        other_share=0.05,
        orbits=read_table(policy.parent / "data" / "satellite-orbits.toml"),
        counties=AdminIndex(counties, *grid, lambda k: polygons[k], make_edges(polygons, *grid)),
        second=None,
        cover=None,
        places=NO_PLACES,
        bans=open_bans(policy),
        key=hashlib.sha256(f"{linkage_km}".encode()).hexdigest(),
    )


def other_bans(token: str) -> Rulebook:
    """Return the rulebook as it would be after a change of zones."""
    return replace(book(), bans=replace(book().bans, token=token))


def judged(store: FireStore, **options: Any) -> Judged:
    """Judge what is to be judged."""
    given = {"now": 5, "progress": lambda *_: None, "rows_at_once": 10, **options}
    return judge(store, given.pop("book", book()), **given)


def pixels_of(store: FireStore) -> pd.DataFrame:
    """Return the judged pixels in a fixed order; an event is known by its first pixel, not by its name."""
    frame = store.judged(0, 10**10)
    plain = frame.astype({name: object for name, kind in frame.dtypes.items() if str(kind) == "category"})
    plain = plain.sort_values(["key", "kind", "number"], ignore_index=True)
    rows = pd.Series(np.arange(len(plain)))
    plain["event"] = rows.groupby(plain["event"]).transform("min").where(plain["event"] != "", -1)
    return plain


def events_of(store: FireStore) -> pd.DataFrame:
    """Return living events in a fixed order, without their names and the change they came with."""
    frame = store.events().drop(columns=["event", "changed"])
    return frame.sort_values(["first_seen", "lon", "lat", "official"], ignore_index=True)
