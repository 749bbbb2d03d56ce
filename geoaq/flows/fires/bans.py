"""Is it banned there and then: every event of fire under the texts that were in force when it was seen.

A verdict says whether a ban covers the place and the moment; that straw burned there stays a suspicion until
somebody has looked. What a later text says is never held against an earlier day of a fire: each day on which
it was seen is put to the texts of that day, and the first day with the strongest verdict stands for it.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import ConfigError
from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.flows.fires.ban_days import by_day, strongest
from geoaq.flows.fires.ban_places import alternatives
from geoaq.flows.fires.ban_rules import MISSING, Spoken, bans_burning, periods, spoken, verdict, with_local
from geoaq.flows.fires.ban_zones import Beside, beside, closing
from geoaq.policy import Pack, load_pack
from geoaq.zones import noburn
from geoaq.zones.admin import AdminIndex

_NOTHING = Beside()
# Counted up when the program itself finds other verdicts than before by the same texts.
_PROGRAM = 2
# Days of events that are judged at once: a source of heat that never cools is one event of years.
_DAYS_AT_ONCE = 400_000


@dataclass(frozen=True)
class Bans:
    """All that bans burning somewhere.

    Parameters
    ----------
    pack
        The plans.
    footprint_m
        Half a pixel's diagonal by satellite, metres, and ``other``.
    distances
        By kind (``layers/policy/noburn.toml [[distance]]``).
    zones, permits
        The office's own, every version (`geoaq.store.zones`).
    token
        Changes whenever a verdict may.
    """

    pack: Pack
    footprint_m: Mapping[str, float]
    distances: Mapping[str, noburn.DistanceRule]
    zones: tuple[noburn.Zone, ...]
    permits: tuple[noburn.Permit, ...]
    token: str

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Return the kinds of things that distances are kept from and that nobody has supplied."""
        supplied = {zone.kind for zone in self.zones}
        return tuple(kind for kind in self.distances if kind not in supplied)


def open_bans(
    policy_dir: Path,
    zones: Sequence[noburn.Zone] = (),
    permits: Sequence[noburn.Permit] = (),
    *,
    state: str = "",
) -> Bans:
    """Load the policy of burning bans, and take what an office has added.

    Parameters
    ----------
    policy_dir
        ``layers/policy``.
    zones, permits
        As `geoaq.flows.fires.own_zones.own_zones` gives them.
    state
        What changes whenever they do, or the boundaries.

    Raises
    ------
    ConfigError
        ``policy_broken``.
    """
    table = noburn_policy(policy_dir)
    pack = load_pack(policy_dir)
    words = json.dumps([_PROGRAM, pack.hash, table, state], ensure_ascii=False, sort_keys=True)
    try:
        sizes = {name: float(size) for name, size in table["footprint_m"].items() if name != "assumed"}
        distances = {
            one["kind"]: noburn.DistanceRule(one["kind"], one["km"], one["inclusive"])
            for one in table["distance"]
        }
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError("policy_broken", where="noburn.toml", problem=repr(error)) from error
    if set(distances) != set(noburn.FEATURES) or "other" not in sizes or min(sizes.values()) <= 0:
        raise ConfigError("policy_broken", where="noburn.toml", problem=f"{sorted(distances)}, {sizes}")
    token = hashlib.sha256(words.encode()).hexdigest()
    return Bans(pack, sizes, distances, tuple(zones), tuple(permits), token)


def noburn_policy(policy_dir: Path) -> dict[str, Any]:
    """Return the table of ``noburn.toml``."""
    try:
        return tomllib.loads((policy_dir / "noburn.toml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError("policy_broken", where="noburn.toml", problem=type(error).__name__) from error


def judge_events(
    events: pd.DataFrame,
    bans: Bans,
    *,
    counties: AdminIndex | None = None,
    second: AdminIndex | None = None,
    weather: Mapping[str, npt.ArrayLike] | None = None,
) -> pd.DataFrame:
    """Say of each event whether burning was banned there on any day on which it was seen.

    Parameters
    ----------
    events
        ``event first_seen last_seen lon lat across_m satellites class official adcode counties
        disputed_border`` as the store keeps them; ``footprint_m`` (half a pixel's diagonal, the largest of
        the event) where it is known, else that of its satellites.
    bans
        As of `open_bans`.
    counties, second
        The boundaries that decide and the second opinion: what else an event on a disputed border may lie in.
        Without them nothing is sure of such an event.
    weather
        ``wind_ms`` and ``aqi`` at each event when it was first seen, for permits that limit them; of later
        days nothing is known.

    Returns
    -------
    DataFrame
        ``event verdict rules``, aligned with ``events``. ``verdict``: ``applies`` (a ban covers place and
        moment; suspected, not proved), ``needs_review``, ``does_not_apply``. ``rules``: JSON, a list of
        findings, each ``by`` (``rule``, ``zone``, ``distance``, ``permit``, ``draft``, ``moment``; ``days``
        where it was seen on several), ``id``,
        ``outcome`` (``""`` for what is only shown), ``reasons`` (codes of ``wording/reasons.toml``) and its
        parameters (docs/reference/policy-fires.md).
    """
    first, last = (noburn.days(events[name].to_numpy(np.int64)) for name in ("first_seen", "last_seen"))
    part = np.cumsum(last - first + 1) // _DAYS_AT_ONCE
    starts = np.flatnonzero(np.append(True, np.diff(part) != 0))
    judged = []
    for start, end in pairwise([*starts.tolist(), len(events)]):
        sky = (
            None if weather is None else {name: np.asarray(each)[start:end] for name, each in weather.items()}
        )
        judged.append(_judged(events.iloc[start:end], bans, counties, second, sky))
    return pd.concat(judged, ignore_index=True)


def _judged(
    events: pd.DataFrame,
    bans: Bans,
    counties: AdminIndex | None,
    second: AdminIndex | None,
    weather: Mapping[str, npt.ArrayLike] | None,
) -> pd.DataFrame:
    first, last = (events[name].to_numpy(np.int64) for name in ("first_seen", "last_seen"))
    fires = noburn.Fires(
        events["lon"].to_numpy(np.float64),
        events["lat"].to_numpy(np.float64),
        _reach(events, bans.footprint_m),
        first,
        last,
    )
    days = by_day(fires)
    owner = days.owner
    place = alternatives(events, fires, counties, second)
    asked = place.assign(
        fire_class=events["class"].astype(object).fillna("").to_numpy(),
        official=events["official"].to_numpy(bool).astype(str),
    )
    bounds = periods(bans.pack)
    period = np.searchsorted(bounds, days.day, side="right")
    # The events, then their days: an event of many days is told apart from others once.
    alike = _coded([pd.factorize(asked[name])[0] for name in asked])
    code = _coded([alike[owner], period])
    _, example = np.unique(code, return_index=True)
    combos = asked.iloc[owner[example]].assign(day=np.append(bounds[:1] - 1, bounds)[period[example]])
    told = spoken(bans.pack, combos.reset_index(drop=True))
    if weather is not None:
        later = noburn.days(first)[owner] != days.day
        weather = {
            name: np.where(later, np.nan, np.asarray(values, np.float64)[owner])
            for name, values in weather.items()
        }
    adcode, near = (place[name].to_numpy(object)[owner] for name in ("adcode", "alternatives"))
    others = beside(bans, days.fires, days.day, adcode, near, weather)
    verdicts, rules = strongest(days, *_written(bans, told, code, others))
    return pd.DataFrame({"event": events["event"].to_numpy(object), "verdict": verdicts, "rules": rules})


def _coded(columns: Sequence[npt.NDArray[np.integer[Any]]]) -> npt.NDArray[np.int64]:
    """Return one number for each combination of codes, counted from 0 in the order of their coming."""
    code = np.zeros(len(columns[0]), np.int64)
    for one in columns:
        code = pd.factorize(code * (int(one.max(initial=0)) + 1) + one)[0]
    return code


def _written(
    bans: Bans, told: list[Spoken], code: npt.NDArray[np.int64], others: dict[int, Beside]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Return the verdicts and findings; where the same is to be said one text is shared."""
    plain = [_decided(bans, one, _NOTHING) for one in told]
    verdicts = np.array([one for one, _ in plain], object)[code] if plain else np.zeros(0, object)
    rules = np.array([text for _, text in plain], object)[code] if plain else np.zeros(0, object)
    known: dict[tuple[int, Beside], tuple[str, str]] = {}
    for position, around in others.items():
        key = int(code[position]), around
        if key not in known:
            known[key] = _decided(bans, told[key[0]], around)
        verdicts[position], rules[position] = known[key]
    return verdicts, rules


def _decided(bans: Bans, said: Spoken, around: Beside) -> tuple[str, str]:
    truth, reasons = _local(bans, said, around)
    findings = with_local(said, bans.pack, truth, reasons)
    findings += closing(bans, around, said)
    found = verdict(bans.pack, findings)
    if around.permits and found == "applies":
        for one in findings:
            if one["outcome"] == "applies" and bans_burning(bans.pack, one):
                one["reasons"] = [*one["reasons"], "conflicting_sources"]
    return found, json.dumps(findings, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _local(bans: Bans, said: Spoken, around: Beside) -> tuple[int, tuple[str, ...]]:
    """Return whether the place lies in the range that its local texts ban, and what leaves it open."""
    if said.province == TRUE:
        return TRUE, ()
    truth, reasons = around.local(bans.zones)
    if truth == TRUE or (truth == FALSE and said.province == FALSE):
        return truth, ()
    if said.province == UNKNOWN:
        return UNKNOWN, ("inside_margin", *reasons)
    return UNKNOWN, reasons or (MISSING,)


def _reach(events: pd.DataFrame, sizes: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Return how far from its middle the ground of each event reaches, metres."""
    codes, words = pd.factorize(events["satellites"].astype(object))
    largest = [max(sizes.get(name, sizes["other"]) for name in str(word).split(";")) for word in words]
    half = np.array([*largest, sizes["other"]])[codes]
    if "footprint_m" in events:
        stated = events["footprint_m"].to_numpy(np.float64)
        half = np.where(np.isnan(stated), half, stated)
    reach: npt.NDArray[np.float64] = half + np.nan_to_num(events["across_m"].to_numpy(np.float64)) / 2.0
    return reach
