"""Looking over the static heat sources: the register of a month, one source with its evidence, a decision."""

from __future__ import annotations

import time
from typing import Any

import pandas as pd
from flask import Blueprint, Response, jsonify, make_response, render_template, request

from geoaq.cards import fire_static as cards
from geoaq.errors import InputError, NotFoundError
from geoaq.flows.fires.static_sources import (
    history,
    hits,
    newest_first,
    placed_register,
    source_of,
)
from geoaq.store.fires.registers import DECISIONS, Register
from geoaq.store.fires.store import FireStore
from web.fire_feed import judge_soon
from web.fire_forms import required_text, stated_text
from web.language import reader, text
from web.rooms import rooms
from web.views import composed_map

#: Id of the map, of its page's template and of its own sentences.
VIEW = "fires_static"
PAGE_SIZE = 50
BY_MAX, REMARK_MAX = 60, 1000
_TEXT_MAX = 100
_SORTED = {
    "place": "adcode", "days": "days", "span": "span_days", "night": "night_share", "frp": "frp_p95_mw",
    "radius": "radius_m", "last": "last", "expires": "expires", "decision": "decision",
}  # fmt: skip


def make() -> Blueprint:
    """Return the page of static sources, its answers, and the form of a decision."""
    blueprint = Blueprint("fires_static", __name__, url_prefix="/fires/static")
    blueprint.add_url_rule("", "page", page)
    blueprint.add_url_rule("/register.json", "register", register)
    blueprint.add_url_rule("/places.json", "places", places)
    blueprint.add_url_rule("/<source>.json", "card", card)
    blueprint.add_url_rule("/<source>/hits.json", "evidence", evidence)
    blueprint.add_url_rule("/<source>/reviews", "review", review, methods=["POST"])
    return blueprint


def page() -> Response:
    """Show the map with the register."""
    return make_response(
        render_template(
            "fires_static.html",
            parts=composed_map(VIEW, reader()),
            view=VIEW,
            demonstration=rooms().fires.demonstration,
        )
    )


def register() -> Response:
    """Send a page of a month's register: filtered, sorted, with the counts by decision."""
    store = rooms().fires.store
    known = newest_first(store)
    told: dict[str, Any] = {
        "months": [{"value": cards.month_name(one), "rows": one.rows} for one in known],
        "month": "",
        "provenance": None,
        "counts": dict.fromkeys(DECISIONS, 0),
        "rows": [],
        "total": 0,
        "page": 1,
        "pages": 1,
    }
    if not known:
        return jsonify(told)
    asked = _month(known)
    frame = _searched(placed_register(store, asked, rooms().settings.data))
    told["counts"] |= frame["decision"].value_counts().to_dict()
    frame = _decided(frame)
    column, ascending = _order()
    frame = frame.sort_values([column, "source"], ascending=[ascending, True], kind="stable")
    pages = max(1, -(-len(frame) // PAGE_SIZE))
    number = _number(frame, pages)
    some = frame.iloc[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    told |= {
        "month": cards.month_name(asked),
        "provenance": cards.provenance(asked, reader()),
        "rows": [cards.row(one, reader()) for one in some.to_dict("records")],
        "total": len(frame),
        "page": number,
        "pages": pages,
    }
    return jsonify(told)


def places() -> Response:
    """Send where the sources of a month are, in columns, for the map."""
    store = rooms().fires.store
    known = newest_first(store)
    if not known:
        return jsonify(key=[], lon=[], lat=[], radius_m=[], decision=[])
    frame = _decided(_searched(placed_register(store, _month(known), rooms().settings.data)))
    return jsonify(
        key=frame["source"].tolist(),
        lon=frame["lon"].round(5).tolist(),
        lat=frame["lat"].round(5).tolist(),
        radius_m=frame["radius_m"].round().tolist(),
        decision=frame["decision"].tolist(),
    )


def card(source: str) -> Response:
    """Send what is known of one source, and what was decided about it."""
    return jsonify(_card(rooms().fires.store, source))


def evidence(source: str) -> Response:
    """Send detections at a source, the newest first, a page at a time."""
    store = rooms().fires.store
    _, row = _row(store, source)
    found = hits(store, row, before=request.args.get("before", type=int))
    return jsonify(rows=cards.hit_rows(found.rows, reader()), before=found.before)


def review(source: str) -> Response:
    """Note what somebody decided about a source; what was noted before stays."""
    store = rooms().fires.store
    source_of(store, source)
    decided = request.form.get("decision", "")
    if decided not in DECISIONS:
        expected = " ".join(text(f"fire_static.decision_{one}") for one in DECISIONS)
        raise InputError(
            "bad_option",
            option=text("fires_decision"),
            value=decided[:40],
            expected=expected,
            field="decision",
        )
    by = required_text("by", text("fires_by"), BY_MAX)
    remark = stated_text("remark", text("fires_remark"), REMARK_MAX)
    if decided == "rejected" and not remark:
        raise InputError("field_blank", name=text("fires_remark"), field="remark")
    store.review_static(source, decided, by, remark, int(time.time()))
    judge_soon()
    response = jsonify(_card(store, source))
    response.status_code = 201
    return response


def _card(store: FireStore, source: str) -> dict[str, Any]:
    found, row = _row(store, source)
    return cards.card(row.to_dict(), found, history(store, source), reader())


def _row(store: FireStore, source: str) -> tuple[Register, pd.Series[Any]]:
    stated = request.args.get("month", "")
    month = _month(newest_first(store)).as_of if stated else None
    found, _ = source_of(store, source, month)
    frame = placed_register(store, found, rooms().settings.data)
    return found, frame[frame["source"] == source].iloc[0]


def _month(known: list[Register]) -> Register:
    """Return the register that is asked for: that of a month, else the newest that has any source."""
    stated = request.args.get("month", "")
    if not stated and known:
        return next((one for one in known if one.rows), known[0])
    found = next((one for one in known if cards.month_name(one) == stated), None)
    if found is None:
        raise NotFoundError("no_register", month=stated[:20])
    return found


def _searched(frame: pd.DataFrame) -> pd.DataFrame:
    words = request.args.get("q", "")
    if len(words) > _TEXT_MAX:
        raise InputError("bad_query", name="q", value=words[:40])
    wanted = words.strip().lower()
    if not wanted:
        return frame
    fit = frame["source"].str.lower().str.contains(wanted, regex=False)
    for name in ("county", "city", "province", "plant"):
        fit |= frame[name].astype(str).str.lower().str.contains(wanted, regex=False)
    found: pd.DataFrame = frame[fit]
    return found


def _decided(frame: pd.DataFrame) -> pd.DataFrame:
    stated = [one for one in request.args.get("decision", "").split(",") if one]
    if any(one not in DECISIONS for one in stated):
        raise InputError("bad_query", name="decision", value=",".join(stated)[:40])
    return frame[frame["decision"].isin(stated)] if stated else frame


def _order() -> tuple[str, bool]:
    stated = request.args.get("sort", "days")
    if stated not in _SORTED:
        raise InputError("bad_query", name="sort", value=stated[:40])
    return _SORTED[stated], request.args.get("dir", "desc") == "asc"


def _number(frame: pd.DataFrame, pages: int) -> int:
    """Return the page that is asked for: by number, or the one on which a source stands."""
    wanted = request.args.get("find", "")
    if wanted:
        at = (frame["source"] == wanted).to_numpy().nonzero()[0]
        if len(at):
            return int(at[0]) // PAGE_SIZE + 1
    return min(max(request.args.get("page", 1, type=int), 1), pages)
