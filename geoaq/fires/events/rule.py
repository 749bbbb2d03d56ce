"""When two fire pixels belong to one event: the numbers, and what they must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from geoaq.errors import ConfigError
from geoaq.geodesy.ellipsoid import FORMULA_LIMIT_M

Linkage = Literal["centres", "footprints"]


@dataclass(frozen=True)
class EventRule:
    """The rule by which pixels are joined, transitively; its home is ``layers/policy/fire_events.toml``.

    Parameters
    ----------
    distance_m
        Geodesic between two centres up to which they are joined, metres (a pair at exactly this distance is).
    window_s
        Seconds between two detections up to which they are joined (inclusive).
    linkage
        ``centres``: the distance alone. ``footprints``: also where the circles about the centres through the
        middle of the longer sides touch, so that neighbours at the edge of a swath hold together.
    pass_gap_s
        Detections of one satellite in one event no farther apart than this are one overpass, seconds.
    moved_m
        How far the position of one detection may move from one level of processing to the next, metres.
    moved_s
        How far its time may, seconds.
    """

    distance_m: float
    window_s: int
    linkage: Linkage
    pass_gap_s: int
    moved_m: float
    moved_s: int

    def __post_init__(self) -> None:
        sizes = (self.distance_m, self.window_s, self.pass_gap_s, self.moved_m, self.moved_s)
        if not all(size > 0 for size in sizes) or self.distance_m > FORMULA_LIMIT_M:
            raise ConfigError("policy_broken", where="fire_events.toml", problem=f"{sizes}")
        if self.linkage not in get_args(Linkage):
            raise ConfigError("policy_broken", where="fire_events.toml", problem=f"linkage = {self.linkage}")

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> EventRule:
        """Return the rule of a parsed ``fire_events.toml``.

        Raises
        ------
        ConfigError
            ``policy_broken``: a number is missing, not positive, or beyond 100 km.
        """
        try:
            return cls(
                distance_m=float(table["link"]["distance_km"]) * 1000.0,
                window_s=round(float(table["link"]["hours"]) * 3600),
                linkage=table["link"]["linkage"],
                pass_gap_s=round(float(table["overpass"]["gap_minutes"]) * 60),
                moved_m=float(table["moved"]["metres"]),
                moved_s=round(float(table["moved"]["minutes"]) * 60),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError("policy_broken", where="fire_events.toml", problem=repr(error)) from error
