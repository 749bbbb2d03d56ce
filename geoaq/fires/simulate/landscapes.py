"""What a square of a synthetic scene is made into: water, cloud and smoke, hot and bright ground."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from geoaq.fires.simulate.stage import Square, Stage, Target, smooth
from geoaq.frames.scenes import Singles

#: Reflectance of what shines in red, near and shortwave infrared: grey metal; panels of silicon, which lets
#: shortwave infrared through to the sheet behind it.
LIGHT = {"roof": (0.30, 0.30, 0.30), "panel": (0.07, 0.09, 0.20)}


def _ridge(stage: Stage, square: Square, length: float) -> Singles:
    """Return columns' distance to a line that winds down the middle of a square, pixels."""
    rows, columns = square.shape
    bend = smooth(stage.random, (rows, 8), length)[:, :1] * 5.0
    found: Singles = (np.arange(columns, dtype=np.float32) - columns / 2.0 - bend).astype(np.float32)
    return found


def coast(stage: Stage, square: Square) -> None:
    """Lay the sea over the eastern half, with pixels of the shore that are part water."""
    stage.lay_water(square, np.clip(_ridge(stage, square, 9.0) + 0.5, 0.0, 1.0), mapped=True)


def river(stage: Stage, square: Square) -> None:
    """Lay a river from a fifth of a pixel to a pixel and a half wide, which the mask does not know."""
    wide = float(stage.random.uniform(0.2, 1.5))
    share = np.clip(wide / 2.0 + 0.5 - np.abs(_ridge(stage, square, 6.0)), 0.0, min(wide, 1.0))
    stage.lay_water(square, share.astype(np.float32), mapped=False)


def ponds(stage: Stage, square: Square) -> None:
    """Lay ponds that the mask does not know; where sun and satellite stand for it, they mirror the sun."""
    share = np.zeros(square.shape, np.float32)
    top, left = square.lines.start, square.samples.start
    for line, sample in stage.spots(square, 12):
        part = float(stage.random.uniform(0.2, 1.0))
        share[line - top, sample - left] = part
    stage.lay_water(square, share, mapped=False)
    for row, column in zip(*np.nonzero(share), strict=True):
        line, sample = top + int(row), left + int(column)
        # Slopes of small waves: the mirrored sun is some 12° wide, and alike in all bands.
        strength = float(np.exp(-((stage.glint[line, sample] / 12.0) ** 2))) if stage.day else 0.0
        area = float(share[row, column]) * stage.pixel_m2(sample)
        pond = Target(line, sample, "pond", area, reflectance=0.02 + 0.5 * strength)
        stage.shine(pond, (0.07 + 0.5 * strength, 0.045 + 0.5 * strength, 0.02 + 0.5 * strength))


def cloud(stage: Stage, square: Square) -> None:
    """Draw opaque clouds with soft edges, their tops between 215 and 270 K; fires lie under them."""
    cover = np.clip(0.5 + 1.5 * smooth(stage.random, square.shape, 8.0), 0.0, 1.0)
    stage.cloud[square.at] = cover
    stage.cloud_k[square.at] = stage.random.uniform(215.0, 270.0)
    for line, sample in stage.spots(square, 6):
        stage.burn(line, sample, "fire", float(stage.random.uniform(500.0, 2000.0)), 800.0)


def thin_cloud(stage: Stage, square: Square) -> None:
    """Draw cirrus of 220 K that takes some 15 K off the ground's 11 µm; fires shine through."""
    stage.thin[square.at] = np.clip(0.73 + 0.05 * smooth(stage.random, square.shape, 12.0), 0.5, 1.0)
    stage.cloud_k[square.at] = 220.0
    fires(stage, square)


def smoke(stage: Stage, square: Square) -> None:
    """Draw smoke: bright in red, less in the near infrared, nothing at 4 µm; fires lie under it."""
    if stage.day:
        thick = np.clip(0.15 + 0.1 * smooth(stage.random, square.shape, 12.0), 0.0, 0.4).astype(np.float32)
        stage.red[square.at] += thick
        stage.nir[square.at] += 0.7 * thick
        stage.swir[square.at] += 0.2 * thick
    fires(stage, square)


def hot_soil(stage: Stage, square: Square) -> None:
    """Make bare, bright, hot soil: reflectance near 0.35 to 0.4, 325 to 335 K by day."""
    at = square.at
    if stage.day:
        stage.kelvin[at] += stage.random.uniform(325.0, 335.0) - stage.kelvin[at].mean()
    wave = smooth(stage.random, square.shape, 6.0)
    stage.red[at], stage.nir[at] = 0.28 + 0.02 * wave, 0.35 + 0.02 * wave
    stage.swir[at], stage.rho4[at] = 0.40 + 0.02 * wave, 0.16 + 0.01 * wave
    stage.eps4[at] = 1.0 - stage.rho4[at]


def desert(stage: Stage, square: Square) -> None:
    """Step up by 15 K to the edge of sand that looks like many fires by day.

    It mirrors three fifths near 4 µm, more than sand is known to: with a third, its 4 µm would not stand 30 K
    over its 11 µm, and the test for such edges would have nothing to do.
    """
    at = square.at
    share = np.clip(_ridge(stage, square, 9.0) + 0.5, 0.0, 1.0)
    wave = smooth(stage.random, square.shape, 20.0)
    if stage.day:
        base = min(float(stage.kelvin[at].mean()) + 15.0, 315.0)
        stage.kelvin[at] += share * (base + 0.3 * wave - stage.kelvin[at])
    for band, value in ((stage.red, 0.26), (stage.nir, 0.29), (stage.swir, 0.28), (stage.rho4, 0.60)):
        band[at] += share * (np.float32(value) + np.float32(0.004) * wave - band[at])
    stage.eps4[at] += share * (1.0 - stage.rho4[at] - stage.eps4[at])


def roofs(stage: Stage, square: Square) -> None:
    """Plant metal roofs and panels: 0.2 to 1 pixel, reflectance 0.5 to 0.8 near 4 µm, no warmer at 11 µm."""
    for k, (line, sample) in enumerate(stage.spots(square, 16)):
        kind = "roof" if k % 2 else "panel"
        share, rho4 = (float(value) for value in stage.random.uniform((0.2, 0.5), (1.0, 0.8)))
        target = Target(line, sample, kind, share * stage.pixel_m2(sample), reflectance=rho4)
        stage.shine(target, LIGHT[kind])


def flares(stage: Stage, square: Square) -> None:
    """Plant gas flares: 5 m² of 1,700 K."""
    for line, sample in stage.spots(square, 6):
        stage.burn(line, sample, "flare", 5.0, 1700.0)


def steel(stage: Stage, square: Square) -> None:
    """Plant steel works: 200 m² of 1,100 K."""
    for line, sample in stage.spots(square, 4):
        stage.burn(line, sample, "steel", 200.0, 1100.0)


def fires(stage: Stage, square: Square) -> None:
    """Plant fires of 1 to 5,000 m² and 500 to 1,200 K."""
    for line, sample in stage.spots(square, 16):
        area = float(np.exp(stage.random.uniform(0.0, np.log(5000.0))))
        stage.burn(line, sample, "fire", area, float(stage.random.uniform(500.0, 1200.0)))


def hole(stage: Stage, square: Square) -> None:
    """Plant one fire in a hole of three by three pixels: too little ground around it to compare with."""
    # a quarter down the square: no end of a scan, where rows are deleted, and cloud enough above it
    line = square.lines.start + square.shape[0] // 4
    sample = (square.samples.start + square.samples.stop) // 2
    stage.cloud[square.at] = 1.0
    stage.cloud_k[square.at] = 240.0
    stage.cloud[line - 1 : line + 2, sample - 1 : sample + 2] = 0.0
    stage.burn(line, sample, "lone_fire", 150.0, 800.0)


#: What makes a square of each region; a region without an entry stays plain.
MAKERS: dict[str, Callable[[Stage, Square], None]] = {
    "coast": coast,
    "river": river,
    "ponds": ponds,
    "cloud": cloud,
    "thin_cloud": thin_cloud,
    "smoke": smoke,
    "hot_soil": hot_soil,
    "desert": desert,
    "roofs": roofs,
    "flares": flares,
    "steel": steel,
    "fires": fires,
    "hole": hole,
}
