"""The fast detector is the literal one: every class, every statistic, on tens of thousands of candidates."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest

from geoaq.fires.detection import detect
from geoaq.frames.scenes import BOW_TIE, GLINT, HIGH, LAND, LOW, NOMINAL, NOT_PROCESSED, UNCLASSIFIED
from tests.fires.detection.agreement import MODIS, VIIRS, Case, as_scene, by_reference, differences, rule_of
from tests.fires.detection.hard_scenes import HardScene
from tests.fires.detection.reference import viirs
from tests.fires.detection.reference.common import Answer


@cache
def solved(case: Case) -> tuple[HardScene, Answer]:
    scene = case.make()
    return scene, by_reference(scene, case.sensor)


def silent(done: int, of: int) -> None:
    pass


@pytest.mark.parametrize("case", [*VIIRS, *MODIS], ids=str)
def test_every_class_and_statistic_is_that_of_the_literal_reference(case: Case) -> None:
    scene, expected = solved(case)
    found = detect(as_scene(scene, case.sensor), rule_of(case.sensor), progress=silent)
    assert differences(found, expected)[:10] == []


def test_where_both_share_and_number_are_asked_the_reference_agrees_too() -> None:
    rule = rule_of("viirs")
    strict = rule._replace(window=rule.window._replace(both=True))
    scene, usual = solved(VIIRS[0])
    expected = viirs.detect(scene.rows, scene.places, both=True)
    assert np.any(expected.mask != usual.mask)
    found = detect(as_scene(scene, "viirs"), strict, progress=silent)
    assert differences(found, expected)[:10] == []


@pytest.mark.parametrize(("cases", "windows"), [(VIIRS, range(11, 32, 2)), (MODIS, range(5, 22, 2))])
def test_the_scenes_are_as_hard_as_they_should_be(cases: list[Case], windows: range) -> None:
    answers = [solved(case)[1] for case in cases]
    assert sum(answer.candidates for answer in answers) >= 20_000
    grown = Counter(a.window for answer in answers for a in answer.backgrounds.values())
    # 3×3 without a pixel and its two neighbours has six: never enough for MODIS.
    assert min(grown) == windows.start
    assert min(grown[k] for k in windows) >= 50
    assert sum(grown.values()) - grown[windows.start] > 0.2 * sum(grown.values())
    codes = Counter(np.concatenate([answer.mask.ravel() for answer in answers]).tolist())
    assert set(codes) == set(range(10))
    asked = (NOT_PROCESSED, BOW_TIE, GLINT, LAND, UNCLASSIFIED, LOW, NOMINAL, HIGH)
    assert min(codes[code] for code in asked) >= 100


def test_the_reference_would_notice_an_or_in_place_of_the_and() -> None:
    # The misprint of the typeset paper: a candidate by either half of the test.
    scene, expected = solved(VIIRS[0])
    rule = rule_of("viirs")
    tests = rule.tests
    loose = tests.candidate._replace(day_dt_least=0.0, day_dt_most=0.0)
    other = rule._replace(tests=tests._replace(candidate=loose))
    assert differences(detect(as_scene(scene, "viirs"), other, progress=silent), expected)
