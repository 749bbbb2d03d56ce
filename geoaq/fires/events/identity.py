"""Knowing an event again: a level was replaced, a late pixel came in, two grew together, or one fell apart.

Pixels of known events look for their successors in the new table: the detection with the same key, else the
nearest of the same satellite within the rule's ``moved_m`` and ``moved_s``. Each successor is a voice of its
old event for the cluster that it lies in. Then

* an event goes where most of its voices are (of equals, to the cluster that began first);
* a cluster that several events go to keeps the oldest (first seen, then id); the others are merged into it;
* a cluster with voices to which no event goes is a part split off, and gets an id of its own;
* an event without successors goes to the unclaimed cluster that the rule would have joined it to, if there is
  one; else it is gone: a correction took its pixels away.

An id says the minute and the place of the first pixel when the event was first seen; it is never made anew
for a known event.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.fires.events.rule import EventRule
from geoaq.fires.events.sums import Labels, first_pixels
from geoaq.geodesy.ellipsoid import earth_centred

Ids = npt.NDArray[np.object_]
_BASE32 = np.frombuffer(b"0123456789bcdefghjkmnpqrstuvwxyz", "S1")
_LETTERS = 9


@dataclass(frozen=True)
class Assignment:
    """Which event each cluster is, and what became of the known ones.

    Parameters
    ----------
    ids
        The event of each cluster, shape (clusters,).
    new
        The ids among them that no known event bears.
    merged
        ``event into``: known events that grew into another known one, which survives.
    split
        ``event into``: parts of a known event that bear ids of their own now.
    gone
        Known events of whose pixels none is left.
    """

    ids: Ids
    new: tuple[str, ...]
    merged: pd.DataFrame
    split: pd.DataFrame
    gone: tuple[str, ...]


def assign(
    pixels: pd.DataFrame, labels: Labels, *, members: pd.DataFrame, known: pd.DataFrame, rule: EventRule
) -> Assignment:
    """Say which event each cluster is.

    Parameters
    ----------
    pixels
        The new table: ``satellite kind acquired lon lat key`` of `geoaq.frames.FIRE_PIXELS`.
    labels
        Its clusters, as `geoaq.fires.events.cluster` returns them.
    members
        Pixels of the known events as they were, the same columns and ``event``. Only events all of whose
        pixels could be in the new table may be among them: choose its days so that no event is cut.
    known
        The known events: ``event first_seen`` (seconds since 1970 UTC).
    rule
        What joins two pixels, and how far one may move.
    """
    count = int(labels.max(initial=-1)) + 1
    start = first_pixels(pixels, labels)
    began = pixels["acquired"].to_numpy(np.int64)[start]
    rank = np.empty(count, np.int64)
    rank[np.lexsort((pixels["key"].to_numpy(np.uint64)[start], began))] = np.arange(count)
    age = {event: (int(seen), event) for event, seen in zip(known["event"], known["first_seen"], strict=True)}

    voices = _voices(pixels, labels, members, rule)
    voices["rank"] = rank[voices["cluster"].to_numpy(np.intp)]
    voices = voices.sort_values(["event", "voices", "rank"], ascending=[True, False, True])
    main = voices.drop_duplicates("event")
    homeless = sorted(set(age) - set(main["event"]))
    claimed = set(voices["cluster"].tolist())
    beside = _by_rule(pixels, labels, members, homeless, claimed, rule, rank)
    main = pd.concat([main[["event", "cluster"]], beside])

    ids: Ids = np.full(count, "", object)
    merged: list[tuple[str, str]] = []
    going: dict[int, list[str]] = {}
    for event, cluster in zip(main["event"], main["cluster"], strict=True):
        going.setdefault(int(cluster), []).append(event)
    for cluster, events in going.items():
        oldest, *others = sorted(events, key=age.__getitem__)
        ids[cluster] = oldest
        merged.extend((event, oldest) for event in others)
    fresh = np.flatnonzero(ids == "")
    fresh = fresh[np.argsort(rank[fresh])]
    ids[fresh] = _made(pixels, start[fresh], set(age))
    apart = voices[np.isin(voices["cluster"], fresh)]
    gone = sorted(set(homeless) - set(main["event"]))
    return Assignment(
        ids,
        tuple(ids[fresh]),
        _pairs(sorted(merged)),
        _pairs(sorted(zip(apart["event"], ids[apart["cluster"].to_numpy(np.intp)], strict=True))),
        tuple(gone),
    )


def _pairs(pairs: list[tuple[str, str]]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["event", "into"], dtype=object)


def _voices(pixels: pd.DataFrame, labels: Labels, members: pd.DataFrame, rule: EventRule) -> pd.DataFrame:
    """Return ``event cluster voices``: how many pixels of each known event lie in which cluster now."""
    key, old = _keys(pixels), _keys(members)
    order = np.argsort(key)
    place = np.minimum(np.searchsorted(key, old, sorter=order), max(len(key) - 1, 0))
    row = np.full(len(old), -1, np.intp)
    if len(key):
        row = np.where(key[order][place] == old, order[place], -1)
    lost = np.flatnonzero(row < 0)
    kinds = pd.DataFrame({"name": members["satellite"].astype(object), "pushed": members["kind"] == "push"})
    for name, pushed in kinds.iloc[lost].drop_duplicates().itertuples(index=False):
        asked = lost[((kinds["name"] == name) & (kinds["pushed"] == pushed)).to_numpy(bool)[lost]]
        same = (pixels["satellite"] == name) & ((pixels["kind"] == "push") == pushed)
        there = np.flatnonzero(same.to_numpy(bool))
        pair, found = _nearest(members, asked, pixels, there, rule.moved_m, rule.moved_s)
        row[pair] = found
    kept = row >= 0
    table = pd.DataFrame({"event": members["event"].to_numpy(object)[kept], "cluster": labels[row[kept]]})
    return table.groupby(["event", "cluster"], sort=True).size().rename("voices").reset_index()


def _keys(frame: pd.DataFrame) -> npt.NDArray[np.uint64]:
    """Return the identity of detections; a push never has that of an office's own discovery."""
    pushed = (frame["kind"] == "push").to_numpy(bool).astype(np.uint64)
    keys: npt.NDArray[np.uint64] = frame["key"].to_numpy(np.uint64) ^ pushed
    return keys


def _nearest(
    members: pd.DataFrame,
    asked: npt.NDArray[np.intp],
    pixels: pd.DataFrame,
    there: npt.NDArray[np.intp],
    reach_m: float,
    reach_s: int,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return members and the nearest pixel within reach of each, both as rows."""
    from scipy.spatial import cKDTree

    none = np.empty(0, np.intp)
    if not len(asked) or not len(there):
        return none, none
    frames = (members.iloc[asked], pixels.iloc[there])
    first = int(frames[1]["acquired"].min())
    here, away = (
        earth_centred(frame["lon"].to_numpy(np.float64), frame["lat"].to_numpy(np.float64))
        for frame in frames
    )
    time, other = ((frame["acquired"].to_numpy(np.int64) - first)[:, None] for frame in frames)
    tree = cKDTree(np.hstack([away / reach_m, other / reach_s]))
    asked_at = np.hstack([here / reach_m, time / reach_s])
    lists = np.atleast_1d(np.asarray(tree.query_ball_point(asked_at, 1.0 + 1e-9, p=np.inf), object))
    pair = np.repeat(np.arange(len(asked)), [len(found) for found in lists])
    found = np.concatenate([none, *(np.array(found, np.intp) for found in lists)])
    chord = np.sqrt(((here[pair] - away[found]) ** 2).sum(axis=1))
    near = (chord <= reach_m) & (np.abs(time[pair, 0] - other[found, 0]) <= reach_s)
    pair, found, chord = pair[near], found[near], chord[near]
    best = np.lexsort((frames[1]["key"].to_numpy(np.uint64)[found], chord, pair))
    best = best[np.append(True, np.diff(pair[best]) != 0)[: len(best)]]
    return asked[pair[best]], there[found[best]]


def _by_rule(
    pixels: pd.DataFrame,
    labels: Labels,
    members: pd.DataFrame,
    homeless: list[str],
    claimed: set[int],
    rule: EventRule,
    rank: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Return ``event cluster`` for events without successors that lie beside an unclaimed cluster."""
    lost, free = members["event"].isin(homeless), ~np.isin(labels, sorted(claimed))
    parts = [
        _nearest(
            members,
            np.flatnonzero(lost & ((members["kind"] == "push") == pushed)),
            pixels,
            np.flatnonzero(free & ((pixels["kind"] == "push") == pushed)),
            rule.distance_m,
            rule.window_s,
        )
        for pushed in (False, True)
    ]
    pair, found = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    cluster = labels[found]
    table = pd.DataFrame(
        {"event": members["event"].to_numpy(object)[pair], "cluster": cluster, "rank": rank[cluster]}
    )
    return table.sort_values(["event", "rank"]).drop_duplicates("event")[["event", "cluster"]]


def _made(pixels: pd.DataFrame, rows: npt.NDArray[np.intp], taken: set[str]) -> list[str]:
    """Return ids from first pixels; one that is taken gets a number behind it."""
    some = pixels.iloc[rows]
    minutes = np.datetime_as_string(some["acquired"].to_numpy(np.int64).astype("M8[s]"), unit="m")
    places = geohash(some["lon"].to_numpy(np.float64), some["lat"].to_numpy(np.float64))
    made: list[str] = []
    used = set(taken)
    for minute, place in zip(minutes.tolist(), places.tolist(), strict=True):
        plain = f"{minute.replace('-', '').replace(':', '')}Z-{place}"
        name, number = plain, 2
        while name in used:
            name, number = f"{plain}-{number}", number + 1
        used.add(name)
        made.append(name)
    return made


def geohash(lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> npt.NDArray[np.str_]:
    """Return geohashes of 9 letters (cells of 5 m) of points in degrees (Niemeyer 2008).

    Examples
    --------
    >>> geohash(np.array([10.40744]), np.array([57.64911])).tolist()
    ['u4pruydqq']
    """
    bits = 5 * _LETTERS
    wide, high = (bits + 1) // 2, bits // 2
    x = np.minimum((lon + 180.0) / 360.0 * (1 << wide), (1 << wide) - 1).astype(np.int64)
    y = np.minimum((lat + 90.0) / 180.0 * (1 << high), (1 << high) - 1).astype(np.int64)
    letters = np.zeros((len(x), _LETTERS), np.int64)
    for k in range(bits):
        source, left = (x, wide - 1 - k // 2) if k % 2 == 0 else (y, high - 1 - k // 2)
        letters[:, k // 5] = letters[:, k // 5] * 2 + ((source >> left) & 1)
    words: npt.NDArray[np.str_] = _BASE32[letters].view(f"S{_LETTERS}")[:, 0].astype(np.str_)
    return words
