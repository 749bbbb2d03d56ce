"""A synthetic year with planted truth, judged month by month as an office would have had to."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from geoaq.fires.quality import classify, learn
from geoaq.fires.simulate.year import TRUTHS, Simulation, simulate
from geoaq.frames import FIRE_PIXELS
from tests.fires.quality.toy import NO_PLACES, RULE, seconds

YEAR = 2025
MONTHS = [date(YEAR, month, 1) for month in range(1, 13)] + [date(YEAR + 1, 1, 1)]


def judged(pixels: pd.DataFrame, shares: np.ndarray, months: list[date]) -> pd.DataFrame:
    """Return the pixels of some months with their classes, each judged by the register of its month."""
    parts, known = [], None
    for begin, end in pairwise(months):
        known = learn(pixels, as_of=begin, known=known, rule=RULE)
        rows = np.flatnonzero(
            pixels["acquired"].between(seconds(begin, 0), seconds(end, 0), inclusive="left")
        )
        some = pixels.iloc[rows]
        said = classify(
            some, None, crop_share=shares[rows], sources=known, polygons=NO_PLACES, rule=RULE, coarse=False
        )
        parts.append(some.join(said.astype({"reasons": object, "static_source": object})))
    return pd.concat(parts)


@pytest.fixture(scope="module")
def year() -> Simulation:
    return simulate(20261122, year=YEAR, windows=RULE.windows)


@pytest.fixture(scope="module")
def answers(year: Simulation) -> pd.DataFrame:
    return judged(year.pixels, year.shares(RULE), MONTHS)


def test_a_synthetic_year_is_the_same_for_the_same_seed_and_says_its_truth() -> None:
    first, second, other = (simulate(seed, year=YEAR, windows=RULE.windows, scale=0.1) for seed in (5, 5, 6))
    pd.testing.assert_frame_equal(first.pixels, second.pixels)
    assert not first.pixels["lon"].equals(other.pixels["lon"])
    assert set(first.pixels["truth"]) == set(TRUTHS)
    assert first.pixels[list(FIRE_PIXELS.names)].dtypes.astype(str).to_dict() == FIRE_PIXELS.dtypes
    assert first.pixels["acquired"].is_monotonic_increasing


def test_every_pixel_of_the_year_has_one_class(year: Simulation, answers: pd.DataFrame) -> None:
    assert len(answers) == (year.pixels["acquired"].between(year.begin, seconds(MONTHS[-1], 0) - 1)).sum()
    assert answers.index.is_unique
    assert answers["class"].notna().all()


def test_static_sources_are_found_and_straw_is_not_lost(answers: pd.DataFrame) -> None:
    by_truth = pd.crosstab(answers["truth"], answers["class"], normalize="index")
    assert by_truth.loc["static", "static"] >= 0.95
    straw = by_truth.loc["straw"]
    assert 1.0 - straw["straw_likely"] - straw["mixed"] <= 0.03
    assert straw["straw_likely"] > 0.7
    assert by_truth.loc[["static", "roof"], "straw_likely"].max() < 0.02


def test_roofs_that_glint_again_and_again_are_found(answers: pd.DataFrame) -> None:
    """From June on: over the winter a roof's place expires, and April has to show it again."""
    roofs = answers[(answers["truth"] == "roof") & (answers["acquired"] >= seconds(MONTHS[5], 0))]
    often = roofs.groupby("site")["acquired"].transform("size") >= 10
    assert (roofs.loc[often, "class"] == "static").mean() > 0.9


def test_what_is_said_of_a_day_does_not_know_that_day_or_any_later(
    year: Simulation, answers: pd.DataFrame
) -> None:
    shares = year.shares(RULE)
    for begin, end in ((MONTHS[2], MONTHS[3]), (MONTHS[9], MONTHS[10])):
        months = [month for month in MONTHS if month <= end]
        known = year.pixels["acquired"] < seconds(end, 0)
        # A day inside the month: nothing of that day or later is there but the pixels that are judged.
        noon = seconds(begin, 0) + 14 * 86_400
        before = year.pixels["acquired"] < noon
        rows = np.flatnonzero(before)
        short = judged(year.pixels.iloc[rows], shares[rows], months)
        same = short.index[short["acquired"] >= seconds(begin, 0)]
        assert len(same) > 100
        pd.testing.assert_frame_equal(short.loc[same], answers.loc[same])
        assert known.sum() > before.sum()
