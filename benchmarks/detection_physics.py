"""The detector of 375 m held against physics: every table of ``docs/reference/fire-simulation.md``.

Area of which half of the fires is found beside figure 4 of Schroeder et al. (2014), with the misprinted OR
too; false alarms on plain and difficult ground; roofs; the power of fires. ``--brief`` takes fewer trials.
"""

from __future__ import annotations

import argparse
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from geoaq.fires.detection import Detections, detect, detector_rule
from geoaq.fires.simulate.landscapes import MAKERS
from geoaq.fires.simulate.physics import AIR, NO_AIR
from geoaq.fires.simulate.rates import DAYS, NATURAL, NIGHTS, natural_alarms, plain_alarms, roofs
from geoaq.fires.simulate.scene import SceneSpec, SyntheticScene, simulate_scene
from geoaq.fires.simulate.trials import (
    BY_DAY,
    BY_NIGHT,
    PUBLISHED_BY_DAY,
    PUBLISHED_BY_NIGHT,
    Background,
    Chances,
    Detect,
    field_of_fires,
    half_found,
    shares_found,
)
from geoaq.frames.scenes import GLINT, LOW, NOMINAL, UNCLASSIFIED, Marks

ROOT = Path(__file__).resolve().parent.parent
TABLE = tomllib.loads((ROOT / "layers" / "product" / "detector" / "viirs_i.toml").read_text("utf-8"))
BINS = [0.0, 0.2, 0.3, 0.4, 0.6, 1.0]
NIGHT = {"sun": (130.0, 206.0), "ground_k": 287.0}


def detections(scene: SyntheticScene, **changes: Mapping[str, float]) -> Detections:
    """Return what the detector finds, with some numbers of its sections changed."""
    table = {
        key: {**part, **changes.get(key, {})} if isinstance(part, dict) else part
        for key, part in TABLE.items()
    }
    return detect(scene, detector_rule(table, "viirs_i"), progress=lambda *_: None)


def plain(scene: SyntheticScene) -> Marks:
    """Return the mask of the detector as it is."""
    return detections(scene).mask


def either(scene: SyntheticScene) -> Marks:
    """Return the mask with OR between the halves of the candidate test."""
    warm = detections(scene, candidate={"day_dt_least": -1e9, "day_dt_most": -1e9})
    steep = detections(scene, candidate={"day_t4_least": 0.0, "day_t4_most": 0.0})
    return np.maximum(warm.mask, steep.mask)


def most(scene: SyntheticScene) -> Marks:
    """Return the mask with 330 K for every candidate by day, whatever lies around."""
    return detections(scene, candidate={"day_t4_least": 330.0}).mask


def halves(
    name: str, published: Mapping[float, float], chances: Chances, trials: int, found: Detect = plain
) -> None:
    """Print areas of which half is found."""
    around = np.geomspace(0.3, 1.5, 13) if found is either else np.geomspace(0.6, 1.5, 9)
    areas = {kelvin: list(area * around) for kelvin, area in published.items()}
    shares = shares_found(found, areas, chances, backgrounds=trials, places=1, seed=20140304)
    for kelvin, area in published.items():
        half = half_found(areas[kelvin], shares[kelvin])
        print(f"{name:28} {kelvin:6.0f} K {area:7.1f} m2 {half:7.1f} m2 {half / area:6.3f}")


def alarms(scenes: int) -> None:
    """Print false alarms, on plain ground and on the others."""
    print("\nplain ground               pixels   nominal+high   low")
    for chances, cases, when in ((BY_DAY, DAYS, "day"), (BY_NIGHT, NIGHTS, "night")):
        for seed, (kelvin, sigma) in enumerate(cases):
            here = chances._replace(ground_k=(kelvin, kelvin), sigma_k=(sigma, sigma))
            one = plain_alarms(plain, here, 512, scenes, seed)
            print(f"{when:6} {kelvin:.0f} K ±{sigma:3.1f} K  {one.pixels:10d} {one.sure:10d} {one.low:8d}")
    print("\ndifficult ground           pixels   nominal+high   low")
    for when, change in (("noon", {}), ("afternoon", {"sun": (40.0, 206.0)}), ("night", NIGHT)):
        total = dict.fromkeys(NATURAL, np.zeros(3, np.int64))
        for seed in range(scenes):
            spec = SceneSpec(512, 1536, first_sample=1800, features=tuple(MAKERS), **change)  # type: ignore[arg-type]
            scene = simulate_scene(spec, seed)
            for name, one in natural_alarms(scene, plain(scene)).items():
                total[name] = total[name] + np.array(one)
        for name, (pixels, sure, low) in total.items():
            print(f"{when:10} {name:12} {pixels:10d} {sure:10d} {low:8d}")


def shining(count: int) -> None:
    """Print which share of roofs and panels is taken for fires."""
    print(
        "\nroofs and panels: share found by the reflectance of the pixel near 4 µm; share of low among them"
    )
    print("ground  sun    0-0.2  0.2-0.3  0.3-0.4  0.4-0.6  0.6-1   low   unclassified")
    every = []
    for ground_k in (300.0, 305.0, 310.0, 315.0):
        for zenith in (20.0, 30.0, 40.0, 50.0):
            found = roofs(plain, [Background(ground_k, 3.0, 0.08, zenith)], count, 4)
            if zenith < 50.0:
                every.append(found)
            print(f"{ground_k:.0f} K {zenith:4.0f}° " + _shares(found))
    print("20° to 40°   " + _shares(pd.concat(every)))


def _shares(found: pd.DataFrame) -> str:
    groups = found.groupby(pd.cut(found["pixel_reflectance"], BINS), observed=False)["code"]
    shares = groups.agg(lambda code: (code >= LOW).mean())
    flagged = found.loc[found["code"] >= LOW, "code"]
    low = (flagged == LOW).mean() if len(flagged) else 0.0
    unknown = found["code"].isin([UNCLASSIFIED, GLINT]).mean()
    return "".join(f"{share:8.3f}" for share in shares) + f"{low:8.3f}{unknown:8.3f}"


def power(count: int) -> None:
    """Print the power that is found beside the power that was planted."""
    print("\npower of fires of 4,000 m2: found over planted, median and middle 80 %")
    for kelvin in (600.0, 700.0, 800.0, 900.0, 1000.0, 1200.0):
        scene = field_of_fires([(4000.0, kelvin)] * count, Background(298.0, 2.0, 0.08, 40.0), AIR, 8)
        ratio = detections(scene).pixels["frp_mw"].to_numpy() / scene.truth["frp_mw"].to_numpy()
        low, middle, high = np.quantile(ratio, (0.1, 0.5, 0.9))
        print(f"{kelvin:6.0f} K {middle:6.3f} ({low:.3f} to {high:.3f})")


def envelope(scenes: int) -> None:
    """Print the coolest nominal pixels."""
    print("\nnominal pixels: how many, coolest 4 µm, least above 11 µm")
    for when, change in (("day", {"sun": (35.0, 206.0)}), ("night", NIGHT)):
        spec = SceneSpec(512, 1536, features=tuple(MAKERS), **change)  # type: ignore[arg-type]
        tables = [detections(simulate_scene(spec, seed)).pixels for seed in range(scenes)]
        some = pd.concat([table[table["code"] == NOMINAL] for table in tables])
        above = (some["t4_k"] - some["t11_k"]).min()
        print(f"{when:6} {len(some):6d} {some['t4_k'].min():8.2f} K {above:6.2f} K")


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--brief", action="store_true", help="fewer trials")
    brief = parser.parse_args().brief
    started, trials, scenes = time.process_time(), 100 if brief else 400, 1 if brief else 4
    print(f"half found, {trials} backgrounds a point            published  found    ratio")
    halves("day", PUBLISHED_BY_DAY, BY_DAY, trials)
    halves("night", PUBLISHED_BY_NIGHT, BY_NIGHT, trials)
    quarter = trials // 4
    halves("day, OR", PUBLISHED_BY_DAY, BY_DAY, quarter, either)
    halves("day, 330 K for all", PUBLISHED_BY_DAY, BY_DAY, quarter, most)
    halves("day, ground without air", PUBLISHED_BY_DAY, BY_DAY._replace(air=NO_AIR), quarter)
    halves("day, ground ±2 K", PUBLISHED_BY_DAY, BY_DAY._replace(sigma_k=(2.0, 2.0)), quarter)
    halves("night, ground without air", PUBLISHED_BY_NIGHT, BY_NIGHT._replace(air=NO_AIR), quarter)
    halves("night, ground ±2 K", PUBLISHED_BY_NIGHT, BY_NIGHT._replace(sigma_k=(2.0, 2.0)), quarter)
    alarms(scenes)
    shining(100 if brief else 900)
    power(49 if brief else 400)
    envelope(scenes)
    print(f"\n{time.process_time() - started:.0f} s of one core")


if __name__ == "__main__":
    main()
