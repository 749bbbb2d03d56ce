"""The numbers of a detector, section by section of its file, which explains each.

Those of the tests on a single pixel are named tuples of numbers because compiled loops take them as they are.
"""

from __future__ import annotations

from typing import NamedTuple


class Light(NamedTuple):
    """When it is day."""

    day_below: float


class Cloud(NamedTuple):
    """What is cloud."""

    cold: float
    bright_sum: float
    bright_cold: float
    dull_sum: float
    dull_cold: float
    water_nir: float
    water_cold: float
    night_cold: float
    night_t4: float


class Water(NamedTuple):
    """What is water, and what land looks like water."""

    by_colour: bool
    open_ndvi: float
    open_swir: float
    open_nir: float


class Fixed(NamedTuple):
    """What is hot beyond doubt."""

    saturates: bool
    saturated_t4: float
    saturated_t11: float
    saturated_sum: float
    day_t4: float
    night_t4: float
    through_cloud: bool


class Folding(NamedTuple):
    """What is so hot that counts began again from below."""

    day_t11: float
    night_t11: float
    night_t4: float
    night_far_t11: float


class Hot(NamedTuple):
    """What no background may hold."""

    day_t4: float
    day_dt: float
    night_t4: float
    night_dt: float
    fixed_too: bool


class Bright(NamedTuple):
    """What mirrors the sun."""

    swir: float
    nir: float
    t4: float


class Candidate(NamedTuple):
    """What may be a fire."""

    day_t4_least: float
    day_t4_most: float
    day_dt_least: float
    day_dt_most: float
    day_nir: float
    night_t4: float
    night_dt: float


class PixelTests(NamedTuple):
    """Everything that a pixel is asked for itself."""

    light: Light
    cloud: Cloud
    water: Water
    fixed: Fixed
    folding: Folding
    hot: Hot
    bright: Bright
    candidate: Candidate


class Around(NamedTuple):
    """How the limits of a candidate follow the ground around it; ``kind`` is ``median`` or ``mean``."""

    kind: str
    half_lines: int
    half_samples: int
    t4_add: float
    dt_add: float
    least: int


class Window(NamedTuple):
    """The square from which a background is taken."""

    smallest: int
    largest: int
    share: float
    least: int
    both: bool
    beside: bool


class Contextual(NamedTuple):
    """How far a fire stands out of its background."""

    day_dt_mads: float
    day_dt_over: float
    day_t4_mads: float
    night_dt_mads: float
    night_dt_over: float
    night_t4_mads: float
    t11_below: float
    fires_mad: float


class Desert(NamedTuple):
    """The edge of hot ground."""

    share: float
    over: int
    nir: float
    mean_below: float
    mad_below: float
    mads: float


class Clearing(NamedTuple):
    """A hot clearing in a forest."""

    t11_mads: float
    nir: float
    t4_below: float


class Glint(NamedTuple):
    """One way to be a reflection of the sun; what is None is not asked."""

    within: float
    sum: float | None
    red: float | None
    nir: float | None
    swir: float | None
    near_water: bool


class Neighbours(NamedTuple):
    """Confidence by the pixels beside."""

    low_dt: float
    low_glint: float
    low_over: float
    low_glint_count: int
    residual_t11: float
    residual_t4: float


class Ramps(NamedTuple):
    """Confidence by ramps, each from 0 at its first number to 1 at its second."""

    day_t4: tuple[float, ...]
    night_t4: tuple[float, ...]
    t4_mads: tuple[float, ...]
    dt_mads: tuple[float, ...]
    beside: tuple[float, ...]
    nominal_pct: int
    high_pct: int


class Power(NamedTuple):
    """How radiances become power."""

    method: str
    um: float
    a: float
    t4_below: float
    coarse_method: str
    coarse_a: float


class View(NamedTuple):
    """What is seen too obliquely, and what earlier days must say."""

    zenith_most: float
    temporal_add: float
    candidates_only: bool


class Scan(NamedTuple):
    """The scan of the sensor, from which sizes of pixels follow; no samples: it has none of its own."""

    samples: int
    altitude_km: float
    scan_m: float
    track_m: float
    zone_ends_deg: tuple[float, ...]
    zone_samples: tuple[int, ...]


class DetectorRule(NamedTuple):
    """The numbers of one detector; see its file for what each is and where it comes from."""

    name: str
    tests: PixelTests
    around: Around
    window: Window
    contextual: Contextual
    rejections: tuple[str, ...]
    glint_of_fixed: bool
    desert: Desert
    coast: bool
    clearing: Clearing
    glints: tuple[Glint, ...]
    confidence: Neighbours | Ramps
    power: Power
    view: View
    scan: Scan
