"""The list and the findings of a screening as columns of numbers over one dictionary of words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from geoaq.findings import APPLIES, NEEDS_REVIEW
from geoaq.maps.points import SIGNS

# Words that invite rather than oblige, as in the lead (`geoaq.policy.lead`).
_SOFT = ("support", "encourage", "strive", "prefer")


class Words:
    """A dictionary of texts: each text once, named by its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, values: pd.Series) -> list[int]:
        """Return the number of each text; blank is ``-1``."""
        codes, texts = pd.factorize(values.astype("string").fillna("").astype(object))
        numbers = np.array([self._one(str(text)) for text in texts] or [-1])
        return numbers[codes].tolist() if len(codes) else []

    def _one(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers)) if text else -1

    @property
    def texts(self) -> list[str]:
        """Return the texts in the order of their numbers."""
        return list(self._numbers)


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame else pd.Series("", index=frame.index, dtype="string")


def _numbers(frame: pd.DataFrame, name: str, digits: int) -> list[float | None]:
    """Return a numeric column rounded, ``None`` where it is absent."""
    values = pd.to_numeric(_column(frame, name), errors="coerce").to_numpy(float)
    return [None if np.isnan(value) else value for value in np.round(values, digits).tolist()]


def embedded_list(subjects: pd.DataFrame, facts: Mapping[str, pd.Series]) -> dict[str, Any]:
    """Return the columns of the list and of the card's lines, for every subject placed or not.

    Parameters
    ----------
    subjects, facts
        As in `geoaq.maps.standalone`.
    """
    words = Words()
    texts = ("name", "county", "county_adcode", "capacity_text", "tag", "lead_timing", "lead_rule")
    anchor = ("anchor_id", "anchor_name", "anchor_size", "anchor_state", "distance_text", "error_text")
    number = ("headline_value", "headline_unit", "headline_detail")
    limbs = ("neighbour", "consultees", "consultee_codes", "limb_a", "limb_b")
    project = limbs if "limb_a" in subjects else ()
    return {
        "key": [f"{row}-{part}" for row, part in zip(subjects["row"], subjects["part"], strict=True)],
        "row": subjects["row"].tolist(),
        "subject_id": subjects["subject_id"].astype("string").fillna("").tolist(),
        "lon": _numbers(subjects, "lon", 6),
        "lat": _numbers(subjects, "lat", 6),
        "sign": "".join(str(SIGNS.index(lead)) if lead in SIGNS else "2" for lead in subjects["lead"]),
        "tph": _numbers(subjects, "capacity_tph", 3),
        "distance_km": _numbers(subjects, "distance_km", 5),
        **{name: words.number(_column(subjects, name)) for name in (*texts, *anchor, *number, *project)},
        "facts": [{"label": label, "text": words.number(column)} for label, column in facts.items()],
        "words": words.texts,
    }


def embedded_findings(
    subjects: pd.DataFrame, findings: pd.DataFrame, rules: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Return the findings of each subject, by the subject's place in the list.

    Parameters
    ----------
    subjects, findings, rules
        As in `geoaq.maps.standalone`; a finding whose subject is not in the list is left out.

    Returns
    -------
    dict
        ``start`` (n + 1 places into the columns), columns ``rule``, ``sign``, ``timing``, ``reasons``,
        ``quantity``, ``measured``, ``limit``, ``margin``; ``rules`` and ``words`` that the numbers name.
    """
    place = pd.Series(np.arange(len(subjects)), index=pd.MultiIndex.from_frame(subjects[["row", "part"]]))
    where = place.reindex(pd.MultiIndex.from_frame(findings[["row", "part"]])).to_numpy(float)
    known = findings[~np.isnan(where)]
    where = where[~np.isnan(where)].astype(int)
    order = np.argsort(where, kind="stable")
    known, where = known.iloc[order], where[order]
    words = Words()
    ids = list(dict.fromkeys(known["rule_id"].astype("string").tolist()))
    rule = pd.Categorical(known["rule_id"].astype("string"), categories=ids).codes
    applies = (known["outcome"] == APPLIES).to_numpy()
    soft = known["strength"].isin(_SOFT).to_numpy()
    review = (known["outcome"] == NEEDS_REVIEW).to_numpy()
    sign = np.select([applies & ~soft, applies, review], [0, 1, 2], 3)
    return {
        "start": np.searchsorted(where, np.arange(len(subjects) + 1)).tolist(),
        "rule": rule.tolist(),
        "sign": "".join(map(str, sign.tolist())),
        **{name: words.number(_column(known, name)) for name in ("timing", "reasons", "quantity")},
        **{name: _numbers(known, name, 6) for name in ("measured", "limit", "margin")},
        "rules": [{"rule_id": name, **rules.get(name, {})} for name in ids],
        "words": words.texts,
    }
