"""Which subjects of a screening somebody wants to see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Area = Callable[[npt.NDArray[np.float64], npt.NDArray[np.float64]], Mask]


@dataclass(frozen=True)
class Choice:
    """Which subjects are asked for; what is empty asks for all.

    Attributes
    ----------
    verdict
        Signs of the lead finding.
    rule
        A rule id: subjects for which it applies or needs review.
    county
        Code of the county in which the subject lies.
    timing
        Timing of the lead finding.
    consultee
        Code of a province: projects that are, or may be, within the strip of its line.
    text
        Part of a name or number.
    area
        Tells for longitudes and latitudes (degrees, WGS 84) which are wanted; equal ones want the same.
    years
        First and last year of coming into operation; subjects whose list does not say are none of them.
    """

    verdict: tuple[str, ...] = ()
    rule: str = ""
    county: str = ""
    timing: str = ""
    consultee: str = ""
    text: str = ""
    area: Area | None = None
    years: tuple[int, int] | None = None
