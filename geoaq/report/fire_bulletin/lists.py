"""The lists of fires, of points, of official pushes, with the columns of the authorities' reports."""

from __future__ import annotations

from geoaq.report.fire_bulletin.data import BulletinData, Detection, Fire, Source
from geoaq.report.fire_bulletin.table import Cell, Column, Table
from geoaq.report.fire_bulletin.words import (
    ban_words,
    confidence_word,
    group_word,
    level_word,
    reason_words,
    said,
    satellite_word,
)
from geoaq.report.sheet.words import named
from geoaq.wording import say

_FULL = (
    ("number", 6), ("city", 12), ("county", 12), ("town", 12), ("village", 12), ("grid", 12),
    ("lon", 11), ("lat", 10), ("lon_dms", 16), ("lat_dms", 15), ("beijing", 17), ("utc", 18),
    ("satellite", 10), ("sensor", 9), ("footprint", 11), ("confidence", 7), ("frp", 9), ("crop", 8),
    ("ban", 26), ("result", 20), ("reasons", 30), ("border", 7), ("event", 26), ("level", 8),
)  # fmt: skip
_PAGE = (
    ("number", 5), ("place", 14), ("town", 9), ("position", 22), ("time", 19), ("seen_by", 15), ("frp", 8),
    ("crop", 7), ("ban", 25), ("result_reasons", 30), ("event", 17),
)  # fmt: skip
_WITHIN = ("village", "grid")
_PUSH = (("push", 16), ("deadline", 17))
_DECIMALS = {"lon": 5, "lat": 5, "frp": 1, "frp_peak": 1}


def point_tables(data: BulletinData, lang: str, *, full: bool, most: int) -> list[Table]:
    """Return the lists of points, pushes and other detections, at most ``most`` rows each."""
    kinds = (
        ("points", data.points, data.points_left_out),
        ("pushes", data.pushes, data.pushes_left_out),
        ("aside", data.aside, data.aside_left_out),
    )
    return [_points(key, rows, left, lang, full=full, most=most) for key, rows, left in kinds]


def _points(key: str, found: tuple[Detection, ...], left: int, lang: str, *, full: bool, most: int) -> Table:
    names = [*(_FULL if full else _PAGE), *(_PUSH if key == "pushes" and full else ())]
    # Only an office that has loaded villages or grid cells has columns of them.
    lacking = {name for name in _WITHIN if not any(getattr(one, name) for one in found)}
    names = [(name, width) for name, width in names if name not in lacking]
    columns = [_column(name, width, lang) for name, width in names]
    rows = tuple(tuple(_cell(one, name, lang) for name, _ in names) for one in found[:most])
    notes = [said("points_note", lang)] if rows else []
    notes += _left(left + len(found) - len(rows), lang, full=full)
    return Table(
        key, said(f"{key}_title", lang), tuple(columns), rows, tuple(notes), said("none_listed", lang),
        wide=True,
    )  # fmt: skip


def _left(count: int, lang: str, *, full: bool) -> list[str]:
    return [said("left_out_book" if full else "left_out", lang, count=count)] if count else []


def _column(name: str, width: int, lang: str) -> Column:
    title = say(f"areas.level_{name}", lang) if name in _WITHIN else said(f"head_{name}", lang)
    return Column(title, _DECIMALS.get(name), width, percent=name == "crop")


def _cell(one: Detection, name: str, lang: str) -> Cell:
    city, county = one.city.text(lang), one.county.text(lang)
    satellite = satellite_word(one.satellite, lang)
    border = said("border_open", lang) if one.open else ""
    group, reasons = group_word(one.group, lang), reason_words(one.reasons, lang)
    confidence = confidence_word(one.confidence, lang)
    cells: dict[str, Cell] = {
        "number": one.number,
        "city": city,
        "county": county,
        "town": _town(one, lang),
        "village": one.village,
        "grid": one.grid,
        "lon": one.lon,
        "lat": one.lat,
        "lon_dms": one.lon_dms,
        "lat_dms": one.lat_dms,
        "beijing": one.beijing,
        "utc": one.utc,
        "satellite": satellite,
        "sensor": one.sensor,
        "footprint": one.footprint_km,
        "confidence": confidence,
        "frp": one.frp_mw,
        "crop": one.crop_share,
        "ban": ban_words(one.verdict, one.bans, lang),
        "result": group,
        "reasons": reasons,
        "border": border,
        "event": one.event,
        "level": level_word(one.level),
        "push": one.push_number,
        "deadline": one.deadline,
        "place": "\n".join(filter(None, (city, county if county != city else "", _open(one.open, lang)))),
        "position": f"{one.lon_dms}\n{one.lat_dms}\n{one.lon:.5f}, {one.lat:.5f}",
        "time": f"{one.beijing}\n{one.utc}",
        "seen_by": f"{satellite} {one.sensor}".strip() + "\n" + _pixel(one, confidence, lang),
        "result_reasons": "\n".join(filter(None, (group, reasons))),
    }
    return cells[name]


def _town(one: Detection, lang: str) -> str:
    """Return the township; where the point lies across a line of townships, that it does."""
    name = one.town or said("town_unknown", lang)
    if not one.town_open:
        return name
    word = say("areas.disputed", lang)
    return f"{name}（{word}）" if lang == "zh" else f"{name} ({word})"


def _open(is_open: bool, lang: str) -> str:
    return said("head_open", lang) if is_open else ""


def _pixel(one: Detection, confidence: str, lang: str) -> str:
    level = level_word(one.level)
    size = f"{one.footprint_km} " if one.footprint_km else ""
    return f"{size}{level}\n{said('head_confidence', lang)} {confidence}"


def fires_table(data: BulletinData, lang: str, *, full: bool, most: int) -> Table:
    """Return the list of events."""
    names = (
        ("event", 24 if full else 17), ("city", 12), ("county", 12), ("lon", 10), ("lat", 9), ("first", 17),
        ("last", 17), ("pixels", 7), ("satellites", 16), ("frp_peak", 11), ("crop", 8), ("ban", 26),
        ("result", 20),
    )  # fmt: skip
    columns = tuple(_column(name, width, lang) for name, width in names)
    rows = tuple(tuple(_fire(one, name, lang) for name, _ in names) for one in data.fires[:most])
    notes = [said("fires_note", lang)] if rows else []
    notes += _left(data.fires_left_out + len(data.fires) - len(rows), lang, full=full)
    return Table(
        "fires", said("fires_title", lang), columns, rows, tuple(notes), said("none_listed", lang), wide=True
    )


def _fire(one: Fire, name: str, lang: str) -> Cell:
    marks = [said("official", lang)] if one.official else []
    marks += [_open(one.open, lang)] if one.open else []
    cells: dict[str, Cell] = {
        "event": one.event,
        "city": one.city.text(lang),
        "county": one.county.text(lang),
        "lon": one.lon,
        "lat": one.lat,
        "first": one.first,
        "last": one.last,
        "pixels": one.pixels,
        "satellites": "\n".join(satellite_word(name, lang) for name in one.satellites),
        "frp_peak": one.frp_peak_mw,
        "crop": one.crop_share,
        "ban": ban_words(one.verdict, one.bans, lang),
        "result": "\n".join([group_word(one.group, lang), *marks]),
    }
    return cells[name]


def versions_table(data: BulletinData, lang: str) -> Table:
    """Return what the bulletin was made from, with versions and hashes."""
    columns = tuple(
        Column(said(f"head_{name}", lang), width=width)
        for name, width in (("what", 22), ("name", 30), ("version", 20), ("sha", 60))
    )
    own = (
        Source(what="state", name=named(data.judged_state)),
        Source(what="content", name=named(""), sha256=data.content_sha256),
    )
    rows = tuple(
        (said(f"version_{one.what}", lang), one.name.text(lang), one.version, one.sha256)
        for one in (*own, *data.sources)
    )
    notes = [said("attributed", lang, source=one.text(lang)) for one in data.attributions]
    if data.unused_rows:
        notes.append(said("unused_rows", lang, count=data.unused_rows))
    notes.append(said("made_from", lang))
    return Table("versions", said("versions_title", lang), columns, rows, tuple(notes))
