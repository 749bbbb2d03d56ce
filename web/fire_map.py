"""The live fire map: its page, its tiles, what it counts and lists, and whether anything is new."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from flask import Blueprint, Response, jsonify, make_response, render_template, request

from geoaq.cards import fires as cards
from geoaq.errors import InputError, LimitError, NotFoundError
from geoaq.flows.fires.areas import version_of
from geoaq.tiles import live, tally
from geoaq.tiles.filters import REGION, Filters, parsed
from geoaq.tiles.fire_codes import CONFIDENCES, pixel_numbers
from geoaq.tiles.fires import DAY_S
from geoaq.tiles.mercator import address
from geoaq.tiles.points import PointSource
from web import fire_state
from web.language import reader
from web.rooms import rooms
from web.tiles import send_tile
from web.views import composed_map

#: Id of the map, of its page's template, and of its own sentences.
VIEW = "fires"
PAGE_SIZE = 50
_FILTERED = ("class", "satellite", "kind", "confidence", REGION)
_SORTED = {"time": "time", "frp": "frp", "class": "class", "satellite": "satellite", "place": REGION}
_EVENTS_SORTED = {
    "time": "last_seen", "frp": "frp_peak_mw", "class": "class", "place": "adcode", "pixels": "pixels",
}  # fmt: skip
#: An event's confidence is the highest of its pixels.
GRADES = {word: -1 if word == "unknown" else grade for grade, word in enumerate(CONFIDENCES)}
#: Asked for in the place of a code: all that lies in a county; what does not, or is not judged yet.
INSIDE, OUTSIDE = "inside", "outside"
_BESIDE = {"lang", "sort", "dir", "page", "bounds"}
_QUERY_MAX = 8_000
_PAGES_MAX = 2_000
_KEY = re.compile(r"([0-9]{1,5})-([0-9]{1,16})", re.ASCII)


def make() -> Blueprint:
    """Return the fire map."""
    blueprint = Blueprint("fires", __name__, url_prefix="/fires")
    blueprint.add_url_rule("", "page", page)
    blueprint.add_url_rule("/tiles/<z>/<x>/<y>.mvt", "tile", tile)
    blueprint.add_url_rule("/head.json", "head", head)
    blueprint.add_url_rule("/pixels.json", "pixels", pixels)
    blueprint.add_url_rule("/events.json", "events", events)
    blueprint.add_url_rule("/pixels/<key>.json", "pixel", pixel)
    blueprint.add_url_rule("/position.json", "position", position)
    blueprint.add_url_rule("/state", "state", state)
    return blueprint


def page() -> Response:
    """Show the map."""
    return make_response(render_template("fires.html", parts=composed_map(VIEW, reader()), view=VIEW))


def tile(z: str, x: str, y: str) -> Response:
    """Send a tile of the pixels that are asked for, as they were when the tiles were last made."""
    source, at = rooms().fires.tiles(), address(z, x, y)
    asked = _asked(source)
    tag = live.tag(source, at, asked)
    return send_tile(tag, lambda: live.packed_tile(source, at, asked) or None)


def state() -> Response:
    """Say what there is, how old it is, and by which word a map knows that it has changed."""
    source, whole = rooms().fires.current()
    return jsonify(fire_state.told(source, whole=whole, now=int(time.time()), lang=reader()))


def head() -> Response:
    """Send the counts of what is asked for, and the days of all time for the slider."""
    source, _ = rooms().fires.current()
    asked = _asked(source)
    name = _name("head", source, asked, reader(), request.args.get("bounds", ""))
    return _kept(source, name, lambda: _head(source, asked))


def _head(source: PointSource, asked: Filters) -> dict[str, Any]:
    lang, known = reader(), cards.places(rooms().settings.data / "layers")
    counts = tally.tally(source, asked, ("class", "satellite", REGION))
    days = tally.days(source, Filters(words=asked.words))
    first = min(days, default=0)
    regions = sorted(counts[REGION].items())
    return {
        "total": tally.count(source, asked),
        "classes": counts["class"],
        "satellites": [
            {"value": word, "text": cards.source_name(word, "", lang), "count": n}
            for word, n in sorted(counts["satellite"].items())
        ],
        "counties": [
            {"value": code, "text": known[code].name, "within": known[code].within, "count": n}
            for code, n in regions
            if code in known
        ],
        "provinces": _provinces(regions, known),
        "days": {"first": first, "counts": [days.get(first + i, 0) for i in range(_length(days))]},
        "bounds": _bounds(source, asked) if request.args.get("bounds") else None,
    }


def _bounds(source: PointSource, asked: Filters) -> tuple[float, float, float, float] | None:
    """Return the box of what lies in a county; where nothing does, of all."""
    return tally.extent(source, _parts(source, asked)[0]) or tally.extent(source, asked)


def _parts(source: PointSource, asked: Filters) -> list[Filters]:
    """Return what is asked for as what lies in a county and what does not; whole where a place is named."""
    if REGION in dict(asked.words):
        return [asked]
    found = [(REGION, _codes(source, [where])) for where in (INSIDE, OUTSIDE)]
    return [replace(asked, words=tuple(sorted((*asked.words, one)))) for one in found]


def _length(days: Mapping[int, int]) -> int:
    return max(days) - min(days) + 1 if days else 0


def _provinces(regions: Sequence[tuple[str, int]], known: Mapping[str, cards.Place]) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for code, n in regions:
        if code in known:
            province = f"{code[:2]}0000"
            counts[province] = counts.get(province, 0) + n
    return [{"value": code, "text": known[code].name, "count": n} for code, n in counts.items()]


def pixels() -> Response:
    """Send a page of the pixels that are asked for."""
    source, _ = rooms().fires.current()
    asked, sort, descending, number = _asked(source), *_order(_SORTED), _page_number()
    name = _name("pixels", source, asked, reader(), sort, descending, number)
    return _kept(source, name, lambda: _pixels(source, asked, sort, descending=descending, number=number))


def _pixels(
    source: PointSource, asked: Filters, sort: str, *, descending: bool, number: int
) -> dict[str, Any]:
    # What lies in no county stands behind all that lies in one: of a file of the whole disc most is at sea.
    paging = _paging(tally.count(source, asked), number)
    offset, rows = (paging["page"] - 1) * PAGE_SIZE, list[dict[str, Any]]()
    for part in _parts(source, asked):
        if (left := PAGE_SIZE - len(rows)) > 0:
            some = tally.listed(source, part, sort=sort, descending=descending, offset=offset, limit=left)
            rows += _rows(some)
            offset = max(0, offset - some.total)
    known = cards.places(rooms().settings.data / "layers")
    return {"rows": cards.pixel_rows(rows, known, reader())} | paging


def _rows(found: tally.Listed) -> list[dict[str, Any]]:
    places = zip(found.id.tolist(), found.time.tolist(), found.lon.tolist(), found.lat.tolist(), strict=True)
    return [
        {"key": f"{moment // DAY_S}-{ident}", "time": moment, "lon": lon, "lat": lat}
        | {name: words[at] for name, words in found.words.items()}
        for at, (ident, moment, lon, lat) in enumerate(places)
    ]


def events() -> Response:
    """Send a page of the events seen in the span of time, by all filters that pixels have but the kind."""
    source, _ = rooms().fires.current()
    asked, column, descending, number = _asked(source), *_order(_EVENTS_SORTED), _page_number()
    words = dict(asked.words)
    stated_place = request.args.get(REGION, "")
    apart = stated_place in (INSIDE, OUTSIDE)
    places = ("",) if apart else words.get(REGION, ("",))
    for name, stated in ((REGION, places[1:] and places), ("kind", words.get("kind", ()))):
        if stated:
            raise InputError("bad_query", name=name, value=",".join(stated)[:40])
    grades = words.get("confidence")
    wanted: dict[str, Any] = {
        "classes": words.get("class"),
        "adcode_prefix": re.sub(r"(00){1,2}$", "", places[0]),
        "in_county": stated_place == INSIDE if apart else None,
        "satellites": words.get("satellite"),
        "confidences": grades and [GRADES[one] for one in grades if one in GRADES],
    }
    store = rooms().fires.store
    span = (asked.since or 0, 1 << 62 if asked.until is None else asked.until)
    order = f"-{column}" if descending else column
    paging = _paging(store.count_events(*span, **wanted), number)
    offset = (paging["page"] - 1) * PAGE_SIZE
    found = store.events(*span, **wanted, order=order, counties_first=True, limit=PAGE_SIZE, offset=offset)
    rows: list[Any] = found.to_dict("records")
    told = {"judged": rooms().fires.judged, "townships": _townships()}
    return jsonify({"rows": cards.event_rows(rows, reader())} | told | paging)


def _townships() -> bool:
    """Say whether the office has loaded townships: then the list of events names them."""
    held = rooms()
    return not held.fires.demonstration and version_of(held.settings.data, "township") is not None


def pixel(key: str) -> Response:
    """Send the card of a pixel with its event."""
    named = _KEY.fullmatch(key)
    if named is None:
        raise NotFoundError("no_pixel")
    store, row = rooms().fires.store, _row(int(named[1]), int(named[2]))
    ident = str(row.get("event", ""))
    event = store.event(ident) if ident else None
    known = cards.places(rooms().settings.data / "layers")
    return jsonify(cards.pixel_card(row, event, known, reader()) | {"key": key})


def position() -> Response:
    """Send a place in WGS 84 in the ways in which a patrol needs it."""
    stated = {name: request.args.get(name, "") for name in ("lon", "lat")}
    try:
        lon, lat = float(stated["lon"]), float(stated["lat"])
    except ValueError:
        raise InputError("bad_query", name="lon", value=stated["lon"][:40]) from None
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise InputError("bad_query", name="lon", value=stated["lon"][:40])
    return jsonify(positions=cards.positions(lon, lat, reader()))


def _row(day: int, number: int) -> dict[str, Any]:
    """Return a pixel of a day by its number."""
    for table in rooms().fires.pixels(day):
        at = pixel_numbers(table.column("key").to_numpy()) == number
        if at.any():
            frame: pd.DataFrame = table.slice(int(at.argmax()), 1).to_pandas()
            return {str(name): value for name, value in frame.iloc[0].to_dict().items()}
    raise NotFoundError("no_pixel")


def _asked(source: PointSource) -> Filters:
    if len(request.query_string) > _QUERY_MAX:
        raise LimitError("query_too_long", limit=_QUERY_MAX)
    stated = request.args.to_dict(flat=False)
    known = [name for name in source.columns if name in _FILTERED]
    found = parsed({name: values for name, values in stated.items() if name not in _BESIDE}, known)
    return replace(
        found,
        words=tuple((name, _codes(source, of) if name == REGION else of) for name, of in found.words),
    )


def _codes(source: PointSource, words: Sequence[str]) -> tuple[str, ...]:
    """Return the codes that words ask for; the empty one is that of what lies in no county."""
    codes = set(words) - {INSIDE, OUTSIDE}
    if INSIDE in words:
        codes |= {f"{code[:2]}0000" for code in source.columns[REGION] if code}
    if OUTSIDE in words:
        codes.add("")
    return tuple(sorted(codes))


def _order(columns: Mapping[str, str]) -> tuple[str, bool]:
    sort, direction = request.args.get("sort", "time"), request.args.get("dir", "desc")
    if sort not in columns:
        raise InputError("bad_query", name="sort", value=sort[:40])
    return columns[sort], direction != "asc"


def _page_number() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), _PAGES_MAX)


def _paging(total: int, number: int) -> dict[str, int]:
    """Return the page that is sent: the one asked for, or the last that there is."""
    pages = min(max(1, -(-total // PAGE_SIZE)), _PAGES_MAX)
    return {"total": total, "page": min(number, pages), "pages": pages}


def _name(*parts: object) -> str:
    stated = "|".join(part.version if isinstance(part, PointSource) else repr(part) for part in parts)
    return hashlib.sha256(stated.encode()).hexdigest()[:20]


def _kept(source: PointSource, name: str, made: Callable[[], Mapping[str, Any]]) -> Response:
    """Answer with what is kept of a question, or was just made; the browser asks each time."""
    if request.if_none_match.contains_weak(name):
        response = Response(status=304)
    else:
        body = source.tiles.get(name)
        if body is None:
            body = json.dumps(made(), ensure_ascii=False, separators=(",", ":")).encode()
            source.tiles.put(name, body)
        response = Response(body, mimetype="application/json")
    response.set_etag(name, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
