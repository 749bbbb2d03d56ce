"""What the map of a screening of projects draws besides the projects: sites, strips and feet, as GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq import report
from geoaq.cards.projects import province
from geoaq.findings import FALSE
from geoaq.flows.border.context import BorderGround
from geoaq.flows.border.kept_lines import own_areas
from geoaq.zones import border

# The layers of the map that the files of a screening stand for.
SITES_LAYER, STRIPS_LAYER, FEET_LAYER = "project_sites", "border_strips", "foot_points"
Pair = tuple[str, str]


def drawn_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the lines that are drawn of each project: those in question, and else its nearest."""
    own = pairs[(pairs["kind"] != "other_line").to_numpy(bool)]
    nearest = ~own.duplicated("subject").to_numpy()
    return own[nearest | (own["truth"] != FALSE).to_numpy(bool)]


def site_features(subjects: pd.DataFrame, sites: npt.NDArray[np.object_]) -> dict[str, Any]:
    """Return the outlines of the projects that have one, with row, number, name and lead."""
    places = np.flatnonzero([site is not None for site in sites])
    names = ["row", "part", "subject_id", "name", "lead"]
    records = subjects[names].astype(object).iloc[places].to_dict("records")
    return report.shape_features(sites[places], records)


def foot_features(subjects: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, Any]:
    """Return a line from the nearest part of each project to the nearest point of each line that is drawn.

    Properties: ``row part subject_id name neighbour neighbour_name distance_km``, ``truth`` (``inside``,
    ``outside``, ``review``), ``kind``, ``bearing_deg``.
    """
    import shapely

    drawn = drawn_pairs(pairs)
    at = drawn["subject"].to_numpy(np.int64)
    own = subjects[["row", "part", "subject_id", "name"]].iloc[at].reset_index(drop=True)
    ends = np.stack(
        [drawn[["from_lon", "from_lat"]].to_numpy(float), drawn[["foot_lon", "foot_lat"]].to_numpy(float)],
        axis=1,
    )
    told = own.assign(
        neighbour=drawn["neighbour"].to_numpy(object),
        neighbour_name=drawn["neighbour_name"].to_numpy(object),
        distance_km=np.round(drawn["distance_m"].to_numpy(float) / 1000.0, 5),
        truth=np.array(["outside", "inside", "review"], object)[drawn["truth"].to_numpy(np.int64)],
        kind=drawn["kind"].to_numpy(object),
        bearing_deg=np.round(drawn["bearing_deg"].to_numpy(float), 2),
    )
    return report.shape_features(shapely.linestrings(ends), told.astype(object).to_dict("records"))


def strip_features(ground: BorderGround, pairs: pd.DataFrame, strip_km: float) -> dict[str, Any]:
    """Return both sides of the strips of the lines that are drawn.

    The shipped ones come as they were built, simplified for a picture; those of the office's own line are
    drawn here.
    """
    drawn = drawn_pairs(pairs)
    drawn = drawn[(drawn["kind"] == "land").to_numpy(bool)]
    ends = zip(drawn["home"].astype(str), drawn["neighbour"].astype(str), strict=True)
    wanted = sorted({(min(pair), max(pair)) for pair in ends})
    if ground.own_line:
        return _own_strips(ground, wanted, strip_km)
    built = json.loads(ground.built.display(STRIPS_LAYER).read_text("utf-8"))
    names = {f"{a}-{b}" for a, b in wanted}
    kept = [feature for feature in built["features"] if feature["properties"]["adcode"] in names]
    return {"type": "FeatureCollection", "features": kept}


def _own_strips(ground: BorderGround, wanted: Sequence[Pair], strip_km: float) -> dict[str, Any]:
    borders = ground.borders
    areas = own_areas(borders, {code for pair in wanted for code in pair})
    if not areas:
        return report.shape_features(np.empty(0, object), [])
    sides = border.strips(borders, areas, strip_km=strip_km, pairs=wanted)
    records = [
        {
            "adcode": "-".join(side.pair),
            "side": side.side,
            "name": province(side.side, "zh"),
            "strip_km": strip_km,
        }
        for side in sides
    ]
    shapes = np.empty(len(sides), object)
    shapes[:] = [side.polygon for side in sides]
    return report.shape_features(shapes, records)
