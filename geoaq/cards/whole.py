"""The cards of all projects of a screening at once, for a file that must hold them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geoaq.cards.why import Told, project_card
from geoaq.catalog import Catalog
from geoaq.store import every


def project_cards(catalog: Catalog, folder: Path, lang: str) -> dict[every.Key, dict[str, Any]]:
    """Return the card of every project by row and part, as `geoaq.cards.why.why_card` returns each.

    Every table is read once. What only a page can offer is left out: its links, and what is to be added
    there.
    """
    findings, lines, near = every.findings(folder), every.in_reach(folder), every.near(folder)
    found = {}
    for subject in every.subjects(folder):
        key = (int(subject["row"]), int(subject["part"]))
        card = project_card(catalog, folder, Told(subject, findings[key], lines[key], near[key]), lang)
        rules = [*card["rules"], *(rule for limb in card["project"]["limbs"] for rule in limb["rules"])]
        for rule in rules:
            rule["action"] = None
        found[key] = card | {"links": []}
    return found
