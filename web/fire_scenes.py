"""Scenes that were searched for fires here: their list, one of them on the map, its fires into the store."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)

from geoaq.cards import fire_scenes as cards
from geoaq.errors import NotFoundError, NotReadyError
from geoaq.flows.fires.detecting import MASK_LAYER
from geoaq.flows.fires.ingest import ingest_files
from geoaq.flows.fires.scene_pixels import scene_pixels
from geoaq.flows.fires.scene_report import title_of
from geoaq.store.scenes import FILES, Scenes, SearchedScene
from geoaq.tiles.mercator import address
from geoaq.tiles.raster import RASTER_ZOOM_MAX
from geoaq.tiles.scene import scene_tiles
from web.fire_feed import judge_soon
from web.language import reader, text
from web.rooms import rooms
from web.views import catalog, composed_map

#: Id of the map and of its own sentences.
VIEW = "fires_scenes"
# A station that keeps what Himawari sees has 144 a day.
PAGE_SIZE = 30


def make() -> Blueprint:
    """Return the pages of scenes and their answers."""
    blueprint = Blueprint("fires_scenes", __name__, url_prefix="/fires/scenes")
    blueprint.add_url_rule("", "page", page)
    blueprint.add_url_rule("/<scene_id>", "one", one)
    blueprint.add_url_rule("/<scene_id>/scene.json", "facts", facts)
    blueprint.add_url_rule("/<scene_id>/pixels.json", "pixels", pixels)
    blueprint.add_url_rule("/<scene_id>/pixels/<int:key>.json", "pixel", pixel)
    blueprint.add_url_rule("/<scene_id>/tiles/<name>/<z>/<x>/<y>.png", "tile", tile)
    blueprint.add_url_rule("/<scene_id>/files/<name>", "file", file)
    blueprint.add_url_rule("/<scene_id>/ingest", "ingest", ingest, methods=["POST"])
    blueprint.add_url_rule("/<scene_id>/delete", "delete", delete, methods=["POST"])
    return blueprint


def page() -> Response:
    """List the scenes, the last seen first, a page at a time: that which is asked for, or that of a scene."""
    found = _scenes().list()
    named = (at for at, each in enumerate(found) if each.id == request.args.get("scene"))
    asked = next(named, PAGE_SIZE * (request.args.get("page", 1, type=int) - 1))
    newer = PAGE_SIZE * (min(max(asked, 0), max(len(found) - 1, 0)) // PAGE_SIZE)
    entries = [cards.entry(each, reader()) for each in found[newer : newer + PAGE_SIZE]]
    older = len(found) - newer - len(entries)
    number = newer // PAGE_SIZE + 1
    return make_response(
        render_template("fires_scenes.html", entries=entries, page=number, newer=newer, older=older)
    )


def one(scene_id: str) -> Response:
    """Show the map of a scene."""
    found = _scenes().get(scene_id)
    title = title_of(found.report, reader())
    return make_response(
        render_template(
            "fires_scene.html", parts=composed_map(VIEW, reader()), view=VIEW, scene=found, title=title
        )
    )


def facts(scene_id: str) -> Response:
    """Send what is said of a scene."""
    return jsonify(cards.scene(_scenes().get(scene_id), catalog().layer(MASK_LAYER), reader()))


def pixels(scene_id: str) -> Response:
    """Send every fire pixel of a scene that has a place, in columns."""
    found = _scenes().get(scene_id)
    answer = jsonify(_columns(_table(found)))
    # By its content: a scene never changes, but what a later release says of it may.
    answer.add_etag()
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


def pixel(scene_id: str, key: int) -> Response:
    """Send the card of one fire pixel."""
    table = _table(_scenes().get(scene_id))
    if key >= len(table) or table.loc[key, ["lon", "lat"]].isna().any():
        raise NotFoundError("no_scene")
    return jsonify(cards.card(key, {str(k): v for k, v in table.iloc[key].items()}, reader()))


def tile(scene_id: str, name: str, z: str, x: str, y: str) -> Response:
    """Send a tile of one picture of a scene."""
    at = address(z, x, y, RASTER_ZOOM_MAX)
    found = _scenes().get(scene_id)
    tiles = scene_tiles(found.folder, name, found.report, catalog().layer(MASK_LAYER))
    if request.if_none_match.contains_weak(tiles.tag):
        answer = Response(status=304)
    else:
        answer = Response(tiles.tile(at), mimetype="image/png")
    answer.set_etag(tiles.tag)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def file(scene_id: str, name: str) -> Response:
    """Send a file of a scene to take home."""
    found = _scenes().get(scene_id)
    path = found.folder / name
    if name not in FILES or not path.is_file():
        raise NotFoundError("no_file")
    return send_file(path, as_attachment=True, download_name=f"{scene_id[:8]}-{name}", etag=True)


def ingest(scene_id: str) -> Response:
    """Take the fires of a scene into the store, and have them judged."""
    found = _scenes().get(scene_id)
    title = title_of(found.report, reader())
    if rooms().fires.own.taking_in():  # that may last for long, and pages are served by few threads
        raise NotReadyError("fires_taking_in")
    for outcome in ingest_files(
        rooms().fires.own,
        [found.folder / "fires.csv"],
        product=catalog().products["fire_list"],
        source=title,
        fetched_at=int(time.time()),
        progress=lambda *_: None,
    ):
        word = "taken" if outcome.taken.new else "known"
        flash(text(f"fire_scenes.{word}", title=title, rows=outcome.taken.ingest.rows))
    judge_soon()
    return make_response(redirect(url_for("fires_scenes.page", scene=scene_id, _anchor=f"s-{scene_id}"), 303))


def delete(scene_id: str) -> Response:
    """Delete what was written of a scene."""
    title = title_of(_scenes().get(scene_id).report, reader())
    _scenes().delete(scene_id)
    flash(text("fire_scenes.deleted", title=title))
    return make_response(redirect(url_for("fires_scenes.page"), 303))


def _scenes() -> Scenes:
    return Scenes(rooms().settings.data)


def _table(found: SearchedScene) -> pd.DataFrame:
    return _read(found.folder)


@lru_cache(maxsize=4)
def _read(folder: Path) -> pd.DataFrame:
    """Return the fire pixels of a folder, which never change; the surest and hottest are listed first."""
    return scene_pixels(folder)


def _columns(table: pd.DataFrame) -> dict[str, Any]:
    placed = table[table["lon"].notna() & table["lat"].notna()]
    dt = placed["t4_k"] - placed["t11_k"]
    order = np.lexsort((-placed["t4_k"].fillna(0).to_numpy(), -placed["mask_code"].to_numpy()))
    return {
        "key": placed.index.tolist(),
        "lon": placed["lon"].round(5).tolist(),
        "lat": placed["lat"].round(5).tolist(),
        "grade": placed["confidence"].tolist(),
        "t4": _or_none(placed["t4_k"]),
        "dt": _or_none(dt),
        "frp": _or_none(placed["frp_mw"]),
        "order": order.tolist(),
    }


def _or_none(values: pd.Series[float]) -> list[float | None]:
    return [None if value != value else round(value, 1) for value in values.tolist()]
