"""What a screening of projects leans on: boundaries with their lines, the rules, the office's own layers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pandas as pd

from geoaq import policy
from geoaq.errors import InputError
from geoaq.flows.border.cumulative import members_of_screening
from geoaq.flows.border.request import ProjectRequest
from geoaq.flows.context import Ground, open_ground
from geoaq.frames import IssueLog
from geoaq.io.built import load_borders
from geoaq.zones import border

if TYPE_CHECKING:
    from geoaq.io.borders import UserBorders

# The source of the shipped boundaries that decides, and the one that is the second opinion.
DECIDING, SECOND = "amap", "tianditu"
# Where an office's own line may lie a long way from the shipped one, the widest that is believed.
MOST_BOUNDARY_ERROR_M = 20_000.0


@dataclass(frozen=True, kw_only=True)
class BorderGround(Ground):
    """What a screening of projects leans on.

    Parameters
    ----------
    borders
        The province lines that decide: the office's own where it gave some, else the shipped ones.
    second_borders
        The second opinion.
    own_line
        The office gave the lines; the province of a project then comes from them too.
    boundary_error_m
        Error budget of the lines, metres.
    others
        The projects of other screenings, as `geoaq.flows.border.cumulative.members`.
    """

    borders: border.Borders
    second_borders: border.Borders
    own_line: bool
    boundary_error_m: float
    others: tuple[pd.DataFrame, ...] = ()


def open_border_ground(request: ProjectRequest) -> BorderGround:
    """Load what a screening of projects leans on.

    Raises
    ------
    ConfigError
        The layers are not built, or were built before they held province lines.
    InputError
        The office's line or a layer of its own cannot be used, a number is out of range, or a folder of
        ``beside`` is no screening of projects.
    """
    _require_threshold(request.downwind_threshold_ug_m3)
    ground = open_ground(request)
    shipped = border.Borders.from_parts(load_borders(ground.built.path, DECIDING))
    borders, second = shipped, border.Borders.from_parts(load_borders(ground.built.path, SECOND))
    if request.boundaries is not None:
        from geoaq.io.borders import read_borders

        own = read_borders(request.boundaries)
        ground.issues.extend(own.issues, list_name=request.boundaries.name)
        borders, second = (
            border.Borders.from_polygons(
                own.polygons,
                own.adcodes,
                source="user",
                name=own.name,
                version=own.version,
                sha256=own.sha256,
            ),
            shipped,
        )
        ground.issues.extend(_line_issues(borders, shipped, own), list_name=request.boundaries.name)
    shared = {each.name: getattr(ground, each.name) for each in fields(ground)}
    return BorderGround(
        **shared,
        borders=borders,
        second_borders=second,
        own_line=request.boundaries is not None,
        boundary_error_m=_boundary_error(request, ground.pack, borders.source),
        others=tuple(members_of_screening(path, number=k) for k, path in enumerate(request.beside, 1)),
    )


def _line_issues(borders: border.Borders, shipped: border.Borders, own: UserBorders) -> IssueLog:
    """Return what is wrong with the office's boundaries: lines missing, neighbours that miss each other."""
    log = IssueLog()
    names = dict(zip(own.adcodes.tolist(), own.names.tolist(), strict=True))
    for gap in borders.gaps(shipped):
        pair = "—".join(names[code] for code in gap.pair)
        log.add(
            0, "geometry", pair, "border_line_missing", "warning",
            pair=pair, km=round(gap.km), elsewhere=round(gap.elsewhere_km),
        )  # fmt: skip
    near = borders.facts["unmatched_near"]
    if near:
        where = f"{near[0]['lon']}, {near[0]['lat']}"
        log.add(0, "geometry", where, "border_unmatched", "warning", count=len(near), where=where)
    return log


def _require_threshold(stated: float | None) -> None:
    """Refuse a threshold that every concentration would exceed."""
    if stated is not None and not 0.0 < stated < float("inf"):
        raise InputError("bad_option", option="--downwind-threshold", value=stated, expected="> 0 µg/m³")


def _boundary_error(request: ProjectRequest, pack: policy.Pack, source: str) -> float:
    stated = request.boundary_error_m
    if stated is None:
        return policy.boundary_budget(pack, source)
    if not 0.0 < stated <= MOST_BOUNDARY_ERROR_M:
        expected = f"0 < M ≤ {MOST_BOUNDARY_ERROR_M:.0f}"
        raise InputError("bad_option", option="--boundary-error", value=stated, expected=expected)
    return stated
