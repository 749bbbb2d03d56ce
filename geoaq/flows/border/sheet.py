"""The sheet of one project, filled from its screening; and what a new screening would change in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from geoaq import policy
from geoaq.cards import evidence
from geoaq.cards.projects import province
from geoaq.catalog import Catalog
from geoaq.errors import InputError, NotFoundError
from geoaq.flows.border.kept_lines import LINES_FILE
from geoaq.flows.border.request import KEPT_POLICY
from geoaq.flows.border.sheet_clauses import Clauses, both
from geoaq.flows.border.sheet_context import (
    cited_texts,
    followed,
    given_file,
    lee_of,
    measured_to,
    near_ones,
    wind_rose,
)
from geoaq.flows.border.sheet_shapes import province_words, sheet_shapes
from geoaq.flows.border.wind import wind_of
from geoaq.flows.citations import worded_citations
from geoaq.flows.map_file import plain_records
from geoaq.frames import PROJECTS
from geoaq.io.built import open_layers
from geoaq.policy.explain import reason_note
from geoaq.policy.vocabulary import StackCondition
from geoaq.report.second import second_remark
from geoaq.report.sentences import lead_sentence
from geoaq.report.sheet import (
    Neighbour,
    Position,
    Project,
    SheetData,
    Stamp,
    Words,
    named,
    words,
)
from geoaq.report.summary import ProjectSummary, read_summary
from geoaq.store import reading
from geoaq.store.followups import State
from geoaq.wording import LANGS, catalogue, say

_OUTCOMES: dict[str, Literal["applies", "does_not_apply", "needs_review"]] = {
    "inside": "applies", "outside": "does_not_apply", "review": "needs_review",
}  # fmt: skip


def sheet_data(
    folder: Path,
    row: int,
    part: int,
    *,
    catalog: Catalog,
    layers_dir: Path,
    follow_up: Mapping[str, State] | None = None,
) -> SheetData:
    """Return everything that the sheet of one project says.

    Parameters
    ----------
    folder
        A finished screening of projects, with its parquet tables.
    row, part
        The project in its list.
    catalog
        The declared layers and the policy folder.
    layers_dir
        The built layers: names and areas of the maps; lines and distances are those of the screening.
    follow_up
        Where the consultations stand, by province.

    Raises
    ------
    NotFoundError
        ``no_screening``: no screening of projects; ``no_subject``.
    InputError
        ``sheet_other_policy``: the policy pack is not the one of the screening, which has not kept its own;
        ``sheet_other_lines``: the screening was made before it kept the lines that decided.
    """
    summary = _summary(folder)
    pack = _pack(folder, catalog, summary)
    if not (folder / LINES_FILE).is_file():
        raise InputError("sheet_other_lines")
    subject = reading.subject(folder, row, part)
    clauses = Clauses(pack, subject, reading.findings(folder, row, part), summary.as_of)
    pairs = _rows(folder / "consultees.parquet", row, part)
    near = _rows(folder / "near.parquet", row, part)
    built = open_layers(layers_dir)
    wind = wind_of(folder, row, part)
    winds, cities = lee_of(built, wind, subject)
    return SheetData(
        number=str(subject["subject_id"]),
        as_of=summary.as_of,
        synthetic=summary.synthetic,
        strip_km=summary.strip_km,
        strip_inclusive=summary.strip_inclusive,
        high_stack_m=_high_stack(pack),
        boundary_error_m=summary.boundary_error_m,
        downwind_threshold_ug_m3=summary.downwind_threshold_ug_m3,
        facts={name: subject[name] for name in PROJECTS.names},
        lead=_lead(pack, subject, summary),
        project=_project(pack, subject),
        position=_position(subject),
        across=bool(subject["across"]),
        neighbours=_neighbours(pairs, summary),
        limbs=clauses.limbs(),
        missing=clauses.asked("applicant"),
        office=clauses.asked("office"),
        questions=clauses.questions(),
        vetoes=clauses.vetoes(),
        wind=wind_rose(wind, winds),
        near=near_ones(folder, near),
        near_total=int(subject["near_projects"]),
        follow_up=followed(follow_up or {}),
        boundaries=measured_to(summary),
        policy=Stamp(name=named(pack.id), version=pack.version, sha256=pack.hash),
        texts=cited_texts(pack, clauses),
        inputs=tuple(given_file(one.role, one.sha256) for one in summary.inputs),
        code=summary.code,
        shapes=sheet_shapes(
            folder,
            built,
            subject,
            pairs,
            cities=cities,
            winds=winds,
            near=[
                (str(one["other_name"] or one["other_id"]), one["other_lon"], one["other_lat"])
                for one in plain_records(near)
            ],
        ),
    )


def _pack(folder: Path, catalog: Catalog, summary: ProjectSummary) -> policy.Pack:
    """Return the rules of the day of the screening: those of today, or those that it kept."""
    pack = policy.load_pack(catalog.policy_dir)
    if summary.policy.sha256 == pack.hash:
        return pack
    if (folder / KEPT_POLICY).is_file():
        kept = policy.load_kept_pack(folder / KEPT_POLICY)
        if summary.policy.sha256 == kept.hash:
            return kept
    raise InputError(
        "sheet_other_policy",
        then=summary.policy.version,
        then_hash=summary.policy.sha256[:12],
        now=pack.version,
        now_hash=pack.hash[:12],
    )


def _summary(folder: Path) -> ProjectSummary:
    try:
        summary = read_summary(folder / "summary.json")
    except (OSError, ValueError) as error:
        raise NotFoundError("no_screening") from error
    if not isinstance(summary, ProjectSummary):
        raise NotFoundError("no_screening")
    return summary


def _rows(path: Path, row: int, part: int) -> pd.DataFrame:
    import pyarrow.parquet as pq

    table = pq.read_table(path, filters=[("row", "=", row), ("part", "=", part)])
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _high_stack(pack: policy.Pack) -> float | None:
    asked = (c for rule in pack.rules.values() for c in rule.conditions("project"))
    return next((float(c.above_m) for c in asked if isinstance(c, StackCondition)), None)


def _lead(pack: policy.Pack, subject: Mapping[str, Any], summary: ProjectSummary) -> Words:
    """Return what leads, in both languages, with the provinces to consult."""
    said = {}
    rule = subject["lead_rule"] or ""
    for lang in LANGS:
        cited = worded_citations(pack, summary.as_of, lang).get(rule, {})
        lead = lead_sentence(
            subject["lead"], rule, subject["review_reasons"] or "", cited.get("title", ""), lang,
            applies=cited.get("applies"),
        )  # fmt: skip
        codes = [code for code in (subject["consultees"] or "").split(";") if code]
        names = say("reports.list_joiner", lang).join(province(code, lang) for code in codes)
        said[lang] = say("border.lead_provinces", lang, lead=lead, provinces=names) if names else lead
    return Words(zh=said["zh"], en=said["en"])


def _project(pack: policy.Pack, subject: Mapping[str, Any]) -> Project:
    place = "".join(dict.fromkeys(filter(None, (subject[k] for k in ("province", "city", "county")))))
    return Project(
        number=str(subject["subject_id"]),
        own_number=evidence.own_number(str(subject["subject_id"]), "en") == str(subject["subject_id"]),
        row=subject["row"],
        part=subject["part"],
        name=subject["name"] or str(subject["subject_id"]),
        applicant=subject["applicant"] or "",
        adcode=subject["adcode"] or "",
        place=named(place),
        industry_code=subject["industry_code"] or "",
        industry_edition=subject["industry_edition"] or "",
        industry=named(subject["industry_text"]) if subject["industry_text"] else None,
        industry_by_division=pack.industries.by_division(
            subject["industry_code"] or "", subject["industry_edition"] or ""
        ),
        nature=subject["nature"] or "",
        eia_kind=subject["eia_kind"] or "",
        stack_m=subject["stack_m"],
        stack_text=subject["stack_text"] or "",
        emissions=subject["emissions_text"] or "",
        remark=subject["remark"] or "",
    )


def _position(subject: Mapping[str, Any]) -> Position:
    datum = subject["datum"] or "unstated"
    quality = f"border.quality_{subject['position_quality'] or 'unstated'}"
    decimals = subject["decimals"]
    return Position(
        kind="polygon" if subject["geometry_kind"] == "polygon" else "point",
        lon=subject["lon"],
        lat=subject["lat"],
        datum=Words(zh=evidence.datum_text(datum, "zh"), en=evidence.datum_text(datum, "en")),
        quality=words(quality if quality in catalogue() else "border.quality_unstated"),
        decimals=None if decimals is None or decimals < 0 else int(decimals),
        u_m=subject["u_m"],
    )


def _neighbours(pairs: pd.DataFrame, summary: ProjectSummary) -> tuple[Neighbour, ...]:
    found: dict[tuple[str, str], Neighbour] = {}
    for one in plain_records(pairs):
        line = one["kind"] == "other_line"
        key = (one["kind"] if line else "", f"{one['home']}-{one['neighbour']}" if line else one["neighbour"])
        metres = None if one["distance_km"] is None else one["distance_km"] * 1000.0
        second = one["second_distance_km"]
        found.setdefault(
            key,
            Neighbour(
                adcode=one["neighbour"],
                name=_other_line(one["home"], one["neighbour"]) if line else province_words(one["neighbour"]),
                kind=one["kind"],
                outcome=_OUTCOMES[one["truth"]],
                reasons=tuple(both(reason_note(code)) for code in (one["reasons"] or "").split(";") if code),
                distance_m=metres,
                u_m=one["u_m"],
                foot=None if one["foot_lon"] is None else (one["foot_lon"], one["foot_lat"]),
                bearing_deg=one["bearing_deg"],
                second_distance_m=None if second is None else second * 1000.0,
                second_remark=_second(one, summary),
            ),
        )
    return tuple(found.values())


def _second(one: Mapping[str, Any], summary: ProjectSummary) -> Words | None:
    """Return what is said where the second boundaries disagree."""
    far, second = (
        None if one[name] is None else one[name] * 1000.0 for name in ("distance_km", "second_distance_km")
    )
    zh, en = (second_remark(far, second, one["u_m"], strip_km=summary.strip_km, lang=lang) for lang in LANGS)
    return Words(zh=zh, en=en) if zh else None


def _other_line(a: str, b: str) -> Words:
    zh, en = (say("border.other_line", lang, a=province(a, lang), b=province(b, lang)) for lang in LANGS)
    return Words(zh=zh, en=en)
