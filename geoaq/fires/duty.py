"""The clock of a fire's handling: 1分钟发现、5分钟响应、30分钟处置, each stage by itself and from the start.

The text does not say whether a stage has its own clock or all run from the first smoke: both are counted, and
both breaches are told. Without a moment nothing is held against anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from geoaq.findings import FALSE, TRUE, UNKNOWN

#: The moments in their order; each but the first ends the stage of its name.
MOMENTS = ("ignited", "detected", "responded", "disposed")


@dataclass(frozen=True)
class Stage:
    """One stage on both clocks.

    Attributes
    ----------
    name
        ``detected``, ``responded`` or ``disposed``.
    limit_min
        Minutes; the number itself is kept.
    stage_min, cumulative_min
        Minutes since the moment before, and since the start; None: a moment is missing.
    stage_breach, cumulative_breach
        TRUE, FALSE, or UNKNOWN where a moment is missing or lies before the one before it.
    """

    name: str
    limit_min: float
    stage_min: float | None
    cumulative_min: float | None
    stage_breach: int
    cumulative_breach: int


def stages(moments: Mapping[str, int | None], limits_min: Mapping[str, float]) -> tuple[Stage, ...]:
    """Return the stages of a fire's handling on both clocks.

    Parameters
    ----------
    moments
        Of `MOMENTS`, seconds since 1970 UTC; what is absent or None is not known.
    limits_min
        Minutes for ``detected``, ``responded`` and ``disposed``: those of the rule where it holds, elsewhere
        what an office has set itself.

    Examples
    --------
    >>> limits = {"detected": 1, "responded": 5, "disposed": 30}
    >>> told = stages({"ignited": 0, "detected": 60, "responded": 300, "disposed": 1920}, limits)
    >>> [(one.stage_min, one.cumulative_min) for one in told]
    [(1.0, 1.0), (4.0, 5.0), (27.0, 32.0)]
    >>> told[-1].stage_breach, told[-1].cumulative_breach
    (0, 1)
    """
    start = moments.get(MOMENTS[0])
    found = []
    for before, name in pairwise(MOMENTS):
        limit, end = float(limits_min[name]), moments.get(name)
        alone, whole = _minutes(moments.get(before), end), _minutes(start, end)
        found.append(Stage(name, limit, alone, whole, _breach(alone, limit), _breach(whole, limit)))
    return tuple(found)


def _minutes(begin: int | None, end: int | None) -> float | None:
    return None if begin is None or end is None else (end - begin) / 60.0


def _breach(minutes: float | None, limit: float) -> int:
    if minutes is None or minutes < 0.0:
        return UNKNOWN
    return TRUE if minutes > limit else FALSE
