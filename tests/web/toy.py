"""A finished screening of seven boilers, made with the real rules and writers, without any geography."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoaq import policy, report
from geoaq.catalog import Catalog
from geoaq.frames import IssueLog

AS_OF = date(2026, 11, 21)
NASTY = "<script>alert(1)</script>\"'&{{7*7}}"
_INSIDE, _OUTSIDE, _UNSURE = 1, 0, 2
# row, name, capacity t/h, distance km, truth of the anchor, its reasons
_BOILERS = (
    (2, "江阴纺织", 35.0, 27.46, _INSIDE, ""),
    (3, NASTY, 20.0, 11.74, _UNSURE, "chp_status"),
    (4, "=1+1印染", 75.0, 29.9996, _UNSURE, "inside_margin"),
    (5, "常熟化工", 4.0, 61.2, _UNSURE, "chp_list_not_declared"),
    (6, "张家港造纸", 65.0, 61.2, _OUTSIDE, ""),
    (7, "无容量锅炉", np.nan, 29.0, _INSIDE, ""),
    (8, "已拆除锅炉", 10.0, 12.0, _INSIDE, ""),
)


def write_screening(folder: Path) -> Path:
    """Write the screening into ``folder`` and return it."""
    folder.mkdir(parents=True)
    catalog = Catalog.load()
    pack = policy.load_pack(catalog.policy_dir)
    subjects = _subjects()
    findings = policy.evaluate(pack, _facts(subjects), subject="boiler", as_of=AS_OF)
    subjects = pd.concat([subjects, policy.lead(pack, findings, len(subjects))], axis=1)
    tally = report.Tally("boiler")
    with report.FindingsWriter(folder, pack.citations()) as writer:
        writer.write(subjects, findings, _pairs(subjects))
    tally.count(subjects, findings)
    issues = _issues().frame()
    report.write_issues(folder / "issues.csv", issues)
    report.write_summary(folder / "summary.json", _summary(pack, tally.counts(), issues))
    report.write_features(folder / "plants.geojson", report.plant_features(_plants()))
    (folder / "map.html").write_text("<!doctype html><p>map</p>", "utf-8")
    return folder


def _subjects() -> pd.DataFrame:
    rows = pd.DataFrame(_BOILERS, columns=["row", "name", "capacity_tph", "distance_km", "truth", "why"])
    n = len(rows)
    return rows.assign(
        part=0,
        subject_id=[f"GL-{row:04d}" for row in rows["row"]],
        lon=120.2 + 0.01 * np.arange(n),
        lat=31.9 + 0.01 * np.arange(n),
        adcode=["320281"] * 4 + ["320581"] * 3,
        province_adcode="320000",
        city_adcode=["320200"] * 4 + ["320500"] * 3,
        province="江苏省",
        city=["无锡市"] * 4 + ["苏州市"] * 3,
        county=["江阴市"] * 4 + ["常熟市"] * 3,
        alternatives="",
        boundary_reason="",
        fuel="coal",
        boiler_class="steam",
        purpose=["industrial"] * 4 + ["space_heating"] * 3,
        status=["operating"] * 6 + ["demolished"],
        eliminated_by=[""] * 6 + ["demolished"],
        capacity_text=[f"{value:g}" for value in rows["capacity_tph"]],
        datum="gcj02",
        u_m=50.0,
        anchor_id="G1",
        anchor_name="国电江阴苏龙热电",
        margin_m=(30.0 - rows["distance_km"]) * 1000,
    )


def _facts(subjects: pd.DataFrame) -> dict[str, Any]:
    facts: dict[str, Any] = {name: subjects[name] for name in subjects.columns}
    facts["capacity_conflict"] = np.zeros(len(subjects), bool)
    for reading in ("plant_total", "largest_unit"):
        facts |= {
            f"anchor.{reading}.truth": subjects["truth"].to_numpy(np.int8),
            f"anchor.{reading}.reasons": subjects["why"],
            f"anchor.{reading}.anchor_id": subjects["anchor_id"],
            f"anchor.{reading}.distance_m": subjects["distance_km"].to_numpy() * 1000,
            f"anchor.{reading}.u_m": np.full(len(subjects), 50.0),
        }
    return facts


def _plants() -> pd.DataFrame:
    plant = {"plant_id": "G1", "name": "国电江阴苏龙热电", "lon": 120.15, "lat": 31.91}
    plant |= {"installed_mw": 1215.0}
    return pd.DataFrame([plant | {"confirmed_document": "能源〔2025〕1号", "confirmed_issuer": "能源局"}])


def _pairs(subjects: pd.DataFrame) -> pd.DataFrame:
    near = subjects[subjects["distance_km"] < 31]
    return pd.DataFrame(
        {
            "subject": near.index.to_numpy(np.int32),
            "plant_id": "G1",
            "distance_m": near["distance_km"].to_numpy() * 1000,
            "u_m": 50.0,
            "truth": near["truth"].to_numpy(np.int8),
            "confirmed": True,
        }
    )


def _issues() -> IssueLog:
    log = IssueLog()
    for row in range(20, 20 + 120):
        log.add(row, "county", NASTY, "outside_stated_place", "warning", found="江苏省 无锡市 江阴市")
    log.add(7, "county", "苏州市", "outside_stated_place", "warning", found="江苏省 苏州市 常熟市")
    return log


def _summary(pack: policy.Pack, counts: report.Counts, issues: pd.DataFrame) -> report.Summary:
    return report.Summary(
        subject="boiler",
        as_of=AS_OF,
        rows=report.Rows(read=9, with_results=7, unusable=2, to_check=121),
        issues={"warning": len(issues)},
        issue_codes={"outside_stated_place": len(issues)},
        counts=counts,
        datum=report.DatumReport(used="gcj02"),
        inputs=(),
        policy=report.Policy(id=pack.id, version=pack.version, sha256=pack.hash),
        layers={},
        synthetic=True,
        complete_for=(),
        rules_not_in_force=(),
        brakes=(),
        code=report.code_record(None),
    )
