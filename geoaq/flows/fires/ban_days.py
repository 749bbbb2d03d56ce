"""A fire that burns on is put to the texts of every day in Beijing on which it was seen, not of the first.

Detections of one event lie no farther apart than the linkage allows (``fire_events.toml [link] hours``, 24):
no day in Beijing fits between two of them, so that an event was seen on each day from its first to its last.
With a longer linkage a day between counts as one on which it burned on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geoaq.findings import APPLIES, DOES_NOT_APPLY, NEEDS_REVIEW
from geoaq.zones import noburn

Longs = npt.NDArray[np.int64]
Words = npt.NDArray[np.object_]
#: What stands for an event of several days: the first of these that any of its days has.
STRONGEST = (APPLIES, NEEDS_REVIEW, DOES_NOT_APPLY)
_RANKS = {verdict: rank for rank, verdict in enumerate(STRONGEST)}
_BEIJING_S, _DAY_S = 8 * 3600, 86_400


class Days(NamedTuple):
    """Days on which fires were seen, by fire and then by day: the fire, the day, the fire on that day."""

    owner: npt.NDArray[np.intp]
    day: Longs
    fires: noburn.Fires


def by_day(fires: noburn.Fires) -> Days:
    """Return every day in Beijing on which each fire was seen.

    Of the days after the first a moment of detection is known on the last alone (``seen``, else -1): hours of
    a zone leave the answer open on the others.

    Parameters
    ----------
    fires
        Shape (n,).
    """
    begin, end = noburn.days(fires.first), noburn.days(fires.last)
    count = end - begin + 1
    owner = np.repeat(np.arange(len(begin)), count)
    day = begin[owner] + np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    midnight = day * _DAY_S - _BEIJING_S
    first = np.maximum(fires.first[owner], midnight)
    last = np.minimum(fires.last[owner], midnight + _DAY_S - 1)
    seen = np.where(day == end[owner], fires.last[owner], -1)
    seen = np.where(day == begin[owner], fires.first[owner], seen)
    spread = noburn.Fires(fires.lon[owner], fires.lat[owner], fires.reach_m[owner], first, last, seen)
    return Days(owner, day, spread)


def strongest(days: Days, verdicts: Words, rules: Words) -> tuple[Words, Words]:
    """Return verdict and findings of each fire: those of its first day with the strongest verdict.

    Where a fire was seen on several days, a finding by ``days`` is added: ``day`` decides, and ``days`` are
    runs of days of one verdict (first, last, verdict), the day on which it was first seen at their head.

    Parameters
    ----------
    days
        As `by_day` returns them.
    verdicts, rules
        Of each of these days; ``rules`` is the JSON of a list.
    """
    if not len(days.owner):
        return verdicts, rules
    rank = np.array([_RANKS[str(one)] for one in verdicts.tolist()], np.uint8)
    starts = np.flatnonzero(np.append(True, np.diff(days.owner) != 0))
    ends = np.append(starts[1:], len(days.owner))
    chosen = np.lexsort((days.day, rank, days.owner))[starts]
    found = rules[chosen]
    # Many fires fall alike on the same days: what is said of them is written once, and shared.
    known: dict[tuple[str, int, bytes], str] = {}
    for fire in np.flatnonzero(ends - starts > 1).tolist():
        span = slice(starts[fire], ends[fire])
        key = found[fire], int(days.day[starts[fire]]), rank[span].tobytes()
        if key not in known:
            told = _told(days.day[span], verdicts[span].tolist(), int(days.day[chosen[fire]]))
            known[key] = f"{key[0][:-1]},{told}]" if key[0] != "[]" else f"[{told}]"
        found[fire] = known[key]
    return verdicts[chosen], found


def _told(day: Longs, verdicts: Sequence[str], decides: int) -> str:
    """Return the finding that names the days of one fire, as JSON."""
    texts = [str(one) for one in day.astype("datetime64[D]")]
    runs: list[list[str]] = []
    for text, verdict in zip(texts, verdicts, strict=True):
        if runs and runs[-1][2] == verdict:
            runs[-1][1] = text
        else:
            runs.append([text, text, verdict])
    finding = {
        "by": "days", "id": "", "outcome": "", "reasons": [],
        "day": str(np.datetime64(decides, "D")), "days": runs,
    }  # fmt: skip
    return json.dumps(finding, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
