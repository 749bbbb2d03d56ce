"""Column contracts, and the issues that unusable or repaired cells leave behind.

A frame is a pandas ``DataFrame`` whose columns follow a `Contract`. Whatever cannot be used leaves as an
issue with its row, field and value; nothing is dropped silently.
"""

from geoaq.frames.contracts import Column, Contract
from geoaq.frames.fires import (
    AREA_COLUMNS,
    AREA_LEVELS,
    FIRE_CLASSES,
    FIRE_EVENTS,
    FIRE_JUDGED,
    FIRE_KINDS,
    FIRE_PIXELS,
    NRT,
    RT,
    SATELLITES,
    SP,
    URT,
    fire_keys,
)
from geoaq.frames.issues import ISSUE_COLUMNS, IssueLog, Severity
from geoaq.frames.subjects import BOILERS, CONTENT_KEY, PLANTS, PROJECTS, UNITS

__all__ = [
    "AREA_COLUMNS",
    "AREA_LEVELS",
    "BOILERS",
    "CONTENT_KEY",
    "FIRE_CLASSES",
    "FIRE_EVENTS",
    "FIRE_JUDGED",
    "FIRE_KINDS",
    "FIRE_PIXELS",
    "ISSUE_COLUMNS",
    "NRT",
    "PLANTS",
    "PROJECTS",
    "RT",
    "SATELLITES",
    "SP",
    "UNITS",
    "URT",
    "Column",
    "Contract",
    "IssueLog",
    "Severity",
    "fire_keys",
]
