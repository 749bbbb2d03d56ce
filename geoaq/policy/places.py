"""Where a subject lies, in three-valued logic: regions, provinces, cities.

A place is ``(adcode, alternatives, boundary_reason)``: the county that holds the point, the other counties
that could (within its error, or by a second boundary source) and why they could.
"""

from __future__ import annotations

from datetime import date

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy.model import Pack
from geoaq.policy.sources import covers
from geoaq.policy.vocabulary import RegionCondition

Place = tuple[str, str, str]
NO_BASIS, DIRECT, REFERENCE, NATIONAL_ONLY = 0, 1, 2, 3
BASIS_WORDS = ("", "direct", "reference", "national_only")


def region_truth(pack: Pack, condition: RegionCondition, place: Place, as_of: date) -> tuple[int, str, int]:
    """Return whether a place is in a region, the reason where that is open, and the basis.

    A region by reference counts only while the document that refers is in force.
    """
    adcode, alternatives, boundary_reason = place
    if not adcode:
        return UNKNOWN, "missing_attribute:adcode", NO_BASIS
    candidates = [adcode, *filter(None, alternatives.split(";"))]
    bases = [_basis(pack, condition, code, as_of) for code in candidates]
    inside = {basis != NO_BASIS for basis in bases}
    if len(inside) > 1:
        return UNKNOWN, boundary_reason or "inside_margin", NO_BASIS
    return (TRUE, "", bases[0]) if bases[0] != NO_BASIS else (FALSE, "", NO_BASIS)


def _basis(pack: Pack, condition: RegionCondition, adcode: str, as_of: date) -> int:
    if in_region(pack, condition.region, adcode):
        return DIRECT
    for name in condition.by_reference:
        if pack.sources[pack.regions[name].source].in_force(as_of) and in_region(pack, name, adcode):
            return REFERENCE
    return NO_BASIS


def in_region(pack: Pack, region: str, adcode: str) -> bool:
    """Say whether a county's code is in a region, following lists that are the same as others."""
    if pack.regions[region].part_of(adcode):
        return True
    others = [name.split("/") for part in pack.regions[region].parts for name in part.same_as]
    return any(pack.regions[other].part_of(adcode) == part for other, part in others)


def area_truth(area: str, place: Place) -> tuple[int, str]:
    """Return whether a place is in a province; a place that is nowhere known is in none."""
    adcode, alternatives, boundary_reason = place
    inside = {covers(area, code) for code in (adcode, *filter(None, alternatives.split(";")))}
    if len(inside) > 1:
        return UNKNOWN, boundary_reason or "inside_margin"
    return (TRUE if inside == {True} else FALSE), ""


def city_truth(term: str, place: Place, seats_too: bool) -> tuple[int, str]:
    """Return whether a county-level unit is a city or a district (GB/T 2260: 21 to 80 are counties)."""
    adcode, alternatives, boundary_reason = place
    if not adcode:
        return UNKNOWN, "missing_attribute:adcode"
    counties = {21 <= int(code[4:6]) <= 80 for code in (adcode, *filter(None, alternatives.split(";")))}
    if len(counties) > 1 and not seats_too:
        return UNKNOWN, boundary_reason or "inside_margin"
    return (UNKNOWN, f"undefined_term:{term}") if counties == {True} and not seats_too else (TRUE, "")
