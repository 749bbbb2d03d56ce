"""What the pages say of searched scenes: a line of the list, and the card of one fire pixel."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from geoaq.cards.fires import positions
from geoaq.catalog import Layer
from geoaq.flows.fires.scene_report import GRADES, beijing, flag_texts, frp_texts, title_of
from geoaq.frames.scenes import SYNTHETIC
from geoaq.report.numbers import grouped
from geoaq.store.scenes import SearchedScene
from geoaq.wording import catalogue, say

_METHODS = {"M13": "m13", "I4_unsat": "i4", "MODIS": "modis", "AHI": "ahi", "AGRI": "agri"}
_NAMES = {str(code): name for code, name in GRADES.items()}


def entry(one: SearchedScene, lang: str) -> dict[str, Any]:
    """Return a line of the list of scenes."""
    report = one.report
    return {
        "id": one.id,
        "title": title_of(report, lang),
        "span": say("detect.span", lang, first=beijing(report["first"]), last=beijing(report["last"])),
        "detector": report["detector"]["detector"],
        "fires": report["fires"],
        "synthetic": report["satellite"] == SYNTHETIC,
        "grades": [
            {"code": code, "text": say(f"fire_scenes.grade_{code}", lang), "count": report["grades"][code]}
            for code in GRADES.values()
        ],
        "flags": flag_texts(report, lang),
        "files": one.files,
        "drawn": report["box"] is not None,
    }


def scene(one: SearchedScene, mask: Layer, lang: str) -> dict[str, Any]:
    """Return what the map's page says of a scene: its line, box, mask by code, power by method."""
    report = one.report
    titles = {str(line.when["class"]): line.title.say(lang) for line in mask.legend}
    low, high = report["greys_k"]
    return entry(one, lang) | {
        "box": report["box"],
        "mask": [
            {"text": titles[code], "count": grouped(count)} for code, count in report["mask"].items() if count
        ],
        "frp": [{"text": text, "count": grouped(count)} for text, count in frp_texts(report, lang)],
        "greys": say("fire_scenes.greys", lang, low=f"{low:g}", high=f"{high:g}"),
        "inputs": [{"name": made["name"], "sha256": made["sha256"]} for made in report["inputs"]],
        "caution": say("detect.careful", lang),
    }


def card(key: int, pixel: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Return the card of a fire pixel.

    Parameters
    ----------
    key
        Its row in ``fires.csv``, from 0.
    pixel
        That row, as `geoaq.io.fires.scene_csv.read_scene_table` gives it.
    """
    code = str(pixel["mask_code"])
    lon, lat = float(pixel["lon"]), float(pixel["lat"])
    return {
        "key": key,
        "lon": lon,
        "lat": lat,
        "grade": {"code": _NAMES[code], "text": say(f"fire_scenes.grade_{_NAMES[code]}", lang)},
        "time": beijing(str(pixel["acquired_utc"])),
        "positions": positions(lon, lat, lang),
        "facts": _facts(pixel, lang),
        "reasons": [reason(word, lang) for word in str(pixel["reasons"]).split(";") if word],
        "note": say("fire_map.pixel_note", lang),
        "caution": say("detect.careful", lang),
    }


def reason(word: str, lang: str) -> str:
    """Return why a pixel has its class, as a sentence; a code without one stays a code."""
    code = f"fire_scenes.reason_{word}"
    return say(code, lang) if code in catalogue() else word


def _facts(pixel: Mapping[str, Any], lang: str) -> list[dict[str, str]]:
    facts: list[dict[str, str]] = []

    def add(code: str, text: str) -> None:
        if text:
            facts.append({"label": say(f"fire_scenes.{code}", lang), "text": text})

    t4, t11 = _number(pixel["t4_k"], 1), _number(pixel["t11_k"], 1)
    odd = [say(f"fire_scenes.{name}", lang) for name in ("saturated", "folded") if pixel[name]]
    add("t4", f"{t4} K {' '.join(odd)}".strip() if t4 else "")
    add("t11", f"{t11} K" if t11 else "")
    add("dt", f"{float(pixel['t4_k']) - float(pixel['t11_k']):.1f} K" if t4 and t11 else "")
    if int(pixel["window"]):
        size = int(pixel["window"])
        add("window", say("fire_scenes.window_of", lang, size=size, count=int(pixel["n_valid"])))
        for code, mean, spread in (("t4", "mean4_k", "mad4_k"), ("dt", "mean_dt_k", "mad_dt_k")):
            told = {"mean": _number(pixel[mean], 1), "spread": _number(pixel[spread], 1)}
            text = say("fire_scenes.background_of", lang, **told) if all(told.values()) else ""
            add(f"background_{code}", text)
    frp = _number(pixel["frp_mw"], 1)
    method = _METHODS.get(str(pixel["frp_method"]), "none")
    unit = say("fire_map.unit_frp", lang)
    add("frp", (f"{frp} {unit} · " if frp else "") + say(f"detect.frp_{method}", lang))
    scan, track = _number(pixel["scan_km"], 2), _number(pixel["track_km"], 2)
    add("footprint", say("fire_map.scan_by_track", lang, scan=scan, track=track) if scan and track else "")
    add("angles", _angles(pixel, lang))
    add("place", say("fire_scenes.line_sample", lang, line=int(pixel["line"]), sample=int(pixel["sample"])))
    return facts


def _angles(pixel: Mapping[str, Any], lang: str) -> str:
    view, sun, glint = (_number(pixel[name], 0) for name in ("view_zenith", "sun_zenith", "glint_deg"))
    told = [("view", view), ("sun", sun), ("glint", glint)]
    return say("fire_scenes.between", lang).join(
        say(f"fire_scenes.angle_{name}", lang, degrees=text) for name, text in told if text
    )


def _number(value: Any, places: int) -> str:
    number = float(value)
    return "" if math.isnan(number) else f"{number:.{places}f}"
