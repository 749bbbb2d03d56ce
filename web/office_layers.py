"""The layers that the office adds: checked in a process of their own, kept, used, removed, restored."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import FileStorage

from geoaq.cards import office_layers as cards
from geoaq.errors import GeoaqError, InputError, LimitError, NotFoundError
from geoaq.store.office_layers import FREE, TITLE_MAX, new_free_id
from web.delivery import send_drawing
from web.language import reader, text
from web.received import shown_name
from web.rooms import rooms
from web.views import catalog
from web.work import SPATIAL, TABLES

# What stands for a new layer of the office's own making.
OTHER = "other"
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_FILE, _TITLE, _COLOUR = "file", "title", "colour"


def make() -> Blueprint:
    """Return the endpoints of the added layers."""
    blueprint = Blueprint("office_layers", __name__)
    blueprint.add_url_rule("/office-layers", "listed", listed)
    blueprint.add_url_rule("/office-layers", "add", add, methods=["POST"])
    one = "/office-layers/<layer_id>/<sha256>"
    blueprint.add_url_rule(f"{one}.geojson", "drawing", drawing)
    for deed in (use, remove, restore):
        blueprint.add_url_rule(f"{one}/{deed.__name__}", deed.__name__, deed, methods=["POST"])
    return blueprint


def listed() -> Response:
    """Send every layer that may be given or was made, with its files, and what a map draws of them."""
    store = rooms().office_layers
    found = cards.listed(catalog(), store, reader())
    return jsonify(**found, map=cards.drawn(catalog(), store, reader()))


def add() -> Response:
    """Look an uploaded file through, keep it, and use it."""
    here = rooms()
    store, layer_id = here.office_layers, request.form.get("layer", "")
    if layer_id != OTHER and not cards.known(catalog(), store, layer_id):
        raise NotFoundError("no_office_layer")
    words = _look() if layer_id == OTHER else {}
    target = new_free_id() if layer_id == OTHER else layer_id
    store.require_room(target)
    here.space.require()
    kinds = TABLES if _is_table(layer_id) else (*SPATIAL, *_PARTS)
    uploaded = [file for file in request.files.getlist(_FILE) if file.filename]
    require_kinds(uploaded, kinds)
    with here.workshop.place() as place:
        given = keep_uploads(uploaded, place / "input")
        arguments = ["layers", "look", f"--out={place / 'out'}", layer_id, *map(str, given)]
        try:
            here.workshop.run(arguments, place, wall_s=here.settings.layer_wall_s)
        except GeoaqError as error:
            error.params.setdefault("field", _FILE)
            raise
        (file,) = (place / "out" / "file").iterdir()
        version = store.put(target, file, place / "out" / "checked", now=datetime.now(UTC), **words)
    response = listed()
    response.status_code = 201
    response.headers["Location"] = f"/office-layers/{target}/{version.sha256}.geojson"
    return response


def drawing(layer_id: str, sha256: str) -> Response:
    """Send the GeoJSON that draws a version."""
    path = rooms().office_layers.get(layer_id, sha256).display
    if path is None:
        raise NotFoundError("no_office_layer")
    return send_drawing(path, keep="private, max-age=31536000, immutable")


def use(layer_id: str, sha256: str) -> Response:
    """Use another version of a layer."""
    rooms().office_layers.use(layer_id, sha256)
    return listed()


def remove(layer_id: str, sha256: str) -> Response:
    """Remove a version; it can be brought back."""
    rooms().office_layers.remove(layer_id, sha256, now=datetime.now(UTC))
    return listed()


def restore(layer_id: str, sha256: str) -> Response:
    """Bring a removed version back."""
    rooms().office_layers.restore(layer_id, sha256)
    return listed()


def _is_table(layer_id: str) -> bool:
    return (
        layer_id != OTHER and not layer_id.startswith(FREE) and catalog().layer(layer_id).geometry == "table"
    )


def _look() -> dict[str, str]:
    """Return what the office calls its own layer, and its colour."""
    title = " ".join(request.form.get(_TITLE, "").split())
    if not 1 <= len(title) <= TITLE_MAX or not title.isprintable():
        raise InputError("office_layer_title", limit=TITLE_MAX, field=_TITLE)
    colour = request.form.get(_COLOUR) or cards.PALETTE[0]
    if colour not in cards.PALETTE:
        expected = " ".join(cards.PALETTE)
        raise InputError(
            "bad_option", option=text("office_colour"), value=colour[:40], expected=expected, field=_COLOUR
        )
    return {"title": title, "colour": colour}


def require_kinds(uploaded: list[FileStorage], kinds: tuple[str, ...]) -> None:
    """Refuse a form without a file, and files of other kinds, told at the field ``file``."""
    if not uploaded:
        raise InputError("no_file_chosen", field=_FILE)
    for file in uploaded:
        name = shown_name(file.filename or "")
        if Path(name).suffix.lower() not in kinds:
            raise InputError("bad_file_kind", name=name, kinds=" ".join(kinds), field=_FILE)


def keep_uploads(uploaded: list[FileStorage], folder: Path) -> list[Path]:
    """Write the uploaded files under their own names into a new folder; not too large together."""
    folder.mkdir()
    kept: list[Path] = []
    for file in uploaded:
        path = folder / shown_name(file.filename or "")
        if path in kept:
            raise InputError(
                "parts_of_one_shapefile", names="、".join([*(p.name for p in kept), path.name]), field=_FILE
            )
        file.save(path)
        if path.stat().st_size == 0:
            raise InputError("empty_file", name=path.name, field=_FILE)
        kept.append(path)
    most = rooms().settings.upload_mb
    if sum(path.stat().st_size for path in kept) > most * 1_000_000:
        raise LimitError("upload_too_large", limit_mb=most, field=_FILE)
    return kept
