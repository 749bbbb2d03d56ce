"""Taking a list in: what the form holds becomes files in a staging folder and arguments of one command."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

from flask import Blueprint, Request, Response, flash, jsonify, make_response, redirect, request, url_for
from werkzeug.datastructures import FileStorage

from geoaq.errors import InputError, LimitError
from geoaq.store.attempts import Attempt
from web.errors import wants_json
from web.language import reader, text
from web.rooms import rooms
from web.views import catalog

LISTS = (".xlsx", ".xls", ".csv")
TABLES = (".xlsx", ".xls", ".csv")
SPATIAL = (".gpkg", ".zip", ".geojson", ".json", ".kml")
_NAME_MAX = 80
_ADCODE = re.compile(r"[1-9][0-9]{5}")
_DATUM = re.compile(r"[\w :.\-/（）()°度带]{1,40}")


class FormRequest(Request):
    """A request whose uploaded files are closed at its end, also when the form was cut off half way."""

    def _get_file_stream(self, *args: Any, **words: Any) -> IO[bytes]:
        stream = super()._get_file_stream(*args, **words)
        self.__dict__.setdefault("_kept_streams", []).append(stream)
        return stream

    def close(self) -> None:
        """Close the files."""
        super().close()
        for stream in self.__dict__.pop("_kept_streams", ()):
            stream.close()


def make() -> Blueprint:
    """Return the pages that start and stop a screening."""
    blueprint = Blueprint("uploads", __name__)
    blueprint.add_url_rule("/heating/screenings", "start", start, methods=["POST"])
    blueprint.add_url_rule("/screenings/<screening_id>/cancel", "cancel", cancel, methods=["POST"])
    return blueprint


def start() -> Response:
    """Keep the uploaded files and queue the screening."""
    here = rooms()
    here.jobs.require_room()
    listed = _required_file("list", LISTS)
    options = _options()

    filename = shown_name(listed.filename or "")
    attempt = here.attempts.begin(filename=filename, now=datetime.now(UTC))
    try:
        path = _keep(listed, attempt, "list")
        here.jobs.start(attempt, ["screen", "boilers", str(path), *options, *_extra_files(attempt)])
    except BaseException:
        here.attempts.remove(attempt.id)
        raise

    page = url_for("screenings.one", screening_id=attempt.id)
    if wants_json():
        progress = url_for("api.progress", screening_id=attempt.id)
        response = jsonify(id=attempt.id, page=page, progress=progress)
        response.status_code = 202
        return response
    return make_response(redirect(page, 303))


def cancel(screening_id: str) -> Response:
    """Stop a screening that waits or runs; nothing of it is kept."""
    rooms().jobs.cancel(screening_id)

    if wants_json() or "X-CSRFToken" in request.headers:
        return Response(status=204)
    flash(text("cancelled"))
    return make_response(redirect(url_for("pages.heating"), 303))


def shown_name(stated: str) -> str:
    r"""Return a file name as it is shown and kept: no folders, no control characters, not long.

    Examples
    --------
    >>> shown_name("C:\\桌面\\锅炉清单.xlsx"), shown_name("../../etc/passwd"), shown_name("..")
    ('锅炉清单.xlsx', 'passwd', 'list')
    """
    name = unicodedata.normalize("NFC", stated).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C").strip(" .")
    if len(name) > _NAME_MAX:
        suffix = Path(name).suffix[:10]
        name = name[: _NAME_MAX - len(suffix)] + suffix
    return name or "list"


def _required_file(field: str, kinds: tuple[str, ...]) -> FileStorage:
    file = request.files.get(field)
    if file is None or not file.filename:
        raise InputError("no_file_chosen")
    _require_kind(file, kinds)
    return file


def _require_kind(file: FileStorage, kinds: tuple[str, ...]) -> None:
    suffix = Path(shown_name(file.filename or "")).suffix.lower()
    if suffix not in kinds:
        raise InputError("bad_file_kind", name=shown_name(file.filename or ""), kinds=" ".join(kinds))


def _keep(file: FileStorage, attempt: Attempt, field: str) -> Path:
    """Write one uploaded file into the staging folder under its own name, in a folder of its own."""
    folder = attempt.folder / "input" / field
    folder.mkdir(parents=True)
    name = shown_name(file.filename or "")
    path = folder / name
    file.save(path)
    size, most = path.stat().st_size, rooms().settings.upload_mb
    if size == 0:
        raise InputError("empty_file", name=name)
    if size > most * 1_000_000:
        raise LimitError("upload_too_large", limit_mb=most)
    return path


def _options() -> list[str]:
    """Return the arguments of the form's small fields; what each may mean is the flow's to say."""
    options = [f"--lang={reader()}"]
    as_of = request.form.get("as_of", "").strip()
    if as_of:
        try:
            options.append(f"--as-of={date.fromisoformat(as_of).isoformat()}")
        except ValueError:
            raise InputError("bad_option", option=text("as_of"), value=as_of, expected="2026-11-21") from None
    datum = request.form.get("datum", "").strip()
    if datum:
        if not _DATUM.fullmatch(datum):
            raise InputError(
                "bad_option", option=text("datum"), value=datum[:40], expected="WGS84, GCJ-02, …"
            )
        options.append(f"--datum={datum}")
    for code in re.split(r"[\s,，;；、]+", request.form.get("complete_for", "").strip()):
        if code:
            if not _ADCODE.fullmatch(code):
                raise InputError(
                    "bad_option", option=text("complete_for"), value=code[:40], expected="330000, 330100, …"
                )
            options.append(f"--complete-for={code}")
    return options


def _extra_files(attempt: Attempt) -> list[str]:
    """Return the arguments of the office's own plant table and layers, kept beside the list."""
    arguments = []
    plants = request.files.get("plants")
    alone = bool(request.form.get("plants_only"))
    if plants is not None and plants.filename:
        _require_kind(plants, TABLES)
        arguments.append(f"--plants={_keep(plants, attempt, 'plants')}")
        arguments += ["--plants-only"] if alone else []
    elif alone:
        raise InputError("plants_only_without_list")
    for layer in catalog().layers.values():
        file = request.files.get(f"layer.{layer.id}")
        if layer.provided or file is None or not file.filename:
            continue
        _require_kind(file, TABLES if layer.geometry == "table" else SPATIAL)
        arguments.append(f"--layer={layer.id}={_keep(file, attempt, f'layer-{layer.id}')}")
    return arguments
