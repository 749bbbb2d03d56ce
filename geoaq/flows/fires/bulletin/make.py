"""A bulletin from the store: this period, the one before, the same days last year, earlier seasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from geoaq.catalog import Catalog
from geoaq.fires.bulletin import (
    STRAW,
    BulletinRule,
    beside,
    cells,
    change,
    clouds,
    group_events,
    ledger,
    open_border,
    passes,
    patrols,
    seasons,
    state_of,
)
from geoaq.fires.bulletin.points import beijing
from geoaq.flows.fires.bulletin.area import open_area, shapes
from geoaq.flows.fires.bulletin.gather import Gathered, gather, seen_days, unjudged
from geoaq.flows.fires.bulletin.inputs import open_inputs
from geoaq.flows.fires.bulletin.request import BulletinRequest, bulletin_rule
from geoaq.flows.fires.bulletin.rows import detections, fires, units
from geoaq.policy import load_pack
from geoaq.report.fire_bulletin import (
    BulletinData,
    Compared,
    Ledger,
    Level,
    Pass,
    Patrol,
    Patrols,
    Source,
)
from geoaq.report.sheet.words import Words, named, words
from geoaq.store.fires.store import FireStore

Progress = Callable[[str, int, int], None]
_STEPS = 5
_FIRMS = {"terra", "aqua", "snpp", "noaa20", "noaa21", "landsat8", "landsat9"}
_HIMAWARI = {"himawari8", "himawari9"}


def make_bulletin(
    store: FireStore,
    request: BulletinRequest,
    *,
    catalog: Catalog,
    layers_dir: Path,
    cache_dir: Path,
    progress: Progress,
    remarks: Sequence[Words] = (),
) -> BulletinData:
    """Make the bulletin of an area and a period.

    Parameters
    ----------
    store
        The open store; what is not judged is not in a bulletin.
    request
        What is asked for.
    catalog
        The policy and the lists that are known.
    layers_dir, cache_dir
        ``GEOAQ_DATA/layers`` and ``GEOAQ_DATA/cache/counties``.
    progress
        Called as ``progress("bulletin", done, total)``.
    remarks
        What is printed at its head beside the notice.

    Raises
    ------
    InputError
        ``unknown_area``; a table of the office that cannot be read.
    ConfigError
        ``layers_not_built``; ``policy_broken``.
    """
    rule, rule_sha256 = bulletin_rule(catalog.policy_dir)
    progress("bulletin", 0, _STEPS)
    area = open_area(request.adcode, layers_dir, cache_dir)
    inputs = open_inputs(request, area, store, catalog)
    progress("bulletin", 1, _STEPS)
    state = store.judged_state()
    now = gather(store, request.period, area, inputs, rule)
    progress("bulletin", 2, _STEPS)
    before = gather(store, request.period.before(), area, inputs, rule, events=False)
    year_ago = gather(store, request.period.year_before(), area, inputs, rule, events=False)
    progress("bulletin", 3, _STEPS)
    listed = _patrols(store, now, rule)
    progress("bulletin", 4, _STEPS)
    data = _data(request, rule, rule_sha256, catalog, now, before, year_ago, listed, state, remarks)
    data = data.model_copy(update={"unjudged": unjudged(store, request.period)})
    progress("bulletin", _STEPS, _STEPS)
    return data


def _data(
    request: BulletinRequest, rule: BulletinRule, rule_sha256: str, catalog: Catalog, now: Gathered,
    before: Gathered, year_ago: Gathered, listed: Patrols, state: str, remarks: Sequence[Words],
) -> BulletinData:  # fmt: skip
    area, inputs, period = now.area, now.inputs, request.period
    first: Level = area.levels[0]
    own = now.grouped["source"] != "push"
    straw = own & now.grouped["group"].isin(STRAW)
    points, points_left = detections(now, straw, most=rule.workbook_rows)
    pushes, pushes_left = detections(now, ~own, most=rule.workbook_rows)
    aside, aside_left = detections(now, own & ~straw, most=rule.workbook_rows)
    found, fires_left = fires(now, most=rule.workbook_rows)
    events, verified, opened = _event_counts(now)
    near = pd.Series(open_border(now.pixels, now.grouped, "county"), index=now.pixels.index)
    covered = clouds(inputs.clouds, period)
    pack = load_pack(catalog.policy_dir)
    rows = [
        one
        for level in area.levels
        for one in units(
            now,
            level,
            _beside(now, before, level),
            _beside(now, year_ago, level),
            covered,
        )
    ]
    marks = now.grouped["group"].astype(object).where(own, "push")
    return BulletinData(
        kind=period.kind,
        adcode=area.adcode,
        area=area.name,
        first=period.first,
        last=period.last,
        ends_at=period.ends_at,
        since=beijing(period.since),
        until=beijing(period.until),
        as_of=request.as_of,
        total=len(now.pixels),
        ledger=tuple(
            Ledger(group=str(group), **{str(name): int(count) for name, count in row.items()})
            for group, row in ledger(now.grouped).iterrows()
        ),
        events=events,
        events_verified=verified,
        events_open=opened,
        open_points=int((now.straw & near).sum()),
        levels=area.levels,
        units=tuple(rows),
        counted_units=tuple(len(area.codes(level)) for level in area.levels),
        before=_compared(now, before, first),
        year_ago=_compared(now, year_ago, first),
        passes=tuple(_pass(row) for _, row in now.passed.iterrows()),
        arable=inputs.arable,
        clouds=request.clouds is not None,
        checks=request.checks is not None,
        points=points,
        pushes=pushes,
        aside=aside,
        points_left_out=points_left,
        pushes_left_out=pushes_left,
        aside_left_out=aside_left,
        fires=found,
        fires_left_out=fires_left,
        patrols=listed,
        data_levels=_levels(now.pixels),
        sources=(
            Source(what="rules", name=named(pack.id), version=pack.version, sha256=pack.hash),
            Source(what="numbers", name=named("fire_bulletin.toml"), sha256=rule_sha256),
            Source(what="layers", name=words("bulletin.boundaries"), version=area.layers.key),
            *inputs.sources,
        ),
        attributions=_attributions(now, before, year_ago),
        unused_rows=inputs.unused_rows,
        judged_state=state,
        content_sha256=now.content_sha256(),
        shapes=shapes(area, now.pixels[["lon", "lat"]].assign(group=marks)),
        notes=_notes(now),
        remarks=tuple(remarks),
    )


def _beside(now: Gathered, then: Gathered, level: Level) -> pd.Series[float]:
    return beside(now.units(level)["straw"], then.points(level), state_of(then.passed))


def _event_counts(now: Gathered) -> tuple[int, int, int]:
    """Return events of suspected straw burning, verified ones, and those near an open border."""
    own = now.events[~now.events["official"].to_numpy(bool)]
    grouped = group_events(own, now.inputs.checks)
    straw = grouped["group"].isin(STRAW).to_numpy(bool)
    near = open_border(own, grouped, "county")
    return int(straw.sum()), int((grouped["group"] == "verified").sum()), int((straw & near).sum())


def _compared(now: Gathered, then: Gathered, level: Level) -> Compared:
    found = change(
        now.points(level), then.points(level), then.passed, then.period, observed=state_of(now.passed)
    )
    due = then.passed[then.passed["expected"]]

    def told(codes: Sequence[str]) -> tuple[Words, ...]:
        return tuple(now.area.unit_name(code, level)[0] for code in codes)

    return Compared(
        first=then.period.first,
        last=then.period.last,
        state=found.state,
        seen=int(due["seen"].sum()),
        due=int(due["days"].sum()),
        points=found.points,
        difference=found.difference,
        percent=found.percent,
        new=told(found.new),
        gone=told(found.gone),
    )


def _pass(row: pd.Series) -> Pass:
    return Pass(
        satellite=str(row["satellite"]), expected=bool(row["expected"]), days=int(row["days"]),
        seen=int(row["seen"]), missing=tuple(row["missing"]),
    )  # fmt: skip


def _levels(pixels: pd.DataFrame) -> tuple[tuple[str, int, int], ...]:
    own = pixels[pixels["kind"].astype(object) == "satellite"]
    pairs = zip(own["satellite"].astype(str), own["level"].astype(int), strict=True)
    return tuple((*pair, n) for pair, n in sorted(Counter(pairs).items()))


def _patrols(store: FireStore, now: Gathered, rule: BulletinRule) -> Patrols:
    """Return the list for patrols from the seasons of which the store has data."""
    inputs, area = now.inputs, now.area
    parts, years = [], []
    for season in seasons(now.period, years=rule.years, margin_days=rule.margin_days):
        if state_of(passes(season, rule.expected, seen_days(store, season, area))) == "none":
            continue
        years.append(season.last.year)
        then = gather(store, season, area, inputs, rule, events=False)
        parts.append(_spots(then, rule).assign(year=season.last.year))
    present = _spots(now, rule)
    past = pd.concat(parts) if parts else present.iloc[:0].assign(year=pd.Series([], dtype=np.int64))
    found = patrols(past, present)
    kept = found.head(rule.workbook_rows)
    return Patrols(
        by_town=inputs.by_town,
        cell_deg=rule.cell_deg,
        margin_days=rule.margin_days,
        asked_years=rule.years,
        years=tuple(years),
        rows=tuple(
            Patrol(
                county=area.unit_name(str(row["adcode"]), "county")[0],
                town=str(row["place"]),
                lon=round(float(row["lon"]), 4),
                lat=round(float(row["lat"]), 4),
                **{name: int(row[name]) for name in ("years", "points", "last_year", "now")},
            )
            for row in kept.to_dict("records")
        ),
        left_out=len(found) - len(kept),
    )


def _spots(found: Gathered, rule: BulletinRule) -> pd.DataFrame:
    """Return where straw may have burned: ``adcode place lon lat``, in cells where there is no township."""
    own = found.straw.to_numpy(bool)
    pixels = found.pixels[own]
    lon, lat = (pixels[name].to_numpy(np.float64) for name in ("lon", "lat"))
    names = pixels["township"].to_numpy(object)
    cell_lon, cell_lat = cells(lon, lat, cell_deg=rule.cell_deg)
    unnamed = names == ""
    return pd.DataFrame(
        {
            "adcode": found.grouped["place"].to_numpy(object)[own],
            "place": names,
            "lon": np.where(unnamed, cell_lon, lon),
            "lat": np.where(unnamed, cell_lat, lat),
        }
    )


def _attributions(*found: Gathered) -> tuple[Words, ...]:
    seen = {str(name) for one in found for name in one.passed.loc[one.passed["seen"] > 0, "satellite"]}
    told = [words("bulletin.source_firms")] if seen & _FIRMS else []
    told += [words("bulletin.source_himawari")] if seen & _HIMAWARI else []
    return (*told, words("bulletin.source_boundaries"))


def _notes(now: Gathered) -> tuple[str, ...]:
    rules = now.events["rules"].astype(str)
    return ("before_the_rules",) if rules.str.contains('"before_the_rules"', regex=False).any() else ()
