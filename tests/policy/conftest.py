"""Sites of the worked examples, and a subject that a test changes in the places that it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy import Pack, evaluate, lead, load_pack

AS_OF = date(2026, 11, 21)
# 唐山 (key region), 杭州 (key), 温州 (by reference), 南京 (key), 长春 (not key)
SITES = {"TS": "130202", "HZ": "330106", "WZ": "330302", "NJ": "320102", "CC": "220102"}
# 四平 (吉林, not key, facing 辽宁) and 南阳 (河南, not key, facing 湖北)
OF_PROJECTS = {**SITES, "SP": "220302", "NY": "411302"}
READINGS = ("plant_total", "largest_unit")
Findings = dict[str, Any]
Screen = Callable[..., Findings]


def boiler(site: str, **changes: Any) -> dict[str, Any]:
    """Return the boiler of example 1: coal, steam for industry, 35 t/h, far off, all layers loaded."""
    facts: dict[str, Any] = {
        "fuel": "coal",
        "boiler_class": "steam",
        "purpose": "industrial",
        "status": "operating",
        "eliminated_by": "",
        "industry_code": "",
        "capacity_tph": 35.0,
        "capacity_conflict": False,
        "heat_network_stated": UNKNOWN,
        "built_up_stated": UNKNOWN,
        "within.heat_network": FALSE,
        "within.built_up": FALSE,
        "within.zj_heat_range": FALSE,
        "pm25_annual": 30.0,
        "pm25_year": 2025.0,
        **place(site),
        **anchor(FALSE, 41.0),
    }
    return {name: value for name, value in {**facts, **changes}.items() if value is not None}


def unit(site: str, **changes: Any) -> dict[str, Any]:
    """Return U2 of example 2: a captive coal CHP unit of 12 MW, no flag as 落后, at the edge."""
    facts: dict[str, Any] = {
        "fuel": "coal",
        "status": "operating",
        "capacity_mw": 12.0,
        "captive": TRUE,
        "chp": TRUE,
        "backward_listed": UNKNOWN,
        **place(site),
        **anchor(UNKNOWN, 29.97, "inside_margin"),
    }
    return {name: value for name, value in {**facts, **changes}.items() if value is not None}


def project(site: str, **changes: Any) -> dict[str, Any]:
    """Return the project of example 3: a new clinker line 19.6 km from the border, little else stated."""
    facts: dict[str, Any] = {
        "name": "熟料水泥生产线项目",
        "industry_code": "3011",
        "industry_edition": "2017",
        "industry_text": "C3011水泥制造",
        "nature": "new",
        "stack_m": float("nan"),
        "new_stack": UNKNOWN,
        "eia_kind": "report_book",
        "uses_coal": UNKNOWN,
        "coal_replacement": UNKNOWN,
        "adds_capacity": UNKNOWN,
        "capacity_swap": UNKNOWN,
        "regional_reduction": UNKNOWN,
        "new_boiler_tph": float("nan"),
        "new_boiler_fuel": "",
        "boiler_purpose": "",
        "dispersion_ug_m3": float("nan"),
        "downwind_threshold_ug_m3": float("nan"),
        "within.built_up": FALSE,
        **place(site),
        **border(TRUE, 19.6),
    }
    return {name: value for name, value in {**facts, **changes}.items() if value is not None}


def border(truth: int, km: float, reasons: str = "") -> dict[str, Any]:
    """Return the answer of a screening of borders."""
    return {"border.truth": truth, "border.reasons": reasons, "border.distance_m": km * 1000.0}


def place(site: str) -> dict[str, Any]:
    """Return where a site, or a county's code, lies."""
    code = OF_PROJECTS.get(site, site)
    return {
        "adcode": code,
        "province_adcode": code[:2] + "0000" if code else "",
        "alternatives": "",
        "boundary_reason": "",
    }


def anchor(truth: int, km: float, reasons: str = "", *, largest_unit: int | None = FALSE) -> dict[str, Any]:
    """Return the answer of a heating screen; None for ``largest_unit``: the same under both readings."""
    truths = (truth, truth if largest_unit is None else largest_unit)
    facts: dict[str, Any] = {}
    for reading, one in zip(READINGS, truths, strict=True):
        facts[f"anchor.{reading}.truth"] = one
        facts[f"anchor.{reading}.reasons"] = reasons if one == truth else ""
        facts[f"anchor.{reading}.distance_m"] = km * 1000.0
    return facts


def columns(subjects: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return facts as one array each."""
    return {name: np.array([subject[name] for subject in subjects]) for name in subjects[0]}


@pytest.fixture(scope="session")
def policy_dir(root: Path) -> Path:
    return root / "layers" / "policy"


@pytest.fixture(scope="session")
def pack(policy_dir: Path) -> Pack:
    return load_pack(policy_dir)


@pytest.fixture(scope="session")
def screen(pack: Pack) -> Screen:
    """Evaluate one subject and return its findings by rule."""

    def one(facts: Mapping[str, Any], subject: Any = "boiler", as_of: date = AS_OF, **more: Any) -> Findings:
        long = evaluate(pack, columns([facts]), subject=subject, as_of=as_of, **more)
        return {row.rule_id: row for row in long.itertuples()}

    return one


@pytest.fixture(scope="session")
def led(pack: Pack) -> Callable[..., pd.Series[Any]]:
    """Evaluate one subject and return what leads."""

    def one(facts: Mapping[str, Any], subject: Any = "boiler", as_of: date = AS_OF) -> pd.Series[Any]:
        return lead(pack, evaluate(pack, columns([facts]), subject=subject, as_of=as_of), 1).iloc[0]

    return one


def told(findings: Findings, rule_id: str) -> str:
    """Return a finding in the shorthand of the tables: ``A must overdue``, ``N capacity``, ``R reasons``."""
    row = findings.get(rule_id)
    if row is None:
        return "–"
    if row.outcome == "applies":
        basis = "" if row.basis == "direct" else f" {row.basis}"
        return f"A {row.strength} {row.timing}{basis}"
    if row.outcome == "needs_review":
        return f"R {row.reasons}"
    return f"N {row.failed_condition}"


@pytest.fixture(scope="session")
def example() -> Any:
    """Return the words in which examples are told: boiler, unit, project, place, anchor, border, …"""

    class Example:
        as_of = AS_OF
        sites = SITES

    example = Example()
    for word in (boiler, unit, project, place, anchor, border, columns, told):
        setattr(example, word.__name__, word)
    return example
