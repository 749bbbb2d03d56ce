"""Judged pixels of some days and the events around them become events anew, as if all had been clustered.

Taken in are the pixels that were judged just now and all members of the events that the rule could join them
to. What is not taken in hangs together with nothing that is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.types import union_categoricals

from geoaq.fires.events import EventRule, assign, cluster, facts, overpasses, summaries
from geoaq.fires.quality import event_classes
from geoaq.frames import FIRE_EVENTS
from geoaq.store.fires.events import empty_events
from geoaq.store.fires.judging import Past

#: What is read of a judged pixel to join it.
MEMBER = (
    "satellite", "kind", "acquired", "lon", "lat", "scan_km", "track_km", "frp_mw", "confidence", "level",
    "number", "key", "class", "crop_share", "adcode", "disputed_border", "township",
    "disputed_township", "village", "grid", "event",
)  # fmt: skip
Names = Callable[[pd.Index], pd.DataFrame]
Lookup = Callable[[list[str]], pd.DataFrame]


@dataclass
class Joined:
    """What has become of events.

    Attributes
    ----------
    pixels
        ``part row old event`` of every pixel that was taken in: where it lies, its event before ('' for one
        just judged) and now.
    events
        Rows that are new or have changed, as `FIRE_EVENTS` without ``changed``; verdicts are empty.
    history
        What became of them.
    """

    pixels: pd.DataFrame
    events: pd.DataFrame
    history: list[Past] = field(default_factory=list)


def join(
    fresh: pd.DataFrame,
    kept: pd.DataFrame,
    replaced: pd.DataFrame,
    known: pd.DataFrame,
    *,
    rule: EventRule,
    names: Names,
    lookup: Lookup,
) -> Joined:
    """Say which events there are now.

    Parameters
    ----------
    fresh
        Pixels that were judged just now, static ones among them: `MEMBER`, and ``part`` and ``row``, which
        say where each lies.
    kept
        Members of the events around them on days that were not judged again, the same columns.
    replaced
        Members of these events on days that were, as they were before.
    known
        Those events: ``event first_seen``. All their members are in ``kept`` and ``replaced``.
    rule
        What joins two pixels.
    names
        Gives the names of counties.
    lookup
        Gives events by identity, alive or not.
    """
    loose = fresh[(fresh["class"] != "static").to_numpy(bool)]
    pixels = _in_order(stacked([loose.assign(old=""), kept.assign(old=kept["event"].astype(object))]))
    labels = cluster(pixels, rule=rule)
    columns = ["satellite", "kind", "acquired", "lon", "lat", "key", "event"]
    members = stacked([kept[columns], replaced[columns]])
    members["event"] = members["event"].astype(object)
    found = assign(pixels, labels, members=members, known=known, rule=rule)
    renamed = _renamed(found.new, set(known["event"]), lookup)
    ids = np.array([renamed.get(name, name) for name in found.ids], object)
    pixels["event"] = ids[labels] if len(ids) else np.empty(0, object)

    touched = _touched(pixels, labels, ids, members)
    rows = _rows(pixels, labels, ids, touched, rule, names)
    split = found.split.assign(into=[renamed.get(name, name) for name in found.split["into"]])
    changed = sorted({*rows["event"], *found.merged["event"], *found.gone})
    around = set(known["event"])
    old = lookup([name for name in changed if name in around])
    rows = rows[~_as_before(rows, old)]
    events, history = _told(rows, old, found.merged, split, found.gone, replaced, fresh)
    return Joined(pixels[["part", "row", "old", "event"]], events, history)


def _in_order(pixels: pd.DataFrame) -> pd.DataFrame:
    """Return the pixels in an order that their contents alone decide."""
    words = [pixels[name].astype(object) for name in ("number", "kind", "satellite")]
    several = [np.unique(one, return_inverse=True)[1] for one in words]
    order = np.lexsort((*several, pixels["key"].to_numpy(), pixels["acquired"].to_numpy()))
    return pixels.iloc[order].reset_index(drop=True)


def stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return frames of equal columns as one; categories are united."""
    columns: dict[str, Any] = {}
    for name in frames[0]:
        parts = [frame[name] for frame in frames]
        if all(isinstance(part.dtype, pd.CategoricalDtype) for part in parts):
            # Of a table without rows the categories have no type.
            words = [part.astype(_typed(part)) for part in parts]
            columns[str(name)] = union_categoricals(words)
        else:
            columns[str(name)] = np.concatenate([part.to_numpy() for part in parts])
    return pd.DataFrame(columns)


def _typed(words: pd.Series[Any]) -> pd.CategoricalDtype:
    """Return the type of a column of words, its categories plain objects."""
    return pd.CategoricalDtype(pd.Index(words.cat.categories, dtype=object), ordered=False)


def _renamed(new: tuple[str, ...], around: set[str], lookup: Lookup) -> dict[str, str]:
    """Return other names for new events whose name an event bears that is alive and elsewhere."""

    def alive(names: list[str]) -> set[str]:
        there = lookup(names)
        return set(there.loc[there["alive"], "event"])

    renamed: dict[str, str] = {}
    for name in sorted(alive(list(new)) - around):
        number = 2
        while f"{name}-{number}" in {*new, *around} or alive([f"{name}-{number}"]):
            number += 1
        renamed[name] = f"{name}-{number}"
    return renamed


def _touched(
    pixels: pd.DataFrame, labels: npt.NDArray[np.int32], ids: npt.NDArray[np.object_], members: pd.DataFrame
) -> npt.NDArray[np.bool_]:
    """Say which clusters are not what they were: pixels judged anew, come, gone, or of another event."""
    count = len(ids)
    same = pixels["old"].to_numpy(object) == pixels["event"].to_numpy(object)
    stayed = np.bincount(labels, weights=same, minlength=count)
    before = members["event"].value_counts()
    sizes = before.reindex(ids).fillna(0).to_numpy()
    now = np.bincount(labels, minlength=count)
    touched: npt.NDArray[np.bool_] = (stayed != now) | (sizes != now)
    return touched


def _rows(
    pixels: pd.DataFrame,
    labels: npt.NDArray[np.int32],
    ids: npt.NDArray[np.object_],
    touched: npt.NDArray[np.bool_],
    rule: EventRule,
    names: Names,
) -> pd.DataFrame:
    """Return the events of the clusters that were touched."""
    if not touched.any():
        return empty_events().drop(columns="changed")
    inside = touched[labels]
    some = pixels[inside].reset_index(drop=True)
    number = np.cumsum(touched) - 1
    short = number[labels[inside]].astype(np.int32)
    table = summaries(some, short, overpasses(some, short, rule=rule)).reset_index(drop=True)
    table = pd.concat([table, facts(some, short, names=names)], axis=1)
    table["class"] = event_classes(some["class"], short)
    table = table.assign(event=ids[touched], verdict="", rules="[]", alive=True, merged_into="")
    types = {name: kind for name, kind in FIRE_EVENTS.dtypes.items() if name != "changed"}
    return table[list(types)].astype(types)


def _as_before(rows: pd.DataFrame, old: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Say of which rows nothing has changed: what was judged of them stays."""
    before = old.set_index("event").reindex(rows["event"])
    same: npt.NDArray[np.bool_] = rows["event"].isin(old["event"]).to_numpy(bool, copy=True)
    for name in rows.columns.drop(["event", "verdict", "rules"]):
        now, was = rows[name].to_numpy(object), before[name].to_numpy(object)
        same &= (now == was) | (pd.isna(now) & pd.isna(was))
    return same


def _told(
    rows: pd.DataFrame,
    old: pd.DataFrame,
    merged: pd.DataFrame,
    split: pd.DataFrame,
    gone: tuple[str, ...],
    replaced: pd.DataFrame,
    fresh: pd.DataFrame,
) -> tuple[pd.DataFrame, list[Past]]:
    """Return all rows to be written, and the history that goes with them."""
    before = old.set_index("event")
    history: list[Past] = []
    parents: dict[str, list[str]] = {}
    for event, into in zip(split["event"], split["into"], strict=True):
        parents.setdefault(into, []).append(event)
    seen = dict(zip(before.index, zip(before["pixels"], before["class"], strict=True), strict=True))
    for event, pixels, named in zip(rows["event"], rows["pixels"].tolist(), rows["class"], strict=True):
        if event not in seen:
            why = json.dumps({"pixels": pixels})
            told = [Past(event, "split_from", parent, why) for parent in parents.get(event, [])]
            history.extend(told or [Past(event, "new", "", why)])
            continue
        had, was = seen[event]
        if pixels != had:
            word = "grew" if pixels > had else "shrank"
            history.append(Past(event, word, "", json.dumps({"pixels": [int(had), pixels]})))
        if named != was:
            history.append(Past(event, "reclassified", "", json.dumps({"class": [was, named]})))
    into = dict(zip(merged["event"], merged["into"], strict=True))
    history.extend(Past(event, "merged_into", into[event], "{}") for event in sorted(into))
    static = fresh.loc[(fresh["class"] == "static").to_numpy(bool), "key"]
    swallowed = replaced[replaced["key"].isin(static)]["event"].astype(object).value_counts()
    for event in sorted(gone):
        count = int(swallowed.get(event, 0))
        history.append(Past(event, "gone", "", json.dumps({"static": count} if count else {})))
    dead = old[old["event"].isin([*into, *gone])].drop(columns="changed")
    dead = dead.assign(alive=False, merged_into=[into.get(event, "") for event in dead["event"]])
    return pd.concat([rows, dead[rows.columns]], ignore_index=True) if len(dead) else rows, history
