"""The head of a screening: its counts in 台 and 蒸吨, its bounds, and what its list can be filtered by."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from geoaq.cards.evidence import in_unit
from geoaq.cards.intake import reading_notes
from geoaq.cards.rules import rule_words
from geoaq.catalog import Catalog
from geoaq.report.numbers import grouped
from geoaq.report.sentences import timing_sentence
from geoaq.report.summary import ProjectSummary, Summary, read_summary
from geoaq.store import reading
from geoaq.wording import catalogue, say

SIGNS = reading.SIGNS
_DRAWN = {
    "chp_anchors": "plants.geojson",
    "heating_discs": "discs.geojson",
    "project_sites": "sites.geojson",
    "foot_points": "feet.geojson",
    "border_strips": "strips.geojson",
}
# Signs that a list of a kind has seldom or never: told where there are any.
_RARE = {
    "boiler": frozenset({"none"}),
    "unit": frozenset({"none", "encouraged"}),
    "project": frozenset({"none", "encouraged"}),
}
_UNIT_KEY = {"t/h": "tph", "MW": "mw"}
# What the list shows of a project; of boilers and units the client has its own columns.
PROJECT_COLUMNS = ("name", "county", "neighbour", "distance", "consultees", "limb_a", "limb_b", "verdict")


@lru_cache(maxsize=64)
def summary_of(folder: Path) -> Summary | None:
    """Return the summary of a screening; None when it was written by a version that spoke otherwise."""
    try:
        return read_summary(folder / "summary.json")
    except (OSError, ValueError):
        return None


def view_of(folder: Path) -> str:
    """Return the view, which is the job, that a screening is read in: ``heating`` or ``border``."""
    summary = summary_of(folder)
    return "border" if summary is not None and summary.subject == "project" else "heating"


def is_synthetic(folder: Path) -> bool:
    """Say whether the list says of itself that it is a synthetic example."""
    summary = summary_of(folder)
    return summary is not None and summary.synthetic


def brief(folder: Path, lang: str) -> dict[str, Any]:
    """Return what the list of screenings says of one: day, totals, tags, issues.

    Returns
    -------
    dict
        ``view``, ``as_of``, ``policy`` (version of the pack), ``synthetic``, ``total`` (sentence), ``signs``
        (pairs of sign and sentence), ``limbs`` (a sentence a limb, of projects), ``issues`` (sentence),
        ``has_issues`` (is anything noted of the list, repairs among it).
    """
    summary = summary_of(folder)
    if summary is None:
        empty = {"view": "heating", "as_of": "", "policy": "", "synthetic": False, "total": ""}
        return {**empty, "issues": "", "has_issues": False, "signs": [], "limbs": []}
    verdicts = summary.counts.verdicts
    amounts = {"applies": verdicts.applies, "encouraged": verdicts.encouraged}
    amounts |= {"review": verdicts.review, "not": verdicts.not_, "none": verdicts.none}
    count = grouped(verdicts.all.count)
    if summary.counts.capacity_unit:
        unit = _UNIT_KEY[summary.counts.capacity_unit]
        capacity = in_unit(verdicts.all.capacity, unit, lang)
        total = say(f"cards.total_{unit}", lang, count=count, capacity=grouped(capacity, 1))
    else:
        total = say("cards.total_projects", lang, count=count)
    return {
        "view": view_of(folder),
        "as_of": summary.as_of.isoformat(),
        "policy": summary.policy.version,
        "synthetic": is_synthetic(folder),
        "total": total,
        "signs": [
            (sign, say(f"cards.sign_{sign}", lang, count=grouped(amounts[sign].count)))
            for sign in SIGNS
            if amounts[sign].count or sign not in _RARE[summary.subject]
        ],
        "limbs": limb_counts(summary, lang),
        "issues": say("cards.issues", lang, count=grouped(summary.rows.to_check)),
        "has_issues": any(summary.issues.values()),
    }


def head(catalog: Catalog, folder: Path, lang: str) -> dict[str, Any]:
    """Return the head of a screening: as_of, synthetic, counts, bounds, layers, columns, filters, notes.

    ``layers`` are those that the screening brings with it, by id: the file that draws each, None for a table.
    ``columns`` name those of its list where they are not the usual ones.
    """
    frame = reading.subjects(folder)
    summary = summary_of(folder)
    amounts = reading.totals(folder, np.arange(len(frame)))
    issues = {} if summary is None else summary.issues
    rows_read, unusable = (0, 0) if summary is None else (summary.rows.read, summary.rows.unusable)
    return {
        "as_of": "" if summary is None else summary.as_of.isoformat(),
        "synthetic": is_synthetic(folder),
        "counts": {
            "subjects": len(frame),
            "tph_text": grouped(amounts["capacity"], 1),
            **{sign: int(amounts[sign]) for sign in SIGNS},
            "issues": 0 if summary is None else summary.rows.to_check,
            "repairs": issues.get("repair", 0),
            "noted": sum(issues.values()),
            "unusable_rows": unusable,
            "rows_read": rows_read,
        },
        "bounds": _bounds(folder),
        "plants": "shipped" if summary is None else summary.plants,
        "layers": layers_of(folder),
        "columns": list(PROJECT_COLUMNS) if isinstance(summary, ProjectSummary) else [],
        "limbs": [] if summary is None else limb_counts(summary, lang),
        "filters": {
            "rule": _rules(catalog, folder, lang),
            "county": _counties(folder),
            **(
                {"consultee": _consultees(summary, lang)}
                if isinstance(summary, ProjectSummary)
                else {"timing": _timings(folder, lang)}
            ),
        },
        "years": _years(folder),
        "notes": _notes(summary, lang),
    }


def limb_counts(summary: Summary, lang: str) -> list[str]:
    """Return how many projects each limb of the consultation clause reaches, a sentence a limb."""
    if not isinstance(summary, ProjectSummary):
        return []
    return [
        say(
            f"cards.limb_{limb}_counts",
            lang,
            strip=grouped(summary.strip_km, 2),
            **{word: grouped(counts.get(word, 0)) for word in reading.OUTCOMES if word},
        )
        for limb, counts in summary.by_limb.items()
    ]


def _consultees(summary: ProjectSummary, lang: str) -> list[dict[str, Any]]:
    found = [
        {"value": code, "text": say(f"provinces.name_{code}", lang), "count": count}
        for code, count in summary.by_consultee.items()
    ]
    return sorted(found, key=lambda one: -int(one["count"]))


def layers_of(folder: Path) -> dict[str, str | None]:
    """Return the layers that a screening brings, by id: the file that draws each, None for a table."""
    summary = summary_of(folder)
    found: dict[str, str | None] = {
        layer: name for layer, name in _DRAWN.items() if (folder / name).is_file()
    }
    for given in () if summary is None else summary.inputs:
        kind, _, layer = given.role.partition(":")
        if kind == "layer":
            name = f"layer-{layer}.geojson"
            found[layer] = name if (folder / name).is_file() else None
    return found


def _bounds(folder: Path) -> list[float] | None:
    frame = reading.subjects(folder)
    lon, lat = frame["lon"].to_numpy(float), frame["lat"].to_numpy(float)
    placed = np.isfinite(lon) & np.isfinite(lat)
    if not placed.any():
        return None
    lon, lat = lon[placed], lat[placed]
    return [round(float(bound), 5) for bound in (lon.min(), lat.min(), lon.max(), lat.max())]


def _years(folder: Path) -> dict[str, Any] | None:
    """Return how many subjects came into operation in each year, None where the list says of none."""
    stated = reading.years(folder)
    known = stated[np.isfinite(stated)].astype(int)
    if not len(known):
        return None
    first, last = int(known.min()), int(known.max())
    counts = np.bincount(known - first).tolist()
    return {"first": first, "last": last, "counts": counts, "unknown": len(stated) - len(known)}


def _rules(catalog: Catalog, folder: Path, lang: str) -> list[dict[str, Any]]:
    found = []
    for rule_id, count in reading.rules_reached(folder).items():
        words = rule_words(catalog, rule_id, lang)
        found.append({"value": rule_id, "text": f"{words.title} · {words.place}", "count": count})
    return sorted(found, key=lambda one: -int(one["count"]))


def _counties(folder: Path) -> list[dict[str, Any]]:
    frame = reading.subjects(folder)
    names = ["adcode", "province", "city", "county"]
    counted = frame[names].fillna("").value_counts(sort=False).sort_index()
    return [
        {"value": str(key[0]), "text": " ".join(dict.fromkeys(filter(None, key[1:]))), "count": int(count)}
        for key, count in counted.items()
        if isinstance(key, tuple) and key[0]
    ]


def _timings(folder: Path, lang: str) -> list[dict[str, Any]]:
    counted = reading.subjects(folder)["lead_timing"].fillna("").value_counts()
    return [
        {"value": str(key), "text": timing_sentence(str(key), {}, lang), "count": int(count)}
        for key, count in counted.items()
        if key
    ]


def _notes(summary: Summary | None, lang: str) -> list[str]:
    if summary is None:
        return []
    notes = reading_notes(summary, lang)
    for name, reason in summary.left_out.items():
        code = f"cards.left_out_{reason}"
        notes.append(say(code if code in catalogue() else "cards.left_out", lang, name=name))
    for reason in ("chp_status", "chp_list_not_declared"):
        count = getattr(summary.counts.verdicts, reason).count
        if count:
            notes.append(say(f"cards.count_{reason}", lang, count=grouped(count)))
    return notes
