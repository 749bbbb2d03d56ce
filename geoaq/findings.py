"""The one shape of an answer: codes and numbers, never prose.

A *finding* says what one rule makes of one subject. It carries an outcome, the reasons, how every condition
of the rule fell (``truth``), the measurement that decided, and what the rule's words weigh. Sentences are
made at the edge from ``geoaq.wording``; every export is a projection of this table.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

# Kleene's three-valued logic, as int8 columns: false AND unknown = false, true AND unknown = unknown.
FALSE, TRUE, UNKNOWN = 0, 1, 2
Tri = npt.NDArray[np.int8]

APPLIES, DOES_NOT_APPLY, NEEDS_REVIEW = "applies", "does_not_apply", "needs_review"
OUTCOMES = (APPLIES, DOES_NOT_APPLY, NEEDS_REVIEW)

# Strongest first: the order in which an `applies` leads (the grades of the policy texts).
STRENGTHS = (
    "must", "principle", "basic", "promote", "support", "encourage", "strive", "prefer", "define",
    "delegates",
)  # fmt: skip
TIMINGS = ("not_yet", "due", "overdue", "no_date")
BASES = ("direct", "reference", "national_only")

_WORD = pa.dictionary(pa.int16(), pa.string())

FINDINGS_SCHEMA = pa.schema(
    [
        pa.field("row", pa.int64(), metadata={"meaning": "row number in the user's list"}),
        pa.field("part", pa.int32(), metadata={"meaning": "0, or 1…n where one row holds several subjects"}),
        pa.field("subject_id", pa.string()),
        pa.field("rule_id", _WORD),
        pa.field("outcome", _WORD, metadata={"meaning": "applies, does_not_apply or needs_review"}),
        pa.field("reasons", _WORD, metadata={"meaning": "codes joined by ';' (wording/reasons.toml)"}),
        pa.field("failed_condition", _WORD, metadata={"meaning": "id of the first false condition, or ''"}),
        pa.field("truth", _WORD, metadata={"meaning": "one letter a condition, in the rule's order: T F U"}),
        pa.field("strength", _WORD),
        pa.field("timing", _WORD),
        pa.field("basis", _WORD),
        pa.field("contested_by", _WORD, metadata={"meaning": "readings that would flip it, joined by ';'"}),
        pa.field("quantity", _WORD, metadata={"meaning": "what was measured: capacity_tph, distance_km, …"}),
        pa.field("measured", pa.float64()),
        pa.field("limit", pa.float64()),
        pa.field("margin", pa.float64(), metadata={"meaning": "limit minus measured, same unit"}),
    ]
)


def tri_and(*values: Tri) -> Tri:
    """Return the Kleene conjunction of three-valued arrays of one shape.

    Examples
    --------
    >>> import numpy as np
    >>> tri_and(np.array([1, 1, 2], np.int8), np.array([1, 2, 0], np.int8)).tolist()
    [1, 2, 0]
    """
    stack = np.stack(values)
    known: Tri = np.where((stack == FALSE).any(0), FALSE, np.where((stack == UNKNOWN).any(0), UNKNOWN, TRUE))
    return known.astype(np.int8)


def tri_or(*values: Tri) -> Tri:
    """Return the Kleene disjunction of three-valued arrays of one shape.

    Examples
    --------
    >>> import numpy as np
    >>> tri_or(np.array([0, 0, 2], np.int8), np.array([0, 2, 1], np.int8)).tolist()
    [0, 2, 1]
    """
    stack = np.stack(values)
    known: Tri = np.where((stack == TRUE).any(0), TRUE, np.where((stack == UNKNOWN).any(0), UNKNOWN, FALSE))
    return known.astype(np.int8)
