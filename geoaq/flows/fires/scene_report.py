"""What is said of a scene that was searched for fires: codes and numbers, and the same as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

import geoaq
from geoaq.cards.fires import source_name
from geoaq.fires.detection.gridding import Extent
from geoaq.flows.fires.watching import WatchedScene
from geoaq.frames.scenes import (
    BOW_TIE,
    CLOUD,
    HIGH,
    LOW,
    NOMINAL,
    NOT_PROCESSED,
    SYNTHETIC,
    UNCLASSIFIED,
    Marks,
)
from geoaq.wording import say

_CHINA = ZoneInfo("Asia/Shanghai")
GRADES = {HIGH: "high", NOMINAL: "nominal", LOW: "low"}
# From these shares of a scene on, somebody should know that there was little to find fires in.
_NEARLY_ALL, _LITTLE = 0.98, 0.05
_DATE_LINE = 180.0  # where the maps of pages end
_FRP_NAMES = {"M13": "m13", "I4_unsat": "i4", "MODIS": "modis", "AHI": "ahi", "AGRI": "agri", "": "none"}
Flag = tuple[str, Mapping[str, Any]]


def seen_facts(scene: WatchedScene, extent: Extent) -> dict[str, Any]:
    """Return who saw a scene, when and where; moments as ISO 8601 in UTC."""
    times = scene.times(0, scene.rows)
    known = times[np.isfinite(times)]
    first, last = (_iso(known.min()), _iso(known.max())) if len(known) else ("", "")
    return {
        "satellite": scene.satellite,
        "rows": scene.rows,
        "columns": scene.columns,
        "swath": scene.swath,
        "first": first,
        "last": last,
        "box": None if extent.empty else [round(side, 4) for side in extent.box],
    }


def found_facts(mask: Marks, pixels: pd.DataFrame, notes: Mapping[str, int]) -> dict[str, Any]:
    """Return what was found: pixels by code, fires by confidence and by the method of their power."""
    # Row by row: counted at once, each byte would become eight.
    counts = sum((np.bincount(row, minlength=HIGH + 1) for row in mask), np.zeros(HIGH + 1, np.int64))
    codes = pixels["code"].to_numpy()
    methods = pixels["frp_method"].astype(str)
    power = pixels["frp_mw"].to_numpy(np.float64)
    return {
        "mask": {str(code): int(counts[code]) for code in range(HIGH + 1)},
        "fires": len(pixels),
        "grades": {name: int((codes == code).sum()) for code, name in GRADES.items()},
        "frp_methods": {name: int((methods == name).sum()) for name in _FRP_NAMES if (methods == name).any()},
        "frp_mw": round(float(np.nansum(power)), 3),
        "notes": {str(name): int(count) for name, count in sorted(notes.items())},
    }


def earlier_facts(pixels: pd.DataFrame) -> dict[str, Any]:
    """Return how many geostationary fires earlier days support, speak against, and say nothing of."""
    reasons = pixels["reasons"].astype(str).str.split(";")
    above, as_before, open_yet = (
        int(reasons.map(lambda codes, code=code: code in codes).sum())
        for code in ("above_before", "as_before", "candidate")
    )
    return {"above": above, "as_before": as_before, "unknown": open_yet - as_before}


def own_flags(facts: Mapping[str, Any]) -> list[Flag]:
    """Return what somebody should mind who reads what was found, as codes of ``wording/detect.toml``."""
    flags: list[Flag] = []
    whole = facts["rows"] * facts["columns"]
    mask = facts["mask"]
    seen = whole - mask[str(NOT_PROCESSED)] - mask[str(BOW_TIE)]
    if facts["box"] is None:
        flags.append(("flag_no_places", {}))
    elif facts["box"][2] > _DATE_LINE:
        flags.append(("flag_date_line", {}))
    if seen < _LITTLE * whole:
        flags.append(("flag_little_seen", {"share": _percent(seen, whole)}))
    elif mask[str(CLOUD)] >= _NEARLY_ALL * seen:
        flags.append(("flag_all_cloud", {"share": _percent(mask[str(CLOUD)], seen)}))
    earlier = facts.get("earlier")
    if earlier is not None and earlier["days"]:
        counts = {name: earlier[name] for name in ("days", "above", "as_before", "unknown")}
        flags.append(("flag_earlier", counts))
    elif earlier is not None:
        flags.append(("flag_no_earlier", {}))
    counts = {note: facts["notes"].get(note, 0) for note in ("temperature_impossible", "sun_unknown")}
    flags += [(f"flag_{note}", {"count": count}) for note, count in counts.items() if count > 0]
    return flags


def title_of(report: Mapping[str, Any], lang: str) -> str:
    """Return by what name people know a scene: its satellite and when it began, Beijing time."""
    source = str(report["satellite"])
    known = source != SYNTHETIC
    name = source_name(source, "satellite", lang) if known else say("detect.source_synthetic", lang)
    return say("detect.title", lang, satellite=name, time=beijing(str(report["first"])))


def beijing(moment: str) -> str:
    """Return a moment in Beijing time.

    Examples
    --------
    >>> beijing("2025-04-07T05:30:17Z")
    '2025-04-07 13:30'
    """
    if not moment:
        return ""
    return datetime.fromisoformat(moment).astimezone(_CHINA).strftime("%Y-%m-%d %H:%M")


def flag_texts(report: Mapping[str, Any], lang: str) -> list[str]:
    """Return what somebody should mind, as sentences."""
    return [say(one["code"], lang, **one["params"]) for one in report["flags"]]


def frp_texts(report: Mapping[str, Any], lang: str) -> list[tuple[str, int]]:
    """Return by which methods the power of how many pixels was found."""
    return [(say(f"detect.frp_{_FRP_NAMES[name]}", lang), n) for name, n in report["frp_methods"].items()]


def report_lines(
    report: Mapping[str, Any], titles: Mapping[int, str], product: str, lang: str
) -> Iterator[str]:
    """Yield the lines of ``report.txt``.

    Parameters
    ----------
    report
        ``report.json``.
    titles
        What each code of the mask is called.
    product
        Title of the product.
    lang
        ``zh`` or ``en``.
    """

    def line(code: str, **params: object) -> str:
        return say(f"detect.{code}", lang, **params)

    yield line("heading")
    yield line("careful")
    yield ""
    size = {"rows": report["rows"], "columns": report["columns"]}
    yield line("scene", title=title_of(report, lang), product=product, **size)
    yield line("span", first=beijing(report["first"]), last=beijing(report["last"]))
    if report["box"]:
        yield line("box", **dict(zip(("west", "south", "east", "north"), report["box"], strict=True)))
    yield line("detector", **report["detector"])
    yield line("inputs")
    yield from (line("input", **one) for one in report["inputs"])
    if compared := report.get("earlier", {}).get("files"):
        yield line("earlier")
        yield from (line("input", **one) for one in compared)
    yield ""
    yield line("found", fires=report["fires"])
    yield from (
        line("grade", name=titles[code], count=report["grades"][name]) for code, name in GRADES.items()
    )
    yield line("frp")
    yield from (line("grade", name=name, count=count) for name, count in frp_texts(report, lang))
    yield ""
    yield from _left_out(report, titles, lang)
    flags = flag_texts(report, lang)
    yield line("warnings" if flags else "no_warnings")
    yield from (line("warning", text=text) for text in flags)
    yield line("made_by", version=report["made_by"].removeprefix("geoaq "))


def _left_out(report: Mapping[str, Any], titles: Mapping[int, str], lang: str) -> Iterator[str]:
    mask = report["mask"]
    whole, lost = report["rows"] * report["columns"], mask[str(NOT_PROCESSED)]
    yield say("detect.skipped", lang, count=lost, share=_percent(lost, whole), bow_tie=mask[str(BOW_TIE)])
    yield say("detect.unclassified", lang, count=mask[str(UNCLASSIFIED)])
    yield say("detect.mask", lang)
    for code, count in mask.items():
        yield say("detect.grade", lang, name=f"{code} {titles[int(code)]}", count=count)


def made_by() -> str:
    """Return the program that wrote a report."""
    return f"geoaq {geoaq.__version__}"


def flagged(flags: Sequence[Flag], file: str) -> list[dict[str, Any]]:
    """Return flags as a report holds them: codes of the catalogue's file ``file``, with their parameters."""
    return [{"code": f"{file}.{code}", "params": dict(params)} for code, params in flags]


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _percent(part: int, whole: int) -> float:
    return round(100 * part / max(whole, 1), 1)
