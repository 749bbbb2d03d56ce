"""Lengths of pixels, and power, against what operational products print."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geoaq.fires.detection.geometry import sizes_at_samples
from geoaq.fires.detection.planck import radiance
from tests.fires.detection.agreement import rule_of

STEFAN = 5.670374419e-8


@pytest.mark.parametrize(
    ("sensor", "file", "pairs", "within_km"),
    # Printed with two decimals (0.005 km each way); MODIS is 20 m off where pixels are longest.
    [
        ("viirs", "noaa21_firms_nrt_2025-04-07.csv", 124, 0.008),
        ("modis", "modis_c61_nrt_china_2021-12_2024-12.csv", 293, 0.014),
    ],
)
def test_every_length_and_width_of_a_real_product_is_that_of_some_sample(
    shared: Path, sensor: str, file: str, pairs: int, within_km: float
) -> None:
    printed = pd.read_csv(shared / "data" / "fires" / file)[["scan", "track"]].drop_duplicates()
    assert len(printed) == pairs
    scan = rule_of(sensor).scan
    along, across = sizes_at_samples(scan, np.arange(scan.samples))
    apart = [np.hypot(along - a, across - b).min() for a, b in printed.itertuples(index=False)]
    assert max(apart) < within_km


def test_the_power_that_a_real_granule_prints_follows_from_temperatures_and_sample(shared: Path) -> None:
    real = pd.read_csv(shared / "data" / "rasters" / "MOD14_fire_pixels.csv")
    rule = rule_of("modis")
    along, across = sizes_at_samples(rule.scan, real["sample"])
    um = rule.power.um
    excess = radiance(um, real["T21"]) - radiance(um, real["MeanT21"])
    ours = along * across * STEFAN / rule.power.a * excess  # km² · W m⁻² is MW
    ratio = real["power"] / ours
    # The product subtracts the mean of the radiances around, the file has only the mean temperature: where
    # deviations are large beside a weak fire that is up to 5 %.
    assert ratio.min() > 0.93
    assert ratio.max() < 1.02
    assert float(np.median(ratio)) == pytest.approx(1.0, abs=0.01)
    even = real["MAD_T21"] < 2.0
    assert ratio[even].between(0.98, 1.02).all()
