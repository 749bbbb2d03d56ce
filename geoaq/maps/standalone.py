"""The map of a screening as one file: works from a folder, a memory stick or an e-mail, and asks for nothing.

The client is the same as on the server's page; its questions are answered from data in the file. A policy in
its head allows the file's own scripts and styles by their hash and nothing else. No clock, path or host name
goes in: the same screening is the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from geoaq.catalog import Catalog
from geoaq.errors import ConfigError, NotFoundError
from geoaq.maps.embed import embedded_findings, embedded_list
from geoaq.maps.packed import packed
from geoaq.maps.points import MAX_POINTS, point_table
from geoaq.maps.room import compose
from geoaq.maps.statics import static_text
from geoaq.wording import say

if TYPE_CHECKING:
    from geoaq.maps.figure import MapParts

MAX_BYTES = 20_000_000
GeoJson = Mapping[str, Any]
_SAFE = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


@dataclass(frozen=True)
class StandaloneMap:
    """A one-file map.

    Attributes
    ----------
    html
        The file's text; encode as UTF-8.
    aggregated
        The subjects are counted in cells, and the file says so.
    left_out
        Names of what did not fit, in the order it was given up: ``counties``, ``cards``, ``findings``,
        ``points``.
    """

    html: str
    aggregated: bool
    left_out: tuple[str, ...]


def standalone(
    subjects: pd.DataFrame,
    *,
    catalog: Catalog,
    head: Mapping[str, Any],
    layers: Mapping[str, GeoJson],
    counties: Mapping[str, GeoJson],
    findings: pd.DataFrame,
    rules: Mapping[str, Mapping[str, str]],
    facts: Mapping[str, pd.Series],
    cards: Sequence[Mapping[str, Any]] | None = None,
    given: frozenset[str] = frozenset(),
    view: str = "heating",
    lang: str = "zh",
    max_bytes: int = MAX_BYTES,
    max_points: int = MAX_POINTS,
) -> StandaloneMap:
    """Write a screening's map as one file.

    Parameters
    ----------
    subjects
        One row a subject: ``row``, ``part``, ``subject_id``, ``name``, ``lon``, ``lat`` (WGS 84) and ``lead``
        (a sign of the map); where known also ``county`` (as shown), ``county_adcode``, ``capacity_text``,
        ``capacity_tph``, ``anchor_id``, ``anchor_name``, ``anchor_size``, ``anchor_state`` (of the plant, as
        shown), ``distance_km``, ``distance_text``, ``error_text`` (as shown), ``headline_value``,
        ``headline_unit``, ``headline_detail`` (the number that decides), ``tag`` (the lead verdict as a
        phrase) and ``lead_timing``, ``lead_rule``.
    catalog, view, lang
        As in `geoaq.maps.page_map`.
    head
        The head of the screening, in the shape of ``screening.json``.
    layers
        GeoJSON by layer id; a layer of the view that is not here is shown as missing.
    counties
        GeoJSON of the counties by province adcode.
    findings
        Long table: ``row``, ``part``, ``rule_id``, ``outcome``, ``strength``, ``timing``, ``reasons``,
        ``quantity``, ``measured``, ``limit``, ``margin``.
    rules
        What is shown of a rule, by id: ``title``, ``source``, ``quote``, ``document``, ``article``.
    facts
        Lines of the card after the plant's: label, and a text a subject aligned to ``subjects``.
    cards
        The whole card of each subject in the shape of the server's, aligned to ``subjects``. Where there are
        none the client puts a shorter card together from list and findings. Lists of projects have cards: if
        they are not given, the file says so.
    given
        Layers that the office supplied, also those that draw nothing.
    max_bytes, max_points
        Above either the file gives up county lines, then the cards, then the rules of each subject, then
        single points for cells, until it fits.

    Raises
    ------
    NotFoundError
        No such view.
    ConfigError
        ``front_end_missing``: the front-end parts were not set up.
    """
    if view not in catalog.views:
        raise NotFoundError("not_found", what="view", name=view)
    there = frozenset(layers) | given | ({"counties"} if counties else set())
    parts = compose(catalog, catalog.views[view], lang=lang, provided=there, embedded=True)
    points = point_table(subjects, max_points=max_points)
    full: dict[str, Any] = {"points": points, "layers": dict(layers), "counties": dict(counties)}
    left_out: tuple[str, ...] = ("points",) if points["kind"] == "cells" else ()
    if not left_out:
        full["list"] = embedded_list(subjects, facts)
        full["findings"] = embedded_findings(subjects, findings, rules)
        if cards is not None:
            full["cards"] = packed(cards)
        elif "limb_a" in subjects:
            left_out = ("cards",)
    text = ""
    for data, missing in _ladder(full, left_out, subjects):
        text = _page(parts, {**data, "head": _noted(head, missing, lang)}, lang=lang)
        left_out = missing
        if len(text.encode()) <= max_bytes:
            break
    return StandaloneMap(html=text, aggregated="points" in left_out, left_out=left_out)


def _ladder(
    full: dict[str, Any], left_out: tuple[str, ...], subjects: pd.DataFrame
) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """Yield smaller and smaller contents with the names of what each leaves out."""
    yield full, left_out
    data = {**full, "counties": {}}
    missing = (*left_out, "counties") if full["counties"] else left_out
    yield data, missing
    if "points" in left_out:
        return
    if "cards" in data:
        data = {name: value for name, value in data.items() if name != "cards"}
        missing = (*missing, "cards")
        yield data, missing
    data = {name: value for name, value in data.items() if name != "findings"}
    missing = (*missing, "findings")
    yield data, missing
    data = {"layers": data["layers"], "counties": {}, "points": point_table(subjects, max_points=0)}
    yield data, (*missing, "points")


def _noted(head: Mapping[str, Any], left_out: tuple[str, ...], lang: str) -> dict[str, Any]:
    """Return the head with a note for each thing left out."""
    sentences = {
        "counties": say("maps.without_counties", lang),
        "cards": say("maps.without_cards", lang),
        "findings": say("maps.without_findings", lang),
        "points": say("maps.aggregated", lang),
    }
    return {**head, "notes": [*head.get("notes", []), *(sentences[name] for name in left_out)]}


def _page(parts: MapParts, data: Mapping[str, Any], *, lang: str) -> str:
    """Put markup, styles, scripts and data into one document with its policy."""
    styles = [static_text(path) for path in parts.styles if "/fonts/" not in path]
    style = _clean("\n".join([*styles, parts.style]), "</style")
    scripts = [_clean(text, "</script") for text in [*map(static_text, parts.scripts), parts.script]]
    policy = "; ".join(
        [
            "default-src 'none'",
            "script-src " + " ".join(map(_hash, scripts)),
            f"style-src {_hash(style)}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    title = html.escape(f"{data['head'].get('title', '')} · geoaq")
    body = "".join(f"<script>{script}</script>\n" for script in scripts)
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n"
        f'<body class="room" data-lang="{lang}" data-state="ready" data-embedded="true">\n'
        f"{_frame(data['head'], lang)}<main>\n{parts.html}"
        '<section id="layers" class="card"></section>\n<section id="why" class="card" hidden></section>\n'
        '<section id="list" class="card"></section>\n</main>\n'
        f'<script type="application/json" id="geoaq-data">{_json(data)}</script>\n{body}</body>\n</html>\n'
    )


def _frame(head: Mapping[str, Any], lang: str) -> str:
    """Return the header of the page."""
    title, day = html.escape(str(head.get("title", ""))), html.escape(str(head.get("as_of", "")))
    as_of, one_file = html.escape(say("maps.as_of", lang)), html.escape(say("maps.one_file", lang))
    synthetic = html.escape(say("maps.synthetic", lang))
    mark = f'<span class="tag encouraged synthetic">{synthetic}</span>' if head.get("synthetic") else ""
    return (
        '<header class="top"><span class="brand">geoaq</span>'
        f'<span class="file">{title}</span>{mark}<div class="state"><span>{as_of} {day}</span>'
        f"<span>{one_file}</span></div></header>\n"
    )


def _json(data: Mapping[str, Any]) -> str:
    """Return JSON that no HTML reader can take for markup."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_SAFE)


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _clean(text: str, forbidden: str) -> str:
    """Return a script or style whose text is what a reader of HTML will see, or refuse it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if forbidden in text.lower() or "<!--" in text:
        raise ConfigError("inline_code", sample=forbidden)
    return text
