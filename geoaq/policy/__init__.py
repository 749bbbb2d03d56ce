"""Rules as data, evaluated in three-valued logic, each outcome with its sentence and what would flip it.

`load_pack` reads the policy folder once; everything after it works on values: `evaluate` gives findings,
`lead` the one that stands for a subject, `informational` what is shown beside them, `explain` the why.
"""

from __future__ import annotations

from geoaq.policy.budget import plant_budget, position_budget
from geoaq.policy.evaluate import evaluate
from geoaq.policy.explain import asked_note, explain, verdict
from geoaq.policy.informational import brake_texts, informational
from geoaq.policy.lead import lead
from geoaq.policy.model import Pack, Rule
from geoaq.policy.notes import Note
from geoaq.policy.pack import load_pack, read_texts
from geoaq.policy.quotes import check_quotes

__all__ = [
    "Note",
    "Pack",
    "Rule",
    "asked_note",
    "brake_texts",
    "check_quotes",
    "evaluate",
    "explain",
    "informational",
    "lead",
    "load_pack",
    "plant_budget",
    "position_budget",
    "read_texts",
    "verdict",
]
