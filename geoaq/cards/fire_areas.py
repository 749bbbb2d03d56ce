"""The townships, villages and grid cells of a pixel or an event, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geoaq.frames import AREA_LEVELS
from geoaq.wording import say

_LISTS = {"township": "townships", "village": "villages", "grid": "grids"}


def pixel_areas(pixel: Mapping[Any, Any], lang: str) -> list[dict[str, str]]:
    """Return ``label`` and ``text`` of each level that a pixel was put to; none where no areas were given.

    Parameters
    ----------
    pixel
        A row of `geoaq.frames.FIRE_JUDGED`, or of `FIRE_PIXELS` where it was not judged yet.
    """
    told = []
    for level in AREA_LEVELS:
        text = _township(pixel, lang) if level == "township" else str(pixel.get(level, ""))
        if text:
            told.append({"label": say(f"areas.level_{level}", lang), "text": text})
    return told


def _township(pixel: Mapping[Any, Any], lang: str) -> str:
    """Return the township with its share of the footprint, then the others."""
    name, others = str(pixel.get("township", "")), str(pixel.get("township_others", ""))
    if not others:
        return name
    own = name or say("areas.outside", lang)
    share = float(pixel["township_share"])
    first = f"{own} {share:.0%}" if math.isfinite(share) else own
    parts = (one.rpartition("=") for one in others.split(";"))
    rest = [f"{other} {float(part):.0%}" for other, _, part in parts]
    return say("fire_map.shares", lang, first=first, rest="; ".join(rest))


def event_areas(row: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """Return ``level``, ``name`` and ``pixels`` of every area that pixels of an event lie in.

    Parameters
    ----------
    row
        A row of `geoaq.frames.FIRE_EVENTS`.
    """
    told = []
    for level, column in _LISTS.items():
        word = say(f"areas.level_{level}", lang)
        for one in filter(None, str(row[column]).split(";")):
            name, _, pixels = one.rpartition("=")
            told.append({"level": word, "name": name, "pixels": int(pixels)})
    return told


def across_townships(row: Mapping[str, Any], pixels: pd.DataFrame) -> list[str]:
    """Return the townships between which it is open whose an event is; none where it is not.

    Parameters
    ----------
    row
        A row of `geoaq.frames.FIRE_EVENTS`.
    pixels
        Its pixels, as `geoaq.frames.FIRE_JUDGED`.
    """
    if not row["disputed_township"]:
        return []
    lists = [str(row["townships"])]
    if "township_others" in pixels:
        lists += [str(one) for one in pixels["township_others"].astype(object).unique()]
    names = (one.rpartition("=")[0] for text in lists for one in text.split(";"))
    return list(dict.fromkeys(filter(None, names)))
