"""A scene that no satellite took, with the truth of what was planted in it: same seed, same scene.

For tests, and for an agency that tries its own installation. Rough likenesses of ground and sky, exact in
their physics (`geoaq.fires.simulate.physics`); never to be shown as real.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geoaq.fires.detection.scene import ArrayScene
from geoaq.fires.simulate.geometry import Stand, bow_tie, glint_angle, look, stand
from geoaq.fires.simulate.landscapes import LIGHT, MAKERS
from geoaq.fires.simulate.physics import AIR, Air
from geoaq.fires.simulate.seeing import See, see
from geoaq.fires.simulate.sensors import SENSORS, Sensor
from geoaq.fires.simulate.stage import REGIONS, SIDE, Square, Stage, Target, smooth
from geoaq.frames.scenes import (
    BOW_TIE_FILL,
    NO_DATA,
    ON_LAND,
    SYNTHETIC,
    Doubles,
    Marks,
    SceneRows,
    Singles,
)

_STEFAN = 5.670374419e-8
TRUTH_COLUMNS = (
    "line", "sample", "kind", "area_m2", "temperature_k", "reflectance", "pixel_reflectance", "sight",
    "frp_mw",
)  # fmt: skip


@dataclass(frozen=True)
class SceneSpec:
    """What to simulate.

    Attributes
    ----------
    rows, columns
        Size; rows a whole number of scans and even.
    sensor
        A key of `geoaq.fires.simulate.sensors.SENSORS`.
    first_sample
        Of the whole row; None puts the scene in the middle of the swath.
    centre
        Longitude and latitude below the satellite in the middle, degrees.
    heading_deg
        Of the satellite, clockwise from north.
    start
        When the first row was seen, seconds since 1970 UTC; 12 June 2025, 05:30, unless stated. The sun's
        place is not made from it.
    sun
        Zenith and azimuth of the sun in the middle of the scene, degrees; night from 90°.
    ground_k, ground_sigma_k
        Temperature of plain ground, and its standard deviation.
    rho4, rho4_sigma
        Reflectance of plain ground near 4 µm (emissivity 0.95 whatever it is).
    air
        What lies between.
    air_over_fires
        False: what burns is seen as if without air, as Schroeder et al. (2014) drew their curves.
    features
        Of `REGIONS`: what the squares of the scene are made into; None for plain ground.
    targets
        What is planted besides: a ``roof`` or ``panel`` with its reflectance, anything else with its heat.
    spread
        Whether light is spread along the scan.
    fold_above_k
        From which brightness temperature near 4 µm a count falls over; None for never.
    deleted_rows
        Whether rows that overlap are deleted, as on board.
    lost_columns
        Columns without data at the right edge.
    """

    rows: int
    columns: int
    sensor: str = "viirs_i"
    first_sample: int | None = None
    centre: tuple[float, float] = (115.0, 33.0)
    heading_deg: float = 350.0
    start: int = 1_749_706_200
    sun: tuple[float, float] = (18.5, 242.0)
    ground_k: float = 303.0
    ground_sigma_k: float = 2.0
    rho4: float = 0.08
    rho4_sigma: float = 0.01
    air: Air = AIR
    air_over_fires: bool = True
    features: tuple[str, ...] | None = None
    targets: tuple[Target, ...] = ()
    spread: bool = False
    fold_above_k: float | None = None
    deleted_rows: bool = False
    lost_columns: int = 0

    def __post_init__(self) -> None:
        unknown = set(self.features or ()) - set(REGIONS)
        if self.sensor not in SENSORS or unknown:
            raise ValueError(f"no such sensor or feature: {self.sensor}, {sorted(unknown)}")
        if self.rows % 2 or self.columns % 2 or self.columns > SENSORS[self.sensor].samples:
            raise ValueError(f"a scene of {self.rows}×{self.columns} is odd or wider than the swath")


class SyntheticScene(ArrayScene):
    """A scene in memory, with its truth.

    Attributes
    ----------
    truth
        A row for each thing planted, by line and sample: `TRUTH_COLUMNS`. ``reflectance`` is its own near
        4 µm, ``pixel_reflectance`` that of its whole pixel; ``sight`` is ``clear``, ``thin_cloud``,
        ``cloud`` (half of the pixel or more under it) or ``no_data``; ``frp_mw`` the power that it radiates
        as a black body, NaN for what only shines.
    regions
        What each pixel belongs to, codes of `geoaq.fires.simulate.stage.REGIONS`, shape (rows, columns).
    whole
        All bands.
    """

    def __init__(self, seen: See, stood: Stand, times: Doubles, stage: Stage) -> None:
        super().__init__(seen.rows, stood.places, times, seen.coarse, satellite=SYNTHETIC)
        self.whole: SceneRows = seen.rows
        self.regions: Marks = stage.regions
        self.truth = _truth(stage, seen.rows.fill)


def simulate_scene(spec: SceneSpec, seed: int) -> SyntheticScene:
    """Return a scene; the same for the same arguments.

    Parameters
    ----------
    spec
        What to simulate.
    seed
        Of numpy's PCG64.

    Notes
    -----
    Where scans overlap, both see a ground of their own: what was planted is planted in a pixel.
    """
    sensor = SENSORS[spec.sensor]
    random = np.random.default_rng(seed)
    first = spec.first_sample
    if first is None:
        first = (sensor.samples - spec.columns) // 2
    seen = look(sensor, first, spec.columns)
    stood = stand(sensor, seen, spec.rows, centre=spec.centre, heading_deg=spec.heading_deg, sun=spec.sun)
    stage = _plain(spec, random, seen_as=stood, sensor=sensor, first=first)
    for square, name in _squares(spec, stage):
        stage.regions[square.at] = REGIONS.index(name)
        if name in MAKERS:
            MAKERS[name](stage, square)
    for target in spec.targets:
        if target.kind in LIGHT:
            stage.shine(target, LIGHT[target.kind])
        else:
            stage.targets.append(target)
    fill = bow_tie(sensor, seen, spec.rows) if spec.deleted_rows else np.zeros(stage.kelvin.shape, np.uint8)
    fill[:, spec.columns - spec.lost_columns :] = NO_DATA
    sight = see(
        stage,
        sensor,
        stood.sun_zenith,
        fill,
        air=spec.air,
        air_k=spec.ground_k - spec.air.colder_k,
        air_over_fires=spec.air_over_fires,
        spread=spec.spread,
        fold_above_k=spec.fold_above_k,
    )
    times = spec.start + (np.arange(spec.rows) // sensor.scan_rows) * sensor.scan_s
    return SyntheticScene(sight, stood, times.astype(np.float64), stage)


def _plain(
    spec: SceneSpec, random: np.random.Generator, *, seen_as: Stand, sensor: Sensor, first: int
) -> Stage:
    """Return plain ground under a clear sky."""
    shape = spec.rows, spec.columns
    wide, fine = smooth(random, shape, 5.0), random.standard_normal(shape, np.float32)
    kelvin = spec.ground_k + spec.ground_sigma_k * (np.float32(0.8**0.5) * wide + np.float32(0.2**0.5) * fine)
    green = smooth(random, shape, 7.0)

    def flat(value: float) -> Singles:
        return np.full(shape, value, np.float32)

    return Stage(
        random=random,
        day=spec.sun[0] < 90.0,
        seen=look(sensor, first, spec.columns),
        glint=glint_angle(seen_as.places, seen_as.sun_zenith),
        kelvin=kelvin.astype(np.float32),
        rho4=np.clip(spec.rho4 + spec.rho4_sigma * smooth(random, shape, 4.0), 0.0, 1.0).astype(np.float32),
        eps4=flat(0.95),
        eps11=flat(0.97),
        red=(0.09 - 0.01 * green).astype(np.float32),
        nir=(0.24 + 0.02 * green).astype(np.float32),
        swir=(0.20 - 0.01 * green).astype(np.float32),
        water=np.full(shape, ON_LAND, np.uint8),
        cloud=flat(0.0),
        thin=flat(1.0),
        cloud_k=flat(250.0),
        regions=np.zeros(shape, np.uint8),
    )


def _squares(spec: SceneSpec, stage: Stage) -> list[tuple[Square, str]]:
    """Return the squares that become something, in order: each feature about as often as plain ground."""
    if not spec.features:
        return []
    squares = [
        Square(slice(top, min(top + SIDE, spec.rows)), slice(left, min(left + SIDE, spec.columns)))
        for top in range(0, spec.rows, SIDE)
        for left in range(0, spec.columns, SIDE)
    ]
    squares = [square for square in squares if min(square.shape) >= SIDE // 2]
    names = [*spec.features, "plain"]
    order = stage.random.permutation(len(squares))
    chosen = {int(k): names[place % len(names)] for place, k in enumerate(order)}
    if "ponds" in names and stage.day:
        _ponds_to_the_mirror(chosen, squares, stage)
    return [(square, chosen[k]) for k, square in enumerate(squares) if chosen[k] != "plain"]


def _ponds_to_the_mirror(chosen: dict[int, str], squares: list[Square], stage: Stage) -> None:
    """Let the ponds change places with whatever lies where the sun is mirrored best."""
    nearest = sorted(chosen, key=lambda k: float(stage.glint[squares[k].at].mean()))
    ponds = [k for k in chosen if chosen[k] == "ponds"]
    best = nearest[: len(ponds)]
    away = [k for k in ponds if k not in best]
    for here, there in zip(away, (k for k in best if chosen[k] != "ponds"), strict=True):
        chosen[here], chosen[there] = chosen[there], "ponds"


def _truth(stage: Stage, fill: Marks) -> pd.DataFrame:
    """Return what was planted, by line and sample, and how it can be seen."""
    table = pd.DataFrame(stage.targets, columns=Target._fields)
    line, sample = (table[name].to_numpy(np.int64) for name in ("line", "sample"))
    lost = np.isin(fill[line, sample], (BOW_TIE_FILL, NO_DATA))
    table["sight"] = np.select(
        [lost, stage.cloud[line, sample] >= 0.5, stage.thin[line, sample] < 1.0],
        ["no_data", "cloud", "thin_cloud"],
        "clear",
    )
    shines = table["reflectance"].notna()
    table["pixel_reflectance"] = np.where(shines, stage.rho4[line, sample], np.nan).astype(np.float64)
    table["frp_mw"] = _STEFAN * table["temperature_k"] ** 4 * table["area_m2"] / 1e6
    types = {"line": "int64", "sample": "int64", "area_m2": "float64"}
    return table.astype(types).sort_values(["line", "sample"], ignore_index=True)[list(TRUTH_COLUMNS)]


__all__ = ["TRUTH_COLUMNS", "SceneSpec", "SyntheticScene", "Target", "simulate_scene"]
