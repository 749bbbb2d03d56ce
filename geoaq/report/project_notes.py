"""What the notes of a workbook say of projects: counts by result, limb, province and rule; the borders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from geoaq.findings import OUTCOMES
from geoaq.report.sentences import Citations
from geoaq.report.summary import BorderRecord, ProjectSummary
from geoaq.report.tally import County
from geoaq.wording import say

Line = list[str | float]
_SIGNS = ("all", "applies", "review", "not", "none")


def project_lines(summary: ProjectSummary, citations: Citations, lang: str) -> Iterator[Line]:
    """Yield the counts of projects and the borders that they were measured to."""
    count = say("border.notes_count", lang)
    yield [say("reports.notes_verdict", lang), count]
    verdicts = summary.counts.verdicts
    for name in _SIGNS:
        of = getattr(verdicts, "not_" if name == "not" else name)
        yield [say(f"reports.notes_{name}", lang), of.count]
    outcomes = [say(f"policy.outcome_{word}", lang) for word in OUTCOMES]
    yield []
    yield ["", *outcomes]
    for limb, counts in summary.by_limb.items():
        yield [say(f"border.label_limb_{limb}", lang), *(counts.get(word, 0) for word in OUTCOMES)]
    yield []
    yield [say("border.label_consultees", lang), count]
    for code, number in summary.by_consultee.items():
        yield [say(f"provinces.name_{code}", lang), number]
    yield []
    yield [say("border.label_vetoes", lang), *outcomes[::2], say("reports.notes_sources", lang)]
    for rule, counts in summary.by_veto.items():
        cited: Mapping[str, str] = citations[rule]
        told = (counts.get(word, 0) for word in OUTCOMES[::2])
        yield [cited["title"], *told, f"{cited['document']}{cited['article']}"]
    yield []
    yield [say("reports.notes_county", lang), *(say(f"reports.notes_{name}", lang) for name in _SIGNS)]
    for county in summary.counts.by_county:
        of_county = (getattr(county.verdicts, "not_" if name == "not" else name) for name in _SIGNS)
        yield [county_text(county, lang), *(one.count for one in of_county)]
    yield []
    yield from _borders(summary, lang)


def county_text(county: County, lang: str) -> str:
    """Return where a county lies, or that a subject was not located."""
    place = "".join(dict.fromkeys(filter(None, (county.province, county.city, county.county))))
    return place or say("reports.notes_unlocated", lang)


def _borders(summary: ProjectSummary, lang: str) -> Iterator[Line]:
    yield [say("border.notes_strip", lang), summary.strip_km]
    yield [say("border.notes_error", lang), summary.boundary_error_m]
    if summary.downwind_threshold_ug_m3 is not None:
        yield [say("border.notes_threshold", lang), summary.downwind_threshold_ug_m3]
    roles: list[tuple[str, BorderRecord | None]] = [
        ("decides", summary.borders),
        ("second", summary.second_borders),
    ]
    for role, one in roles:
        if one is not None:
            yield [say(f"border.notes_{role}", lang, name=one.name, version=one.version), one.sha256]
