"""Two screenings of the same list side by side: what is new, gone and changed, and why."""

from __future__ import annotations

from geoaq.flows.comparing.changes import KINDS
from geoaq.flows.comparing.inputs import CAUSES, Difference
from geoaq.flows.comparing.whole import Comparison, compare_screenings

__all__ = ["CAUSES", "KINDS", "Comparison", "Difference", "compare_screenings"]
