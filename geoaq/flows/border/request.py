"""What a screening of projects is asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geoaq.flows.request import Request

# Lines of other provinces are listed to so many kilometres; the consultation itself has its strip.
REACH_KM = 50.0
# The rules of the day, kept in the screening.
KEPT_POLICY = "policy.json"


@dataclass(frozen=True)
class ProjectRequest(Request):
    """One screening of projects: a list or a file of sites, the day, and what the office adds.

    Parameters
    ----------
    site
        The outline of the one project that the list holds: a vector file with a single feature.
    boundaries
        A newer official line (polygons of provinces or counties) that decides instead of the shipped one.
    wind
        The office's wind table or grid: context, it decides nothing.
    boundary_error_m
        Error budget of the border line, metres; None: that of the policy.
    downwind_threshold_ug_m3
        The threshold of 影响大 that the office adopted, µg/m³; None: limb (b) cannot be decided.
    beside
        Folders of other screenings of projects, for the cumulative view.
    """

    site: Path | None = None
    boundaries: Path | None = None
    wind: Path | None = None
    boundary_error_m: float | None = None
    downwind_threshold_ug_m3: float | None = None
    beside: tuple[Path, ...] = ()
