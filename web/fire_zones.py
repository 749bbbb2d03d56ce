"""Zones and permits: drawn or uploaded, kept as versions that are only added, ended and never deleted."""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import shapely
from flask import Blueprint, Response, jsonify, make_response, render_template, request

from geoaq.cards import fire_zones as cards
from geoaq.errors import GeoaqError, InputError, NotFoundError
from geoaq.flows.fires.zone_intake import LookedAt, read_checked
from geoaq.store.zones import KeptPermit, KeptZone, ZoneStore, sifted
from web.fire_feed import judge_soon
from web.fire_forms import required_text, stated_text
from web.language import reader, text, today
from web.office_layers import keep_uploads, require_kinds
from web.rooms import rooms
from web.views import catalog, composed_map
from web.work import SPATIAL

#: Id of the map, of its page's template and of its own sentences.
VIEW = "fires_zones"
PAGE_SIZE = 50
BY_MAX, REMARK_MAX, QUOTE_MAX, TEXT_MAX = 60, 1000, 4000, 200
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# Fields of the form that stand for columns of layers/product/zone_list.toml.
_COLUMNS = (
    "kind", "class", "name", "basis", "title", "number", "issuer", "day", "article", "first", "last",
    "seasons", "hours", "complete_for", "begin", "end", "wind_ms", "aqi",
)  # fmt: skip
_PERMIT_NEEDED = ("number", "issuer", "day", "begin", "end")
_TEXT_NEEDED = ("title", "issuer", "day")
_CORNERS = re.compile(r"(-?\d{1,3}(?:\.\d{1,9})?,-?\d{1,2}(?:\.\d{1,9})?(?:;|$)){3,500}")
_EPOCH = date(1970, 1, 1)
_BEIJING_S, _DAY_S = 8 * 3600, 86_400
_KEEPING = threading.Lock()


def make() -> Blueprint:
    """Return the page of zones, its answers, and the forms that add and end."""
    blueprint = Blueprint("fires_zones", __name__, url_prefix="/fires/zones")
    blueprint.add_url_rule("", "page", page)
    blueprint.add_url_rule("", "add", add, methods=["POST"])
    blueprint.add_url_rule("/zones.json", "listed", listed)
    blueprint.add_url_rule("/outlines.geojson", "outlines", outlines)
    blueprint.add_url_rule("/<key>.json", "card", card)
    blueprint.add_url_rule("/<key>/end", "end", end, methods=["POST"])
    return blueprint


def page() -> Response:
    """Show the map with the list and the form."""
    return make_response(
        render_template(
            "fires_zones.html",
            parts=composed_map(VIEW, reader()),
            view=VIEW,
            kinds=[(kind, cards.kind_name(kind, reader())) for kind in cards.KINDS],
            today=today().isoformat(),
            limit_mb=rooms().settings.upload_mb,
        )
    )


def listed() -> Response:
    """Send a page of zones and permits, the counts by kind and by state."""
    found = _searched(_items())
    kinds = {kind: sum(one.kind == kind for one in found) for kind in cards.KINDS}
    found = _of("kind", cards.KINDS, found)
    states = {state: sum(one.state == state for one in found) for state in cards.STATES}
    found = _of("state", cards.STATES, found)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    some = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    rows = [cards.row(one, reader()) for one in some]
    return jsonify(rows=rows, total=len(found), page=number, pages=pages, kinds=kinds, states=states)


def outlines() -> Response:
    """Send the outlines of what is asked for, simplified for the map."""
    return jsonify(cards.drawing(_of("state", cards.STATES, _of("kind", cards.KINDS, _searched(_items())))))


def card(key: str) -> Response:
    """Send all that is known of a zone or a permit, every version of it."""
    return jsonify(cards.card(_one(key), reader()))


def add() -> Response:
    """Look a drawn outline or a file through, and keep what of it can be kept as new versions."""
    here = rooms()
    by = required_text("by", text("zones_by"), BY_MAX)
    remark = stated_text("remark", text("zones_remark"), REMARK_MAX)
    key = request.form.get("zone", "")
    before = _one(key) if key else None
    bare = request.form.get("bare") == "on"
    stated = _stated(before, bare=bare)
    uploaded = [file for file in request.files.getlist("file") if file.filename]
    shape = request.form.get("shape", "")
    if uploaded:
        require_kinds(uploaded, (*SPATIAL, *_PARTS))
    elif not shape and before is None:
        raise InputError("zone_no_outline", field="file")
    here.space.require()
    with here.workshop.place() as place:
        given = keep_uploads(uploaded, place / "input") if uploaded else [_drawn(place, shape, before)]
        found = _looked(place, given, stated | ({"zone": key} if key else {}))
    drawn = not uploaded
    good = len(found.zones) + len(found.permits)
    told = cards.problems(found.problems, _titles(), reader())
    if not good or (key and found.features != 1):
        return _refused("zone_one_outline" if key and found.features != 1 else "zones_none_usable", told)
    if found.without_text and not bare:
        return _refused("zones_text_missing", told)
    if drawn:
        found = _without_file(found)
    store, now = ZoneStore(here.fires.own.engine), int(time.time())
    with _KEEPING:  # sent twice at one moment, it is kept once
        new = sifted(store, found.zones, found.permits)
        told += cards.repeated(new.repeats, reader())
        if not (new.zones or new.permits):
            return _refused("zones_there", told, count=len(new.repeats))
        kept = store.add(new.zones, new.permits, by=by, remark=remark, now=now)
    judge_soon()
    added = [{"key": one.zone, "name": one.name, "version": one.version} for one in kept[0]]
    added += [{"key": one.permit, "name": one.name, "version": one.version} for one in kept[1]]
    response = jsonify(added=added, problems=told, features=found.features)
    response.status_code = 201
    return response


def end(key: str) -> Response:
    """End a zone, or withdraw a permit, from a day on; what burned before is judged as before."""
    one = _one(key)
    by = required_text("by", text("zones_by"), BY_MAX)
    remark = required_text("remark", text("zones_remark"), REMARK_MAX)
    stated = request.form.get("first", "")
    try:
        day = (date.fromisoformat(stated) - _EPOCH).days
    except ValueError:
        raise InputError(
            "bad_option",
            option=text("zones_end_day"),
            value=stated[:40],
            expected="2026-11-22",
            field="first",
        ) from None
    begun = min((each.first for each in one.versions if isinstance(each, KeptZone)), default=day)
    if day < begun:
        # It would never have been in force, and what burned in it would lose its ban.
        raise InputError(
            "bad_option",
            option=text("zones_end_day"),
            value=stated[:40],
            expected=f"≥ {_EPOCH + timedelta(days=begun)}",
            field="first",
        )
    store, now = ZoneStore(rooms().fires.own.engine), int(time.time())
    words: dict[str, Any] = {"by": by, "remark": remark, "now": now}
    if isinstance(one.newest, KeptPermit):
        at = day * _DAY_S - _BEIJING_S
        if at <= one.newest.begin:
            at = one.newest.begin + 1
        store.end_permit(key, at=at, **words)
    else:
        store.end_zone(key, first=day, **words)
    judge_soon()
    return card(key)


def _items() -> list[cards.Item]:
    store = ZoneStore(rooms().fires.own.engine)
    return cards.items(store.every_zone(), store.every_permit(), int(time.time()))


def _one(key: str) -> cards.Item:
    for one in _items():
        if one.id == key:
            return one
    raise NotFoundError("no_zone")


def _searched(found: list[cards.Item]) -> list[cards.Item]:
    words = request.args.get("q", "")
    if len(words) > TEXT_MAX:
        raise InputError("bad_query", name="q", value=words[:40])
    wanted = words.strip().lower()

    def fits(one: cards.Item) -> bool:
        newest = one.newest
        said = (one.id, newest.name, newest.number, newest.issuer, getattr(newest, "title", ""))
        return any(wanted in each.lower() for each in said)

    return [one for one in found if fits(one)] if wanted else found


def _of(name: str, known: tuple[str, ...], found: list[cards.Item]) -> list[cards.Item]:
    stated = [one for one in request.args.get(name, "").split(",") if one]
    if any(one not in known for one in stated):
        raise InputError("bad_query", name=name, value=",".join(stated)[:40])
    return [one for one in found if getattr(one, name) in stated] if stated else found


def _stated(before: cards.Item | None, *, bare: bool) -> dict[str, str]:
    """Return what the form states of every outline, by column: a text to be looked up, or none at all."""
    kind = before.kind if before else request.form.get("kind", "")
    titles = _titles()
    needed: tuple[str, ...] = ()
    if kind not in cards.KINDS:
        expected = "、".join(cards.kind_name(one, reader()) for one in cards.KINDS)
        raise InputError(
            "bad_option", option=titles["kind"], value=kind[:40], expected=expected, field="kind"
        )
    stated = {name: stated_text(name, titles[name], TEXT_MAX) for name in _COLUMNS}
    stated["radius_km"] = stated_text("radius", titles["radius_km"], TEXT_MAX)
    stated["kind"] = kind
    stated["quote"] = stated_text("quote", titles["quote"], QUOTE_MAX, lines=True)
    uploads = any(file.filename for file in request.files.getlist("file"))
    if not uploads:
        needed = _PERMIT_NEEDED if kind == "permit" else ("first",) if bare else ("first", *_TEXT_NEEDED)
    if kind == "permit":
        stated |= {name: stated[name].replace("T", " ") for name in ("begin", "end")}
    elif bare:
        stated |= dict.fromkeys((*_TEXT_NEEDED, "number", "article", "quote", "basis"), "")
    for name in needed:
        if not stated[name]:
            raise InputError("field_blank", name=titles[name], field=name)
    return {name: words for name, words in stated.items() if words}


def _titles() -> dict[str, str]:
    """Return what the columns are called, by column."""
    return {one.column: one.title.say(reader()) for one in catalog().products["zone_list"].columns}


def _drawn(place: Path, shape: str, before: cards.Item | None) -> Path:
    """Write what was drawn, or the outline that is there already, as a file to be looked through."""
    if shape or before is None:
        if not _CORNERS.fullmatch(shape):
            raise InputError("bad_query", name="shape", value=shape[:40], field="file")
        ring = [[float(part) for part in corner.split(",")] for corner in shape.split(";") if corner]
        geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    else:
        geometry = json.loads(shapely.to_geojson(shapely.from_wkb(before.newest.shape)))
    (place / "input").mkdir()
    path = place / "input" / "outline.geojson"
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def _looked(place: Path, given: list[Path], stated: dict[str, str]) -> LookedAt:
    (place / "stated.json").write_text(json.dumps(stated, ensure_ascii=False), "utf-8")
    arguments = ["zones", "look", f"--out={place / 'out'}", f"--stated={place / 'stated.json'}"]
    try:
        rooms().workshop.run([*arguments, *map(str, given)], place, wall_s=rooms().settings.layer_wall_s)
    except GeoaqError as error:
        error.params.setdefault("field", "file")
        raise
    return read_checked(place / "out")


def _without_file(found: LookedAt) -> LookedAt:
    """Return what was drawn without the name of the file that stood for it."""
    return replace(
        found,
        zones=tuple(replace(one, file="", file_sha256="") for one in found.zones),
        permits=tuple(replace(one, file="", file_sha256="") for one in found.permits),
    )


def _refused(code: str, told: list[dict[str, str]], **params: int) -> Response:
    said = text(f"errors.{code}", **params)
    response = jsonify(error={"code": code, "text": said, "field": "file"}, problems=told)
    response.status_code = 400
    return response
