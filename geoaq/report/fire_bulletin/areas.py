"""The tables by area, of kinds of detections, and of what was observed."""

from __future__ import annotations

from geoaq.report.fire_bulletin.data import BulletinData, Level, Unit
from geoaq.report.fire_bulletin.table import Cell, Column, Table
from geoaq.report.fire_bulletin.words import days, group_word, level_word, said, satellite_word


def unit_tables(data: BulletinData, lang: str, *, full: bool) -> list[Table]:
    """Return one table a level; with ``full`` every column, else those that a page holds."""
    counts = zip(data.levels, data.counted_units, strict=True)
    return [_units(data, level, counted, lang, full=full) for level, counted in counts]


def _units(data: BulletinData, level: Level, counted: int, lang: str, *, full: bool) -> Table:
    rows = [one for one in data.units if one.level == level]
    left = counted - sum(bool(one.adcode) for one in rows)
    notes = [said("units_note", lang), said("intensity_note", lang), said(f"arable_{data.arable}", lang)]
    if any(one.before is None or one.year_ago is None for one in rows):
        notes.append(said("past_note", lang))
    if left > 0:
        notes.append(said("units_left", lang, count=left, level=said(f"level_{level}", lang)))
    heads = {
        "rank": Column(said("head_rank", lang), width=9),
        "unit": Column(said("head_unit", lang), width=14),
        "parent": Column(said("head_parent", lang), width=10),
        "adcode": Column(said("head_adcode", lang), width=9),
        "verified": Column(said("head_verified", lang), width=8),
        "straw": Column(said("head_straw", lang), width=8),
        "suspected": Column(said("head_suspected", lang), width=8),
        "events": Column(said("head_events", lang), width=7),
        "events_verified": Column(said("head_events_verified", lang), width=8),
        "open": Column(said("head_open", lang), width=7),
        "mixed": Column(said("head_mixed", lang), width=7),
        "others": Column(said("head_others", lang), width=8),
        "arable": Column(said("head_arable", lang), decimals=1, width=10),
        "intensity": Column(said("head_intensity", lang), decimals=4, width=10),
        "intensity_verified": Column(said("head_intensity_verified", lang), decimals=4, width=10),
        "rank_intensity": Column(said("head_rank_intensity", lang), width=7),
        "before": Column(said("head_before", lang), width=7),
        "year_ago": Column(said("head_year_ago", lang), width=7),
        "cloud": Column(said("head_cloud", lang), width=8, percent=True),
        "cloud_days": Column(said("head_cloud_days", lang), width=8),
    }
    paged = (
        "rank", "unit", "straw", "verified", "events", "open", "mixed", "intensity", "before", "year_ago",
        "cloud",
    )  # fmt: skip
    names = tuple(heads) if full else paged
    cells = tuple(tuple(_cell(data, one, name, lang, full=full) for name in names) for one in rows)
    return Table(
        f"units_{level}", said(f"units_{level}", lang), tuple(heads[name] for name in names), cells,
        tuple(notes), said("none_listed", lang),
    )  # fmt: skip


def _cell(data: BulletinData, one: Unit, name: str, lang: str, *, full: bool) -> Cell:
    missing = said("no_data", lang)
    unknown = said("unknown", lang)
    special: dict[str, Cell] = {
        "rank": one.rank or said("not_ranked", lang),
        "rank_intensity": one.rank_intensity or said("not_ranked", lang),
        "unit": one.name.text(lang),
        "parent": one.parent.text(lang),
        "arable": unknown if one.arable_ha is None else one.arable_ha / 1000,
        "intensity": unknown if one.intensity is None else one.intensity,
        "intensity_verified": unknown if one.intensity_verified is None else one.intensity_verified,
        "before": missing if one.before is None else one.before,
        "year_ago": missing if one.year_ago is None else one.year_ago,
        "cloud": unknown if one.cloud is None else one.cloud,
        "cloud_days": f"{one.cloud_days}/{(data.last - data.first).days + 1}",
    }
    if name == "unit" and not full and one.parent.zh not in ("", one.name.zh, data.area.zh):
        return f"{one.name.text(lang)}\n{one.parent.text(lang)}"
    return special[name] if name in special else getattr(one, name)


def ledger_table(data: BulletinData, lang: str) -> Table:
    """Return how many detections are of which kind and from whom, with sums both ways."""
    sources = ("satellite", "other", "push")
    columns = (
        Column(said("head_group", lang), width=30),
        *(Column(said(f"head_source_{name}", lang), width=10) for name in sources),
        Column(said("head_sum", lang), width=10),
    )
    rows = [
        (
            group_word(one.group, lang),
            one.satellite,
            one.other,
            one.push,
            one.satellite + one.other + one.push,
        )
        for one in data.ledger
    ]
    sums = [sum(int(row[at]) for row in rows) for at in range(1, 5)]
    return Table(
        "ledger", said("ledger_title", lang), columns, (*rows, (said("sum", lang), *sums)),
        (said("ledger_note", lang),), total=True,
    )  # fmt: skip


def passes_table(data: BulletinData, lang: str) -> Table:
    """Return which satellites have data on how many days of report."""
    columns = (
        Column(said("head_satellite", lang), width=16),
        Column(said("head_days", lang), width=9),
        Column(said("head_seen", lang), width=9),
        Column(said("head_share_missing", lang), width=9, percent=True),
        Column(said("head_missing", lang), width=40),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in data.passes:
        name = satellite_word(one.satellite, lang)
        if one.expected:
            missing = days(one.missing, lang) or said("none_missing", lang)
            rows.append((name, one.days, one.seen, (one.days - one.seen) / one.days, missing))
        else:
            rows.append((name, None, one.seen, None, said("not_expected", lang)))
    clouds = said("clouds_known" if data.clouds else "clouds_unknown", lang)
    notes = (said("passes_note", lang), clouds, said("clouds_hide", lang), said("not_observed", lang))
    return Table("passes", said("passes_title", lang), columns, tuple(rows), notes)


def levels_table(data: BulletinData, lang: str) -> Table:
    """Return how many records of each source are of which level of processing."""
    columns = (
        Column(said("head_satellite", lang), width=20),
        Column(said("head_level", lang), width=10),
        Column(said("head_rows", lang), width=10),
    )
    rows = tuple((satellite_word(name, lang), level_word(level), n) for name, level, n in data.data_levels)
    return Table(
        "levels", said("levels_title", lang), columns, rows, (said("levels_note", lang),),
        said("none_listed", lang),
    )  # fmt: skip


def patrols_table(data: BulletinData, lang: str, most: int) -> Table:
    """Return the list for patrols, at most so many rows."""
    found = data.patrols
    by = said("by_town" if found.by_town else "by_cell", lang)
    columns = [
        Column(said("head_number", lang), width=6),
        Column(said("head_county", lang), width=16),
        *([Column(said("head_town", lang), width=14)] if found.by_town else []),
        Column(said("head_lon", lang), decimals=3, width=10),
        Column(said("head_lat", lang), decimals=3, width=10),
        Column(said("head_years", lang), width=9),
        Column(said("head_past_points", lang), width=9),
        Column(said("head_last_year", lang), width=9),
        Column(said("head_now", lang), width=9),
    ]
    rows: list[tuple[Cell, ...]] = []
    for number, one in enumerate(found.rows[:most], start=1):
        town: tuple[Cell, ...] = (one.town or said("town_unknown", lang),) if found.by_town else ()
        past = (one.years, one.points, one.last_year or None) if found.years else (None, None, None)
        rows.append((number, one.county.text(lang), *town, one.lon, one.lat, *past, one.now))
    left = len(found.rows) - len(rows) + found.left_out
    if found.years:
        told = listed_years(found.years, lang)
        words = {"asked": found.asked_years, "margin": found.margin_days, "years": told}
        notes = [said("patrols_years", lang, **words)]
    else:
        notes = [said("patrols_no_years", lang)]
    if not found.by_town:
        notes.append(said("patrols_cells", lang, deg=f"{found.cell_deg:g}"))
    if left:
        notes.append(said("left_out_book" if len(rows) == len(found.rows) else "left_out", lang, count=left))
    title = said("patrols_title", lang, by=by)
    return Table("patrols", title, tuple(columns), tuple(rows), tuple(notes), said("none_listed", lang))


def listed_years(years: tuple[int, ...], lang: str) -> str:
    """Return years as a list."""
    return said("list_joiner", lang).join(str(year) for year in sorted(years))
