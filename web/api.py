"""What the page's script asks for, as agreed in ``docs/reference/web-endpoints.md``."""

from __future__ import annotations

import gzip
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request, url_for

from geoaq.cards import heads, issues, lists, why
from geoaq.errors import InputError, NotFoundError
from geoaq.flows.border import wind_card
from geoaq.maps import MAX_POINTS, point_columns, point_labels, point_table
from geoaq.store import reading
from geoaq.store.choice import Choice
from geoaq.store.screenings import Screening
from geoaq.wording import LANGS, Lang
from web.choices import choice
from web.delivery import packed_answer
from web.errors import sentence
from web.followups import state_text, states_of
from web.language import reader, text
from web.rooms import of_screening, rooms
from web.screenings import shown_files, work_of
from web.views import catalog

if TYPE_CHECKING:
    import pandas as pd

_KEY = re.compile(r"([0-9]{1,9})-([0-9]{1,3})")


def make() -> Blueprint:
    """Return the answers in JSON."""
    blueprint = Blueprint("api", __name__, url_prefix="/screenings/<screening_id>")
    blueprint.add_url_rule("/screening.json", "head", head)
    blueprint.add_url_rule("/points.json", "points", points)
    blueprint.add_url_rule("/points.bin", "columns", columns)
    blueprint.add_url_rule("/labels.json", "labels", labels)
    blueprint.add_url_rule("/subjects.json", "subjects", subjects)
    blueprint.add_url_rule("/subjects/<key>.json", "card", card)
    blueprint.add_url_rule("/issues.json", "issues", issues_json)
    blueprint.add_url_rule("/progress", "progress", progress)
    return blueprint


@of_screening
def head(screening: Screening) -> Response:
    """Say what a screening is: counts, bounds, files, what can be filtered by."""
    known = _head if screening.in_place else _read_head  # a folder in its place never changes
    answer = dict(known(screening.folder, reader()))
    answer["layers"] = {
        layer: url_for("layers.used", screening_id=screening.id, name=name.removesuffix(".geojson"))
        if name
        else None
        for layer, name in answer["layers"].items()
    }
    watched = None if screening.in_place else url_for("api.progress", screening_id=screening.id)
    return jsonify(
        id=screening.id, title=screening.title, files=shown_files(screening), progress=watched, **answer
    )


def _read_head(folder: Path, lang: Lang) -> dict[str, Any]:
    return heads.head(catalog(), folder, lang)


_head = lru_cache(maxsize=16)(_read_head)


def warm(screening: Screening) -> None:
    """Read what the map of a screening asks for first, so that its first visitor need not wait for it."""
    _head(screening.folder, LANGS[0])
    _columns(screening.folder, Choice())


@of_screening
def points(screening: Screening) -> Response:
    """Send the subjects of a choice as columns of text; where they are very many, tiles have them."""
    return packed_answer(_points(screening.folder, choice()), "application/json")


@of_screening
def columns(screening: Screening) -> Response:
    """Send the same as columns of numbers, for the map."""
    body, kind = _columns(screening.folder, choice())
    return packed_answer(body, kind)


@of_screening
def labels(screening: Screening) -> Response:
    """Send number and name of each of these subjects, for the pointer."""
    return packed_answer(_labels(screening.folder, choice()), "application/json")


@lru_cache(maxsize=8)
def _points(folder: Path, asked: Choice) -> bytes:
    found = _found(folder, asked)
    return _packed_json(_in_tiles(found) or point_table(found))


@lru_cache(maxsize=8)
def _columns(folder: Path, asked: Choice) -> tuple[bytes, str]:
    """Return packed columns and their media type; a map asks for the same ones at every visit."""
    found = _found(folder, asked)
    elsewhere = _in_tiles(found)
    if elsewhere:
        return _packed_json(elsewhere), "application/json"
    return gzip.compress(point_columns(found), 1, mtime=0), "application/octet-stream"


@lru_cache(maxsize=8)
def _labels(folder: Path, asked: Choice) -> bytes:
    found = _found(folder, asked)
    return _packed_json({"label": [] if _in_tiles(found) else point_labels(found)})


def _found(folder: Path, asked: Choice) -> pd.DataFrame:
    return reading.subjects(folder).iloc[reading.chosen(folder, asked)]


def _in_tiles(found: pd.DataFrame) -> dict[str, Any]:
    """Return what is said of more subjects than are sent; nothing of fewer."""
    placed = int((found["lon"].notna() & found["lat"].notna()).sum())
    return {"kind": "tiles", "count": placed} if placed > MAX_POINTS else {}


def _packed_json(table: dict[str, Any]) -> bytes:
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), 1, mtime=0)


@of_screening
def subjects(screening: Screening) -> Response:
    """Send one page of the subjects of a choice."""
    positions = reading.chosen(screening.folder, choice())
    find = request.args.get("find")

    page = reading.page(
        screening.folder,
        positions,
        sort=request.args.get("sort", "row"),
        descending=_direction(),
        page_number=_number("page", 1),
        page_size=_number("page_size", 50),
        find=_key(find) if find else None,
    )
    return jsonify(
        total=page.total,
        page=page.page,
        pages=page.pages,
        page_size=page.page_size,
        totals=lists.totals(reading.totals(screening.folder, positions)),
        rows=[lists.line(catalog(), one, reader()) for one in page.rows],
    )


@of_screening
def card(screening: Screening, key: str) -> Response:
    """Send the reasons of one subject."""
    row, part = _key(key)

    answer = why.why_card(catalog(), screening.folder, row, part, reader())
    for rule in answer["rules"]:
        if rule["action"] is not None:
            layer = rule["action"].pop("layer")
            rule["action"]["href"] = url_for(work_of(screening).page, layer=layer)
    if answer["project"] is not None:
        _add_follow_up(answer["project"], screening.id, key)
        answer["project"]["wind"] = wind_card(
            screening.folder, row, part, layers_dir=rooms().settings.data / "layers", lang=reader()
        )
    return jsonify(answer | {"links": _links(screening, key if answer["project"] else "")})


@of_screening
def issues_json(screening: Screening) -> Response:
    """Send one page of what was wrong or repaired."""
    answer = issues.page(
        catalog(),
        screening.folder,
        reader(),
        code=request.args.get("code", ""),
        page_number=_number("page", 1),
        page_size=_number("page_size", 50),
    )
    download = url_for("screenings.file", screening_id=screening.id, name="issues.csv")
    return jsonify(answer | {"download": download})


def progress(screening_id: str) -> Response:
    """Say how far a screening is."""
    here = rooms()
    page = url_for("screenings.one", screening_id=screening_id)
    answer = {"state": "done", "step": "", "text": "", "done": 0, "total": 0, "error": None, "page": page}
    answer["readable"] = True
    attempt = here.under_way(screening_id)
    if attempt is None:
        return jsonify(answer)
    answer |= {"state": attempt.state, "step": attempt.step, "done": attempt.done, "total": attempt.total}
    answer["readable"] = attempt.tables is not None
    if attempt.state == "failed":
        answer["error"] = {"code": attempt.code, "text": sentence(attempt.code, attempt.params)}
    elif attempt.step:
        answer["text"] = text(f"steps.{attempt.step}")
    else:
        answer["text"] = text(attempt.state)
    return jsonify(answer)


def _number(name: str, default: int) -> int:
    stated = request.args.get(name)
    if stated is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", stated):
        raise InputError("bad_query", name=name, value=stated[:40])
    return int(stated)


def _direction() -> bool:
    stated = request.args.get("dir", "asc")
    if stated not in {"asc", "desc"}:
        raise InputError("bad_query", name="dir", value=stated[:40])
    return stated == "desc"


def _key(stated: str) -> tuple[int, int]:
    found = _KEY.fullmatch(stated)
    if found is None:
        raise NotFoundError("no_subject", row=stated[:20])
    return int(found[1]), int(found[2])


def _add_follow_up(project: dict[str, Any], screening_id: str, key: str) -> None:
    """Say of each province where its consultation stands."""
    states = states_of(screening_id, key)
    for one in project["consultees"]:
        state = None if one["kind"] == "other_line" else states.get(one["adcode"])
        one["follow_up"] = None if state is None else {"text": state_text(state), "overdue": state.overdue}


def _links(screening: Screening, project: str) -> list[dict[str, str]]:
    """Return what the card offers: of a project its sheet, letter and follow-up, of everything the basis."""
    found = []
    if project:
        one = screening.id
        found = [
            (text(f"sheet_{kind}"), url_for("sheets.sheet", screening_id=one, key=project, kind=kind))
            for kind in ("pdf", "html", "json")
        ]
        found += [
            (text("recheck"), url_for("sheets.recheck", screening_id=one, key=project)),
            (text("letter"), url_for("sheets.letter", screening_id=one, key=project)),
            (text("followup"), url_for("followups.one", screening_id=one, key=project)),
        ]
    basis = url_for("screenings.file", screening_id=screening.id, name="findings.csv")
    found.append((text("export_basis"), basis))
    return [{"text": words, "href": href} for words, href in found]
