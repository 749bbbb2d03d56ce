"""A toy screening that a person can draw: one square province, one plant, a few boilers, evil names."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geoaq.catalog import Catalog
from geoaq.maps import StandaloneMap, standalone

EVIL = ("<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "'\"&<!--")
LEADS = ("applies", "encouraged", "review", "not", "none")


def square(west: float, south: float, side: float, **properties: Any) -> dict[str, Any]:
    """Return a square as a feature."""
    ring = [
        [west, south],
        [west + side, south],
        [west + side, south + side],
        [west, south + side],
        [west, south],
    ]
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


LAYERS = {
    "provinces": collection(square(119.0, 31.0, 2.0, adcode="320000", name="方省")),
    "cities": collection(square(119.0, 31.0, 1.0, adcode="320100", name="方市")),
    "chp_anchors": collection(
        {
            "type": "Feature",
            "properties": {"plant_id": "P1", "name": EVIL[0], "installed_mw": 1215.0, "confirmed": False},
            "geometry": {"type": "Point", "coordinates": [120.0, 32.0]},
        }
    ),
    "heating_discs": collection(square(119.7, 31.7, 0.6, plant_id="P1", confirmed=False)),
}
COUNTIES = {"320000": collection(square(119.0, 31.0, 0.5, adcode="320101", name="方县"))}
RULES = {
    "gf.b.chp30": {"title": "三十公里", "source": "国家", "quote": EVIL[1], "document": "甲", "article": "乙"}
}


def subjects(n: int) -> pd.DataFrame:
    """Return n boilers on a line eastwards from the plant, verdicts in turn, every third name evil."""
    row = range(3, n + 3)
    return pd.DataFrame(
        {
            "row": row,
            "part": 0,
            "subject_id": [f"GL-{i:04d}" for i in range(n)],
            "name": [EVIL[(i // 3) % 3] if i % 3 == 0 else f"方正纺织{i}" for i in range(n)],
            "lon": [120.0 + 0.002 * i for i in range(n)],
            "lat": 32.0,
            "lead": [LEADS[i % 5] for i in range(n)],
            "lead_rule": "gf.b.chp30",
            "lead_timing": "overdue",
            "county": "方县",
            "county_adcode": "320101",
            "capacity_text": "35",
            "capacity_tph": 35.0,
            "anchor_id": "P1",
            "anchor_name": "方电厂",
            "distance_km": [0.1888 * i for i in range(n)],
            "distance_text": [f"{0.1888 * i:.2f}" for i in range(n)],
            "error_text": "± 0.05",
            "anchor_size": "121.5 万千瓦",
            "anchor_state": "供热待核实",
            "headline_value": [f"{0.1888 * i:.2f}" for i in range(n)],
            "headline_unit": "公里",
            "headline_detail": "± 0.05",
            "tag": "符合条款情形（待核实）",
        }
    )


def findings(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one finding a boiler."""
    outcome = {
        "applies": "applies",
        "encouraged": "applies",
        "review": "needs_review",
        "not": "does_not_apply",
        "none": "does_not_apply",
    }
    return pd.DataFrame(
        {
            "row": frame["row"],
            "part": frame["part"],
            "rule_id": "gf.b.chp30",
            "outcome": frame["lead"].map(outcome),
            "strength": frame["lead"].map({"encouraged": "encourage"}).fillna("must"),
            "timing": "时限已过",
            "reasons": "",
            "quantity": "distance_km",
            "measured": frame["distance_km"],
            "limit": 30.0,
            "margin": 30.0 - frame["distance_km"],
        }
    )


def head(frame: pd.DataFrame) -> dict[str, Any]:
    """Return the head of the toy screening."""
    counts = {lead: int((frame["lead"] == lead).sum()) for lead in LEADS}
    return {
        "id": "0" * 32,
        "title": EVIL[1],
        "as_of": "2026-11-21",
        "synthetic": True,
        "counts": {
            "subjects": len(frame), "tph_text": "35", **counts, "issues": 0, "unusable_rows": 0,
            "rows_read": len(frame),
        },
        "bounds": [119.5, 31.5, 120.5, 32.5],
        "plants": "shipped",
        "layers": {"chp_anchors": "plants.geojson", "heating_discs": "discs.geojson"},
        "files": [],
        "filters": {
            "rule": [{"value": "gf.b.chp30", "text": "三十公里", "count": 3}],
            "county": [{"value": "320101", "text": "方县", "count": 4}],
            "timing": [{"value": "overdue", "text": "时限已过", "count": 4}],
        },
        "notes": [],
    }  # fmt: skip


def toy_map(n: int = 12, **settings: Any) -> StandaloneMap:
    """Return the one-file map of n toy boilers."""
    frame = subjects(n)
    return standalone(
        frame,
        catalog=Catalog.load(),
        head=head(frame),
        layers=LAYERS,
        counties=COUNTIES,
        findings=findings(frame),
        rules=RULES,
        facts={"电厂": frame["anchor_name"]},
        **settings,
    )
