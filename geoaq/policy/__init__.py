"""Rules as data, evaluated in three-valued logic, each outcome with its sentence and what would flip it.

`load_pack` reads the policy folder once; everything after it works on values: `evaluate` gives findings,
`lead` the one that stands for a subject, `informational` what is shown beside them, `explain` the why,
`requests` what is still to be asked.
"""

from __future__ import annotations

from geoaq.policy.budget import boundary_budget, plant_budget, position_budget
from geoaq.policy.evaluate import evaluate
from geoaq.policy.explain import explain, verdict
from geoaq.policy.informational import brake_texts, informational
from geoaq.policy.lead import lead
from geoaq.policy.local import LocalRegion, LocalRule, local_regions, local_rules
from geoaq.policy.model import Pack, Rule
from geoaq.policy.notes import Note
from geoaq.policy.pack import kept_pack, load_kept_pack, load_pack, read_texts
from geoaq.policy.quotes import check_quotes
from geoaq.policy.requests import Request, requests
from geoaq.policy.sentences import asked_note

__all__ = [
    "LocalRegion",
    "LocalRule",
    "Note",
    "Pack",
    "Request",
    "Rule",
    "asked_note",
    "boundary_budget",
    "brake_texts",
    "check_quotes",
    "evaluate",
    "explain",
    "informational",
    "kept_pack",
    "lead",
    "load_kept_pack",
    "load_pack",
    "local_regions",
    "local_rules",
    "plant_budget",
    "position_budget",
    "read_texts",
    "requests",
    "verdict",
]
