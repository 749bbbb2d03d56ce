"""By which numbers fire pixels are told apart, and what the numbers must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass
from typing import Any

from geoaq.errors import ConfigError
from geoaq.fires.quality.windows import Window
from geoaq.frames import FIRE_KINDS

EVIDENCE = ("transcribed", "memory", "assumed")


@dataclass(frozen=True)
class RegisterRule:
    """What makes a place a static source; the meaning of each number stands beside it in the file.

    ``within_m``, ``buffer_m``, ``largest_m`` and ``same_place_m`` are metres, ``coarsest_km`` kilometres.
    """

    months: int
    within_m: float
    core_days: int
    days: int
    days_outside: int
    outside_share: float
    span_days: int
    buffer_m: float
    expires_days: int
    largest_m: float
    coarsest_km: float
    same_place_m: float


_FIELDS: Mapping[str, Field[Any]] = RegisterRule.__dataclass_fields__


@dataclass(frozen=True)
class QualityRule:
    """The rule by which pixels are classed; its home is ``layers/policy/fire_quality.toml``.

    Parameters
    ----------
    cropland, part
        Share of the footprint under crops from which on it is cropland, or cropland in part.
    unknown_radius_m
        Radius of the circle that stands for a footprint whose size is not known, metres, by kind.
    least_known
        Share of a footprint that must have a class of land cover.
    crop_classes
        For each legend (``igbp``) the share of a cell under crops, by code.
    coarse_cell_m
        Width of a cell beyond which a land cover is coarse, metres.
    suspect_confidence
        Highest confidence (0 low) that is doubtful by day.
    weak_night_mw
        Power below which a pixel at night is doubtful, MW.
    register
        What makes a place a static source.
    burst_times, burst_hits
        How many times the 95th percentile of a source a burst exceeds; hits of one satellite from which on it
        has a percentile of its own.
    heat, roof
        Kinds of users' places that are hot, and that glint.
    near_m
        Distance from a point of heat within which a pixel is doubtful, metres.
    windows
        When straw is burned where.
    """

    cropland: float
    part: float
    unknown_radius_m: Mapping[str, float]
    least_known: float
    crop_classes: Mapping[str, Mapping[int, float]]
    coarse_cell_m: float
    suspect_confidence: int
    weak_night_mw: float
    register: RegisterRule
    burst_times: float
    burst_hits: int
    heat: frozenset[str]
    roof: frozenset[str]
    near_m: float
    windows: tuple[Window, ...]

    def __post_init__(self) -> None:
        own = self.register
        positive = (
            *self.unknown_radius_m.values(), self.coarse_cell_m, self.weak_night_mw, self.burst_times,
            self.burst_hits, self.near_m, own.months, own.within_m, own.core_days, own.days, own.span_days,
            own.buffer_m,
            own.expires_days, own.largest_m, own.coarsest_km, own.same_place_m,
        )  # fmt: skip
        shares = [self.part, self.cropland, self.least_known, own.outside_share]
        shares += [share for classes in self.crop_classes.values() for share in classes.values()]
        sound = (
            all(number > 0 for number in positive)
            and all(0.0 <= share <= 1.0 for share in shares)
            and self.part <= self.cropland
            and set(self.unknown_radius_m) == set(FIRE_KINDS)
            and own.core_days <= own.days
            and own.days_outside <= own.days
            and not self.heat & self.roof
        )
        if not sound:
            raise _broken("a number is not positive, a share not between 0 and 1, or two of them disagree")


def quality_rule(table: Mapping[str, Any]) -> QualityRule:
    """Return the rule of a parsed ``fire_quality.toml``.

    Raises
    ------
    ConfigError
        ``policy_broken``: something is missing, out of range, or without a mark of its evidence.
    """
    try:
        crops, confidence = table["cropland"], table["confidence"]
        register, burst, places = table["register"], table["burst"], table["places"]
        unknown = table["unknown_size"]
        for part in (
            crops, crops["coarse"], unknown, confidence, register, burst, places, *table["windows"]
        ):  # fmt: skip
            if part["evidence"] not in EVIDENCE:
                raise _broken(f"evidence = {part['evidence']}")
        kinds: dict[str, Any] = {
            name: float if field.type == "float" else int for name, field in _FIELDS.items()
        }
        return QualityRule(
            cropland=float(crops["most"]),
            part=float(crops["part"]),
            unknown_radius_m={kind: float(radius) for kind, radius in unknown["radius_m"].items()},
            least_known=float(crops["least_known"]),
            crop_classes={
                legend: {int(code): float(share) for code, share in classes.items()}
                for legend, classes in crops["classes"].items()
            },
            coarse_cell_m=float(crops["coarse"]["cell_m"]),
            suspect_confidence=int(confidence["suspect"]),
            weak_night_mw=float(confidence["weak_night_mw"]),
            register=RegisterRule(**{name: kind(register[name]) for name, kind in kinds.items()}),
            burst_times=float(burst["times_p95"]),
            burst_hits=int(burst["least_hits"]),
            heat=frozenset(places["heat"]),
            roof=frozenset(places["roof"]),
            near_m=float(places["near_m"]),
            windows=tuple(Window.from_table(entry) for entry in table["windows"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _broken(repr(error)) from error


def _broken(problem: str) -> ConfigError:
    return ConfigError("policy_broken", where="fire_quality.toml", problem=problem)
