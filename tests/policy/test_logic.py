"""Three-valued logic: the algebra, and that knowing more never turns a definite outcome around."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoaq.findings import FALSE, TRUE, UNKNOWN, tri_and
from geoaq.policy import Pack, evaluate
from geoaq.policy.evaluate import conjunction

VALUES = (FALSE, TRUE, UNKNOWN)
TRIPLES = np.array(list(itertools.product(VALUES, repeat=3)), np.int8).T


def test_conjunction_is_kleenes() -> None:
    for *values, whole in zip(*TRIPLES, conjunction(TRIPLES), strict=True):
        expected = FALSE if FALSE in values else UNKNOWN if UNKNOWN in values else TRUE
        assert whole == expected
    assert (conjunction(TRIPLES) == tri_and(*TRIPLES)).all()


def test_conjunction_takes_any_order_and_grouping() -> None:
    a, b, c = TRIPLES
    assert (conjunction(np.stack([a, b, c])) == conjunction(np.stack([c, a, b]))).all()
    nested = conjunction(np.stack([a, conjunction(np.stack([b, c]))]))
    assert (nested == conjunction(TRIPLES)).all()


# fact → (what it can turn out to be, how it looks while nobody knows)
KNOWABLE: dict[str, tuple[list[Any], Any]] = {
    "fuel": (["coal", "gas", "biomass"], ""),
    "boiler_class": (["steam", "hot_water", "thermal_oil"], ""),
    "purpose": (["industrial", "space_heating", "domestic"], ""),
    "status": (["operating", "standby", "planned", "demolished"], ""),
    "capacity_tph": ([2.0, 10.0, 34.0, 35.0, 65.0, 75.0], float("nan")),
    "within.heat_network": ([FALSE, TRUE], UNKNOWN),
    "within.built_up": ([FALSE, TRUE], UNKNOWN),
    "within.zj_heat_range": ([FALSE, TRUE], UNKNOWN),
    "pm25_annual": ([25.0, 32.0, 40.0], float("nan")),
    "pm25_year": ([2024.0, 2025.0], float("nan")),
    "anchor.plant_total.truth": ([FALSE, TRUE], UNKNOWN),
    "anchor.largest_unit.truth": ([FALSE, TRUE], UNKNOWN),
    "ule_stable": ([FALSE, TRUE], UNKNOWN),
    "nox_stable": ([FALSE, TRUE], UNKNOWN),
}
PLACES = [
    ("130202", "130827"),
    ("330302", "350922"),
    ("320509", "330421"),
    ("220102", "211202"),
    ("330106", ""),
]


@given(st.randoms(use_true_random=False), st.integers(1, 3))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_knowing_more_never_turns_a_definite_outcome_around(
    pack: Pack, example: Any, random: Any, gaps: int
) -> None:
    known: list[dict[str, Any]] = []
    partial: list[dict[str, Any]] = []
    for _ in range(50):
        county, other = random.choice(PLACES)
        truth = {name: random.choice(options) for name, (options, _) in KNOWABLE.items()}
        whole = {**example.boiler(county), **truth, **example.place(county)}
        gone = {name: blank for name, (_, blank) in KNOWABLE.items() if random.randrange(4) < gaps}
        edge = {"alternatives": other, "boundary_reason": "inside_margin"} if random.random() < 0.5 else {}
        known.append(whole)
        partial.append({**whole, **gone, **edge})
    outcomes = []
    for subjects in (partial, known):
        long = evaluate(pack, example.columns(subjects), subject="boiler", as_of=example.as_of)
        keys = zip(long["subject"], long["rule_id"], strict=True)
        outcomes.append(dict(zip(keys, long["outcome"], strict=True)))
    before, after = outcomes
    for key, outcome in before.items():
        if outcome == "applies":
            assert after[key] == "applies", key
        if outcome == "does_not_apply":
            assert after.get(key, "does_not_apply") == "does_not_apply", key
    assert set(after) <= set(before)
